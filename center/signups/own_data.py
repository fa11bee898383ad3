"""What the tables of sign-ups hold of a person."""

from center.i18n import lazy_gettext as _l
from center.people.own_data import AT, NOTE, REASON, SINCE, UNTIL, Part
from center.signups.change_words import CHANGE_NAMES
from center.signups.changing.models import RosterEvent
from center.signups.lottery.models import Draw, Lot
from center.signups.models import Answer, Driver, SignUp, SignUpEvent, SignUpGroup
from center.signups.rolls.models import PlaceHeld
from center.signups.words import STATE_NAMES

SIGN_UP = _l("Sign-up")


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
    ),
    Part(model=SignUpGroup, title=_l("Who was signed up together"), acted=("signed_by_id",)),
    Part(
        model=SignUpEvent,
        title=_l("What happened to sign-ups"),
        through="sign_up_id",
        acted=("by_id",),
        says={"sign_up_id": SIGN_UP, "at": AT, "what": _l("What"), "reason": REASON},
        words={"what": CHANGE_NAMES},
    ),
    Part(
        model=Answer,
        title=_l("Answers to questions"),
        through="sign_up_id",
        says={"sign_up_id": SIGN_UP, "question_id": _l("Question"), "says": _l("Answer")},
    ),
    Part(
        model=PlaceHeld,
        title=_l("Places they held"),
        through="sign_up_id",
        says={"sign_up_id": SIGN_UP, "from_at": SINCE, "until_at": UNTIL},
    ),
    Part(
        model=Lot,
        title=_l("Lots they drew"),
        through="sign_up_id",
        says={"sign_up_id": SIGN_UP, "rank": _l("Rank")},
    ),
    Part(
        model=Driver,
        title=_l("Dates at which they drive"),
        mine=("person_id",),
        acted=("named_by_id",),
        says={"session_id": _l("Activity"), "named_at": AT},
    ),
    Part(model=RosterEvent, title=_l("Changes of sign-up"), acted=("by_id",)),
    Part(model=Draw, title=_l("Draws"), acted=("by_id",)),
)
