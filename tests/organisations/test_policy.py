"""Who may edit an organisation's members."""

from types import SimpleNamespace
from typing import Any

import pytest

from center.kernel.access import Permission
from center.organisations import policy


@pytest.mark.parametrize(
    ("is_authenticated", "permissions", "may"),
    [
        (False, set(), False),
        (True, set(), False),
        (True, {Permission.SEE_DESK, Permission.BOOK_FOR_ANYONE}, False),
        (True, {Permission.EDIT_CENTRE}, True),
    ],
)
def test_only_staff_who_edit_the_centre_edit_members(is_authenticated: bool, permissions: set[Any], may: bool) -> None:
    user = SimpleNamespace(is_authenticated=is_authenticated, permissions=frozenset(permissions))
    assert policy.may_edit_members(user) is may
