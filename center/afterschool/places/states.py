"""Where a child's place in a term stands, and what may become of it. Pure: from the sign-up and the enrolment alone.

applied ⇄ to check → queued → offered → in care ⇄ paused → ended | withdrawn | not eligible | not drawn | lapsed
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from center.afterschool.models.enrolments import Enrolment, EnrolmentChange
from center.kernel.i18n import lazy_gettext as _l
from center.signups.models import SignUpState


class Place(enum.StrEnum):
    """Where a place stands."""

    APPLIED = "applied"  # nothing is left to check: it waits for the draw
    TO_CHECK = "to_check"  # staff have not decided on its reasons for priority
    QUEUED = "queued"
    OFFERED = "offered"  # until a moment
    IN_CARE = "in_care"
    PAUSED = "paused"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"  # by a guardian, before there was a place
    NOT_DRAWN = "not_drawn"
    LAPSED = "lapsed"  # an offer that nobody answered in time
    NOT_ELIGIBLE = "not_eligible"  # by a paragraph of the rules


@dataclass(frozen=True, kw_only=True)
class PlaceFacts:
    """What decides where a place stands."""

    sign_up: SignUpState
    offer_expires_at: datetime | None = None
    is_undecided: bool = False  # a reason for priority waits for staff
    paused_from: date | None = None
    paused_until: date | None = None
    is_ended: bool = False  # there was a place, and it ended
    is_refused: bool = False


OPEN = frozenset({Place.APPLIED, Place.TO_CHECK, Place.QUEUED, Place.OFFERED})  # there is no place yet
WITH_PLACE = frozenset({Place.IN_CARE, Place.PAUSED})
OVER = frozenset(Place) - OPEN - WITH_PLACE  # a guardian may apply anew
# In which of them something may be done.
ALLOWED: Mapping[EnrolmentChange, frozenset[Place]] = {
    EnrolmentChange.APPLIED: OVER,
    EnrolmentChange.CLASS_SET: WITH_PLACE,
    EnrolmentChange.EDITED: OPEN | WITH_PLACE,
    EnrolmentChange.ENDED: WITH_PLACE,
    EnrolmentChange.NOT_ELIGIBLE: OPEN,
    EnrolmentChange.PAUSED: WITH_PLACE,
    EnrolmentChange.PRIORITY_DECIDED: frozenset({Place.APPLIED, Place.TO_CHECK}),
    EnrolmentChange.RESUMED: frozenset({Place.PAUSED}),
    EnrolmentChange.WITHDRAWN: OPEN,
}
_ENDED = {
    SignUpState.CANCELLED: Place.WITHDRAWN,
    SignUpState.DECLINED: Place.NOT_DRAWN,
    SignUpState.EXPIRED: Place.LAPSED,
    SignUpState.TURNED_DOWN: Place.WITHDRAWN,
}
NAMES: Mapping[Place, object] = {
    Place.APPLIED: _l("Applied"),
    Place.TO_CHECK: _l("Being checked"),
    Place.QUEUED: _l("On the waiting list"),
    Place.OFFERED: _l("A place is offered"),
    Place.IN_CARE: _l("Has a place"),
    Place.PAUSED: _l("Paused"),
    Place.ENDED: _l("Ended"),
    Place.WITHDRAWN: _l("Withdrawn"),
    Place.NOT_DRAWN: _l("No place was drawn"),
    Place.LAPSED: _l("The offer ran out"),
    Place.NOT_ELIGIBLE: _l("Not eligible"),
}
TONES: Mapping[Place, str] = {
    Place.IN_CARE: "ok",
    **dict.fromkeys((Place.APPLIED, Place.TO_CHECK, Place.QUEUED, Place.OFFERED, Place.PAUSED), "wait"),
    **dict.fromkeys(OVER, "quiet"),
}


def stands(facts: PlaceFacts, *, on: date, now: datetime) -> Place:
    """Where a place stands at a moment; `on` is the centre's date of it."""
    if facts.is_refused:
        return Place.NOT_ELIGIBLE
    if facts.is_ended:
        return Place.ENDED
    match facts.sign_up:
        case SignUpState.REQUESTED:
            return Place.TO_CHECK if facts.is_undecided else Place.APPLIED
        case SignUpState.WAITING:
            return Place.QUEUED
        case SignUpState.OFFERED:
            is_over = facts.offer_expires_at is not None and facts.offer_expires_at <= now
            return Place.LAPSED if is_over else Place.OFFERED
        case SignUpState.CONFIRMED:
            return Place.PAUSED if is_paused(facts.paused_from, facts.paused_until, on) else Place.IN_CARE
    return _ENDED[facts.sign_up]


def facts_of(enrolment: Enrolment) -> PlaceFacts:
    """What decides where a child's place stands."""
    return PlaceFacts(
        sign_up=enrolment.sign_up.state,
        offer_expires_at=enrolment.sign_up.offer_expires_at,
        is_undecided=any(each.is_accepted is None for each in enrolment.claims),
        paused_from=enrolment.paused_from,
        paused_until=enrolment.paused_until,
        is_ended=enrolment.ended_at is not None,
        is_refused=enrolment.is_refused,
    )


def place_of(enrolment: Enrolment, *, on: date, now: datetime) -> Place:
    """Where a child's place stands at a moment."""
    return stands(facts_of(enrolment), on=on, now=now)


def may(what: EnrolmentChange, place: Place) -> bool:
    """Whether something may be done while a place stands so."""
    return place in ALLOWED[what]


def is_paused(paused_from: date | None, paused_until: date | None, on: date) -> bool:
    """Whether a place rests that day; without a last day it rests until somebody ends that."""
    return paused_from is not None and paused_from <= on and (paused_until is None or on <= paused_until)
