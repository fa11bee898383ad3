"""What is played, in which order: versions of a programme. Called inside one `transaction()`; never commits.

A version that was published is never written again: a change makes the next one, a copy of it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from center.kernel.db import change_rows, db, is_violation, part_of_transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.troupes.models.pieces import Piece
from center.troupes.models.troupes import MemberState
from center.troupes.performances import casting, queries
from center.troupes.performances.holding import hold
from center.troupes.performances.models import AHEAD, Performance, Performer, Programme, ProgrammeItem
from center.troupes.performances.timing import Length, Turn, length_of

MOST_ITEMS = 60
_ASIDE = 1000  # where places lie while others move: no two may have one position, not even for a moment
OVER = _l("This performance is over or cancelled.")


def open_programme(performance: Performance, *, by: Person, now: datetime) -> Programme:
    """The version that is being written; where the last one was published, a copy of it. Holds the performance."""
    hold(performance)
    if performance.state not in AHEAD:
        raise Conflict(OVER)
    versions = queries.programmes_of(performance.id)
    if versions and versions[0].published_at is None:
        return versions[0]
    keys = {"performance_id": performance.id, "troupe_id": performance.troupe_id}
    number = versions[0].number + 1 if versions else 1
    made = Programme(number=number, made_by_id=by.id, made_at=now, **keys)
    db.session.add(made)
    db.session.flush()
    if versions:
        _copy(versions[0], made)
    return queries.newest_of(performance.id)


def add_piece(performance: Performance, piece: Piece, *, by: Person, now: datetime) -> ProgrammeItem:
    """Put a piece at the end of the programme; where it is in it already, it stays where it is."""
    programme = open_programme(performance, by=by, now=now)
    if piece.troupe_id != performance.troupe_id or piece.is_retired:
        raise RuleBroken(_l("Please choose one of these."), field="piece")
    if known := next((each for each in programme.items if each.piece_id == piece.id), None):
        return known
    return _append(programme, performance, piece_id=piece.id, seconds=piece.seconds)


def add_words(performance: Performance, title: str, seconds: int, *, by: Person, now: datetime) -> ProgrammeItem:
    """Put something at the end that is no piece: a word of welcome, a break. Sent twice, it is there once."""
    programme = open_programme(performance, by=by, now=now)
    if not title.strip():
        raise RuleBroken(_l("Please fill this in."), field="title")
    last = programme.items[-1] if programme.items else None
    if last is not None and (last.title, last.seconds) == (title.strip(), seconds):
        return last
    return _append(programme, performance, title=title.strip(), seconds=seconds)


def set_item(
    performance: Performance,
    position: int,
    *,
    seconds: int,
    change_seconds: int,
    call_at: datetime | None,
    by: Person,
    now: datetime,
) -> ProgrammeItem:
    """Say how long a place lasts, how long the stage is changed after it, and when its people are to be there."""
    item = item_at(open_programme(performance, by=by, now=now), position)
    if call_at is not None and call_at >= performance.session.ends_at:
        raise RuleBroken(_l("They would come after the end. Please choose an earlier time."), field="call_at")
    item.seconds, item.change_seconds, item.call_at = seconds, change_seconds, call_at
    db.session.flush()
    return item


def move(performance: Performance, position: int, *, up: bool, by: Person, now: datetime) -> None:
    """Let a place change with the one before or after it; at the end of the list nothing happens."""
    items = list(open_programme(performance, by=by, now=now).items)
    here = items.index(item_at_of(items, position))
    there = here - 1 if up else here + 1
    if 0 <= there < len(items):
        items[here], items[there] = items[there], items[here]
        _lay(items)


def drop(performance: Performance, position: int, *, by: Person, now: datetime) -> None:
    """Take a place out; those after it move up, and whoever is down for nothing else is free."""
    programme = open_programme(performance, by=by, now=now)
    item = item_at(programme, position)
    change_rows(delete(Performer).where(Performer.item_id == item.id))
    rest = [each for each in programme.items if each.id != item.id]
    change_rows(delete(ProgrammeItem).where(ProgrammeItem.id == item.id))
    db.session.expunge(item)
    _lay(rest)
    casting.keep_appearances(performance.session_id)


def allow_length(performance: Performance, why: str, *, by: Person, now: datetime) -> None:
    """Say that the programme may be as long as it is, although the slot is shorter: who allows it, and why."""
    programme = open_programme(performance, by=by, now=now)
    if not why.strip():
        raise RuleBroken(_l("Please say why, for example who agreed to it."), field="why")
    programme.allowed_seconds, programme.allowed_why = length(performance, programme).seconds, why.strip()
    programme.allowed_by_id, programme.allowed_at = by.id, now
    db.session.flush()


def item_at(programme: Programme, position: int) -> ProgrammeItem:
    """What stands at a place; raises Conflict where nothing does any more."""
    return item_at_of(programme.items, position)


def item_at_of(items: Sequence[ProgrammeItem], position: int) -> ProgrammeItem:
    """The same among these."""
    found = next((each for each in items if each.position == position), None)
    if found is None:
        raise Conflict(_l("The programme has changed meanwhile. Please look at it again."))
    return found


def turns_of(programme: Programme) -> list[Turn]:
    """The places as the rules of time see them; stand-ins are on stage only for others."""
    return [
        Turn(
            each.id,
            each.seconds,
            each.change_seconds,
            frozenset(who.member_id for who in each.performers if not who.is_stand_in),
        )
        for each in programme.items
    ]


def length(performance: Performance, programme: Programme) -> Length:
    """How long a version is against the slot."""
    return length_of(turns_of(programme), slot=performance.slot_seconds)


def is_allowed(programme: Programme, found: Length) -> bool:
    """Whether it may be as long as it is."""
    return found.fits or found.seconds <= (programme.allowed_seconds or 0)


def _append(programme: Programme, performance: Performance, **facts: object) -> ProgrammeItem:
    position = len(programme.items) + 1
    if position > MOST_ITEMS:
        raise RuleBroken(_l("A programme has at most %(most)s places.", most=MOST_ITEMS))
    item = ProgrammeItem(
        programme_id=programme.id,
        troupe_id=performance.troupe_id,
        position=position,
        follows=position - 1 or None,
        change_seconds=performance.change_seconds,
        **facts,
    )
    try:
        with part_of_transaction():
            db.session.add(item)
            db.session.flush()
    except IntegrityError as error:
        if is_violation(error, constraint="programmes_published"):
            raise Conflict(_l("The programme has changed meanwhile. Please look at it again.")) from None
        raise
    return item


def _lay(items: Sequence[ProgrammeItem]) -> None:
    """Give places their positions in this order: first out of each other's way, then where they belong."""
    moving = [(n, each) for n, each in enumerate(items, start=1) if each.position != n]
    for base in (_ASIDE, 0):
        for n, each in moving:
            each.position, each.follows = base + n, base + n - 1 or None
        db.session.flush()


def _copy(last: Programme, made: Programme) -> None:
    for item in last.items:
        same = {
            name: getattr(item, name)
            for name in ("position", "follows", "piece_id", "title", "seconds", "change_seconds", "call_at")
        }
        copied = ProgrammeItem(programme_id=made.id, troupe_id=made.troupe_id, **same)
        db.session.add(copied)
        db.session.flush()
        for who in (each for each in item.performers if each.member.state is not MemberState.LEFT):
            casting.put(copied, who.member, made.performance, part_id=who.part_id, is_stand_in=who.is_stand_in)
    db.session.flush()
