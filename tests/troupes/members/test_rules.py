"""From where to where a member can go, and who says so."""

import pytest

from center.kernel.errors import Conflict, RuleBroken
from center.troupes.members.rules import OWN_STEPS, STEP_NAMES, STEPS_FROM, check_parts, check_step, own_steps
from center.troupes.models.troupes import STEPS, MemberState

S = MemberState


@pytest.mark.parametrize("was", list(S))
@pytest.mark.parametrize("became", list(S))
def test_what_is_no_step_is_refused_to_everybody(was: MemberState, became: MemberState) -> None:
    if (was.value, became.value) not in STEPS:
        for is_own in (True, False):
            with pytest.raises(Conflict):
                check_step(was, became, is_own=is_own, reason="x")


def test_nobody_takes_themselves_in_and_a_refusal_needs_its_reason() -> None:
    for was, became in ((S.APPLIED, S.TRIAL), (S.APPLIED, S.ACTIVE), (S.TRIAL, S.ACTIVE)):
        with pytest.raises(RuleBroken):
            check_step(was, became, is_own=True, reason="")
        check_step(was, became, is_own=False, reason="")
    for was in (S.APPLIED, S.TRIAL):
        with pytest.raises(RuleBroken) as refused:
            check_step(was, S.LEFT, is_own=False, reason="  ")
        assert refused.value.field == "reason"
        check_step(was, S.LEFT, is_own=False, reason="人满了")
        check_step(was, S.LEFT, is_own=True, reason="")


def test_whoever_has_left_goes_nowhere_and_every_step_has_its_button() -> None:
    assert STEPS_FROM[S.LEFT] == []
    assert own_steps(S.ACTIVE) == [S.RESTING, S.LEFT]
    assert own_steps(S.RESTING) == [S.ACTIVE, S.LEFT]
    assert set(STEP_NAMES) == {(S(was), S(became)) for was, became in STEPS if was}
    assert set(STEP_NAMES) >= OWN_STEPS


def test_the_main_part_is_one_of_those_chosen_and_all_are_the_troupes() -> None:
    check_parts([1, 2], 2, [1, 2, 3])
    check_parts([], None, [])
    for wanted, main in (([4], None), ([1], 2)):
        with pytest.raises(RuleBroken):
            check_parts(wanted, main, [1, 2, 3])
