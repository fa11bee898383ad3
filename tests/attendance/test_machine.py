"""Whatever is said at a session in whatever order, its register is what the events add up to.

Hypothesis makes up mornings at the door: people come, leave, are on leave, walk in; slips are undone; devices send what
they stored, and send it again; places are given up; the register is closed and put right.
"""

import os
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select, text, update

from center.attendance import batches, registers, roll_actions
from center.attendance.batches import Item
from center.attendance.models import Amendment, Attendance, AttendanceEvent, How, RegisterState, Status, Verb
from center.attendance.queries import find_register, head_counts
from center.commands.ledger_checks import ledger_findings
from center.kernel.db import db, transaction
from center.kernel.errors import DomainError
from center.signups.cancelling import cancel
from tests.activity_builders import the_pool
from tests.attendance.conftest import make_class
from tests.builders import at, make_person

STORIES = int(os.environ.get("CENTER_TEST_STORIES", "8"))
who = st.integers(0, 3)
VERBS = st.sampled_from([Verb.ARRIVED, Verb.ARRIVED, Verb.LEFT, Verb.ON_LEAVE])


class Door(RuleBasedStateMachine):
    """One session with two who have places, and two who have not."""

    def __init__(self) -> None:
        super().__init__()
        self.lesson = make_class(people=2, places=3)
        self.people = [*self.lesson.people, make_person(), make_person()]
        self.now: datetime = at(9, 30)
        self.sent: list[Item] = []
        self.closed_with: dict[int, Status] | None = None

    def attempt(self, act: Callable[[], Any]) -> Any:
        """One act in a transaction of its own, a little later than the one before; what is refused changes nothing."""
        self.now += timedelta(minutes=2)
        try:
            with transaction():
                return act()
        except DomainError:
            return None

    @rule(which=who, verb=VERBS)
    def say(self, which: int, verb: Verb) -> None:
        acts: dict[Verb, Callable[..., AttendanceEvent]] = {
            Verb.ARRIVED: roll_actions.arrive,
            Verb.LEFT: roll_actions.leave,
            Verb.ON_LEAVE: roll_actions.put_on_leave,
        }
        facts: dict[str, Any] = {"how": How.ROLL, "by": self.lesson.lead}
        self.attempt(lambda: acts[verb](self.lesson.session, self.people[which], now=self.now, **facts))

    @rule(which=who, override=st.sampled_from(["", "远道而来"]))
    def walk_in(self, which: int, override: str) -> None:
        facts: dict[str, Any] = {"by": self.lesson.lead, "override": override}
        self.attempt(lambda: roll_actions.walk_in(self.lesson.session, self.people[which], now=self.now, **facts))

    @rule(back=st.integers(0, 2))
    def undo(self, back: int) -> None:
        query = select(AttendanceEvent).where(AttendanceEvent.session_id == self.lesson.session.id)
        found = db.session.scalars(query.order_by(AttendanceEvent.id.desc()).offset(back).limit(1)).first()
        if found is not None and found.person_id is not None and found.verb is not Verb.UNDONE:
            event = found
            self.attempt(lambda: roll_actions.undo(event, by=self.lesson.lead, now=self.now))

    @rule(which=who, verb=VERBS, takes=st.booleans(), minutes=st.integers(-40, 5))
    def send(self, which: int, verb: Verb, takes: bool, minutes: int) -> None:
        item = Item(
            nonce=str(uuid.uuid4()),
            device_at=self.now + timedelta(minutes=minutes),
            sequence=len(self.sent),
            verb=verb,
            person_id=self.people[which].id,
            takes_place=takes,
        )
        self.sent.append(item)
        self.flush(1)

    @precondition(lambda self: self.sent)
    @rule(last=st.integers(1, 4))
    def flush(self, last: int) -> None:
        """Send the latest items, which were perhaps sent before."""
        self.now += timedelta(minutes=2)
        batches.take(self.lesson.session, self.sent[-last:], by=self.lesson.lead, now=self.now)

    @rule(which=st.integers(0, 1))
    def give_up(self, which: int) -> None:
        self.attempt(lambda: cancel(self.lesson.sign_ups[which], by=self.lesson.lead, now=self.now, as_staff=True))

    @precondition(lambda self: self.closed_with is None and self.now > at(10, 30))
    @rule()
    def close(self) -> None:
        self.attempt(lambda: registers.close(self.lesson.session, by=self.lesson.lead, now=self.now))
        self.closed_with = self.stands()

    @precondition(lambda self: self.closed_with is not None)
    @rule(which=who, status=st.sampled_from([Status.PRESENT, Status.ABSENT, Status.LATE, Status.LEFT, Status.ON_LEAVE]))
    def amend(self, which: int, status: Status) -> None:
        facts: dict[str, Any] = {"status": status, "reason": "看错了", "by": self.lesson.lead}
        self.attempt(lambda: registers.amend(self.lesson.session, self.people[which], now=self.now, **facts))

    def stands(self) -> dict[int, Status]:
        db.session.rollback()
        query = select(Attendance.person_id, Attendance.status).where(Attendance.session_id == self.lesson.session.id)
        return {row[0]: row[1] for row in db.session.execute(query)}

    @invariant()
    def the_ledgers_are_true(self) -> None:
        db.session.rollback()
        assert ledger_findings() == []
        pool = the_pool(self.lesson.roster)
        assert pool.taken <= pool.capacity

    @invariant()
    def who_is_here_is_who_came_less_who_left(self) -> None:
        stands = self.stands()
        counts = head_counts([self.lesson.session])[self.lesson.session.id]
        came = sum(1 for each in stands.values() if each in (Status.PRESENT, Status.LATE, Status.LEFT))
        assert counts.here == came - sum(1 for each in stands.values() if each is Status.LEFT)

    @invariant()
    def a_number_is_taken_once(self) -> None:
        query = select(AttendanceEvent.nonce).where(AttendanceEvent.session_id == self.lesson.session.id)
        taken = Counter(each for each in db.session.scalars(query) if each is not None)
        assert set(taken.values()) <= {1}
        assert set(taken) == {each.nonce for each in self.sent}, "nothing that was sent is lost"

    @invariant()
    def a_closed_register_changes_by_amendment_only(self) -> None:
        if self.closed_with is None:
            return
        register = find_register(self.lesson.session.id)
        assert register is not None
        of = Amendment
        amended = set(db.session.scalars(select(of.person_id).where(of.session_id == self.lesson.session.id)))
        changed = {who for who, status in self.stands().items() if self.closed_with.get(who) is not status}
        assert changed <= amended
        assert Status.EXPECTED not in self.stands().values()
        assert (register.state is RegisterState.AMENDED) is bool(amended)


@pytest.mark.slow("a lie shows after many deeds in an order nobody thought of")
def test_no_morning_at_the_door_makes_the_register_lie(app: Flask, engine: str) -> None:
    stories = STORIES if engine == "sqlite" else STORIES // 2
    patience = settings(
        max_examples=stories, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Door, settings=patience)


def test_the_machine_sees_a_register_that_lies(app: Flask) -> None:
    """The negative control: somebody is made to have left behind the back of the events."""
    door = Door()
    door.say(0, Verb.ARRIVED)
    door.the_ledgers_are_true()
    with transaction():
        gone = update(Attendance).values(status=Status.LEFT, left_at=at(11))
        db.session.execute(gone.execution_options(synchronize_session=False))
    with pytest.raises(AssertionError):
        door.the_ledgers_are_true()
    assert db.session.scalar(select(func.count()).select_from(AttendanceEvent).where(text("outcome = 'accepted'"))) == 1
