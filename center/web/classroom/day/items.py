"""What a device sends of children, read for its shape, done, and answered. One that cannot be read spoils no other."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard
from uuid import UUID

from flask import current_app
from sqlalchemy.exc import IntegrityError

from center.afterschool.collectors.listing import Adult, find_ever, find_listed
from center.afterschool.custody import ledger
from center.afterschool.custody.ledger import Sent
from center.afterschool.handing_over import arrivals, other_ways, undoing, unsure
from center.afterschool.handing_over.answers import ANSWER_NAMES, HINTS, Answer
from center.afterschool.handing_over.other_ways import Leaving
from center.afterschool.handing_over.saying import Saying, Verdict, expected_of
from center.afterschool.handing_over.to_adults import Taking, hand_over
from center.afterschool.models.custody import CustodyEvent, Holder
from center.afterschool.models.plans import Way
from center.afterschool.models.terms import TermDay
from center.afterschool.policy import is_on_duty, may_care, may_take_in
from center.afterschool.queries import days_on
from center.kernel.access import authorise
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.people.models import Person
from center.people.records import get_person
from center.web.batches import MALFORMED, nonce_of, offset_of
from center.web.classroom.day import events
from center.web.classroom.day.parts import Day
from center.web.forms import LARGEST_ID
from center.web.sending import tried

CONFLICT = "conflict"
MALFORMED_WORDS = _l("This is not what a device sends.")
LONGEST_AGO = timedelta(days=3)  # what a device has kept for longer is typed in from paper
OUTCOMES = {
    Answer.ALREADY: "duplicate",
    Answer.CONFLICT: "needs_review",
    Answer.DONE: "accepted",
    Answer.TAKEN_BACK: "duplicate",
    Answer.UNKNOWN_ADULT: "needs_review",
    Answer.UNSURE: "needs_review",
}
HOLDERS = {"arrive": Holder.ROOM, "guardian": Holder.GUARDIAN, "hand": Holder.COLLECTOR}
WAYS = frozenset({Way.ALONE.value, Way.BUS.value, Way.SIBLING.value})
MOST_LETTERS = 60


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that a device says of a child."""

    act: str
    child_id: int
    at: datetime
    sent: Sent
    said: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A word of it; empty for anything else."""
        value = self.said.get(name, "")
        if not isinstance(value, str):
            return ""
        return "".join(each for each in value if each.isprintable()).strip()[:MOST_LETTERS]

    def person(self, name: str) -> Person | None:
        """Somebody whom it names by their number."""
        value = self.said.get(name)
        return get_person(value) if _is_number(value) else None


def take(raw: Sequence[object], *, by: Person, user: Any, now: datetime) -> list[dict[str, Any]]:
    """Do what was sent, each in a transaction of its own; one answer an item, in order."""
    return [_answer(each, by=by, user=user, now=now) for each in raw]


def _answer(raw: object, *, by: Person, user: Any, now: datetime) -> dict[str, Any]:
    item = _read(raw, now=now)
    nonce = nonce_of(raw)
    if item is None or item.act not in ACTS:
        return {"nonce": nonce, "outcome": MALFORMED, "answer": None, "said": ""}
    made = _tried(lambda: _done(item, by=by, user=user, now=now))
    if isinstance(made, DomainError) and _may_be_kept(item, made):
        made = _tried(lambda: _kept(item, by=by, user=user, now=now))
    if isinstance(made, DomainError):
        # Of what is kept on a device nothing is thrown away: it stays there, and is typed in from the paper list.
        keeps = item.sent.is_offline or isinstance(made, ledger.Replayed)
        return {"nonce": nonce, "outcome": CONFLICT if keeps else "refused", "answer": None, "said": str(made)}
    if made is None:
        return {"nonce": nonce, "outcome": "accepted", "answer": Answer.DONE.value, "said": ""}
    outcome = OUTCOMES.get(made.answer, "refused")
    name, hint = str(ANSWER_NAMES[made.answer]), str(HINTS.get(made.answer, ""))
    said = _("%(answer)s. %(hint)s", answer=name, hint=hint) if hint else _("%(answer)s.", answer=name)
    return {"nonce": nonce, "outcome": outcome, "answer": made.answer.value, "said": said}


def _tried(act: Callable[[], Verdict | None]) -> Verdict | DomainError | None:
    """What came of it; where the database refused what no rule foresaw, that: it stops no other item."""
    try:
        return tried(act)
    except IntegrityError:
        current_app.logger.exception("The database refused something that a device sent.")
        return RuleBroken(MALFORMED_WORDS)


def _may_be_kept(item: Item, refusal: DomainError) -> bool:
    """Whether what is refused is written down for a person to look at; what another number said already is not."""
    return item.sent.is_offline and item.act != "undo" and not isinstance(refusal, ledger.Replayed)


def _done(item: Item, *, by: Person, user: Any, now: datetime) -> Verdict | None:
    child, saying = _said(item, by=by, user=user, now=now)
    return ACTS[item.act](item, child, saying)


def _kept(item: Item, *, by: Person, user: Any, now: datetime) -> Verdict:
    """Of a child on the list of whoever says it: not taken, and not lost."""
    child, saying = _said(item, by=by, user=user, now=now)
    way = item.text("way")
    holder = HOLDERS.get(item.act) or other_ways.HOLDERS[Way(way) if way in WAYS else Way.ALONE]
    return unsure.record(child, holder, _taking(item, child, saying), saying)


def _said(item: Item, *, by: Person, user: Any, now: datetime) -> tuple[Person, Saying]:
    """Whom it is about, if they are on the list of whoever says it, and what is known of the saying; or NotFound."""
    on = local_date(item.at)
    days = days_on(on)
    # What a device without a connection wrote down may come days later, when its duty shows nobody any more. With one
    # it says what is so today.
    late = item.sent.is_offline
    authorise(late or on == local_date(now))
    mine = [each for each in days if may_care(user, each) or (late and is_on_duty(by.id, each))]
    authorise(bool(mine) if days else may_take_in(user, on))
    child = get_person(item.child_id)
    day = _day_meant(item, child, mine, Day(on=on, today=local_date(now), now=now, day=None))
    return child, Saying(by=by, now=now, on=on, day=day.day, at=item.at if late else None, sent=item.sent)


def _day_meant(item: Item, child: Person, mine: Sequence[TermDay], of_date: Day) -> Day:
    """Of several terms of a date the one on whose list it was said, else the first that has the child; the child has
    to be on it. A term that was called off meanwhile is none: who was there is written down all the same.
    """
    term = item.said.get("term")
    in_order = sorted(mine, key=lambda each: each.term_id != term)
    found = [replace(of_date, day=each) for each in in_order] or [of_date]
    day = next((each for each in found if events.is_seen(child, each)), None)
    authorise(day is not None)
    assert day is not None
    return day


def _arrive(item: Item, child: Person, saying: Saying) -> Verdict:
    return arrivals.arrive(child, saying, brought_by=item.text("brought_by"))


def _hand(item: Item, child: Person, saying: Saying) -> Verdict:
    return hand_over(child, _taking(item, child, saying), saying)


def _taking(item: Item, child: Person, saying: Saying) -> Taking:
    key = item.text("adult")
    adult = _find_adult(child, key, saying) if key else None
    return Taking(
        adult=adult,
        other_name="" if adult else item.text("other_name"),
        child_agreed=item.said.get("agreed") is True,
        code=item.text("code"),
        second=item.person("second"),
        approved_by=item.person("approved_by"),
        approved_on=item.text("approved_on")[:20],
    )


def _find_adult(child: Person, key: str, saying: Saying) -> Adult | None:
    """Who is meant: of what has happened already also whoever has left the list since, which is a flag."""
    find = find_ever if saying.was_so else find_listed
    return find(child, key, saying.on)


def _leave(item: Item, child: Person, saying: Saying) -> Verdict:
    way = item.text("way")
    if way not in WAYS:
        raise RuleBroken(MALFORMED_WORDS)
    plan = expected_of(child, saying)
    leaving = Leaving(
        way=Way(way),
        sibling=plan.sibling if plan else None,
        bus=plan.bus if plan else "",
        approved_by=item.person("approved_by"),
        approved_on=item.text("approved_on")[:20],
    )
    return other_ways.leave(child, leaving, saying)


def _guardian(item: Item, child: Person, saying: Saying) -> Verdict:
    guardian = item.person("approved_by")
    if guardian is None:
        raise RuleBroken(_l("Say which guardian said so."))
    return arrivals.with_guardian(child, guardian, item.text("approved_on"), saying)


def _undo(item: Item, child: Person, saying: Saying) -> None:
    event: CustodyEvent | None = ledger.find_sent(item.text("undoes"))
    if event is None or event.child_id != child.id:
        return  # it was never taken, so there is nothing to take back
    earlier = ledger.find_sent(item.sent.nonce)
    if earlier is not None and earlier.undoes_id != event.id:
        raise ledger.Replayed
    undoing.undo(event, by=saying.by, now=saying.now, sent=item.sent)


ACTS: Mapping[str, Callable[[Item, Person, Saying], Verdict | None]] = {
    "arrive": _arrive,
    "guardian": _guardian,
    "hand": _hand,
    "leave": _leave,
    "undo": _undo,
}


def _read(raw: object, *, now: datetime) -> Item | None:
    """An item, or None where it has not the shape of one."""
    if not isinstance(raw, dict):
        return None
    try:
        nonce, device_at = str(UUID(raw["nonce"])), datetime.fromisoformat(raw["device_at"])
        at = min(device_at + offset_of(raw.get("offset_ms", 0)), now)
        child_id = raw["child"]
        device_at.astimezone(UTC)  # a moment that no database has place for spoils the others
        if nonce != raw["nonce"].lower() or at < now - LONGEST_AGO or not _is_number(child_id):
            return None
        said = {name: value for name, value in raw.items() if name not in {"stored", "sequence"}}
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        sent = Sent(nonce=nonce, device_at=device_at, is_offline=raw.get("stored", True) is not False, digest=digest)
        return Item(act=str(raw.get("act")), child_id=child_id, at=at, sent=sent, said=said)
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return None


def _is_number(value: object) -> TypeGuard[int]:
    """Whether it may be the number of somebody: a larger one has no place in the database."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_ID
