"""What a device sends of scans and taps, read for its shape, and answered: by the device itself, or from its file.

An item that cannot be read spoils no other; it is answered, too, and stays where it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from center.activities.models import Session
from center.attendance import batches
from center.attendance.answers import Answer
from center.attendance.batches import MOST_ITEMS, Answered, Item
from center.attendance.codes import CardDigest, Code
from center.attendance.models import How, Verb, Why
from center.attendance.models.devices import Device
from center.attendance.scans import Verdict
from center.attendance.snapshots import people_by_key
from center.kernel.i18n import format_clock, format_moment, in_language, local_date
from center.kernel.i18n import gettext as _
from center.people.masking import masked_name
from center.people.models import Person
from center.web.batches import MALFORMED, nonce_of, offset_of
from center.web.forms import LARGEST_ID
from center.web.own_hosts import read_here

YEARS = range(1970, 9000)
CONFLICT = "conflict"
WALK_IN = "walk_in"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_WAYS = {"card": How.CARD, "sign_up": How.SIGN_UP, "roll": How.ROLL, "kiosk": How.KIOSK}


@dataclass(frozen=True)
class Sender:
    """Who answers for what is sent, and the device that they answer for."""

    by: Person
    device: Device | None = None


def take_items(session: Session, sent: Sequence[object], sender: Sender, *, now: datetime) -> list[dict[str, Any]]:
    """Take what was sent for a session, all of it together; one answer an item, in order."""
    assert len(sent) <= MOST_ITEMS
    keys = [each["key"] for each in sent if isinstance(each, dict) and isinstance(each.get("key"), str)]
    people = people_by_key(session, keys)
    read = [_read(each, people) for each in sent]
    items = [each for each in read if each is not None]
    taken = iter(batches.take(session, items, by=sender.by, device=sender.device, now=now) if items else ())
    return [_malformed(raw) if item is None else _answer(next(taken)) for raw, item in zip(sent, read, strict=True)]


def said_of(verdict: Verdict, *, now: datetime) -> str:
    """What is to be said beside an answer: since when, or which date is theirs; "" where its own hint says all."""
    answer, since, other = verdict.answer, verdict.since, verdict.other
    if verdict.why is Why.VOLUNTEER and answer is Answer.CHECKED_IN:
        return _("As a volunteer: their time is counted from now on.")
    if answer is Answer.ALREADY and since is not None:
        is_today = local_date(since) == local_date(now)
        return _("Since %(time)s", time=format_clock(since) if is_today else format_moment(since))
    if answer is Answer.WRONG_SESSION and other is not None:
        title = in_language(other.activity.title, other.activity.title_en)
        return _("Theirs is: %(title)s, %(when)s", title=title, when=format_moment(other.starts_at))
    return ""


def _read(raw: object, people: dict[str, int]) -> Item | None:
    """An item, or None where it has not the shape of one."""
    if not isinstance(raw, dict):
        return None
    try:
        nonce = str(UUID(raw["nonce"]))
        device_at = datetime.fromisoformat(raw["device_at"])
        sequence, offset = _whole(raw.get("sequence", 0)), raw.get("offset_ms", 0)
        verb = Verb.ARRIVED if raw["verb"] == WALK_IN else Verb(raw["verb"])
        if device_at.tzinfo is None or device_at.year not in YEARS or nonce != raw["nonce"].lower():
            return None
        return Item(
            nonce=nonce,
            device_at=device_at,
            sequence=sequence,
            offset=offset_of(offset),
            verb=verb,
            code=_code(raw),
            person_id=people.get(raw["key"]) if isinstance(raw.get("key"), str) else None,
            how=_WAYS[raw.get("how", "roll")],
            takes_place=raw["verb"] == WALK_IN,
            is_late=_maybe(raw.get("late")),
            undoes=str(UUID(raw["undoes"])) if raw.get("undoes") is not None else None,
            is_stored=raw.get("stored", True) is not False,
        )
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return None


def _code(raw: dict[str, Any]) -> Code | None:
    card, code = raw.get("card"), raw.get("code")
    if isinstance(card, str) and _DIGEST.fullmatch(card):
        return CardDigest(card)
    return read_here(code) if isinstance(code, str) else None


def _whole(number: object) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or abs(number) > LARGEST_ID:
        raise ValueError(number)
    return number


def _maybe(value: object) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise TypeError(value)
    return value


def _answer(answered: Answered) -> dict[str, Any]:
    verdict = answered.verdict
    if verdict is None:
        return {"nonce": answered.nonce, "outcome": CONFLICT, "answer": None, "why": None, "name": "", "said": ""}
    other = verdict.other
    return {
        "nonce": answered.nonce,
        "outcome": verdict.outcome.value,
        "answer": verdict.answer.value if verdict.answer else None,
        "why": verdict.why.value if verdict.why else None,
        "name": masked_name(verdict.person.name) if verdict.person else "",
        "since": verdict.since.isoformat() if verdict.since else None,
        "other": in_language(other.activity.title, other.activity.title_en) if other else None,
        "said": said_of(verdict, now=verdict.event.recorded_at),
    }


def _malformed(raw: object) -> dict[str, Any]:
    return {"nonce": nonce_of(raw), "outcome": MALFORMED, "answer": None, "why": None, "name": "", "said": ""}
