"""Who may do what with an organisation, for views and templates alike."""

from collections.abc import Mapping
from typing import Any

from center.kernel.access import Permission
from center.organisations.models import MemberRole

# What each role of a member may do. Leads decide; editors prepare; check-in sees who comes; members belong to it.
MAY_LEAD = frozenset({MemberRole.LEAD})
MAY_WRITE = frozenset({MemberRole.LEAD, MemberRole.EDITOR})
MAY_SEE_ROLL = frozenset({MemberRole.LEAD, MemberRole.EDITOR, MemberRole.CHECK_IN})


def may_edit_members(user: Any) -> bool:
    """Staff who edit the centre say who leads and belongs to an organisation; leads themselves do not."""
    return bool(user.is_authenticated and Permission.EDIT_CENTRE in user.permissions)


def ids_where(roles: Mapping[int, MemberRole], which: frozenset[MemberRole]) -> set[int]:
    """The organisations in which somebody has one of these roles."""
    return {organisation_id for organisation_id, role in roles.items() if role in which}
