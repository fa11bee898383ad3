"""Whatever is said of children in whatever order, each has one holder, and nobody who is barred ever is it.

Hypothesis makes up afternoons: lists are opened, children come, go with whom, come back; slips are undone; phones
without a connection send what they stored, late, in any order, and again; people are barred and let off.
"""

import os
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from center.afterschool.custody import ledger
from center.afterschool.custody.ledger import HolderSaid, Sent
from center.afterschool.custody.story import story_of
from center.afterschool.models.custody import GONE, Custody, CustodyEvent, Flag, Holder, Holding, Outcome
from center.afterschool.models.plans import Bar
from center.commands.ledger_checks import ledger_findings
from center.kernel.db import db, transaction
from center.kernel.errors import DomainError
from center.kernel.i18n import local_date
from center.people.models import Person
from tests.afterschool.custody_cases import bar, collected, collector_of, in_room
from tests.builders import at, make_person

STORIES = int(os.environ.get("CENTER_TEST_STORIES", "8"))
CHILDREN, ADULTS = 2, ["妈妈", "奶奶", "前夫"]
who, adult = st.integers(0, CHILDREN - 1), st.integers(0, len(ADULTS) - 1)


class Afternoon(RuleBasedStateMachine):
    """Two children, three adults of each, two of the staff, and a phone without a connection."""

    def __init__(self) -> None:
        super().__init__()
        self.children = [make_person(birth_year=2017) for _ in range(CHILDREN)]
        self.adults = [[collector_of(child, name) for name in ADULTS] for child in self.children]
        self.ids = [child.id for child in self.children]
        self.tutor, self.second = make_person(), make_person()
        self.now: datetime = at(16)
        self.day = local_date(self.now)
        self.stored: list[tuple[Person, HolderSaid]] = []
        self.sent: list[tuple[Person, HolderSaid]] = []

    def attempt(self, act: Callable[[], Any]) -> Any:
        """One act in a transaction of its own, a little later than the one before; what is refused changes nothing."""
        self.now += timedelta(minutes=1)
        try:
            with transaction():
                return act()
        except (DomainError, DBAPIError):
            return None

    def say(self, which: int, said: HolderSaid) -> CustodyEvent | None:
        found: CustodyEvent | None = self.attempt(lambda: ledger.record(self.children[which], said))
        return found

    @rule(which=who)
    def open_the_list(self, which: int) -> None:
        self.say(which, in_room(self.tutor, self.now, holder=Holder.SCHOOL))

    @rule(which=who)
    def walk(self, which: int) -> None:
        self.say(which, in_room(self.tutor, self.now, holder=Holder.ON_THE_WAY, with_person=self.second))

    @rule(which=who)
    def arrive(self, which: int) -> None:
        self.say(which, in_room(self.tutor, self.now))

    @rule(which=who, by=adult)
    def collect(self, which: int, by: int) -> None:
        self.say(which, collected(self.tutor, self.now, self.adults[which][by], second=self.second))

    @rule(which=who)
    def is_with_a_guardian(self, which: int) -> None:
        facts: dict[str, Any] = {"approved_by": self.second, "approved_on": "19900000001"}
        self.say(which, in_room(self.tutor, self.now, holder=Holder.GUARDIAN, **facts))

    @rule(which=who, by=adult, minutes=st.integers(0, 45), comes=st.booleans())
    def store(self, which: int, by: int, minutes: int, comes: bool) -> None:
        """Say something on the phone, which knows the bars of now and nothing of what is said elsewhere."""
        before = self.now - timedelta(minutes=minutes)
        sent = Sent(nonce=str(uuid.uuid4()), device_at=before, is_offline=True)
        if comes:
            said = in_room(self.tutor, before, sent=sent)
        elif ADULTS[by] in self.barred(which):
            return  # the phone has them on its list
        else:
            said = collected(self.tutor, before, self.adults[which][by], second=self.second, sent=sent)
        self.stored.append((self.children[which], said))

    @precondition(lambda self: self.stored)
    @rule(chance=st.randoms())
    def flush(self, chance: Any) -> None:
        """Send what is stored in any order; what was barred meanwhile is flagged, as the site does it."""
        chance.shuffle(self.stored)
        for child, said in self.stored:
            self.deliver(child, said)
        self.stored = []

    @precondition(lambda self: self.sent)
    @rule()
    def send_again(self) -> None:
        for child, said in self.sent[-3:]:
            self.attempt(lambda child=child, said=said: ledger.record(child, said))  # type: ignore[misc]

    def deliver(self, child: Person, said: HolderSaid) -> None:
        which = self.children.index(child)
        name = said.collector.name if said.collector else ""
        flag = Flag.BARRED_MEANWHILE if name in self.barred(which) else None
        said = HolderSaid(**{**vars(said), "now": self.now, "flag": flag})
        event = self.attempt(lambda: ledger.record(child, said))
        assert event is not None, "what was done without a connection is never refused"
        self.sent.append((child, said))

    @rule(back=st.integers(0, 2))
    def undo(self, back: int) -> None:
        query = select(CustodyEvent).where(CustodyEvent.child_id.in_(self.ids)).order_by(CustodyEvent.id.desc())
        if event := db.session.scalars(query.offset(back).limit(1)).first():
            self.attempt(lambda: ledger.undo(event, by=self.tutor, now=self.now))

    @rule(which=who)
    def forbid(self, which: int) -> None:
        if not self.barred(which):
            bar(self.children[which], ADULTS[-1], set_at=self.now)

    @rule(which=who)
    def let_off(self, which: int) -> None:
        for each in self.bars(which):
            with transaction():
                each.lifted_at, each.lifted_by_id = self.now, self.second.id

    def bars(self, which: int) -> list[Bar]:
        db.session.rollback()
        query = select(Bar).where(Bar.child_id == self.children[which].id, Bar.lifted_at.is_(None))
        return list(db.session.scalars(query))

    def barred(self, which: int) -> set[str]:
        return {each.name for each in self.bars(which)}

    @invariant()
    def the_ledger_is_true(self) -> None:
        db.session.rollback()
        assert ledger_findings() == []

    @invariant()
    def each_child_who_is_known_has_one_holder(self) -> None:
        db.session.rollback()
        for child in self.children:
            rows = db.session.scalars(select(Custody).where(Custody.child_id == child.id).order_by(Custody.id)).all()
            last = {each.id for each in rows} - {each.prev_id for each in rows}
            held = db.session.scalars(select(Holding.custody_id).where(Holding.child_id == child.id)).all()
            assert (set(held), len(last)) == (last, min(len(rows), 1))

    @invariant()
    def the_chain_says_what_the_story_says(self) -> None:
        db.session.rollback()
        for child in self.children:
            story, last = ledger.story_of(child.id, self.day), ledger.now_holding(child.id)
            assert (story.now.id if story.now else None) == (last.event_id if last else None)

    @invariant()
    def in_any_order_it_ends_the_same(self) -> None:
        for child in self.children:
            story = ledger.story_of(child.id, self.day)
            events = [*story.conflicts, *reversed(story.held), *story.repeated]
            assert story_of(events) == story

    @invariant()
    def nobody_holds_a_child_who_was_barred_then(self) -> None:
        db.session.rollback()
        barred = select(func.count()).select_from(Custody).join(CustodyEvent, CustodyEvent.id == Custody.event_id)
        barred = barred.join(Bar, (Bar.child_id == Custody.child_id) & (Bar.set_at <= CustodyEvent.at))
        barred = barred.where(
            Custody.child_id.in_(self.ids),
            Custody.holder == Holder.COLLECTOR,
            CustodyEvent.collector.has(name=ADULTS[-1]),
            (Bar.lifted_at.is_(None)) | (Bar.lifted_at > CustodyEvent.at),
            CustodyEvent.flag.is_(None),
        )
        assert db.session.scalar(barred) == 0

    @invariant()
    def heads_are_arrivals_less_departures(self) -> None:
        db.session.rollback()
        here = select(func.count()).select_from(Holding).join(Custody, Custody.id == Holding.custody_id)
        inside = db.session.scalar(here.where(Custody.holder == Holder.ROOM, Custody.child_id.in_(self.ids)))
        counted = 0
        for child in self.children:
            held = [each.holder for each in ledger.story_of(child.id, self.day).held]
            moves = list(zip([None, *held], held, strict=False))
            arrived = sum(1 for was, now in moves if now is Holder.ROOM and was is not Holder.ROOM)
            departed = sum(1 for was, now in moves if was is Holder.ROOM and now is not Holder.ROOM)
            counted += arrived - departed
        assert inside == counted

    @invariant()
    def every_closing_has_a_person(self) -> None:
        db.session.rollback()
        ends = select(CustodyEvent).where(CustodyEvent.holder.in_(GONE), CustodyEvent.outcome == Outcome.ACCEPTED)
        ends = ends.where(CustodyEvent.child_id.in_(self.ids))
        assert all(each.by_id for each in db.session.scalars(ends))


@pytest.mark.slow("a lie shows after many deeds in an order nobody thought of")
def test_whatever_is_said_each_child_has_one_holder(app: Flask, engine: str) -> None:
    stories = STORIES if engine == "sqlite" else STORIES // 2
    patience = settings(
        max_examples=stories, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Afternoon, settings=patience)


def test_the_machine_sees_a_chain_that_lies(app: Flask) -> None:
    """The negative control: a child is held by somebody of whom nothing was said."""
    afternoon = Afternoon()
    afternoon.arrive(0)
    afternoon.collect(0, 0)
    afternoon.the_chain_says_what_the_story_says()
    last = ledger.now_holding(afternoon.ids[0])
    assert last is not None
    first = db.session.scalars(select(CustodyEvent).where(CustodyEvent.child_id == afternoon.ids[0])).first()
    assert first is not None
    facts = {"child_id": first.child_id, "event_id": first.id, "holder": Holder.ROOM, "since_at": afternoon.now}
    with transaction() as session:
        session.add(Custody(prev_id=last.id, recorded_at=afternoon.now, **facts))
    for sees in (afternoon.the_chain_says_what_the_story_says, afternoon.the_ledger_is_true):
        with pytest.raises(AssertionError):
            sees()
