"""Rehearsals before a performance that call only those whom a piece needs; and the programme on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import Session
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.kernel.i18n import ngettext
from center.troupes.models.troupes import MemberState, Troupe, TroupeMember
from center.troupes.performances import queries, rehearsal_calls, telling_calls
from center.troupes.performances.models import AHEAD, Performance, Programme
from center.troupes.performances.programme_now import ProgrammeNow, programme_now
from center.troupes.performances.rearranging import Call, Move, as_text, differences, from_text
from center.troupes.performances.rehearsing import Plan
from center.web.blueprints import troupes as blueprint
from center.web.forms import id_of
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did
from center.web.troupes.pages import led
from center.web.troupes.performance_words import PLAYS, Plays


@dataclass(frozen=True, kw_only=True)
class Place:
    """One piece of a rehearsal: from when until when it is played, and by how many."""

    piece_id: int
    begins: datetime
    ends: datetime
    title: str
    people: int
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """One rehearsal: what is played from when until when by how many, and how many are called."""

    session: Session
    pieces: Sequence[Place]
    called: int
    left: int  # minutes
    calls: Sequence[tuple[TroupeMember, datetime, datetime]]


@dataclass(frozen=True, kw_only=True)
class Change:
    """What the last step changed alike for some: when they were called to a rehearsal, and when they are now."""

    names: Sequence[str]
    session: Session
    was: tuple[datetime, datetime] | None
    now: tuple[datetime, datetime] | None


@dataclass(frozen=True, kw_only=True)
class PlanPrintPage:
    """The plan of rehearsals on paper."""

    troupe: Troupe
    performance: Performance
    rows: Sequence[Row]
    is_kept: bool


@dataclass(frozen=True, kw_only=True)
class RehearsalsPage:
    """Which pieces are rehearsed when, and who is called to which rehearsal."""

    troupe: Troupe
    performance: Performance
    sessions: Sequence[Session]
    rows: Sequence[Row]
    plan: Plan
    is_kept: bool
    titles: Mapping[int, str]
    members: Sequence[TroupeMember]
    calls: Mapping[int, Mapping[int, tuple[datetime, datetime]]]
    spared: int
    was: str
    changes: Sequence[Change]
    may_write: bool
    to_tell: int  # members whose rehearsals are others than they were told
    plays: Plays = field(default_factory=lambda: PLAYS)


@dataclass(frozen=True, kw_only=True)
class PrintPage:
    """A programme on paper, for those who lead."""

    troupe: Troupe
    performance: Performance
    programme: Programme
    standing: ProgrammeNow
    begins: Mapping[int, datetime]
    calls: Sequence[tuple[TroupeMember, datetime]]
    plays: Plays = field(default_factory=lambda: PLAYS)


@blueprint.get("/workspace/troupes/<slug>/performances/<id:performance_id>/rehearsals")
@signed_in
def performance_rehearsals(slug: str, performance_id: int) -> ResponseReturnValue:
    """The plan that was written down, or the one that is proposed."""
    troupe, now = led(slug), clock.now()
    found = queries.get_performance(troupe, performance_id)
    version = queries.newest_of(found.id)
    sessions = rehearsal_calls.rehearsals_before(found, now=now)
    kept = rehearsal_calls.kept(found, version, sessions)
    is_kept = any(each.slots for each in kept.rehearsals) and not request.args.get("new")
    plan = kept if is_kept else rehearsal_calls.propose(version, sessions)
    listed = _members_in(version)
    was = request.args.get("was", "")
    titles = {each.piece_id: PLAYS.title(each) for each in version.items if each.piece_id}
    looks.see(Kind.ROLL, [each.person for each in listed], subject=troupe.name)
    page = RehearsalsPage(
        troupe=troupe,
        performance=found,
        sessions=sessions,
        plan=plan,
        is_kept=is_kept,
        rows=_rows(plan, sessions, titles, listed),
        was=was,
        changes=_changes(was, plan, sessions, listed) if is_kept else (),
        titles=titles,
        members=sorted(listed, key=lambda each: (each.person.sort_key, each.id)),
        calls={each.id: _calls(plan, sessions, each.id) for each in listed},
        spared=plan.spared([each.id for each in listed]),
        may_write=found.state in AHEAD,
        to_tell=len(telling_calls.to_tell(found, now=now)) if is_kept and found.state in AHEAD else 0,
    )
    return render("workspace/troupes/rehearsals.html", page)


@blueprint.post("/workspace/troupes/<slug>/performances/<id:performance_id>/rehearsals")
@signed_in
def keep_rehearsals(slug: str, performance_id: int) -> ResponseReturnValue:
    """Take the plan that is proposed: members see when they are needed."""
    found = queries.get_performance(led(slug), performance_id)
    sessions = rehearsal_calls.rehearsals_before(found, now=clock.now())
    proposed = rehearsal_calls.propose(queries.newest_of(found.id), sessions)
    did(
        lambda: rehearsal_calls.write_plan(found, proposed),
        _("The plan is written down. Each member sees on their page when they are needed."),
    )
    return redirect(url_for("troupes.performance_rehearsals", slug=slug, performance_id=found.id), 303)


@blueprint.post("/workspace/troupes/<slug>/performances/<id:performance_id>/rehearsals/order")
@signed_in
def rearrange_rehearsals(slug: str, performance_id: int) -> ResponseReturnValue:
    """One piece up, down, into another rehearsal, longer, shorter, or out; or the step before taken back."""
    found, now = queries.get_performance(led(slug), performance_id), clock.now()
    piece_id, session_id = (id_of(request.form.get(name, "")) or 0 for name in ("piece", "session"))
    how, before = request.form.get("how", ""), list[Plan]()
    authorise(how == "undo" or how in set(Move))
    if how == "undo":
        did(lambda: rehearsal_calls.restore(found, request.form.get("was", ""), now=now), _("It is as it was before."))
    else:
        did(lambda: before.append(rehearsal_calls.rearrange(found, Move(how), piece_id, session_id, now=now)))
    was = as_text(before[0]) if before else None
    place = f"piece-{piece_id}" if piece_id else None
    to = url_for("troupes.performance_rehearsals", slug=slug, performance_id=found.id, was=was, _anchor=place)
    return redirect(to, 303)


@blueprint.post("/workspace/troupes/<slug>/performances/<id:performance_id>/rehearsals/tell")
@signed_in
def tell_rehearsals(slug: str, performance_id: int) -> ResponseReturnValue:
    """Tell everybody whose rehearsals are others than they were told, in their own way."""
    found = queries.get_performance(led(slug), performance_id)
    did(
        lambda: telling_calls.tell(found, by=current_user.person, now=clock.now()),
        lambda told: ngettext("%(num)d member is told.", "%(num)d members are told.", told),
    )
    return redirect(url_for("troupes.performance_rehearsals", slug=slug, performance_id=found.id), 303)


@blueprint.get("/workspace/troupes/<slug>/performances/<id:performance_id>/rehearsals/print")
@signed_in
def print_rehearsals(slug: str, performance_id: int) -> ResponseReturnValue:
    """Who is called to which rehearsal when, and for which pieces, on paper."""
    troupe, now = led(slug), clock.now()
    found = queries.get_performance(troupe, performance_id)
    version, sessions = queries.newest_of(found.id), rehearsal_calls.rehearsals_before(found, now=now)
    kept = rehearsal_calls.kept(found, version, sessions)
    listed = _members_in(version)
    looks.see(Kind.ROLL, [each.person for each in listed], subject=troupe.name)
    titles = {each.piece_id: PLAYS.title(each) for each in version.items if each.piece_id}
    plan = rehearsal_calls.plan_for(found, now=now)
    page = PlanPrintPage(
        troupe=troupe,
        performance=found,
        rows=_rows(plan, sessions, titles, listed),
        is_kept=any(each.slots for each in kept.rehearsals),
    )
    return render("workspace/troupes/print_rehearsals.html", page)


@blueprint.get("/workspace/troupes/<slug>/performances/<id:performance_id>/print")
@signed_in
def print_programme(slug: str, performance_id: int) -> ResponseReturnValue:
    """The programme on paper, large: the order, who is in it, and when everybody is to be there."""
    troupe = led(slug)
    found = queries.get_performance(troupe, performance_id)
    version = queries.published_of(found.id) or queries.newest_of(found.id)
    members = {who.member_id: who.member for each in version.items for who in each.performers}
    looks.see(Kind.ROLL, [each.person for each in members.values()], subject=troupe.name)
    calls = [(each, PLAYS.call(found, version, each.id) or found.call_at) for each in members.values()]
    page = PrintPage(
        troupe=troupe,
        performance=found,
        programme=version,
        standing=programme_now(found, version),
        begins=PLAYS.begins(found, version),
        calls=sorted(calls, key=lambda each: (each[1], each[0].person.sort_key)),
    )
    return render("workspace/troupes/print_programme.html", page)


def _members_in(version: Programme) -> list[TroupeMember]:
    members = {who.member_id: who.member for each in version.items for who in each.performers}
    return [each for each in members.values() if each.state is not MemberState.LEFT]


def _rows(
    plan: Plan, sessions: Sequence[Session], titles: Mapping[int, str], members: Sequence[TroupeMember]
) -> list[Row]:
    rows = []
    for session, rehearsal in zip(sessions, plan.rehearsals, strict=True):
        pieces = [
            Place(
                piece_id=slot.piece.item_id,
                begins=session.starts_at + timedelta(minutes=slot.starts),
                ends=session.starts_at + timedelta(minutes=slot.ends),
                title=titles[slot.piece.item_id],
                people=len(slot.piece.members),
                minutes=slot.piece.minutes,
            )
            for slot in rehearsal.slots
        ]
        calls = [(each, *_at(session, rehearsal.called[each.id])) for each in members if each.id in rehearsal.called]
        calls.sort(key=lambda each: (each[1], each[0].person.sort_key))
        left = rehearsal.minutes - sum(each.minutes for each in pieces)
        rows.append(Row(session=session, pieces=pieces, called=len(rehearsal.called), left=left, calls=calls))
    return rows


def _changes(text: str, plan: Plan, sessions: Sequence[Session], members: Sequence[TroupeMember]) -> list[Change]:
    """Who is called at another time since the plan was like this."""
    before = from_text(text, plan) if text else None
    if before is None:
        return []
    names, by_id = {each.id: each.person.name for each in members}, {each.id: each for each in sessions}
    alike: dict[tuple[int, Call | None, Call | None], list[str]] = {}
    for each in differences(before, plan):
        if each.member_id in names:
            alike.setdefault((each.session_id, each.was, each.now), []).append(names[each.member_id])
    return [
        Change(
            names=who,
            session=by_id[session_id],
            was=_at(by_id[session_id], was) if was else None,
            now=_at(by_id[session_id], now) if now else None,
        )
        for (session_id, was, now), who in alike.items()
    ]


def _at(session: Session, call: tuple[int, int]) -> tuple[datetime, datetime]:
    return (session.starts_at + timedelta(minutes=call[0]), session.starts_at + timedelta(minutes=call[1]))


def _calls(plan: Plan, sessions: Sequence[Session], member_id: int) -> dict[int, tuple[datetime, datetime]]:
    return {session.id: (begins, ends) for session, begins, ends in rehearsal_calls.calls_of(plan, sessions, member_id)}
