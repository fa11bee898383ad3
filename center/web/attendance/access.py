"""Whose register somebody may take, sign and put right; anybody else's is a page that is not there."""

from flask_login import current_user

from center.activities.models import Activity, Session
from center.activities.queries import get_activity
from center.attendance import policy
from center.kernel import clock
from center.kernel.access import authorise
from center.kernel.i18n import local_date
from center.organisations.policy import MAY_SEE_ROLL, ids_where
from center.troupes.rehearsals.queries import leads_of_season
from center.web.activities.pages import led_ids, own_roles, session_of


def taken(slug: str, date_id: int) -> Session:
    """A session whose register one may take; raises NotFound."""
    activity = get_activity(slug)
    is_theirs = policy.may_take(activity, current_user, ids_where(own_roles(), MAY_SEE_ROLL))
    authorise(is_theirs or _leads_rehearsals(activity))
    return session_of(activity, date_id)


def signed(slug: str, date_id: int) -> Session:
    """A session whose register one may close, sign and put right; raises NotFound."""
    session = taken(slug, date_id)
    authorise(may_sign(session))
    return session


def may_sign(session: Session) -> bool:
    """Whether whoever is signed in may close and sign this register."""
    return policy.may_sign(session.activity, current_user, led_ids()) or _leads_rehearsals(session.activity)


def may_override(session: Session) -> bool:
    """Whether whoever is signed in may let somebody in without a place."""
    return policy.may_override(session.activity, current_user, led_ids())


def _leads_rehearsals(activity: Activity) -> bool:
    """Whether the activity is the rehearsals of a troupe that whoever is signed in leads."""
    return leads_of_season(activity.id, current_user.person_id, local_date(clock.now()))
