"""What rounds, criteria, outcomes and swaps are called."""

from typing import Any

from center.allocation.matching.acceptance import Because, Outcome
from center.allocation.matching.points import Criterion
from center.allocation.models import RoundState, TermWish, WeeklyTime
from center.allocation.models.swaps import SwapState
from center.kernel.i18n import format_clocks, in_language
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.rooms.labels import WEEKDAYS

# What a criterion is called, and what of it counts.
CRITERIA: dict[Criterion, tuple[Any, Any]] = {
    Criterion.CHARITY: (
        _l("Works for the public good"),
        _l("All of it for organisations of charity, nothing for others."),
    ),
    Criterion.EQUIPMENT: (
        _l("Needs what stands in the room"),
        _l("How much of the equipment that the wish needs is in the room. A wish that needs nothing has nothing here."),
    ),
    Criterion.KEPT: (
        _l("Came to what it had booked"),
        _l(
            "The share of last year's dates that were used. Dates for which somebody over 60 or living alone answers "
            "never count against it, nor do excused ones; whoever had fewer than four dates has all of it."
        ),
    ),
    Criterion.LESS_LAST_TERM: (
        _l("Got less last term"),
        _l("The share of its wishes in the last round that got nothing."),
    ),
    Criterion.PEOPLE: (
        _l("How many people come"),
        _l("The share of the room that they fill."),
    ),
}

STATES: dict[RoundState, tuple[Any, str]] = {
    RoundState.DRAFT: (_l("Being prepared"), "wait"),
    RoundState.OPEN: (_l("Open for wishes"), "ok"),
    RoundState.MATCHED: (_l("Result being looked at"), "wait"),
    RoundState.PUBLISHED: (_l("Published"), "info"),
    RoundState.WITHDRAWN: (_l("Withdrawn"), "stop"),
}

OUTCOMES: dict[Outcome, tuple[Any, str]] = {
    Outcome.GOT: (_l("Got it"), "ok"),
    Outcome.LOST: (_l("Went to another wish"), "stop"),
    Outcome.OTHERWISE: (_l("Given otherwise by the centre"), "wait"),
    Outcome.NOT_ASKED: (_l("Not needed"), "quiet"),
}

BECAUSE: dict[Because, Any] = {
    Because.LOT: _l("both had the same points, and the lot decided"),
    Because.ORDER: _l("everybody's earlier wishes come before anybody's later ones"),
    Because.POINTS: _l("it had more points by the published criteria"),
}

SWAP_STATES: dict[SwapState, tuple[Any, str]] = {
    SwapState.DONE: (_l("Swapped"), "ok"),
    SwapState.EXPIRED: (_l("Nobody answered in time"), "quiet"),
    SwapState.PROPOSED: (_l("Waits for an answer"), "wait"),
    SwapState.REFUSED: (_l("Refused"), "stop"),
    SwapState.TAKEN_BACK: (_l("Taken back"), "quiet"),
    SwapState.WAITING: (_l("Waits for the centre"), "wait"),
    SwapState.WITHDRAWN: (_l("Withdrawn"), "quiet"),
}


def say_time(time: WeeklyTime) -> str:
    """Tuesday 14:30–16:30, without its room."""
    return f"{WEEKDAYS[time.weekday]} {format_clocks(time.hours.opens, time.hours.closes)}"


def say_place(time: WeeklyTime) -> str:
    """The room with the time."""
    return _("%(room)s, %(when)s", room=time.room.full_name, when=say_time(time))


def say_wish(wish: TermWish) -> str:
    """What is wished for, and by whom."""
    organisation = in_language(wish.organisation.name, wish.organisation.name_en)
    return _("%(organisation)s: %(purpose)s", organisation=organisation, purpose=wish.purpose)
