"""Who may do what with an organisation, for views and templates alike."""

from typing import Any

from center.access import Permission


def may_edit_members(user: Any) -> bool:
    """Staff who edit the centre say who leads and belongs to an organisation; leads themselves do not."""
    return bool(user.is_authenticated and Permission.EDIT_CENTRE in user.permissions)
