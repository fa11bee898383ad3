"""What the tables of loans hold of a person."""

from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import NOTE, SINCE, UNTIL, Part, stays
from center.troupes.lending.words import LINE_STATES
from center.troupes.models.lending import DamagePhoto, Loan, LoanLine, LoanUndoing, ThingEvent

LENT = _l("What was lent and came back is the troupe's; who borrowed it is not kept")

PARTS = (
    Part(
        model=Loan,
        title=_l("Costumes and props they borrowed"),
        mine=("person_id",),
        acted=("made_by_id",),
        says={"number": _l("Number"), "starts_at": SINCE, "due_at": UNTIL, "purpose": _l("What for")},
        erasing=stays(LENT, empties=("purpose",), keeps=("number",)),
    ),
    Part(
        model=LoanLine,
        title=_l("What it was"),
        through="loan_id",
        acted=("out_by_id", "back_by_id"),
        says={"thing_id": _l("Thing"), "quantity": _l("How many"), "state": _l("State"), "note": NOTE},
        words={"state": LINE_STATES},
        erasing=stays(LENT, empties=("note",)),
    ),
    Part(model=ThingEvent, title=_l("Changes of costumes and props they wrote down"), acted=("by_id",)),
    Part(
        model=DamagePhoto,
        title=_l("Photos of what came back damaged"),
        acted=("by_id",),
        withheld=frozenset({"picture"}),
    ),
    Part(model=LoanUndoing, title=_l("Returns of loans they undid"), acted=("back_by_id", "undone_by_id")),
)
