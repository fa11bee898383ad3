"""Who may sign volunteers in and decide about their hours, for views and templates alike."""

from collections.abc import Collection
from typing import Any

from center.signups.policy import may_sign_up_anyone


def may_sign(organisation_id: int, user: Any, roll_ids: Collection[int]) -> bool:
    """Sign volunteers in and out: whoever sees the organisation's rolls, and the desk."""
    return organisation_id in roll_ids or may_sign_up_anyone(user)


def may_decide(organisation_id: int, user: Any, led_ids: Collection[int]) -> bool:
    """Review, certify, refuse and correct: the organisation's leads, and the desk."""
    return organisation_id in led_ids or may_sign_up_anyone(user)


def may_see_certificate(certificate: Any, user: Any, led_ids: Collection[int]) -> bool:
    """Whoever's hours they are, the leads of the organisation whose hours alone it sums up, and the desk."""
    is_own = certificate.person_id == user.person_id
    return is_own or certificate.organisation_id in led_ids or may_sign_up_anyone(user)
