"""Whether a page may link to an organisation's workspace: to whoever does not work for it, it is not there."""

from collections.abc import Mapping

from flask import g

from center.kernel.access import Permission, may
from center.organisations.models import MemberRole
from center.organisations.policy import MAY_SEE_ROLL, ids_where


def opens_workspace(organisation_id: int) -> bool:
    """Whether it opens for whoever is signed in, by what the page's view has read of them; unread, it does not."""
    roles: Mapping[int, MemberRole] = g.get("own_roles", {})
    return may(Permission.EDIT_ACTIVITIES) or organisation_id in ids_where(roles, MAY_SEE_ROLL)
