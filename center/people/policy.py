"""What somebody with certain permissions may do to others' accounts. Used by views and templates alike."""

from collections.abc import Collection, Iterable
from datetime import date

from center.kernel.access import Permission
from center.people.models import Role
from center.people.rules import Dated, Grant


def may_hand_over(permissions: Collection[Permission], grants: Iterable[Grant], *, today: date) -> bool:
    """Whether they may put somebody in possession of a person's account, by a claim code or by merging.

    The account of anyone with a role is the director's to hand out; else a clerk could become director.
    """
    if Permission.CONFIRM_ACCOUNTS not in permissions:
        return False
    has_role = any(grant.role is not Role.RESIDENT and _may_count_yet(grant, today) for grant in grants)
    return not has_role or Permission.GRANT_ROLES in permissions


def _may_count_yet(dated: Dated, today: date) -> bool:
    return dated.ends_on is None or dated.ends_on >= today
