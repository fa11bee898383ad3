"""What the pages of sign-ups share: the blueprint, and who may see and change which."""

from flask import Blueprint
from flask_login import current_user

from center import clock
from center.access import authorise
from center.activities import policy as activity_policy
from center.activities.models import Activity
from center.activities.queries import get_activity
from center.i18n import local_date
from center.organisations.policy import MAY_WRITE, ids_where
from center.organisations.queries import roles_of
from center.people.acting import people_acted_for
from center.signups import policy, queries
from center.signups.models import SignUp

blueprint = Blueprint("signups", __name__)


def visible(slug: str) -> Activity:
    """An activity that one may see; raises NotFound."""
    activity = get_activity(slug)
    authorise(activity.is_public or activity_policy.may_see(activity, current_user, led_ids()))
    return activity


def seen(reference: str) -> SignUp:
    """A sign-up that one may see; raises NotFound."""
    sign_up = queries.get_sign_up(reference)
    authorise(policy.may_see(sign_up, current_user, acted_for(), led_ids()))
    return sign_up


def changeable(reference: str) -> SignUp:
    """A sign-up that one may change; raises NotFound."""
    sign_up = queries.get_sign_up(reference)
    authorise(policy.may_change(sign_up, current_user, acted_for()))
    return sign_up


def acted_for() -> set[int]:
    """Whom the person signed in may act for today, themselves included."""
    return {each.person.id for each in people_acted_for(current_user.person, on=local_date(clock.now()))}


def led_ids() -> set[int]:
    """The organisations for which the person signed in writes."""
    if not current_user.is_authenticated:
        return set()
    return ids_where(roles_of(current_user.person_id, local_date(clock.now())), MAY_WRITE)
