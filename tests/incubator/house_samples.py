"""What addresses of agreements lead to: a term with a seat let, a key, a mid-term review that waits for a report."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from center.incubator.models.agreements import (
    Agreement,
    AgreementPaper,
    KeyGiven,
    MidReview,
    Seat,
    SeatKind,
    SeatLetting,
)
from center.incubator.models.incubations import Incubation, IncubationDocument
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.i18n import local_date
from center.organisations.models import Organisation
from center.people.models import Person
from tests.builders import make_person


def of_the_house(organisation: Organisation, by: Person) -> dict[str, Any]:
    """The ids, by the names they have in addresses, of the organisation's way through the incubator."""
    holder, now = make_person(), clock.now()
    today = local_date(now)
    who = {"let_by_id": by.id, "let_at": now}
    with transaction() as session:
        found = session.scalars(select(Incubation).where(Incubation.organisation_id == organisation.id)).one()
        ends_on = today + timedelta(days=300)
        term = Agreement(
            incubation_id=found.id, starts_on=today, ends_on=ends_on, room_hours=20, entered_by_id=by.id, entered_at=now
        )
        seat = Seat(kind=SeatKind.SEAT, code=f"G{found.id}")
        review = MidReview(incubation_id=found.id, opened_by_id=by.id, opened_at=now, report="", opinion="")
        key = KeyGiven(incubation_id=found.id, what="大门", person_id=holder.id, given_on=today, given_by_id=by.id)
        session.add_all([term, seat, review, key])
        session.flush()
        letting = SeatLetting(seat_id=seat.id, agreement_id=term.id, starts_on=today, ends_on=ends_on, **who)
        paper = select(IncubationDocument.id).where(IncubationDocument.incubation_id == found.id)
        signed = AgreementPaper(agreement_id=term.id, document_id=session.scalars(paper).one())
        session.add_all([letting, signed])
        session.flush()
        return {"agreement_id": term.id, "letting_id": letting.id, "key_id": key.id, "seat_id": seat.id}
