"""What stages, papers, moves and interests are called."""

from collections.abc import Mapping
from typing import Any

from center.incubator.models.house_rules import OverHours
from center.incubator.models.incubations import DocumentKind, IncubationForm, IncubationStage
from center.incubator.models.interests import InterestKind
from center.incubator.stages.deadlines import Due
from center.kernel.i18n import lazy_gettext as _l

STAGE_NAMES: Mapping[IncubationStage, Any] = {
    IncubationStage.DRAFT: _l("Not sent yet"),
    IncubationStage.SUBMITTED: _l("Sent in"),
    IncubationStage.RETURNED: _l("To be completed"),
    IncubationStage.SCREENING: _l("First check"),
    IncubationStage.REVIEW: _l("Under review"),
    IncubationStage.PUBLISHED: _l("Made known to all"),
    IncubationStage.SIGNING: _l("Agreement to be signed"),
    IncubationStage.INCUBATING: _l("Being incubated"),
    IncubationStage.MID_REVIEW: _l("Mid-term review"),
    IncubationStage.EXTENDED: _l("In the incubator for longer"),
    IncubationStage.GRADUATED: _l("Graduated"),
    IncubationStage.WITHDRAWING: _l("Hands over to leave"),
    IncubationStage.WITHDRAWN: _l("Has left"),
    IncubationStage.REFUSED: _l("Not taken in"),
    IncubationStage.RECONSIDERED: _l("Looked at once more"),
}
STAGE_TONES: Mapping[IncubationStage, str] = {
    IncubationStage.DRAFT: "quiet",
    IncubationStage.SUBMITTED: "wait",
    IncubationStage.RETURNED: "stop",
    IncubationStage.SCREENING: "wait",
    IncubationStage.REVIEW: "wait",
    IncubationStage.PUBLISHED: "info",
    IncubationStage.SIGNING: "info",
    IncubationStage.INCUBATING: "ok",
    IncubationStage.MID_REVIEW: "wait",
    IncubationStage.EXTENDED: "ok",
    IncubationStage.GRADUATED: "ok",
    IncubationStage.WITHDRAWING: "stop",
    IncubationStage.WITHDRAWN: "quiet",
    IncubationStage.REFUSED: "stop",
    IncubationStage.RECONSIDERED: "wait",
}
# What an applicant, and everybody, reads of a stage.
STAGE_MEANS: Mapping[IncubationStage, Any] = {
    IncubationStage.DRAFT: _l("Add the papers, then send it in."),
    IncubationStage.SUBMITTED: _l("The centre looks whether everything is there."),
    IncubationStage.RETURNED: _l("Something is missing. The letter says what; mend it and send it in again."),
    IncubationStage.SCREENING: _l("The centre checks the papers within five working days."),
    IncubationStage.REVIEW: _l("At least three reviewers without an interest read and score it."),
    IncubationStage.PUBLISHED: _l("Everybody can read the result and object until the last day."),
    IncubationStage.SIGNING: _l("The agreement is signed by both."),
    IncubationStage.INCUBATING: _l("It has its place in the incubator."),
    IncubationStage.MID_REVIEW: _l("How far has it come? Papers are looked at, and it is visited or rung."),
    IncubationStage.EXTENDED: _l("It stays for longer, for a reason that the letter says."),
    IncubationStage.GRADUATED: _l("It stands on its own feet."),
    IncubationStage.WITHDRAWING: _l("Keys, seats and bookings are handed over within fifteen working days."),
    IncubationStage.WITHDRAWN: _l("It is over."),
    IncubationStage.REFUSED: _l("The letter says why. Who was refused may ask for another look."),
    IncubationStage.RECONSIDERED: _l("Somebody else looks at the decision again."),
}
# What a decision is called on its button, by where it leads; and where that depends on where it comes from.
MOVE_NAMES: Mapping[IncubationStage, Any] = {
    IncubationStage.SUBMITTED: _l("Send it in"),
    IncubationStage.RETURNED: _l("Send it back to be completed"),
    IncubationStage.SCREENING: _l("Take it in for the first check"),
    IncubationStage.REVIEW: _l("Let it be reviewed"),
    IncubationStage.PUBLISHED: _l("Make the result known"),
    IncubationStage.SIGNING: _l("Go on to the agreement"),
    IncubationStage.INCUBATING: _l("The agreement is signed: take it into the incubator"),
    IncubationStage.MID_REVIEW: _l("Begin the mid-term review"),
    IncubationStage.EXTENDED: _l("Let it stay for longer"),
    IncubationStage.GRADUATED: _l("Let it graduate"),
    IncubationStage.WITHDRAWING: _l("Begin the hand-over"),
    IncubationStage.WITHDRAWN: _l("It has left"),
    IncubationStage.REFUSED: _l("Do not take it in"),
    IncubationStage.RECONSIDERED: _l("Ask for another look"),
}
MOVES_FROM: Mapping[tuple[IncubationStage, IncubationStage], Any] = {
    (IncubationStage.PUBLISHED, IncubationStage.REVIEW): _l("Have it reviewed again"),
    (IncubationStage.RECONSIDERED, IncubationStage.REVIEW): _l("Have it reviewed again"),
    (IncubationStage.RECONSIDERED, IncubationStage.SCREENING): _l("Check it again from the beginning"),
    (IncubationStage.RECONSIDERED, IncubationStage.REFUSED): _l("Leave it at the refusal"),
    (IncubationStage.MID_REVIEW, IncubationStage.INCUBATING): _l("Passed: it goes on"),
    (IncubationStage.WITHDRAWING, IncubationStage.INCUBATING): _l("Call the hand-over off"),
    **{
        (stage, IncubationStage.WITHDRAWN): _l("Take the application back")
        for stage in (
            IncubationStage.DRAFT,
            IncubationStage.SUBMITTED,
            IncubationStage.RETURNED,
            IncubationStage.SCREENING,
            IncubationStage.REVIEW,
            IncubationStage.PUBLISHED,
            IncubationStage.SIGNING,
        )
    },
}
DOCUMENT_NAMES: Mapping[DocumentKind, Any] = {
    DocumentKind.APPLICATION_FORM: _l("Application form, signed"),
    DocumentKind.CHARTER: _l("Charter"),
    DocumentKind.MEMBER_ROLL: _l("List of founders and members"),
    DocumentKind.PLAN: _l("Plan for the first year"),
    DocumentKind.PREMISES: _l("Proof of premises"),
    DocumentKind.REGISTRATION: _l("Proof of registration or filing"),
    DocumentKind.AGREEMENT: _l("Agreement"),
    DocumentKind.REPORT: _l("Report"),
    DocumentKind.HAND_OVER: _l("Hand-over sheet"),
    DocumentKind.MINUTES: _l("Minutes of the panel"),
    DocumentKind.OTHER: _l("Something else"),
}
FORM_NAMES: Mapping[IncubationForm, Any] = {
    IncubationForm.REAL: _l("With a place in the house"),
    IncubationForm.VIRTUAL: _l("Without a place in the house"),
}
INTEREST_NAMES: Mapping[InterestKind, Any] = {
    InterestKind.MEMBER: _l("Belongs to it, or did within three years"),
    InterestKind.FOUNDER: _l("Founded it, or helped to"),
    InterestKind.FAMILY: _l("Family of somebody who leads it"),
    InterestKind.FUNDED: _l("Gave it money or got money from it within three years"),
}
DUE_NAMES: Mapping[Due, Any] = {
    Due.NONE: _l("No deadline"),
    Due.LATER: _l("In time"),
    Due.SOON: _l("Due soon"),
    Due.TODAY: _l("Due today"),
    Due.LATE: _l("Overdue"),
}
DUE_TONES: Mapping[Due, str] = {
    Due.NONE: "quiet",
    Due.LATER: "ok",
    Due.SOON: "wait",
    Due.TODAY: "wait",
    Due.LATE: "stop",
}


def move_name(came: IncubationStage, goes: IncubationStage) -> Any:
    """What a move is called on its button."""
    return MOVES_FROM.get((came, goes), MOVE_NAMES.get(goes, STAGE_NAMES[goes]))


OVER_HOURS: Mapping[OverHours, Any] = {
    OverHours.ASKS: _l("Staff must agree to it: it waits like a request"),
    OverHours.REFUSED: _l("It is refused; staff may book it all the same and say why"),
}
