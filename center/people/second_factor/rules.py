"""Who needs a second factor. Pure."""

from collections.abc import Collection

from center.people.models import Role

NEED_IT = frozenset({Role.AUDITOR, Role.CLERK, Role.DIRECTOR, Role.TUTOR})
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10


def needs_it(roles: Collection[Role]) -> bool:
    """Whether these roles see so much of others that a password is not enough."""
    return not NEED_IT.isdisjoint(roles)


def owes_it(roles: Collection[Role], *, is_required: bool, has_one: bool, is_given: bool) -> bool:
    """Whether a sign-in still lacks it: whoever set one up gives it always, and those who need one set it up."""
    return not is_given and (has_one or (is_required and needs_it(roles)))


def tidy(typed: str) -> str:
    """A code as it was meant: without blanks and dashes, in capitals."""
    return "".join(character for character in typed.upper() if character.isalnum())[:40]
