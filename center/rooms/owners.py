"""Whose a use of a room is, where that lies above rooms and bookings: a session of an activity.

`create_app` says who knows (`app.extensions["use_owners"]`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import current_app

from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.rooms.models import Room


@dataclass(frozen=True, kw_only=True)
class Owner:
    """What a use is for, and whose it is: they move it or call it off themselves."""

    room: Room
    title: str
    title_en: str
    organisation: Organisation
    path: str
    starts_at: datetime
    ends_at: datetime  # without the time for clearing up


class Owners(Protocol):
    """Who knows whose uses are."""

    def of(self, use_ids: Collection[int]) -> Mapping[int, Owner]:
        """The owners of those of these uses that are known."""
        ...

    def within(self, span: Span, room_ids: Collection[int]) -> Sequence[Owner]:
        """Those who have one of these rooms within a span, by time."""
        ...

    def stay(self, use_ids: Collection[int], *, reason: str, now: datetime) -> None:
        """Tell the owners that their use stays although its room is shut then; in the transaction that shuts it."""
        ...


def owners() -> Owners:
    """Whoever knows whose uses are."""
    known: Owners = current_app.extensions["use_owners"]
    return known


def with_owners(uses: Collection[Any]) -> list[tuple[Any, Owner | None]]:
    """These live uses, each with its owner where that is known."""
    owned = owners().of([use.use_id for use in uses]) if uses else {}
    return [(use, owned.get(use.use_id)) for use in uses]
