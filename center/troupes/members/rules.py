"""From where to where a member of a troupe can go, and who says so. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.troupes import STEPS, MemberState

STEPS_FROM: Mapping[MemberState, Sequence[MemberState]] = {
    state: [MemberState(became) for was, became in STEPS if was == state.value] for state in MemberState
}
# What a member says themselves; all else a lead decides.
OWN_STEPS = frozenset(
    {
        (MemberState.APPLIED, MemberState.LEFT),
        (MemberState.TRIAL, MemberState.LEFT),
        (MemberState.ACTIVE, MemberState.RESTING),
        (MemberState.RESTING, MemberState.ACTIVE),
        (MemberState.ACTIVE, MemberState.LEFT),
        (MemberState.RESTING, MemberState.LEFT),
    }
)
NEED_REASON = frozenset({(MemberState.APPLIED, MemberState.LEFT), (MemberState.TRIAL, MemberState.LEFT)})


def own_steps(state: MemberState) -> list[MemberState]:
    """Where a member in this state can go by their own word."""
    return [became for became in STEPS_FROM[state] if (state, became) in OWN_STEPS]


def check_step(was: MemberState, became: MemberState, *, is_own: bool, reason: str) -> None:
    """Raises Conflict where no step leads there, RuleBroken where a lead must decide, or must say why."""
    if became not in STEPS_FROM[was]:
        raise Conflict(
            _l("This cannot be done any more: how they stand in the troupe has changed meanwhile. Please look again.")
        )
    if is_own and (was, became) not in OWN_STEPS:
        raise RuleBroken(_l("Whoever leads the troupe decides this."))
    if not is_own and (was, became) in NEED_REASON and not reason.strip():
        raise RuleBroken(_l("Please say why: they read it."), field="reason")


def check_parts(wanted: Collection[int], main: int | None, known: Collection[int]) -> None:
    """Parts are the troupe's own, and the main one is among them; raises RuleBroken."""
    if not set(wanted) <= set(known):
        raise RuleBroken(_l("Please choose one of these."), field="parts")
    if main is not None and main not in wanted:
        raise RuleBroken(_l("The main part must be one of those chosen."), field="mostly")


STEP_NAMES: Mapping[tuple[MemberState, MemberState], Any] = {
    (MemberState.APPLIED, MemberState.TRIAL): _l("Take on trial"),
    (MemberState.APPLIED, MemberState.ACTIVE): _l("Take into the troupe"),
    (MemberState.APPLIED, MemberState.LEFT): _l("Decline the application"),
    (MemberState.TRIAL, MemberState.ACTIVE): _l("Take into the troupe"),
    (MemberState.TRIAL, MemberState.LEFT): _l("End the trial"),
    (MemberState.ACTIVE, MemberState.RESTING): _l("Let them rest"),
    (MemberState.RESTING, MemberState.ACTIVE): _l("Back in the troupe"),
    (MemberState.ACTIVE, MemberState.LEFT): _l("Leaves the troupe"),
    (MemberState.RESTING, MemberState.LEFT): _l("Leaves the troupe"),
}
