"""What the pages of posting share: who may see which, and what they say."""

from flask import g
from flask_login import current_user

from center.activities import policy as activity_policy
from center.activities.models import Activity, Session
from center.activities.queries import get_activity, get_session
from center.kernel import clock
from center.kernel.access import Permission, authorise, may
from center.kernel.i18n import local_date
from center.organisations.models import MemberRole, Organisation
from center.organisations.policy import MAY_LEAD, MAY_SEE_ROLL, MAY_WRITE, ids_where
from center.organisations.queries import by_ids, get_organisation, roles_of
from center.signups import queries
from center.signups.models import Roster, SignUp


def own_roles() -> dict[int, MemberRole]:
    """What whoever is signed in is today in each organisation, by its id; read once a request."""
    if not current_user.is_authenticated:
        return {}
    if "own_roles" not in g:
        g.own_roles = roles_of(current_user.person_id, local_date(clock.now()))
    return dict(g.own_roles)


def led_ids() -> set[int]:
    """The organisations one leads."""
    return ids_where(own_roles(), MAY_LEAD)


def written_ids() -> set[int]:
    """The organisations for which one writes activities."""
    return ids_where(own_roles(), MAY_WRITE)


def may_work_for(organisation_id: int) -> bool:
    """Whether one sees an organisation's workspace."""
    return may(Permission.EDIT_ACTIVITIES) or organisation_id in ids_where(own_roles(), MAY_SEE_ROLL)


def worked_for(slug: str) -> Organisation:
    """An organisation whose workspace one may see; raises NotFound."""
    organisation = get_organisation(slug)
    authorise(may_work_for(organisation.id))
    return organisation


def led_for(slug: str) -> Organisation:
    """An organisation that one leads oneself; raises NotFound."""
    organisation = get_organisation(slug)
    authorise(organisation.id in led_ids())
    return organisation


def written_for(slug: str) -> Organisation:
    """An organisation for which one may write activities; raises NotFound."""
    organisation = get_organisation(slug)
    authorise(may(Permission.EDIT_ACTIVITIES) or organisation.id in written_ids())
    return organisation


def edited(slug: str) -> Activity:
    """An activity that one may write; raises NotFound."""
    activity = get_activity(slug)
    authorise(activity_policy.may_edit(activity, current_user, written_ids()))
    return activity


def rescheduled(slug: str) -> Activity:
    """An activity whose dates one may change: before it is public who writes it, then who leads it."""
    activity = get_activity(slug)
    authorise(activity_policy.may_reschedule(activity, current_user, led_ids=led_ids(), written_ids=written_ids()))
    return activity


def decided(slug: str) -> Activity:
    """An activity of which one may decide who gets a place; raises NotFound."""
    activity = get_activity(slug)
    authorise(activity_policy.may_decide(activity, current_user, led_ids()))
    return activity


def session_of(activity: Activity, date_id: int) -> Session:
    """A session of this activity; raises NotFound."""
    session = get_session(date_id)
    authorise(session.activity_id == activity.id)
    return session


def roster_of(activity: Activity, roster_id: int) -> Roster:
    """A roster of this activity; raises NotFound."""
    roster = queries.get_roster(roster_id)
    authorise(roster.activity_id == activity.id)
    return roster


def not_confined(activity: Activity) -> None:
    """Raises NotFound for a confined activity: who is on its lists, and who gets on them, its programme alone shows."""
    authorise(not activity.is_confined)


def decided_sign_up(reference: str) -> SignUp:
    """A sign-up that one may approve or decline; raises NotFound."""
    sign_up = queries.get_sign_up(reference)
    authorise(activity_policy.may_decide(sign_up.roster.activity, current_user, led_ids()))
    return sign_up


def own_organisations() -> list[Organisation]:
    """The organisations for which one works, by name, for links to their workspaces."""
    ids = ids_where(own_roles(), MAY_SEE_ROLL)
    return list(by_ids(ids)) if ids else []
