"""Domain errors. Each says in plain words which rule, until when, and what the person can do instead."""

from collections.abc import Callable, Sequence
from typing import Any

from center.kernel.i18n import lazy_gettext as _l

UNSTORABLE = _l("There is a character here that cannot be stored. Please type it again.")


class DomainError(Exception):
    """Something that the centre's rules or the ledgers refuse.

    `message` is a (lazily) translated sentence for the person; `field` names the form field it belongs to. What a page
    needs to offer a way on, such as the nearest free times, is an attribute of a subclass.
    """

    status = 400

    def __init__(self, message: Any, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.further: tuple[DomainError, ...] = ()  # what else was refused at the same time
        self.afterwards: Callable[[], None] | None = None  # what is written down although it was refused

    @property
    def every(self) -> tuple["DomainError", ...]:
        """All that was refused at the same time, this first."""
        return (self, *self.further)

    def __str__(self) -> str:
        return str(self.message)


class RuleBroken(DomainError):
    """A rule of the place refuses it."""

    status = 422


class Conflict(DomainError):
    """Somebody else has what was asked for, or it changed meanwhile."""

    status = 409


class Full(Conflict):
    """No place is left."""


class NotFound(DomainError):
    """There is no such thing, or it is not this person's to see."""

    status = 404


class NotYours(NotFound):
    """It is there, but not this person's to see. They read the same as where there is nothing."""


class Forbidden(DomainError):
    """The person may not do this."""

    status = 403


class Busy(DomainError):
    """The database could not be had in time; trying again helps."""

    status = 503


def broken_rules(errors: Sequence[DomainError]) -> None:
    """Raise the first of several errors, which carries the others; nothing when there is none."""
    if errors:
        first = errors[0]
        first.further = tuple(errors[1:])
        raise first
