"""Who may see and change what of sign-ups, for views and templates alike."""

from collections.abc import Collection
from typing import Any

from center.activities.policy import may_edit
from center.kernel.access import Permission
from center.signups.models import Roster, SignUp


def may_see(sign_up: SignUp, user: Any, acted_for: Collection[int], led_ids: Collection[int]) -> bool:
    """The person, whoever may act for them now, the activity's leads, and the desk."""
    return may_change(sign_up, user, acted_for) or may_run(sign_up.roster, user, led_ids)


def may_change(sign_up: SignUp, user: Any, acted_for: Collection[int]) -> bool:
    """Cancel, accept, turn down: the person and whoever may act for them now, or the desk.

    Who signed somebody up and may no longer act for them may no longer change it either. Of a confined activity the
    desk sees nobody's.
    """
    is_desk = may_sign_up_anyone(user) and not sign_up.roster.activity.is_confined
    return sign_up.person_id in acted_for or is_desk


def may_run(roster: Roster, user: Any, led_ids: Collection[int]) -> bool:
    """See who comes, approve and decline: the activity's leads and staff."""
    return may_edit(roster.activity, user, led_ids)


def may_sign_up_anyone(user: Any) -> bool:
    """The desk."""
    return bool(user.is_authenticated and Permission.SIGN_UP_ANYONE in user.permissions)
