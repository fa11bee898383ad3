"""What whoever hands over a child is answered. Pure."""

import enum

from center.afterschool.models.custody import CustodyEvent, Outcome
from center.kernel.i18n import lazy_gettext as _l


class Answer(enum.StrEnum):
    """What became of something that was said of a child."""

    ALREADY = "already"  # it was so before
    ASK_DIRECTOR = "ask_director"  # an alert: the director decides
    BARRED = "barred"
    CHILD_NO = "child_no"  # the child does not say yes
    CONFLICT = "conflict"  # somebody else said otherwise before; both are looked at
    DIRECTOR_NO = "director_no"
    DONE = "done"
    GONE = "gone"  # somebody else handed the child over before
    NO_TRIES = "no_tries"  # three wrong codes: only with a second member of staff
    TAKEN_BACK = "taken_back"  # said under this number, and undone since
    UNKNOWN_ADULT = "unknown_adult"  # said without a connection, of an adult who was never on the list
    UNSURE = "unsure"  # said without a connection, and nothing made it sure
    WRONG_CODE = "wrong_code"


SAID = frozenset({Answer.ALREADY, Answer.CONFLICT, Answer.DONE})  # who holds the child is written down
ANSWER_NAMES = {
    Answer.ALREADY: _l("Written down already"),
    Answer.ASK_DIRECTOR: _l("Wait: the director decides"),
    Answer.BARRED: _l("Do not hand over"),
    Answer.CHILD_NO: _l("The child does not say yes"),
    Answer.CONFLICT: _l("Somebody else said otherwise"),
    Answer.DIRECTOR_NO: _l("The director said no"),
    Answer.DONE: _l("Written down"),
    Answer.GONE: _l("Handed over already"),
    Answer.NO_TRIES: _l("Three wrong codes"),
    Answer.TAKEN_BACK: _l("This was taken back meanwhile"),
    Answer.UNKNOWN_ADULT: _l("This adult was never on the list"),
    Answer.UNSURE: _l("This could not be taken as it is"),
    Answer.WRONG_CODE: _l("Wrong code"),
}
HINTS = {
    Answer.ASK_DIRECTOR: _l("The director was told. Keep the child with you until they have said yes or no."),
    Answer.BARRED: _l(
        "This adult may not collect the child, whatever code they show. Keep the child with you; the director was told."
    ),
    Answer.CHILD_NO: _l("Keep the child with you and ring a guardian."),
    Answer.CONFLICT: _l("Both are written down. Find out where the child is; the director was told."),
    Answer.DIRECTOR_NO: _l("Keep the child with you and ring a guardian."),
    Answer.GONE: _l("If the child is still here, undo that or say that the child is here again. Then hand over."),
    Answer.NO_TRIES: _l("From now on no code counts for this child today. A second member of staff looks as well."),
    Answer.TAKEN_BACK: _l("Please say it again, on this page as it is now."),
    Answer.UNKNOWN_ADULT: _l("Find out at once where the child is; the director was told. Then say here what is so."),
    Answer.UNSURE: _l("It was written down, and the director was told. Find out where the child is, and say it here."),
    Answer.WRONG_CODE: _l("Compare it with what the adult shows, or let a second member of staff look as well."),
}
_OUTCOMES = {
    Outcome.ACCEPTED: Answer.DONE,
    Outcome.CONFLICT: Answer.CONFLICT,
    Outcome.DUPLICATE: Answer.ALREADY,
}


def answer_of(event: CustodyEvent) -> Answer:
    """What is answered to something that was written down."""
    return Answer(event.why) if event.outcome is Outcome.REFUSED else _OUTCOMES[event.outcome]
