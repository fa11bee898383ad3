"""What the tables of the after-school programme hold of those who look after its children."""

from center.afterschool import words
from center.afterschool.models.custody import HeadCount, RoomCheck
from center.afterschool.models.staff import CareDuty, ChildAccess, StaffCheck, Staffing
from center.afterschool.models.terms import SchoolChange, TermDay, TermRules
from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import AT, REASON, SINCE, UNTIL, Part, stays

DAY, WHAT = _l("Day"), _l("What")
HELD = _l("So that it can be shown who held a child at every moment; who it was is not kept")
SAID = _l("So that it can be shown what was agreed when; who it was is not kept")

OF_STAFF = (
    Part(
        model=StaffCheck,
        title=_l("After-school programme: what was shown to look after children"),
        mine=("person_id",),
        acted=("recorded_by_id", "revoked_by_id"),
        says={"kind": WHAT, "made_on": SINCE, "valid_until": UNTIL},
        words={"kind": words.CHECK_KINDS},
        erasing=stays(HELD, empties=("document",)),
    ),
    Part(
        model=CareDuty,
        title=_l("After-school programme: duties"),
        mine=("person_id",),
        acted=("set_by_id",),
        says={"day_id": DAY, "role": WHAT, "half": _l("Half of the day")},
        words={"role": words.DUTY_ROLES, "half": words.HALVES},
        erasing=stays(HELD),
    ),
    Part(
        model=Staffing,
        title=_l("After-school programme: coming and going"),
        mine=("person_id",),
        acted=("by_id",),
        says={"at": AT, "why": REASON},
        erasing=stays(HELD, keeps=("why",)),
    ),
    Part(
        model=ChildAccess,
        title=_l("After-school programme: access to children's records"),
        mine=("person_id",),
        acted=("granted_by_id", "revoked_by_id"),
        says={"reason": REASON, "starts_on": SINCE, "ends_on": UNTIL},
        erasing=stays(HELD, keeps=("reason",)),
    ),
    Part(model=TermDay, title=_l("After-school programme: days"), acted=("opened_by_id", "closed_by_id")),
    Part(
        model=SchoolChange,
        title=_l("After-school programme: schools that ended otherwise"),
        acted=("by_id", "acknowledged_by_id"),
    ),
    Part(model=TermRules, title=_l("After-school programme: rules"), acted=("published_by_id",)),
    Part(model=RoomCheck, title=_l("After-school programme: empty rooms"), acted=("first_id", "second_id")),
    Part(model=HeadCount, title=_l("After-school programme: head counts"), acted=("by_id",)),
)
