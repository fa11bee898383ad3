"""Who is told of a performance: members what concerns them, leaders who is missing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from center.activities.words import where
from center.kernel.db import db
from center.kernel.i18n import format_clock, format_day, format_span, in_language, local_date
from center.kernel.i18n import gettext as _
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import Kind, reason_facts, say_desk
from center.notices.models import Delivery, Notice, Way
from center.organisations.queries import leads_of
from center.people.models import Person
from center.troupes import queries as troupe_queries
from center.troupes.models.troupes import MemberState, TroupeMember
from center.troupes.performances import news, queries
from center.troupes.performances.differences import call_of
from center.troupes.performances.models import Performance, Programme, ProgrammeItem
from center.troupes.performances.words import ANSWER_NAMES

Facts = Mapping[str, Any]
ASKS = (news.ASKED, news.REMINDED, news.MOVED)


def about(performance: Performance) -> str:
    """How the outbox names a performance."""
    return f"performance:{performance.id}"


def leaders_of(performance: Performance, now: datetime) -> Sequence[Person]:
    """Who decides: the leader and deputies of the troupe, or where there are none the leads of its organisation."""
    today = local_date(now)
    found = [each.member.person for each in troupe_queries.offices_on(performance.troupe_id, today)]
    return found or leads_of(performance.troupe.organisation_id, on=today)


def ask(
    performance: Performance, members: Collection[TroupeMember], kind: Kind, *, by: Person | None, now: datetime
) -> None:
    """Members are asked whether they come, or reminded that nobody knows."""
    until = performance.reply_until
    assert until is not None
    facts = {"reply_by": lambda: format_day(until, with_year=False)}
    for member in members:
        _tell(performance, member.person, kind, facts, once=f"{now.timestamp()}", by=by, now=now)


def asked_on(performance: Performance) -> Mapping[int, tuple[datetime, Way | None]]:
    """When each was asked last whether they come, by the person's id, and how that leaves the house."""
    query = (
        select(Notice.person_id, Notice.recorded_at, Delivery.way)
        .outerjoin(Delivery, Delivery.notice_id == Notice.id)
        .where(Notice.about == about(performance), Notice.kind.in_([each.code for each in ASKS]))
        .order_by(Notice.id, Delivery.id)
    )
    return {person_id: (at, way) for person_id, at, way in db.session.execute(query) if person_id is not None}


def tell_entered(performance: Performance, member: TroupeMember, answer: Any, *, by: Person, now: datetime) -> None:
    """A member hears what was entered in their name."""
    facts = {"by": by.name, "said": lambda: str(ANSWER_NAMES[answer])}
    _tell(performance, member.person, news.ENTERED, facts, once=f"{now.timestamp()}", by=by, now=now)


def tell_calls(
    performance: Performance,
    programme: Programme,
    only: Collection[int] | None,
    *,
    is_new: bool,
    by: Person,
    now: datetime,
) -> None:
    """Members hear when they are to be there and in what they are; `only` some of them, after a change."""
    members = {who.member_id: who.member for each in programme.items for who in each.performers}
    once = f"{programme.id}:{now.timestamp()}"
    for member_id, member in sorted(members.items()):
        if (only is None or member_id in only) and member.state is not MemberState.LEFT:
            call = call_of(performance, programme, member_id) or performance.call_at
            facts = {"call": _saying(format_clock, call), "pieces": _saying(pieces_of, programme, member_id)}
            kind = news.CALLED if is_new else news.CHANGED
            _tell(performance, member.person, kind, facts, once=once, by=by, now=now)
    for member in queries.members_by_ids((only or set()) - members.keys()):
        if member.state is not MemberState.LEFT:
            _tell(performance, member.person, news.NOT_NEEDED, {}, once=once, by=by, now=now)


def tell_rehearsals(
    performance: Performance, member: TroupeMember, calls: Callable[[], str], *, once: str, by: Person, now: datetime
) -> None:
    """A member hears at which rehearsals they are needed."""
    _tell(performance, member.person, news.REHEARSALS, {"calls": calls}, once=once, by=by, now=now)


def tell_moved(performance: Performance, *, by: Person | None, now: datetime) -> None:
    """Whoever was asked hears of another time, and is asked again."""
    facts = {"call": _saying(format_clock, performance.call_at)}
    for member in _asked(performance):
        _tell(performance, member.person, news.MOVED, facts, once=f"{now.timestamp()}", by=by, now=now)


def tell_called_off(performance: Performance, reason: str, *, by: Person | None, now: datetime) -> None:
    """Whoever was asked or is down for something hears that it does not take place."""
    for member in _asked(performance):
        _tell(performance, member.person, news.CALLED_OFF, reason_facts(reason), once="off", by=by, now=now)


def tell_short(
    performance: Performance, member: TroupeMember, items: Sequence[ProgrammeItem], *, by: Person | None, now: datetime
) -> None:
    """Those who lead hear which pieces cannot be played since somebody does not come."""
    _tell_leaders(performance, member, news.SHORT, items, by=by, now=now)


def tell_left(
    performance: Performance, member: TroupeMember, items: Sequence[ProgrammeItem], *, by: Person, now: datetime
) -> None:
    """Those who lead hear that somebody who is in the programme has left the troupe."""
    _tell_leaders(performance, member, news.LEFT, items, by=by, now=now)


def pieces_of(programme: Programme, member_id: int) -> str:
    """In which places somebody is, by their titles, and where only as a stand-in."""
    said = []
    for item in programme.items:
        for who in item.performers:
            if who.member_id == member_id:
                said.append(_("%(piece)s (stand-in)", piece=title_of(item)) if who.is_stand_in else title_of(item))
    return ", ".join(said)


def title_of(item: ProgrammeItem) -> str:
    """What a place of a programme is called, in the language now spoken."""
    return in_language(item.piece.title, item.piece.title_en) if item.piece else item.title


def _asked(performance: Performance) -> list[TroupeMember]:
    if performance.asked_at is None and queries.published_of(performance.id) is None:
        return []  # nobody has heard of it
    return [each for each in queries.asked_for(performance) if each.state is not MemberState.LEFT]


def _tell_leaders(
    performance: Performance,
    member: TroupeMember,
    kind: Kind,
    items: Sequence[ProgrammeItem],
    *,
    by: Person | None,
    now: datetime,
) -> None:
    titles = list(items)
    facts = {"person": member.person.name, "pieces": lambda: ", ".join(title_of(each) for each in titles)}
    path = path_to("troupes.performance", slug=performance.troupe.slug, performance_id=performance.id)
    for each in leaders_of(performance, now):
        if by is None or each.id != by.id:
            once = f"{member.id}:{now.timestamp()}"
            _tell(performance, each, kind, facts, once=once, by=by, now=now, path=path)


def _tell(
    performance: Performance,
    person: Person,
    kind: Kind,
    facts: Facts,
    *,
    once: str,
    by: Person | None,
    now: datetime,
    path: str = "",
) -> None:
    session, troupe = performance.session, performance.troupe
    said: dict[str, Any] = {
        "name": person.name,
        "troupe": lambda: in_language(troupe.name, troupe.name_en),
        "title": lambda: in_language(session.activity.title, session.activity.title_en),
        "when": lambda: format_span(session.starts_at, session.ends_at),
        "room": lambda: where(session),
        "desk": say_desk,
        **facts,
    }
    path = path or path_to("troupes.my_performance", slug=troupe.slug, performance_id=performance.id)
    key = f"{about(performance)}:{kind.name}:{once}:{person.id}"
    outbox.tell(
        person, kind, key=key, facts=said, path=path, about=about(performance), until=session.ends_at, by=by, now=now
    )


def _saying(say: Callable[..., str], *what: Any) -> Callable[[], str]:
    return lambda: say(*what)
