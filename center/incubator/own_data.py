"""What the tables of the incubator hold of a person."""

from center.incubator.models.incubations import (
    DecisionPaper,
    Incubation,
    IncubationApplication,
    IncubationDecision,
    IncubationDocument,
)
from center.incubator.models.interests import DeclaredInterest, Eligibility
from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import AT, NOTE, SINCE, UNTIL, Part, stays

DECIDED = _l("So that it can be shown who decided what, and that they were free to; who it was is not kept")
OF_AN_ORGANISATION = _l("It is the organisation's; who sent it is not kept")

PARTS = (
    Part(
        model=Incubation,
        title=_l("Incubator: applications"),
        mine=("applicant_id",),
        acted=("owner_id",),
        says={"number": _l("Number"), "opened_at": AT},
        erasing=stays(OF_AN_ORGANISATION, keeps=None),
    ),
    Part(
        model=IncubationApplication,
        title=_l("Incubator: what an organisation says of itself"),
        through="incubation_id",
        erasing=stays(OF_AN_ORGANISATION, keeps=None),
    ),
    Part(
        model=IncubationDocument,
        title=_l("Incubator: papers"),
        mine=("by_id",),
        withheld=frozenset({"content"}),
        says={"at": AT, "name": _l("Name")},
        erasing=stays(OF_AN_ORGANISATION, keeps=None),
    ),
    Part(model=IncubationDecision, title=_l("Incubator: decisions"), acted=("by_id", "next_owner_id")),
    Part(model=DecisionPaper, title=_l("Incubator: papers that a decision saw")),
    Part(
        model=DeclaredInterest,
        title=_l("Incubator: interests in organisations"),
        mine=("person_id",),
        acted=("declared_by_id",),
        says={"declared_at": AT, "since": SINCE, "until": UNTIL, "note": NOTE},
        erasing=stays(DECIDED, empties=("note",)),
    ),
    Part(
        model=Eligibility,
        title=_l("Incubator: who may decide about an organisation"),
        mine=("person_id",),
        erasing=stays(DECIDED),
    ),
)
