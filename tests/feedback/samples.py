"""Something of feedback for every name that stands in an address."""

from typing import Any

from center.activities.models import Session
from center.feedback import complaints
from center.feedback.tickets import hold_round, ticket_for
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Person


def of_feedback(session_id: int, person: Person) -> dict[str, Any]:
    """Somebody is asked about a session, and wrote to the director about it under their name."""
    session, now = db.session.get_one(Session, session_id), clock.now()
    with transaction():
        ticket = ticket_for(hold_round(session, now=now), person)
        made = complaints.complain(session, "太吵", person=person, now=now)
    return {"ticket_number": ticket.number, "answer_number": made.number, "complaint_id": made.id}
