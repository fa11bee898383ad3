"""Who plays in which place of a programme, and who stands in. Called inside one `transaction()`; never commits.

Whoever is down for something is taken up by the session for its whole time: the database lets nobody be on two stages.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from center.activities.models import Session
from center.kernel.db import change_rows, db, is_violation, part_of_transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import format_span, in_language
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.troupes.models.troupes import MemberState, TroupeMember
from center.troupes.performances import queries
from center.troupes.performances.holding import hold
from center.troupes.performances.models import (
    AHEAD,
    Appearance,
    Performance,
    PerformanceState,
    Performer,
    Programme,
    ProgrammeItem,
)

MAY_PLAY = (MemberState.ACTIVE, MemberState.RESTING, MemberState.TRIAL)
COUNTS = (*AHEAD, PerformanceState.PERFORMED)


@dataclass(frozen=True, kw_only=True)
class Down:
    """That somebody is down for a place: as what, and whether only as a stand-in."""

    member: TroupeMember
    part_id: int | None = None
    is_stand_in: bool = False


class OnAnotherStage(Conflict):
    """Somebody performs elsewhere at that time."""


def set_cast(performance: Performance, item: ProgrammeItem, wanted: Sequence[Down]) -> None:
    """Say who plays in a place of the version being written, and who stands in; nobody else does.

    Raises RuleBroken for who is not in the troupe and for a part that the piece does not have, OnAnotherStage for who
    performs elsewhere at that time.
    """
    hold(performance)
    _check(performance, item, wanted)
    known = {each.member_id: each for each in item.performers}
    take_up(performance, [each.member.person for each in wanted])
    for each in wanted:
        if (row := known.pop(each.member.id, None)) is None:
            put(item, each.member, performance, part_id=each.part_id, is_stand_in=each.is_stand_in)
        else:
            row.part_id, row.is_stand_in = each.part_id, each.is_stand_in
    for row in known.values():
        db.session.delete(row)
    db.session.flush()
    db.session.expire(item, ["performers"])
    keep_appearances(performance.session_id)


def put(
    item: ProgrammeItem, member: TroupeMember, performance: Performance, *, part_id: int | None, is_stand_in: bool
) -> None:
    """Write somebody down for a place; what takes up their time is there already."""
    performer = Performer(
        item_id=item.id,
        programme_id=item.programme_id,
        performance_id=performance.id,
        session_id=performance.session_id,
        troupe_id=performance.troupe_id,
        member_id=member.id,
        person_id=member.person_id,
        part_id=part_id,
        is_stand_in=is_stand_in,
    )
    db.session.add(performer)


def take_up(performance: Performance, people: Iterable[Person]) -> None:
    """Let a session take these people's time. Raises OnAnotherStage, with the name and where else they are."""
    session = performance.session
    rows = {each.person_id: each for each in _appearances(session.id)}
    for person in sorted(people, key=lambda each: each.id):
        row = rows.get(person.id) or Appearance(session_id=session.id, person_id=person.id)
        _keep(row, person, session)


def follow_move(session: Session) -> None:
    """A session takes place at another time: so do the appearances in it. Raises OnAnotherStage."""
    for row in _appearances(session.id):
        if row.is_live:
            _keep(row, db.session.get_one(Person, row.person_id), session)
        else:
            row.starts_at, row.ends_at = session.starts_at, session.ends_at
            db.session.flush()


def keep_appearances(session_id: int) -> None:
    """Give back the time of whoever is in no programme any more that counts: published last, or being written."""
    counting: set[int] = set()
    for performance in queries.at_session(session_id):
        if performance.state in COUNTS:
            counting |= _counting(performance.id)
    needed = (
        select(Performer.person_id)
        .join(Performer.member)
        .where(
            Performer.session_id == session_id,
            Performer.programme_id.in_(sorted(counting)),
            TroupeMember.state != MemberState.LEFT,
        )
    )
    rows = update(Appearance).where(
        Appearance.session_id == session_id, Appearance.is_live, Appearance.person_id.not_in(needed)
    )
    change_rows(rows.values(is_live=False))


def elsewhere(person: Person, session: Session) -> Session | None:
    """Where else somebody is on a stage at the time of a session."""
    query = (
        select(Session)
        .join(Appearance, Appearance.session_id == Session.id)
        .where(
            Appearance.person_id == person.id,
            Appearance.session_id != session.id,
            Appearance.is_live,
            Appearance.starts_at < session.ends_at,
            Appearance.ends_at > session.starts_at,
        )
    )
    return db.session.scalars(query.order_by(Session.starts_at, Session.id)).first()


def _keep(row: Appearance, person: Person, session: Session) -> None:
    try:
        with part_of_transaction():
            row.starts_at, row.ends_at, row.is_live = session.starts_at, session.ends_at, True
            db.session.add(row)
            db.session.flush()
    except IntegrityError as error:
        if is_violation(error, constraint="appearances_one_stage"):
            raise _on_another(person, session) from None
        raise


def _on_another(person: Person, session: Session) -> OnAnotherStage:
    other = elsewhere(person, session)
    if other is None:
        return OnAnotherStage(_l("%(name)s is on another stage at that time.", name=person.name))
    title, when = (
        in_language(other.activity.title, other.activity.title_en),
        format_span(other.starts_at, other.ends_at),
    )
    words = _l(
        "%(name)s is on another stage at that time: %(title)s, %(when)s.", name=person.name, title=title, when=when
    )
    return OnAnotherStage(words)


def _appearances(session_id: int) -> Sequence[Appearance]:
    query = select(Appearance).where(Appearance.session_id == session_id).order_by(Appearance.person_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def _counting(performance_id: int) -> set[int]:
    """The versions that count: the one being written, and the one published last."""
    query = select(Programme.id, Programme.published_at).where(Programme.performance_id == performance_id)
    ids = set()
    for programme_id, published_at in db.session.execute(query.order_by(Programme.number.desc())):
        ids.add(programme_id)
        if published_at is not None:
            break
    return ids


def _check(performance: Performance, item: ProgrammeItem, wanted: Sequence[Down]) -> None:
    parts = {each.part_id for each in item.piece.parts} if item.piece else set()
    for each in wanted:
        if each.member.troupe_id != performance.troupe_id or each.member.state not in MAY_PLAY:
            raise RuleBroken(_l("%(name)s is not in the troupe (any more).", name=each.member.person.name))
        if each.part_id is not None and each.part_id not in parts:
            raise RuleBroken(_l("This piece has no such part. Please look at it again."))
