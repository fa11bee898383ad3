"""What the tables of feedback hold of a person. Of an answer without a name nothing leads to anybody."""

from center.feedback.models import Complaint, FeedbackAnswer, FeedbackTicket
from center.feedback.words import FOLLOWING_NAMES, LIKING_NAMES
from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import Part, stays

COUNTED = _l("So that no session has more answers than were given; it holds no name")

PARTS = (
    Part(
        model=FeedbackTicket,
        title=_l("When they were asked how it was"),
        mine=("person_id",),
        withheld=frozenset({"number", "is_spent"}),
        says={"session_id": _l("Session")},
        erasing=stays(COUNTED, keeps=("number",)),
    ),
    Part(
        model=FeedbackAnswer,
        title=_l("What they said of a session under their name"),
        mine=("person_id",),
        withheld=frozenset({"key"}),
        says={"session_id": _l("Session"), "liking": _l("How was it?"), "words": _l("In their words")},
        words={"liking": LIKING_NAMES, "following": FOLLOWING_NAMES},
        erasing=stays(COUNTED, empties=("words",), keeps=("key",)),
    ),
    Part(
        model=Complaint,
        title=_l("What they wrote to the director under their name"),
        mine=("person_id",),
        acted=("answered_by_id",),
        withheld=frozenset({"number"}),
        says={"sent_on": _l("When"), "words": _l("In their words"), "answer": _l("Answer")},
        erasing=stays(
            _l("So that the centre can show what it answered"),
            empties=("contact",),
            keeps=("answer", "number"),
            dashes=("words",),
        ),
    ),
)
