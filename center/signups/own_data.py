"""What the tables of sign-ups hold of a person."""

from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import AT, GOES, NOTE, REASON, SINCE, UNTIL, Part, stays
from center.signups.models import Answer, SignUp, SignUpGroup
from center.signups.models.attendee_lists import Driver, PlaceHeld
from center.signups.models.history import RosterEvent, SignUpEvent
from center.signups.models.lottery import Draw, Lot
from center.signups.words import CHANGE_NAMES, STATE_NAMES

SIGN_UP = _l("Sign-up")
PLACES = _l("How many came is counted; who it was, and what they needed or wrote, is not kept")
HISTORY = _l("The history of places, which nobody alters; what was written in it is emptied")
NEEDS = ("note", "uses_wheelchair", "wants_companion", "wants_pick_up", "has_access_need")


PARTS = (
    Part(
        model=SignUp,
        title=_l("Sign-ups"),
        mine=("person_id",),
        acted=("signed_by_id",),
        says={
            "reference": _l("Number"),
            "roster_id": _l("Activity"),
            "state": _l("State"),
            "made_at": AT,
            "uses_wheelchair": _l("Uses a wheelchair"),
            "wants_companion": _l("Brings a companion"),
            "wants_pick_up": _l("Wants to be picked up"),
            "note": NOTE,
        },
        words={"state": STATE_NAMES},
        erasing=stays(PLACES, empties=NEEDS, keeps=("reference",)),
    ),
    Part(model=SignUpGroup, title=_l("Who was signed up together"), acted=("signed_by_id",)),
    Part(
        model=SignUpEvent,
        title=_l("What happened to sign-ups"),
        through="sign_up_id",
        acted=("by_id",),
        says={"sign_up_id": SIGN_UP, "at": AT, "what": _l("What"), "reason": REASON},
        words={"what": CHANGE_NAMES},
        erasing=stays(HISTORY, empties=("reason",)),
    ),
    Part(
        model=Answer,
        title=_l("Answers to questions"),
        through="sign_up_id",
        says={"sign_up_id": SIGN_UP, "question_id": _l("Question"), "says": _l("Answer")},
        erasing=GOES,
    ),
    Part(
        model=PlaceHeld,
        title=_l("Places they held"),
        through="sign_up_id",
        says={"sign_up_id": SIGN_UP, "from_at": SINCE, "until_at": UNTIL},
        erasing=stays(PLACES),
    ),
    Part(
        model=Lot,
        title=_l("Lots they drew"),
        through="sign_up_id",
        says={"sign_up_id": SIGN_UP, "rank": _l("Rank")},
        erasing=stays(_l("Anybody can repeat a draw; it has numbers, no names"), keeps=("reference", "unit", "fits")),
    ),
    Part(
        model=Driver,
        title=_l("Dates at which they drive"),
        mine=("person_id",),
        acted=("named_by_id",),
        says={"session_id": _l("Activity"), "named_at": AT},
        erasing=GOES,
    ),
    Part(model=RosterEvent, title=_l("Changes of sign-up"), acted=("by_id",)),
    Part(model=Draw, title=_l("Draws"), acted=("by_id",)),
)
