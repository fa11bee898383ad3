"""What was asked for a guardian's own child; anything else is a page that is not there."""

from flask_login import current_user

from center.afterschool.models.consents import Means
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.places import enrolments
from center.afterschool.places.consents import Hand
from center.kernel.access import authorise
from center.people.models import Person


def own_enrolment(child: Person, enrolment_id: int) -> Enrolment:
    """What was asked for this child, or is; raises NotFound."""
    found = enrolments.get(enrolment_id)
    authorise(found.child_id == child.id)
    return found


def own_hand() -> Hand:
    """That whoever is signed in says something as a guardian."""
    return Hand(guardian=current_user.person, by=current_user.person, means=Means.ACCOUNT)
