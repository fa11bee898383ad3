"""The rules of volunteer hours, on plain values."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from center.attendance.hours import rules
from center.attendance.models.hours import ShiftState
from center.kernel.errors import Conflict, RuleBroken

START = datetime(2026, 11, 24, 2, tzinfo=UTC)
END = START + timedelta(hours=2)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "stands"),
    [
        (END, ShiftState.OPEN),
        (END + timedelta(hours=1), ShiftState.OPEN),
        (END + timedelta(hours=1) + SECOND, ShiftState.FORGOTTEN),
    ],
)
def test_what_nobody_ended_is_forgotten_an_hour_after_the_end(now: datetime, stands: ShiftState) -> None:
    assert rules.state_at(ShiftState.OPEN, ends_at=END, now=now) is stands
    assert rules.state_at(ShiftState.DONE, ends_at=END, now=now) is ShiftState.DONE


def test_the_end_of_the_session_is_proposed_unless_they_came_after_it() -> None:
    assert rules.proposed_end(START, ends_at=END) == END
    assert rules.proposed_end(END, ends_at=END) is None


@pytest.mark.parametrize(
    ("now", "is_off", "says"),
    [
        (START - timedelta(hours=1) - SECOND, False, "too early"),
        (START - timedelta(hours=1), False, ""),
        (END - SECOND, False, ""),
        (END, False, "It is over"),
        (START, True, "does not take place"),
    ],
)
def test_when_a_volunteer_signs_in(now: datetime, is_off: bool, says: str) -> None:
    check = {"starts_at": START, "ends_at": END, "is_off": is_off, "now": now}
    if not says:
        rules.check_sign_in(**check)  # type: ignore[arg-type]
        return
    with pytest.raises(RuleBroken) as refused:
        rules.check_sign_in(**check)  # type: ignore[arg-type]
    assert says in str(refused.value.message)


@pytest.mark.parametrize(
    ("in_at", "out_at", "field"),
    [
        (START, START, "out_at"),
        (START, START - SECOND, "out_at"),
        (START, START + 30 * SECOND, "out_at"),
        (START, END + timedelta(hours=4) + SECOND, "out_at"),
        (START - timedelta(hours=4) - SECOND, END, "in_at"),
        (START, END + timedelta(hours=7), "out_at"),
        (START - timedelta(hours=4), END + timedelta(hours=4), ""),
        (START, END, ""),
    ],
)
def test_from_when_until_when_a_shift_may_be(in_at: datetime, out_at: datetime, field: str) -> None:
    times = {"starts_at": START, "ends_at": END, "now": END + timedelta(hours=6)}
    if not field:
        rules.check_times(in_at, out_at, **times)
        return
    with pytest.raises(RuleBroken) as refused:
        rules.check_times(in_at, out_at, **times)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("hours", "is_long"), [((8,), False), ((5, 3), False), ((8.01,), True), ((5, 3, 0.1), True), ((), False)]
)
def test_a_day_is_long_beyond_eight_hours_in_all(hours: tuple[float, ...], is_long: bool) -> None:
    assert rules.is_long(timedelta(hours=each) for each in hours) is is_long


@pytest.mark.parametrize(
    ("state", "reviewer", "is_long", "by", "refusal"),
    [
        (ShiftState.DONE, None, False, 1, RuleBroken),  # their own
        (ShiftState.OPEN, None, False, 2, Conflict),
        (ShiftState.REFUSED, None, False, 2, Conflict),
        (ShiftState.DONE, None, True, 2, RuleBroken),
        (ShiftState.DONE, 2, True, 2, RuleBroken),  # the reviewer is a third
        (ShiftState.DONE, 3, True, 2, None),
        (ShiftState.DONE, None, False, 2, None),
    ],
)
def test_who_certifies_what(
    state: ShiftState, reviewer: int | None, is_long: bool, by: int, refusal: type[Exception] | None
) -> None:
    shift = SimpleNamespace(person_id=1, state=state, reviewed_by_id=reviewer)
    found = rules.why_not_certified(shift, is_long_day=is_long, by_id=by)
    assert type(found) is (refusal or type(None))


def test_only_whole_minutes_count() -> None:
    assert rules.minutes_between(START, START + timedelta(minutes=90, seconds=59)) == 90
    assert rules.minutes_between(START, None) == 0
