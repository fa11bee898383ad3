"""What seats, reviews, cards and what is left are called."""

from center.incubator.agreements.rules import Step
from center.incubator.models.agreements import CardMoment, CheckWay, HandOverWay, LeftKind, MidResult, SeatKind
from center.kernel.i18n import lazy_gettext as _l

SEAT_KINDS = {SeatKind.SEAT: _l("Seat"), SeatKind.LOCKER: _l("Locker")}
CHECK_WAYS = {CheckWay.CALL: _l("By a call"), CheckWay.VISIT: _l("By a visit")}
RESULTS = {
    MidResult.GOES_ON: _l("It goes on"),
    MidResult.EXTENDED: _l("It is extended"),
    MidResult.GRADUATES: _l("It graduates"),
    MidResult.LEAVES: _l("It leaves"),
}
STEPS = {
    Step.REPORT: _l("Waits for the organisation's report"),
    Step.OPINION: _l("The report is to be read"),
    Step.CHECK: _l("To be checked by a call or a visit"),
    Step.RESULT: _l("Waits for a result"),
    Step.OVER: _l("Over"),
}
MOMENTS = {CardMoment.ENTRY: _l("When it came"), CardMoment.EXIT: _l("When it left")}
CARD_PARTS = {
    "team": _l("Team"),
    "money": _l("Money"),
    "projects": _l("Projects"),
    "party": _l("Party building"),
}
LEFT_KINDS = {
    LeftKind.ACTIVITY: _l("Activity"),
    LeftKind.BOOKING: _l("Booking"),
    LeftKind.KEY: _l("Key"),
    LeftKind.SEAT: _l("Seat or locker"),
    LeftKind.SERIES: _l("Series of bookings"),
}
WAYS = {
    HandOverWay.CANCELLED: _l("Called off, and people told"),
    HandOverWay.HANDED: _l("Handed to another organisation"),
    HandOverWay.RETURNED: _l("Given back"),
}
