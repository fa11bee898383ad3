"""What the choices of the posting form are called."""

import enum

from center.activities.change_requests.models import ChangeRequestKind
from center.activities.models import ActivityChange, ActivityState
from center.kernel.i18n import lazy_gettext as _l
from center.signups.answers import YES
from center.signups.models import Answer, Audience, Mode, QuestionKind, Roster, SignUp, SignUpState
from center.signups.words import OF_ANOTHER, STATE_NAMES


class Pattern(enum.StrEnum):
    """How the dates of an activity are said."""

    LIST = "list"
    ONE = "one"
    WEEKLY = "weekly"


class ForWhom(enum.StrEnum):
    """Who may sign up."""

    ACCESS_NEED = "access_need"
    EVERYBODY = "everybody"
    RESIDENTS = "residents"


PATTERNS = {
    Pattern.ONE: _l("On one day"),
    Pattern.LIST: _l("On a list of days"),
    Pattern.WEEKLY: _l("Every week until a day"),
}
FOR_WHOM = {
    ForWhom.EVERYBODY: _l("Everybody"),
    ForWhom.RESIDENTS: _l("Residents of the estate"),
    ForWhom.ACCESS_NEED: _l("People with an access need"),
}
MODES = {
    Mode.FIRST_COME: _l("First come, first served"),
    Mode.LOTTERY: _l("Drawn by lot among all who ask until sign-up closes"),
    Mode.APPROVAL: _l("We choose among those who ask"),
    Mode.WALK_IN: _l("No sign-up: people just come"),
    Mode.MEMBERS_ONLY: _l("For members of our organisation"),
}
STATES = {
    ActivityState.DRAFT: (_l("Draft"), "quiet"),
    ActivityState.SUBMITTED: (_l("Waits for review"), "wait"),
    ActivityState.RETURNED: (_l("Returned to you"), "stop"),
    ActivityState.PUBLISHED: (_l("Published"), "ok"),
    ActivityState.CANCELLED: (_l("Called off"), "stop"),
    ActivityState.HELD: (_l("Took place"), "quiet"),
}
AUDIENCES = {
    Audience.PARTICIPANTS: _l("Participants"),
    Audience.VOLUNTEERS: _l("Volunteers"),
}
PROPOSALS = {
    ChangeRequestKind.PHOTO: _l("Photo"),
    ChangeRequestKind.QUESTION: _l("Question on the form"),
    ChangeRequestKind.WORDS: _l("Words"),
}
CHANGES = {
    ActivityChange.CANCELLED: _l("Called off"),
    ActivityChange.CREATED: _l("Begun"),
    ActivityChange.DECISION_UNDONE: _l("Decision taken back"),
    ActivityChange.EDITED: _l("Changed"),
    ActivityChange.HELD: _l("Took place"),
    ActivityChange.PUBLISHED: _l("Published"),
    ActivityChange.RETURNED: _l("Returned"),
    ActivityChange.SESSION_ADDED: _l("Date added"),
    ActivityChange.SESSION_CANCELLED: _l("Date called off"),
    ActivityChange.SESSION_HELD: _l("Date took place"),
    ActivityChange.SESSION_MOVED: _l("Date moved"),
    ActivityChange.SUBMITTED: _l("Submitted"),
    ActivityChange.WITHDRAWN: _l("Taken back"),
}
SIGN_UPS = {
    **STATE_NAMES,
    **OF_ANOTHER,
    SignUpState.DECLINED: _l("Declined"),
    SignUpState.REQUESTED: _l("Waits for your decision"),
}


def state_name(sign_up: SignUp, roster: Roster) -> str:
    """Where a sign-up stands, for the lead."""
    if sign_up.state is SignUpState.REQUESTED and roster.mode is Mode.LOTTERY:
        return str(_l("Takes part in the draw"))
    if sign_up.state is SignUpState.EXPIRED and sign_up.offered_at is None:
        return str(_l("Nobody decided in time"))
    return str(SIGN_UPS[sign_up.state])


def answer(given: Answer) -> str:
    """What somebody answered, yes and no in words."""
    if given.question.kind is QuestionKind.YES_NO:
        return str(_l("Yes") if given.says == YES else _l("No"))
    return given.says
