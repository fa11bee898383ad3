"""Who may see and take registers, for views and templates alike: of a confined activity its programme alone."""

from collections.abc import Collection
from typing import Any

from center.activities.models import Activity
from center.activities.policy import may_review
from center.kernel.access import Permission


def may_take(activity: Activity, user: Any, worked_for_ids: Collection[int]) -> bool:
    """Whoever works for its organisation today (leads, editors, those who see its roll), and the desk."""
    return not activity.is_confined and (activity.organisation_id in worked_for_ids or is_desk(user))


def may_sign(activity: Activity, user: Any, led_ids: Collection[int]) -> bool:
    """Close and sign a register, and put it right: its organisation's leads, and staff."""
    is_theirs = activity.organisation_id in led_ids or may_review(user) or is_desk(user)
    return not activity.is_confined and is_theirs


def may_override(activity: Activity, user: Any, led_ids: Collection[int]) -> bool:
    """Let somebody in without a place: as who signs."""
    return may_sign(activity, user, led_ids)


def is_desk(user: Any) -> bool:
    """The desk."""
    return bool(user.is_authenticated and Permission.SIGN_UP_ANYONE in user.permissions)
