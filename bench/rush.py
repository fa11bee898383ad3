"""A rush of sign-ups: far more people than places, all from the moment at which sign-up opens, through the real form.

Each opens the form beforehand, with a finger on "Sign up"; what is measured is the press. Afterwards the ledger is
read: the places are all taken and no more, everybody else waits, and nobody is before anybody who had their answer
earlier.
"""

import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, url_for
from sqlalchemy import select

from bench.crowd import End, Errand, send_crowd
from bench.load import Outcome, put_load, request
from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people import sessions
from center.people.models import Account, Person
from center.signups.models import Roster, SignUp, SignUpState
from tests.activity_builders import make_roster
from tests.builders import cookie_with

PLACES = 60
AT_A_TIME = 64
HEAD_START = 3.0  # seconds between opening the sign-up and the first press, for the crowd to line up
DONE = 303


@dataclass
class Rush:
    """How a rush went: the presses, what the ledger says afterwards, and the floor's presses before and after it."""

    people: int
    ends: Sequence[End]
    floor: Sequence[Outcome]
    confirmed: int = 0
    waiting: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """From the first press to the last answer."""
        return max(each.answered for each in self.ends) - min(each.pressed for each in self.ends)

    @property
    def rate(self) -> float:
        return (self.confirmed + self.waiting) / self.seconds

    @property
    def floor_rate(self) -> float:
        return sum(each.rate for each in self.floor) / len(self.floor)

    def told(self) -> str:
        """What came of it, in a sentence or two."""
        outcome = Outcome(1, [each.milliseconds for each in self.ends])
        failures = sum(each.status != DONE for each in self.ends)
        told = (
            f"{self.people:,} people for {PLACES} places, {AT_A_TIME} at a time: {self.confirmed} have a place and "
            f"{self.waiting:,} wait{' in the order in which they came' if not self.wrong else ''}; "
            f"{self.rate:.0f} sign-ups/s, p50 {outcome.percentile(0.5):.0f} ms, p99 {outcome.percentile(0.99):.0f} ms; "
            f"a bare INSERT {self.floor_rate:.0f}/s, ratio {self.rate / self.floor_rate:.2f}; "
            f"{sum(each.again for each in self.ends)} times too busy; {failures} failed."
        )
        floor_failures = sum(each.failures for each in self.floor)
        more = [f"{floor_failures} bare INSERTs failed"] if floor_failures else []
        return told + "".join(f" WRONG: {each}." for each in [*self.wrong, *more])


def raise_rush(app: Flask, site: int, floor: int, *, people: int, seconds: float) -> Rush:
    """Let so many people rush for the places of one activity; the floor takes presses before and after."""
    with app.test_request_context("/"):
        roster = make_roster(capacity=PLACES, opens_at=clock.now() + timedelta(days=1))
        values: dict[str, Any] = {
            "slug": roster.activity.slug,
            "roster_id": roster.id,
            "step": "answers",
            "draft": str(uuid.uuid4()),
        }
        roster_id, path = roster.id, url_for("signups.sign_up_step", **values)
    cookies = _crowd(app, people)
    opened = send_crowd(site, [Errand(path, cookie) for cookie in cookies], connections=AT_A_TIME)
    if unopened := [each.status for each in opened if each.status != 200]:
        raise RuntimeError(f"{len(unopened)} people could not open the form: {Counter(unopened)}")
    bare = [request("/press", method="POST")]
    before = put_load(floor, bare, seconds=seconds, connections=AT_A_TIME)
    presses = [Errand(path, each.cookie, each.hidden) for each in opened]
    moment = _open(app, roster_id)
    ends = send_crowd(site, presses, connections=AT_A_TIME, moment=moment)
    after = put_load(floor, bare, seconds=seconds, connections=AT_A_TIME)
    rush = Rush(people, ends, (before, after))
    _look(app, roster_id, rush)
    return rush


def _crowd(app: Flask, number: int) -> list[str]:
    """So many people who are signed in, by the cookies of their browsers; all are written down at once."""
    tokens, now = [], clock.now()
    with app.test_request_context("/"), transaction() as session:
        for account in _accounts(number, now):
            session.add(account)
            session.flush()
            tokens.append(sessions.start(account, now=now))
    return [cookie_with(app, token) for token in tokens]


def _accounts(number: int, now: datetime) -> Iterator[Account]:
    for n in range(number):
        name = {"name": f"报名{n}", "sort_key": f"bao ming {n:05d}", "initials": "bm"}
        person = Person(**name, phone=f"1981{n:07d}", phone_tail=f"{n:04d}"[-4:], created_at=now)
        login = {"login": f"rush{n}", "password_hash": "-"}
        yield Account(person=person, **login, password_changed_at=now, created_at=now, confirmed_at=now)


def _open(app: Flask, roster_id: int) -> float:
    """Let the sign-up open in a moment; returns the moment."""
    moment = time.time() + HEAD_START
    with app.app_context(), transaction() as session:
        session.get_one(Roster, roster_id).opens_at = datetime.fromtimestamp(moment, UTC)
        session.flush()
    return moment


def _look(app: Flask, roster_id: int, rush: Rush) -> None:
    """Read what the ledger says, and whether it is as it must be."""
    with app.app_context():
        query = select(SignUp.queue_order, SignUp.state, SignUp.reference).where(SignUp.roster_id == roster_id)
        rows = db.session.execute(query.order_by(SignUp.queue_order, SignUp.id)).all()
        states = [row.state for row in rows]
        rush.confirmed, rush.waiting = states.count(SignUpState.CONFIRMED), states.count(SignUpState.WAITING)
        places = min(PLACES, rush.people)
        if states != [SignUpState.CONFIRMED] * places + [SignUpState.WAITING] * (rush.people - places):
            rush.wrong.append(f"of {rush.people} people {dict(Counter(states))}, or not the first have the places")
        if [row.queue_order for row in rows] != list(range(1, len(rows) + 1)):
            rush.wrong.append("numbers in the queue are missing, or were given twice")
        rush.wrong += ledger_findings()
    orders = {row.reference: row.queue_order for row in rows}
    if jumped := jumps([(each, orders.get(_reference(each), 0)) for each in rush.ends if each.status == DONE]):
        rush.wrong.append(f"{jumped} people are before somebody who had their answer earlier")


def jumps(ends: Sequence[tuple[End, int]]) -> int:
    """How many have a lower number than somebody whose answer had come before they pressed."""
    answered, highest, jumped = sorted((end.answered, order) for end, order in ends), 0, 0
    earlier = iter([*answered, (float("inf"), 0)])
    at, order = next(earlier)
    for end, own in sorted(ends, key=lambda each: each[0].pressed):
        while at < end.pressed:
            highest = max(highest, order)
            at, order = next(earlier)
        jumped += own < highest
    return jumped


def _reference(end: End) -> str:
    return end.location.partition("?")[0].rpartition("/")[2]
