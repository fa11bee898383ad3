"""Who may see and do what of the incubator, for views and templates alike.

A clerk reads and enters; decisions are the director's or of whoever has the organisation by name. An applicant, and
whoever leads the organisation, sees its own; a reviewer what they sit on the panel of.
"""

from collections.abc import Collection
from typing import Any

from center.incubator.models.incubations import Incubation
from center.kernel.access import Permission


def may_run(user: Any) -> bool:
    """Staff who read applications and enter what comes on paper."""
    return bool(user.is_authenticated and Permission.RUN_INCUBATOR in user.permissions)


def may_decide(user: Any, incubation: Incubation) -> bool:
    """The director, and the one of the staff who has it by name; an interest is asked for when they decide."""
    if not may_run(user):
        return False
    return Permission.DECIDE_INCUBATOR in user.permissions or incubation.owner_id == user.person_id


def may_set_up(user: Any) -> bool:
    """Who sets criteria, the pool of reviewers and panels."""
    return bool(user.is_authenticated and Permission.DECIDE_INCUBATOR in user.permissions)


def is_own(person_id: int, led: Collection[int], incubation: Incubation) -> bool:
    """Whether somebody applied for it or leads the organisation."""
    return incubation.applicant_id == person_id or incubation.organisation_id in led
