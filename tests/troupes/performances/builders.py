"""Builders of performances: at a date of an activity, with pieces and people in them. Each commits by itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from center.activities.models import Session
from center.kernel import clock
from center.kernel.db import db, transaction
from center.notices.models import Notice
from center.people.models import Person
from center.troupes.models.pieces import Piece
from center.troupes.models.troupes import Troupe, TroupeMember
from center.troupes.performances import casting, programme, queries, replies, steps
from center.troupes.performances.casting import Down
from center.troupes.performances.models import Performance, PerformanceState, Programme
from center.troupes.performances.readiness import Answer
from center.troupes.performances.reply_models import SaidBy
from center.troupes.performances.steps import Show
from tests.activity_builders import make_activity
from tests.builders import at, make_person
from tests.troupes.builders import make_piece, make_troupe

PATH = (PerformanceState.PIECES_SET, PerformanceState.CAST_SET, PerformanceState.PUBLISHED)


def make_performance(
    troupe: Troupe | None = None,
    *,
    starts_at: datetime | None = None,
    session: Session | None = None,
    minutes: int = 60,
    slot_seconds: int = 1800,
    pieces: Iterable[Piece] = (),
    cast: Mapping[int, Sequence[TroupeMember]] | None = None,
    state: PerformanceState = PerformanceState.PREPARING,
    **facts: Any,
) -> Performance:
    """A performance in ten days at three, half an hour on stage, with these pieces and those in them by position."""
    troupe = troupe or make_troupe()
    if session is None:
        start = starts_at or at(15, days=10)
        activity = make_activity(organisation=troupe.organisation, starts=[start], minutes=minutes, is_published=False)
        session = activity.sessions[0]
    by = make_person()
    show = Show(call_at=session.starts_at - timedelta(hours=1), slot_seconds=slot_seconds, **facts)
    with transaction():
        performance = steps.make(troupe, session, show, by=by, now=clock.now())
        for piece in pieces:
            programme.add_piece(performance, piece, by=by, now=clock.now())
    for position, members in (cast or {}).items():
        put_down(performance, position, *members)
    if state in PATH:
        go(performance, *PATH[: PATH.index(state) + 1])
    return performance


def played(troupe: Troupe, *members: TroupeMember, **facts: Any) -> Performance:
    """A public performance of one piece in which these members are."""
    known = {"pieces": [make_piece(troupe, heads={})], "cast": {1: members}, "state": PerformanceState.PUBLISHED}
    return make_performance(troupe, **{**known, **facts})


def go(performance: Performance, *states: PerformanceState) -> None:
    """Let a performance go on to these states, one after the other; its organisation may publish by itself."""
    with transaction():
        performance.session.activity.organisation.publishes_directly = True
    by = make_person()
    for state in states:
        with transaction():
            steps.step(performance, state, by=by, now=clock.now())


def put_down(performance: Performance, position: int, *who: TroupeMember | Down) -> None:
    """Say who plays in a place of the programme."""
    downs = [each if isinstance(each, Down) else Down(member=each) for each in who]
    by = make_person()
    with transaction():
        version = programme.open_programme(performance, by=by, now=clock.now())
        casting.set_cast(performance, programme.item_at(version, position), downs)


def reply(performance: Performance, member: TroupeMember, answer: Answer, reason: str = "") -> None:
    """A member answers by their account."""
    with transaction():
        by = member.person
        replies.answer(performance, member, answer, reason, how=SaidBy.ACCOUNT, by=by, now=clock.now())


def newest(performance: Performance) -> Programme:
    """The newest version, read anew."""
    db.session.rollback()
    return queries.newest_of(performance.id)


def titles(performance: Performance) -> list[str]:
    """What is played, in order, by the newest version."""
    return [each.piece.title if each.piece else each.title for each in newest(performance).items]


def told(person: Person, kind: str) -> list[Notice]:
    """What somebody was told of this kind."""
    query = select(Notice).where(Notice.person_id == person.id, Notice.kind == kind)
    return list(db.session.scalars(query.order_by(Notice.id)))
