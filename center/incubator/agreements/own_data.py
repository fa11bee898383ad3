"""What the tables of agreements hold of a person: a key they have, and what they decided or wrote."""

from center.incubator.models.agreements import (
    Agreement,
    AgreementPaper,
    CapabilityCard,
    HandOverAct,
    KeyGiven,
    MidReview,
    SeatLetting,
)
from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import SINCE, UNTIL, Part, stays

OUT = _l("So that it is known which keys are out; who had one is not kept")

PARTS = (
    Part(model=Agreement, title=_l("Agreements of organisations"), acted=("entered_by_id",)),
    Part(model=AgreementPaper, title=_l("Agreements of organisations: signed papers")),
    Part(model=SeatLetting, title=_l("Seats and lockers"), acted=("let_by_id", "taken_back_by_id")),
    Part(
        model=KeyGiven,
        title=_l("Keys they have or had"),
        mine=("person_id",),
        acted=("given_by_id", "taken_by_id"),
        says={"what": _l("Key"), "given_on": SINCE, "returned_on": UNTIL},
        erasing=stays(OUT, keeps=("what",)),
    ),
    Part(
        model=MidReview,
        title=_l("Mid-term reviews"),
        acted=("opened_by_id", "report_by_id", "opinion_by_id", "checked_by_id"),
    ),
    Part(model=CapabilityCard, title=_l("Capability cards"), acted=("written_by_id",)),
    Part(model=HandOverAct, title=_l("What was seen to when an organisation left"), acted=("by_id",)),
)
