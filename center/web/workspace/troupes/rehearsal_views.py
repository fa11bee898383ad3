"""Rehearsals before a performance that call only those whom a piece needs; and the programme on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from center.activities.models import Session
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.troupes.models.troupes import MemberState, Troupe, TroupeMember
from center.troupes.performances import queries, rehearsal_calls
from center.troupes.performances.models import AHEAD, Performance, Programme
from center.troupes.performances.rehearsing import Plan
from center.troupes.performances.standing import Standing, standing_of
from center.web.blueprints import troupes as blueprint
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did
from center.web.troupes.pages import led
from center.web.troupes.performance_words import PLAYS, Plays


@dataclass(frozen=True, kw_only=True)
class Row:
    """One rehearsal: what is played from when until when by how many, and how many are called."""

    session: Session
    pieces: Sequence[tuple[datetime, datetime, str, int]]
    called: int


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
    may_write: bool
    plays: Plays = field(default_factory=lambda: PLAYS)


@dataclass(frozen=True, kw_only=True)
class PrintPage:
    """A programme on paper, for those who lead."""

    troupe: Troupe
    performance: Performance
    programme: Programme
    standing: Standing
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
    members = {who.member_id: who.member for each in version.items for who in each.performers}
    listed = [each for each in members.values() if each.state is not MemberState.LEFT]
    titles = {each.piece_id: PLAYS.title(each) for each in version.items if each.piece_id}
    looks.see(Kind.ROLL, [each.person for each in listed], subject=troupe.name)
    page = RehearsalsPage(
        troupe=troupe,
        performance=found,
        sessions=sessions,
        plan=plan,
        is_kept=is_kept,
        rows=_rows(plan, sessions, titles),
        titles=titles,
        members=sorted(listed, key=lambda each: (each.person.sort_key, each.id)),
        calls={each.id: _calls(plan, sessions, each.id) for each in listed},
        spared=plan.spared([each.id for each in listed]),
        may_write=found.state in AHEAD,
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
        lambda: rehearsal_calls.keep(found, proposed),
        _("The plan is written down. Each member sees on their page when they are needed."),
    )
    return redirect(url_for("troupes.performance_rehearsals", slug=slug, performance_id=found.id), 303)


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
        standing=standing_of(found, version),
        begins=PLAYS.begins(found, version),
        calls=sorted(calls, key=lambda each: (each[1], each[0].person.sort_key)),
    )
    return render("workspace/troupes/print_programme.html", page)


def _rows(plan: Plan, sessions: Sequence[Session], titles: Mapping[int, str]) -> list[Row]:
    rows = []
    for session, rehearsal in zip(sessions, plan.rehearsals, strict=True):
        pieces = [
            (
                session.starts_at + timedelta(minutes=slot.starts),
                session.starts_at + timedelta(minutes=slot.ends),
                titles[slot.piece.item_id],
                len(slot.piece.members),
            )
            for slot in rehearsal.slots
        ]
        rows.append(Row(session=session, pieces=pieces, called=len(rehearsal.called)))
    return rows


def _calls(plan: Plan, sessions: Sequence[Session], member_id: int) -> dict[int, tuple[datetime, datetime]]:
    return {session.id: (begins, ends) for session, begins, ends in rehearsal_calls.calls_of(plan, sessions, member_id)}
