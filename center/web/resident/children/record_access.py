"""A guardian's own child and its places; anybody else's is a page that is not there."""

from flask_login import current_user

from center.afterschool import enrolments
from center.afterschool.consents import Hand
from center.afterschool.models.consents import Means
from center.afterschool.models.enrolments import Enrolment
from center.kernel import clock
from center.kernel.access import authorise
from center.kernel.i18n import centre_zone
from center.people.acting import is_guardian
from center.people.models import Person
from center.people.records import get_person


def own_child(person_id: int) -> Person:
    """The child of whoever is signed in; raises NotFound for anybody else's."""
    child = get_person(person_id)
    authorise(is_guardian(current_user.person, child, clock.today(centre_zone())))
    return child


def own_enrolment(child: Person, enrolment_id: int) -> Enrolment:
    """What was asked for this child, or is; raises NotFound."""
    found = enrolments.get(enrolment_id)
    authorise(found.child_id == child.id)
    return found


def own_hand() -> Hand:
    """That whoever is signed in says something as a guardian."""
    return Hand(guardian=current_user.person, by=current_user.person, means=Means.ACCOUNT)
