"""Who looked at what is sensitive, and what happened at the site's doors: one table that only grows.

A view says with `note` what its page shows of whom. All that a request noted is written by one statement once the page
is made. What somebody saw a moment ago is not written again. See docs/decisions/0026-who-looked.md.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, after_this_request, current_app, g, has_request_context, request
from sqlalchemy import Index, String, delete, exists, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, aliased, mapped_column

from center.kernel import clock
from center.kernel.config import Settings
from center.kernel.db import Base, UtcDateTime, change_rows, db, enum_type, transaction
from center.kernel.logs import hashed_address, log, object_of_request, signed_in_id
from center.kernel.sweeps import Sweep

AGAIN_AFTER = timedelta(minutes=15)
PATIENCE_MS = 2_000  # a page waits no longer than that to be written down; then the log says who looked
LET_GO_AFTER = timedelta(days=183)  # by how much a row must be younger than one that goes; the triggers say the same
SOME = 200


class Kind(enum.StrEnum):
    """What somebody saw, or did at the site's doors."""

    CARE = "care"
    CHILD = "child"
    DOOR = "door"
    EXPORT = "export"
    PAPER = "paper"  # a file that speaks of people: an application, a letter, a receipt, a photograph
    PERSON = "person"
    PHONE = "phone"
    ROLL = "roll"

    CODE_FAILED = "code_failed"
    DENIED = "denied"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_FAILED = "sign_in_failed"


SEEN = (Kind.PERSON, Kind.CHILD, Kind.CARE, Kind.DOOR, Kind.PHONE, Kind.ROLL, Kind.PAPER, Kind.EXPORT)
ONCE_IN_A_WHILE = frozenset({*SEEN, Kind.DENIED} - {Kind.PHONE, Kind.EXPORT})


class AccessEvent(Base):
    """That somebody saw something of somebody, or came to a door. The database refuses to alter a row."""

    __tablename__ = "access_events"
    __table_args__ = (
        Index("ix_access_events_at", "at", "id"),
        Index("ix_access_events_by_at", "by_id", "at"),
        Index("ix_access_events_person_at", "person_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[Kind] = mapped_column(enum_type(Kind, "kind"))
    by_id: Mapped[int | None]  # a person, who may be gone by now; None: nobody was signed in
    person_id: Mapped[int | None]  # whose it is, who may be gone as well
    subject: Mapped[str] = mapped_column(String(200), default="")  # as it was called then; nobody's name
    purpose: Mapped[str] = mapped_column(String(40), default="")
    endpoint: Mapped[str] = mapped_column(String(60), default="")
    object_id: Mapped[str] = mapped_column(String(80), default="")  # what the address named
    address: Mapped[str] = mapped_column(String(16), default="")  # hashed by the site's key
    press: Mapped[str] = mapped_column(String(16), default="", index=True)


# What tells one thing seen from another: `_what` reads these alone.
TELLING = (
    AccessEvent.kind,
    AccessEvent.person_id,
    AccessEvent.subject,
    AccessEvent.endpoint,
    AccessEvent.object_id,
    AccessEvent.address,
)


@dataclass(frozen=True)
class _Noted:
    kind: Kind
    person_id: int | None
    by_id: int | None
    subject: str
    purpose: str


def note(
    kind: Kind, *, person_id: int | None = None, by_id: int | None = None, subject: str = "", purpose: str = ""
) -> None:
    """Say what this request shows, or what happened in it. `by_id` where it is not whoever is signed in."""
    if has_request_context():
        if "accesses" not in g:
            g.accesses = []
            after_this_request(_write)
        noted: list[_Noted] = g.accesses
        by_id = by_id if by_id is not None else signed_in_id()
        noted.append(_Noted(kind, person_id, by_id, subject[:200], purpose[:40]))


def _write(response: Response) -> Response:
    """Write down what a request noted, once its page is made."""
    noted: Sequence[_Noted] = g.pop("accesses", ())
    rows = list({each: _row(each) for each in noted}.values())
    rows = [row for row in rows if row["kind"] not in SEEN or row["person_id"] != row["by_id"]]
    if not rows or response.status_code >= 500:
        return response
    try:
        rows = _not_written_lately(rows)
        if rows:
            with transaction(by_the_site=True, patience_ms=PATIENCE_MS) as session:
                session.execute(insert(AccessEvent), rows)
    except OperationalError:
        for row in rows:
            log.error("access_not_written", **{**row, "at": row["at"].isoformat(), "kind": row["kind"].value})
    return response


def _row(noted: _Noted) -> dict[str, Any]:
    return {
        "at": clock.now(),
        "kind": noted.kind,
        "by_id": noted.by_id,
        "person_id": noted.person_id,
        "subject": noted.subject,
        "purpose": noted.purpose,
        "endpoint": (request.endpoint or "")[:60],
        "object_id": object_of_request(),
        "address": hashed_address(),
        "press": g.get("request_id", ""),
    }


def _not_written_lately(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """These rows without those that would only repeat what was written a moment ago."""
    repeating = next((row for row in rows if row["kind"] in ONCE_IN_A_WHILE), None)
    if repeating is None:
        return rows
    who, now = repeating["by_id"], repeating["at"]
    mine = AccessEvent.by_id == who if who is not None else AccessEvent.by_id.is_(None)
    since = (AccessEvent.at > now - AGAIN_AFTER, AccessEvent.at <= now)
    query = select(*TELLING).where(mine, *since, AccessEvent.kind.in_(ONCE_IN_A_WHILE))
    lately = {_what(row._asdict()) for row in db.session.execute(query)}
    return [row for row in rows if row["kind"] not in ONCE_IN_A_WHILE or _what(row) not in lately]


def _what(row: dict[str, Any]) -> tuple[object, ...]:
    """What tells one thing seen from another. Of refusals the page counts, so that trying many numbers writes one."""
    if row["kind"] is Kind.DENIED:
        return (row["kind"], row["endpoint"], row["address"])
    if row["kind"] in {Kind.PERSON, Kind.CHILD, Kind.CARE}:
        return (row["kind"], row["person_id"])
    if row["kind"] is Kind.PAPER:  # the photographs of one session, each an address of its own, are one thing seen
        return (row["kind"], row["person_id"], row["subject"])
    return (row["kind"], row["person_id"], row["subject"], row["object_id"])


def old_ids(now: datetime) -> Sequence[int]:
    """Some of the rows that are kept no longer. The database lets one go once a much younger one is there."""
    until, younger = now - _kept(), aliased(AccessEvent)
    is_late = exists().where(younger.at >= until + LET_GO_AFTER)
    query = select(AccessEvent.id).where(AccessEvent.at < until, is_late)
    return db.session.scalars(query.order_by(AccessEvent.at, AccessEvent.id).limit(SOME)).all()


def forget(event_id: int, now: datetime) -> None:
    """Forget one of them."""
    with transaction():
        change_rows(delete(AccessEvent).where(AccessEvent.id == event_id, AccessEvent.at < now - _kept()))


def _kept() -> timedelta:
    settings: Settings = current_app.extensions["settings"]
    return timedelta(days=settings.access_log_days)


SWEEPS = (Sweep("who looked long ago", old_ids, forget),)
