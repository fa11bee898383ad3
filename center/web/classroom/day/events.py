"""What a press names: a child of the day, something said of one, a change; anything else is not there."""

from sqlalchemy import exists, or_, select

from center.afterschool.day_list.lines import is_of_time
from center.afterschool.models.custody import CustodyEvent
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import PlanChange
from center.afterschool.models.terms import SchoolChange
from center.kernel.access import authorise
from center.kernel.db import db
from center.people.models import Person
from center.web.classroom.day.parts import Day


def check_seen(child: Person, day: Day) -> None:
    """Raises NotFound for a child who is not on the list of this day."""
    authorise(is_seen(child, day))


def is_seen(child: Person, day: Day) -> bool:
    """Whether a child is on the list of this day: enrolled in a term of that time, or held that day."""
    enrolled = select(Enrolment.id).join(Enrolment.term).where(Enrolment.child_id == child.id)
    if day.day is not None:
        enrolled = enrolled.where(Enrolment.term_id == day.day.term_id)
    else:
        enrolled = enrolled.where(is_of_time(day.on))
    held = select(CustodyEvent.id).where(CustodyEvent.child_id == child.id, CustodyEvent.on_date == day.on)
    of_day = held.where(CustodyEvent.day_id == (day.day.id if day.day else None))
    return bool(db.session.scalar(select(or_(exists(enrolled), exists(of_day)))))


def get_event(event_id: int, day: Day) -> CustodyEvent:
    """Something said of a child on this day; raises NotFound."""
    event = db.session.get(CustodyEvent, event_id)
    authorise(event is not None and event.on_date == day.on)
    assert event is not None
    check_seen(event.child, day)
    return event


def get_school_change(change_id: int, day: Day) -> SchoolChange:
    """What was said of a school on this day; raises NotFound."""
    change = db.session.get(SchoolChange, change_id)
    authorise(change is not None and day.day is not None and change.day_id == day.day.id)
    assert change is not None
    return change


def get_change(change_id: int, day: Day) -> PlanChange:
    """A change of this day; raises NotFound."""
    change = db.session.get(PlanChange, change_id)
    authorise(change is not None and change.on_date == day.on and day.day is not None)
    assert change is not None
    assert day.day is not None
    authorise(change.enrolment.term_id == day.day.term_id)
    return change
