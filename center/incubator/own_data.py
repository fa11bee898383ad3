"""What the tables of the incubator hold of a person."""

from center.incubator.models.incubations import (
    DecisionPaper,
    Incubation,
    IncubationApplication,
    IncubationDecision,
    IncubationDocument,
)
from center.incubator.models.interests import DeclaredInterest, Eligibility
from center.incubator.models.publications import IncubationLetter, Objection, Publication
from center.incubator.models.reviews import (
    CriteriaVersion,
    IncubationReview,
    PanelSeat,
    Reviewer,
    ReviewScore,
    ScorePoint,
)
from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import AT, NOTE, SINCE, UNTIL, Part, stays

DECIDED = _l("So that it can be shown who decided what, and that they were free to; who it was is not kept")
ANSWERED = _l("So that it can be shown what was objected and answered; who it was is not kept")
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
    Part(model=CriteriaVersion, title=_l("Incubator: criteria"), acted=("published_by_id",)),
    Part(
        model=Reviewer,
        title=_l("Incubator: reviewers"),
        mine=("person_id",),
        acted=("added_by_id",),
        says={"field": _l("Field"), "starts_on": SINCE, "ends_on": UNTIL},
        erasing=stays(DECIDED, empties=("field",)),
    ),
    Part(model=IncubationReview, title=_l("Incubator: reviews"), acted=("opened_by_id", "minutes_by_id")),
    Part(
        model=PanelSeat,
        title=_l("Incubator: seats on panels"),
        mine=("person_id",),
        says={"seated_at": AT},
        erasing=stays(DECIDED),
    ),
    Part(
        model=ReviewScore,
        title=_l("Incubator: sheets of points"),
        mine=("person_id",),
        says={"signed_at": AT, "remark": NOTE},
        erasing=stays(DECIDED, keeps=("remark",)),
    ),
    Part(
        model=ScorePoint,
        title=_l("Incubator: points"),
        through="score_id",
        says={"points": _l("Points"), "words": NOTE},
        erasing=stays(DECIDED, keeps=("words",)),
    ),
    Part(model=Publication, title=_l("Incubator: publications"), acted=("by_id",)),
    Part(
        model=Objection,
        title=_l("Incubator: objections"),
        mine=("person_id",),
        acted=("recorded_by_id", "answered_by_id"),
        says={"at": AT, "words": NOTE},
        erasing=stays(ANSWERED, empties=("name", "contact"), keeps=("words", "answer", "number", "paper")),
    ),
    Part(model=IncubationLetter, title=_l("Incubator: letters")),
)
