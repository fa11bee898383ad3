"""What the facts of rooms are called, and the icon that goes with each word."""

from collections.abc import Iterable
from typing import Any

from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.rooms.models import AccessFeature, Approval, Noise, UseKind
from center.rooms.rule_models import Period, PurposeRule, Whose

FEATURES: dict[AccessFeature, tuple[Any, str]] = {
    AccessFeature.STEP_FREE: (_l("Step-free"), "step-free"),
    AccessFeature.LIFT: (_l("Lift"), "lift"),
    AccessFeature.ACCESSIBLE_TOILET: (_l("Accessible toilet"), "toilet"),
    AccessFeature.HEARING_LOOP: (_l("Hearing loop"), "hearing-loop"),
    AccessFeature.HANDRAILS: (_l("Handrails"), "handrails"),
    AccessFeature.BRAILLE_SIGNS: (_l("Braille signs"), "braille"),
    AccessFeature.LARGE_PRINT: (_l("Large print"), "large-print"),
    AccessFeature.GUIDE_DOGS: (_l("Guide dogs welcome"), "guide-dog"),
}

NOISE: dict[Noise, tuple[Any, str]] = {
    Noise.QUIET: (_l("Quiet room"), "leaf"),
    Noise.MEDIUM: (_l("Talking is fine"), "people"),
    Noise.LOUD: (_l("Loud use is fine"), "music"),
}

APPROVAL: dict[Approval, Any] = {
    Approval.NEVER: _l("Never: bookings are confirmed at once"),
    Approval.FROM_PEOPLE: _l("From a number of people on"),
    Approval.ALWAYS: _l("Always"),
}


USES: dict[UseKind, Any] = {
    UseKind.AFTERSCHOOL: _l("After-school programme"),
    UseKind.BOOKING: _l("Booking"),
    UseKind.CLOSURE: _l("Closure"),
    UseKind.HOLD: _l("Hold"),
    UseKind.REHEARSAL: _l("Rehearsal"),
    UseKind.SESSION: _l("Session of an activity"),
}

WEEKDAYS: tuple[Any, ...] = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
    _l("Public holidays"),
)

WHOSE = {
    Whose.PERSON: _l("Each person"),
    Whose.HOUSEHOLD: _l("Each household (everybody behind one door)"),
    Whose.ORGANISATION: _l("Each organisation"),
    Whose.EVERYBODY: _l("Everybody together"),
}

PERIODS = {Period.DAY: _l("a day"), Period.WEEK: _l("a week, from Monday"), Period.MONTH: _l("a month")}

PURPOSE_RULES = {
    PurposeRule.ALLOWED: _l("Allowed"),
    PurposeRule.APPROVAL: _l("The desk must approve"),
    PurposeRule.NOT_ALLOWED: _l("Not allowed"),
}


def feature_names(features: Iterable[AccessFeature]) -> str:
    """The features' names, listed."""
    return _(", ").join(str(FEATURES[feature][0]) for feature in features)
