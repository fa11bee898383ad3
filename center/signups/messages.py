"""What people are told of their sign-ups. `news` has the words, `message_facts` says who hears of them.

Whoever hears of several, such as a parent, hears of all of them in one notice that names them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, literal, select, union_all
from sqlalchemy.orm import joinedload

from center.activities.history import Before
from center.activities.models import Activity, Session
from center.activities.words import where
from center.kernel.db import db
from center.kernel.i18n import format_span, in_language, local_date
from center.kernel.i18n import gettext as _
from center.kernel.site import path_to
from center.notices import outbox, telling
from center.notices.kinds import Kind, reason_facts
from center.notices.reaching import last_until
from center.notices.telling import HowTold, Stands, Told
from center.organisations.queries import leads_of
from center.people.models import Person
from center.signups import news, offer_links
from center.signups.message_facts import facts_of, readers_of
from center.signups.models import LIVE, Roster, SignUp, SignUpState
from center.signups.news.handing_on import HANDED_ON
from center.signups.queries import is_date_of_roster, on_roster

MOST_CHANGES = 10


@dataclass(frozen=True, kw_only=True)
class _Item:
    """What is told alike to everybody whom it concerns."""

    kind: Kind
    what: str  # tells it apart from other news of the same sign-up, in the key
    facts: Mapping[str, Any]
    until: datetime | None
    now: datetime
    by: Person | None = None
    session: Session | None = None
    not_before: datetime | None = None
    leads_to: SignUp | None = None
    is_first: bool = False


def tell(
    sign_up: SignUp, kind: Kind, *, now: datetime, by: Person | None = None, reason: str = "", **more: Any
) -> None:
    """Tell whoever a sign-up concerns, in the transaction of the change. Whoever did it (`by`) need not be told."""
    tell_together([sign_up], kind, now=now, by=by, reason=reason, **more)


def tell_together(
    sign_ups: Sequence[SignUp],
    kind: Kind,
    *,
    now: datetime,
    by: Person | None = None,
    reason: str = "",
    not_before: datetime | None = None,
    only: Collection[int] | None = None,
    leads_to: SignUp | None = None,
    is_first: bool = False,
    **more: Any,
) -> None:
    """Tell the same of some sign-ups of one roster: in one notice to who hears of several, or `only` to some (by id).

    It stays in the house until `not_before`, and leads to the page of its sign-up, or of another that came instead.
    `is_first`: they were made just now. `more` are further facts that the words of its kind ask for, as values or as
    callables.
    """
    if not sign_ups:
        return
    until = sign_ups[0].offer_expires_at if kind is news.OFFERED else _tell_until(sign_ups[0], now)
    facts = {**reason_facts(reason), **more}
    once = now if kind in (news.CHANGED, HANDED_ON) else sign_ups[0].changed_at
    what = f"{kind.name}:{once:%Y%m%dT%H%M%S%fZ}"
    item = _Item(
        kind=kind, what=what, facts=facts, until=until, now=now, by=by, not_before=not_before, leads_to=leads_to,
        is_first=is_first,
    )  # fmt: skip
    if kind is news.CANCELLED_LATE:
        if not sign_ups[0].roster.activity.is_confined:
            _tell_leads(sign_ups[0], item)
        return
    told = _by_reader(sign_ups, now=now)
    if kind.is_end:
        outbox.forget(_ends(sign_ups), now=now, except_for={reader.id for reader, _theirs in told})
    for reader, theirs in told:
        if only is None or reader.id in only:
            _tell(theirs, reader, item)


def tell_of_session(
    sign_ups: Sequence[SignUp],
    kind: Kind,
    session: Session,
    *,
    now: datetime,
    reason: str = "",
    before: Before | None = None,
) -> None:
    """Tell of one session: that it moved, is called off, or begins soon. Once for each standing of the session."""
    facts = {
        "when": lambda: format_span(session.starts_at, session.ends_at),
        "where": lambda: where(session),
        **reason_facts(reason),
        "was": lambda: said_before(before),
    }
    what = f"{kind.name}:{session.id}.{session.sequence}"
    item = _Item(kind=kind, what=what, facts=facts, until=session.starts_at, now=now, session=session)
    for reader, theirs in _by_reader(sign_ups, now=now):
        _tell(theirs, reader, item)


def about(sign_up: SignUp, session: Session | None = None) -> str:
    """How the outbox names this sign-up, or one of its sessions: news of each session is kept apart."""
    return f"sign_up:{sign_up.reference}" + (f":{session.id}" if session is not None else "")


def about_facts(sign_up: SignUp) -> str:
    """How the outbox names what a sign-up's activity asks and offers: its place, what to bring, its fee."""
    return f"{about(sign_up)}:facts"


def desk() -> str:
    """Who cancelled it, where that was the desk."""
    return _("the front desk")


def organisation_of(roster: Roster) -> Callable[[], str]:
    """Who cancelled it, where that was the organisation."""
    owner = roster.activity.organisation
    return lambda: in_language(owner.name, owner.name_en)


def thanks_for_place() -> str:
    """To who gives a place back. Who waited or asked had none."""
    return _("Thank you for giving the place back.")


def said_before(before: Before | None) -> str:
    """Where and when a session was before it moved."""
    if before is None:
        return ""
    when = format_span(before.starts_at, before.ends_at)
    place = before.room.full_name if before.room else before.place
    return _("%(when)s, %(where)s", when=when, where=place) if place else when


def _tell(theirs: Sequence[SignUp], reader: Person, item: _Item) -> None:
    first = theirs[0]
    topics = [about_facts(each) if item.kind is news.CHANGED else about(each, item.session) for each in theirs]
    outbox.tell(
        reader,
        item.kind,
        key=f"{about(first)}:{item.what}:{reader.id}",
        facts={**facts_of(theirs, reader, now=item.now, by=item.by), **item.facts},
        path=_page([item.leads_to] if item.leads_to else theirs, reader),
        about=topics[0],
        also=topics[1:],
        ends=_ends(theirs) if item.kind.is_end else (),
        until=item.until,
        not_before=item.not_before,
        by=item.by,
        now=item.now,
        is_first=item.is_first,
    )


def _tell_leads(sign_up: SignUp, item: _Item) -> None:
    activity = sign_up.roster.activity
    for lead in leads_of(activity.organisation_id, on=local_date(item.now)):
        outbox.tell(
            lead,
            item.kind,
            key=f"{about(sign_up)}:{item.what}:{lead.id}",
            facts={**facts_of([sign_up], lead, now=item.now), **item.facts, "person": sign_up.person.name},
            path=path_to("signups.show_sign_up", reference=sign_up.reference),
            about=about(sign_up),
            until=item.until,
            now=item.now,
        )


def _by_reader(sign_ups: Sequence[SignUp], *, now: datetime) -> list[tuple[Person, list[SignUp]]]:
    """Who hears of them, each once, with those of them that they hear of."""
    found: dict[int, tuple[Person, list[SignUp]]] = {}
    for sign_up, readers in readers_of(sign_ups, now=now):
        for reader in readers:
            found.setdefault(reader.id, (reader, []))[1].append(sign_up)
    return list(found.values())


def _ends(sign_ups: Sequence[SignUp]) -> list[str]:
    """All that may still wait to be said of sign-ups that end, besides the end itself."""
    of_sessions = [about(each, session) for each in sign_ups for session in each.roster.sessions]
    return [*map(about_facts, sign_ups), *of_sessions]


def _page(theirs: Sequence[SignUp], reader: Person) -> str:
    """Where to go on: an offer is answered by its own link, signed in or not; several are on the own page."""
    if theirs[0].state is SignUpState.OFFERED:
        return path_to("signups.offer", offer=offer_links.link_for(theirs[0], reader))
    if len(theirs) > 1:
        return path_to("bookings.mine")
    return path_to("signups.show_sign_up", reference=theirs[0].reference)


def keep_until(roster: Roster, *, now: datetime) -> None:
    """Calls about a roster's sign-ups that were not made yet are worth making until its dates as they are now."""
    sign_ups = on_roster(roster, *LIVE)
    if sign_ups and (until := _tell_until(sign_ups[0], now)):
        last_until([name for each in sign_ups for name in (about(each), about_facts(each))], until, but=news.OFFERED)
    for each in sign_ups:
        if each.state is SignUpState.OFFERED and each.offer_expires_at is not None:
            last_until([about(each)], each.offer_expires_at, only=news.OFFERED)


def _tell_until(sign_up: SignUp, now: datetime) -> datetime | None:
    """From then on nobody needs to be rung up about it: the next start, or the end of what has begun already.

    What is called off counts with the time at which it would have been.
    """
    starts = [each.starts_at for each in sign_up.roster.sessions if each.starts_at > now]
    ends = [each.ends_at for each in sign_up.roster.sessions if each.ends_at > now]
    return min(starts, default=None) or max(ends, default=None)


def how_told(sign_ups: Iterable[SignUp], kind: Kind, *, now: datetime) -> HowTold:
    """How news of these sign-ups would be told."""
    return telling.how_told((reader, kind) for _each, found in readers_of(list(sign_ups), now=now) for reader in found)


def how_told_of_change(
    activity: Activity, session: Session | None = None, kind: Kind = news.CALLED_OFF, *, now: datetime
) -> HowTold:
    """How a change of an activity, or of one of its sessions, would be told to those who come or wait."""
    which = is_date_of_roster(session) if session is not None else Roster.activity_id == activity.id
    return how_told(_live(which), kind, now=now)


def how_told_of_rosters(rosters: Iterable[Roster], kind: Kind, *, now: datetime) -> HowTold:
    """How news of everybody on some rosters would be told."""
    return how_told(_live(Roster.id.in_([each.id for each in rosters])), kind, now=now)


def _live(which: ColumnElement[bool]) -> Sequence[SignUp]:
    query = select(SignUp).join(SignUp.roster).where(which, SignUp.state.in_(LIVE))
    query = query.options(joinedload(SignUp.person), joinedload(SignUp.signed_by))
    return db.session.scalars(query.order_by(SignUp.id)).all()


def told_of(activity: Activity) -> Sequence[Told]:
    """How far the telling of the latest changes has come; news for one person alone only while it waits."""
    of_sign_up = literal("sign_up:", String) + SignUp.reference
    whole = select(of_sign_up).join(SignUp.roster).where(Roster.activity_id == activity.id)
    of_sessions = (
        select(of_sign_up + literal(":", String) + cast(Session.id, String))
        .join(SignUp.roster)
        .join(Session, Session.activity_id == Roster.activity_id)
        .where(Roster.activity_id == activity.id)
    )
    changes = telling.told_about(union_all(whole, of_sessions))
    worth = [each for each in changes if len(each.lines) > 1 or not each.count(Stands.TOLD)]
    return worth[:MOST_CHANGES]
