"""What the answers to a check-in are called, and what to do about each."""

from center.attendance.answers import Answer
from center.kernel.i18n import lazy_gettext as _l

# The one word on the sign, read from three metres away.
ANSWER_NAMES = {
    Answer.CHECKED_IN: _l("Checked in"),
    Answer.ALREADY: _l("Checked in before"),
    Answer.NOT_SIGNED_UP: _l("Not signed up"),
    Answer.WRONG_SESSION: _l("Not this date"),
    Answer.CANCELLED: _l("Was cancelled"),
    Answer.TOO_EARLY: _l("Too early"),
    Answer.OVER: _l("Already over"),
    Answer.OLD_CARD: _l("Old card"),
    Answer.UNKNOWN: _l("Unknown code"),
    Answer.FULL: _l("No place left"),
    Answer.NOT_ALLOWED: _l("Not on this device"),
    Answer.STORED: _l("Stored on this device"),
    Answer.LEFT: _l("Checked out"),
}
# What to do next, in one sentence.
ANSWER_HINTS = {
    Answer.CHECKED_IN: _l("Please come in."),
    Answer.ALREADY: _l("Nothing more to do: please come in."),
    Answer.NOT_SIGNED_UP: _l("Let them in without a sign-up?"),
    Answer.WRONG_SESSION: _l("This sign-up is for another date."),
    Answer.CANCELLED: _l("This place was given up, or the date does not take place."),
    Answer.TOO_EARLY: _l("Check-in has not begun. Please come back later."),
    Answer.OVER: _l("Check-in is closed. The desk can add who came."),
    Answer.OLD_CARD: _l("A newer card was made. This one works no more."),
    Answer.UNKNOWN: _l("This is no card and no number of ours. Look the person up by name."),
    Answer.FULL: _l("One more needs a reason, and somebody who allows it."),
    Answer.NOT_ALLOWED: _l("This device may not do that. Please go to the desk."),
    Answer.STORED: _l("It is sent as soon as there is a connection. Please come in."),
    Answer.LEFT: _l("Goodbye, and come again."),
}
