"""Something of children's plans for every name that stands in an address."""

from typing import Any

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Different
from center.afterschool.models.terms import Term
from center.afterschool.plans import changes
from center.afterschool.plans.changes import AskedChange
from center.kernel import clock
from center.kernel.db import transaction
from center.people.models import Person
from tests.afterschool.builders import make_child
from tests.afterschool.photo_builders import make_collector_photo
from tests.afterschool.plan_builders import enrol, make_bar, make_collector
from tests.builders import make_person


def of_plans(term: Term, guardian: Person | None = None) -> dict[str, Any]:
    """A child who comes every day of a term, whom somebody may collect and somebody may not, and who is on leave."""
    guardian = guardian or make_person()
    child = make_child(guardian)
    enrolment, now = enrol(term, child), clock.now()
    with transaction():
        wish = AskedChange(what=Different.LEAVE)
        change = changes.say(enrolment, term.days[0].on_date, wish, guardian=guardian, by=guardian, now=now)
    collector = make_collector(child, verified_at=None, verified_by_id=None)
    make_collector_photo(collector)
    found = {"enrolment_id": enrolment.id, "collector_id": collector.id, "change_id": change.id}
    return {**found, "bar_id": make_bar(child, "赵某").id}


def of_a_guardian(guardian: Person, term: Term) -> dict[str, Any]:
    """The same of a guardian's own child, whom addresses of guardians name."""
    found = of_plans(term, guardian)
    with transaction() as session:
        child_id = session.get_one(Enrolment, found["enrolment_id"]).child_id
    return {**found, "person_id": child_id, "day": term.days[1].on_date.isoformat()}
