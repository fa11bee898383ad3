"""What is said of how people stand in a register, in words."""

from center.attendance.models import Admitted, How, RegisterState, Status, Verb, Why
from center.kernel.i18n import lazy_gettext as _l

STATUS_NAMES = {
    Status.ABSENT: _l("Absent"),
    Status.EXPECTED: _l("Expected"),
    Status.LATE: _l("Late"),
    Status.LEFT: _l("Left"),
    Status.ON_LEAVE: _l("On leave"),
    Status.PRESENT: _l("Present"),
}
STATUS_TONES = {
    Status.ABSENT: "stop",
    Status.EXPECTED: "quiet",
    Status.LATE: "wait",
    Status.LEFT: "info",
    Status.ON_LEAVE: "info",
    Status.PRESENT: "ok",
}
VERB_NAMES = {
    Verb.ARRIVED: _l("Came"),
    Verb.LEFT: _l("Left"),
    Verb.ON_LEAVE: _l("On leave"),
    Verb.UNDONE: _l("Taken back"),
}
HOW_NAMES = {
    How.CARD: _l("By card"),
    How.DESK: _l("At the desk"),
    How.HOUSEHOLD: _l("With the household"),
    How.KIOSK: _l("At the entrance"),
    How.PAPER: _l("From the sheet on paper"),
    How.REVIEW: _l("Decided afterwards"),
    How.ROLL: _l("On the roll"),
    How.SIGN_UP: _l("By the sign-up's number"),
    How.WALK_IN: _l("Walked in"),
}
WHY_NAMES = {
    Why.CANCELLED: _l("Their place had been given up before"),
    Why.CLOCK: _l("The device's clock was wrong"),
    Why.CLOSED: _l("The register was closed already"),
    Why.FULL: _l("No place was left"),
    Why.LEAVE: _l("They were on leave, and came"),
    Why.NOT_ALLOWED: _l("The device may not do this"),
    Why.NOT_HERE: _l("They had not come before they left"),
    Why.NOT_SIGNED_UP: _l("They had no place"),
    Why.OLD_CARD: _l("The card had been replaced"),
    Why.OVER: _l("It was over"),
    Why.REPLAYED: _l("Something else had been sent under this number"),
    Why.REVOKED: _l("The device had been shut out before"),
    Why.TOO_EARLY: _l("It was too early"),
    Why.UNKNOWN: _l("Nobody knows this code"),
    Why.VOLUNTEER: _l("A volunteer: their hours are kept"),
    Why.WRONG_SESSION: _l("They have a place somewhere else"),
}
ADMITTED_NAMES = {
    Admitted.CANCELLED: _l("Came although their place had been given up"),
    Admitted.NO_ROSTER: _l("Nobody signs up for it"),
    Admitted.ONE_DATE: _l("Came to one date of a course"),
    Admitted.OVER_CAPACITY: _l("Let in without a place"),
}
REGISTER_NAMES = {
    RegisterState.AMENDED: _l("Closed, and put right since"),
    RegisterState.CLOSED: _l("Closed and signed"),
    RegisterState.OPEN: _l("Open"),
}
