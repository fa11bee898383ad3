"""What the tables of the audit trail hold of a person."""

from center.audit.words import ACTS
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import StaffEvent
from center.people.parts import AT, REASON, Part, stays

PARTS = (
    Part(
        model=StaffEvent,
        title=_l("What staff did about them"),
        mine=("person_id",),
        acted=("by_id",),
        withheld=frozenset({"press"}),
        says={"at": AT, "act": _l("What"), "reason": REASON},
        words={"act": ACTS},
        erasing=stays(
            _l("What staff did must be able to be told later; reasons are emptied"),
            empties=("reason",),
            keeps=("act", "area", "subject", "subject_en", "details", "press"),
        ),
    ),
)
