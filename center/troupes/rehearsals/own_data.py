"""What the tables of rehearsals and of polls for a date hold of a person."""

from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import AT, GOES, Part
from center.troupes.rehearsals.models import Rehearsal
from center.troupes.rehearsals.poll_models import DatePoll, PollAnswer
from center.troupes.rehearsals.words import VOTE_NAMES

PARTS = (
    Part(model=Rehearsal, title=_l("Rehearsals they planned"), acted=("planned_by_id",)),
    Part(model=DatePoll, title=_l("Polls for a date that they made or decided"), acted=("made_by_id", "ended_by_id")),
    Part(
        model=PollAnswer,
        title=_l("Which dates suit them"),
        through="member_id",
        acted=("by_id",),
        says={"option_id": _l("Date asked about"), "vote": _l("Answer"), "at": AT},
        words={"vote": VOTE_NAMES},
        erasing=GOES,
    ),
)
