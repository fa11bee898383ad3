"""Domain errors. Each says in plain words which rule, until when, and what the person can do instead."""

from collections.abc import Mapping, Sequence
from typing import Any


class DomainError(Exception):
    """Something that the centre's rules or the ledgers refuse.

    `message` is a (lazily) translated sentence for the person; `field` names the form field it belongs to;
    `facts` carries what a page needs to offer a way on, such as the nearest free times.
    """

    status = 400

    def __init__(self, message: Any, *, field: str | None = None, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.facts: Mapping[str, Any] = facts or {}

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
    """Raise the first of several errors, carrying all of them under `facts["all"]`; nothing when there is none."""
    if errors:
        first = errors[0]
        first.facts = {**first.facts, "all": tuple(errors)}
        raise first
