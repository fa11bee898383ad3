"""What is asked on the form, to whom a place may go, and which ages the lead reads."""

from typing import Any

import pytest

from center.signups.actions import is_divided
from center.signups.answers import Asked, Cannot, asked_of, impossible
from center.signups.attendee_lists.sheet import age_band
from center.signups.details.transfers import Stays, same_first, stays_because
from center.signups.models import Audience, Mode, Pool, PoolKind, Question, QuestionKind, SignUpState
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE

WHEEL, BESIDE, GENERAL = (
    Pool(id=n, kind=kind, capacity=1, taken=0)
    for n, kind in enumerate((PoolKind.WHEELCHAIR, PoolKind.COMPANION, PoolKind.GENERAL), start=1)
)
QUESTION = Question(id=1, kind=QuestionKind.YES_NO, words="?")


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({}, Asked()),
        ({"pools": [WHEEL, GENERAL]}, Asked(wheelchair=True)),
        ({"pools": [BESIDE, GENERAL]}, Asked(companion=True)),
        ({"has_pick_up": True}, Asked(pick_up=True, wheelchair=True)),
        ({"has_pick_up": True, "audience": Audience.VOLUNTEERS}, Asked()),
        ({"access_need_only": True}, Asked(access_need=True)),
        ({"questions": (QUESTION,)}, Asked(questions=(QUESTION,))),
    ],
    ids=["nothing", "wheelchairs", "companions", "pick-up", "volunteers come themselves", "access need", "questions"],
)
def test_only_what_the_roster_has_is_asked(facts: dict[str, Any], asked: Asked) -> None:
    known = {"audience": Audience.PARTICIPANTS, "pools": [GENERAL], "has_pick_up": False}
    found = asked_of(**{**known, "access_need_only": False, "questions": (), **facts})
    assert found == asked
    assert found.is_anything is (asked != Asked())


@pytest.mark.parametrize(
    ("asked", "wants", "cannot"),
    [
        (Asked(), {"wants_companion": True}, [Cannot.COMPANION]),
        (Asked(), {"wants_pick_up": True}, [Cannot.PICK_UP]),
        (Asked(pick_up=True), {"wants_pick_up": True, "has_door": False}, [Cannot.NO_DOOR]),
        (Asked(pick_up=True, companion=True), {"wants_pick_up": True, "wants_companion": True}, []),
        (Asked(), {"wants_pick_up": True, "wants_companion": True}, [Cannot.COMPANION, Cannot.PICK_UP]),
    ],
)
def test_a_wish_that_nobody_can_fulfil_is_refused(asked: Asked, wants: dict[str, Any], cannot: Any) -> None:
    known = {"wants_companion": False, "wants_pick_up": False, "has_door": True}
    assert impossible(asked, **{**known, **wants}) == cannot


CONFIRMED, WAITING, OFFERED = SignUpState.CONFIRMED, SignUpState.WAITING, SignUpState.OFFERED


@pytest.mark.parametrize(
    ("state", "mode", "begun", "kin", "stays"),
    [
        (CONFIRMED, Mode.FIRST_COME, False, True, None),
        (CONFIRMED, Mode.FIRST_COME, False, False, None),
        (CONFIRMED, Mode.LOTTERY, False, True, None),
        (CONFIRMED, Mode.APPROVAL, False, True, Stays.CHOSEN),
        (CONFIRMED, Mode.FIRST_COME, True, True, Stays.BEGUN),
        (WAITING, Mode.FIRST_COME, False, True, None),
        (WAITING, Mode.FIRST_COME, False, False, Stays.RANK),
        (OFFERED, Mode.FIRST_COME, False, True, Stays.OFFERED),
        (SignUpState.REQUESTED, Mode.LOTTERY, False, True, Stays.NOT_LIVE),
        (SignUpState.CANCELLED, Mode.FIRST_COME, False, True, Stays.NOT_LIVE),
    ],
)
def test_a_place_goes_to_whom_one_acts_for_and_a_rank_stays_in_the_household(
    state: Any, mode: Mode, begun: bool, kin: bool, stays: Stays | None
) -> None:
    assert stays_because(state, mode, has_begun=begun, is_kin=kin) is stays


def test_who_takes_over_has_the_same_place_if_they_may_else_one_nobody_waits_for() -> None:
    assert same_first([WHEEL, GENERAL], GENERAL.id, set()) == [GENERAL, WHEEL]
    assert same_first([WHEEL, GENERAL], BESIDE.id, {GENERAL.id}) == [WHEEL]
    assert same_first([GENERAL], GENERAL.id, {GENERAL.id}) == [GENERAL], "it is theirs, not the queue's"


@pytest.mark.parametrize(
    ("picked", "divided"), [([GENERAL, None], True), ([None, None], False), ([GENERAL], False), ([], False)]
)
def test_some_with_a_place_and_some_without_is_a_question(picked: Any, divided: bool) -> None:
    assert is_divided(picked) is divided


@pytest.mark.parametrize(
    ("age", "band"),
    [(None, None), (0, (0, 5)), (13, (6, 13)), (59, (18, 59)), (60, (60, 69)), (80, (80, None)), (101, (80, None))],
)
def test_the_lead_reads_a_band_of_ages(age: int | None, band: tuple[int, int] | tuple[int, None] | None) -> None:
    assert age_band(age) == band
