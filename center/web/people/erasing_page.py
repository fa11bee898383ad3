"""What the pages on which somebody is erased, or asks for it, show."""

from center.kernel import clock
from center.people.erasing import actions
from center.people.models import Person


def what_it_does(person: Person) -> dict[str, object]:
    """What the page shows before somebody is erased."""
    now = clock.now()
    return {
        "plan": actions.plan_of(person),
        "ahead": actions.what_is_ahead(person, now=now),
        "obstacles": actions.what_stands_in_the_way(person, now=now),
    }
