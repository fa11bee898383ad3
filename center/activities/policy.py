"""Who may see, edit and decide what of activities, for views and templates alike.

A confined activity (the after-school programme) is written and decided on by its programme's own pages alone.
"""

from collections.abc import Collection
from typing import Any

from center.activities.models import Activity
from center.kernel.access import Permission


def may_see(activity: Activity, user: Any, led_ids: Collection[int]) -> bool:
    """Everybody once it was published; before that its organisation's leads and staff who review."""
    return activity.is_public or may_edit(activity, user, led_ids)


def may_edit(activity: Activity, user: Any, led_ids: Collection[int]) -> bool:
    """Those who write for its organisation (leads, and editors where their organisations are given, too), and staff."""
    return not activity.is_confined and (activity.organisation_id in led_ids or may_review(user))


def may_decide(activity: Activity, user: Any, led_ids: Collection[int]) -> bool:
    """Leads of its organisation, and staff: who gets a place, how many there are, and calling it off."""
    return may_edit(activity, user, led_ids)


def may_reschedule(activity: Activity, user: Any, *, led_ids: Collection[int], written_ids: Collection[int]) -> bool:
    """Its dates: whoever writes it until it is public, then only who leads it, since people rely on them."""
    return may_decide(activity, user, led_ids if activity.is_public else written_ids)


def may_review(user: Any) -> bool:
    """Staff who publish activities and return them with a reason."""
    return bool(user.is_authenticated and Permission.EDIT_ACTIVITIES in user.permissions)


def may_publish(activity: Activity, user: Any, led_ids: Collection[int]) -> bool:
    """Staff; and leads, where the organisation is trusted to publish directly."""
    is_trusted = activity.organisation_id in led_ids and activity.organisation.publishes_directly
    return not activity.is_confined and (may_review(user) or is_trusted)


def changes_wait(activity: Activity, user: Any) -> bool:
    """Whether what somebody writes of it is read by staff first: it is public, and its organisation is not trusted."""
    return activity.is_public and not activity.organisation.publishes_directly and not may_review(user)
