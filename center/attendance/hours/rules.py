"""When a volunteer signs in and out, what becomes of a forgotten end, and who may certify which hours. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from center.attendance.models.hours import LIMIT_OF_A_DAY, ShiftState
from center.kernel.errors import Conflict, DomainError, RuleBroken
from center.kernel.i18n import lazy_gettext as _l

COMES_BEFORE = timedelta(hours=1)  # before the start, to set up
FORGOTTEN_AFTER = timedelta(hours=1)  # after the end
BESIDE = timedelta(hours=4)  # a shift lies at most that far before the start and after the end
LONG_DAY = timedelta(hours=LIMIT_OF_A_DAY)
MINUTE = timedelta(minutes=1)


def state_at(state: ShiftState, *, ends_at: datetime, now: datetime) -> ShiftState:
    """How a shift stands at a moment: one that is still open long after its session was forgotten."""
    is_forgotten = state is ShiftState.OPEN and now > ends_at + FORGOTTEN_AFTER
    return ShiftState.FORGOTTEN if is_forgotten else state


def proposed_end(in_at: datetime, *, ends_at: datetime) -> datetime | None:
    """When somebody who was not signed out is taken to have left; None where they came after the end."""
    return ends_at if ends_at > in_at else None


def minutes_between(in_at: datetime, out_at: datetime | None) -> int:
    """How many whole minutes somebody gave; none while nobody knows when they left."""
    return 0 if out_at is None else max(0, int((out_at - in_at) / MINUTE))


def is_long(lengths: Iterable[timedelta]) -> bool:
    """Whether these shifts of one day are so long together that a second person looks at them."""
    return sum(lengths, timedelta()) > LONG_DAY


def check_sign_in(*, starts_at: datetime, ends_at: datetime, is_off: bool, now: datetime) -> None:
    """A volunteer signs in from an hour before the start until the end. Raises RuleBroken."""
    if is_off:
        raise RuleBroken(_l("This date does not take place, so nobody signs in for it."))
    if now < starts_at - COMES_BEFORE:
        raise RuleBroken(_l("It is too early: volunteers sign in from one hour before the start."))
    if now >= ends_at:
        raise RuleBroken(_l("It is over. Write down from when until when they helped instead."))


def check_times(in_at: datetime, out_at: datetime, *, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """A shift ends after it begins, is over, and lies beside its session. Raises RuleBroken on "out_at" or "in_at"."""
    if out_at - in_at < MINUTE:
        raise RuleBroken(_l("They must have left after they came."), field="out_at")
    if out_at > now:
        raise RuleBroken(_l("That is still to come. Write down only what is over."), field="out_at")
    if in_at < starts_at - BESIDE:
        raise RuleBroken(_l("That is more than four hours before the start."), field="in_at")
    if out_at > ends_at + BESIDE:
        raise RuleBroken(_l("That is more than four hours after the end."), field="out_at")


def check_not_own(*, person_id: int, by_id: int) -> None:
    """Nobody decides about hours of their own. Raises RuleBroken."""
    if person_id == by_id:
        raise RuleBroken(_l("These are your own hours: somebody else decides about them."))


def why_not_certified(shift: Any, *, is_long_day: bool, by_id: int) -> DomainError | None:
    """What keeps somebody from certifying a shift that is done; None where nothing does."""
    if shift.person_id == by_id:
        return RuleBroken(_l("These are your own hours: somebody else decides about them."))
    if shift.state is not ShiftState.DONE:
        return Conflict(_l("This has changed meanwhile. Please look at it again."))
    if is_long_day and shift.reviewed_by_id is None:
        return RuleBroken(_l("More than eight hours on one day: a second person looks at them first."))
    if shift.reviewed_by_id == by_id:
        return RuleBroken(_l("You have looked at this long day, so somebody else certifies it."))
    return None
