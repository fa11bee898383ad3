"""What the tables of the audit trail hold of a person."""

from center.desk.trail_words import ACTS
from center.i18n import lazy_gettext as _l
from center.people.own_data import AT, REASON, Part
from center.trail import StaffEvent

PARTS = (
    Part(
        model=StaffEvent,
        title=_l("What staff did about them"),
        mine=("person_id",),
        acted=("by_id",),
        withheld=frozenset({"press"}),
        says={"at": AT, "act": _l("What"), "reason": REASON},
        words={"act": ACTS},
    ),
)
