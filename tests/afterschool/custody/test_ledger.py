"""Who holds a child: what the ledger takes, what the database refuses whoever writes, on each engine."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from center.afterschool.custody import ledger
from center.afterschool.custody.ledger import Sent
from center.afterschool.models.consents import ChildConsent, ConsentText, Means, Purpose
from center.afterschool.models.custody import CheckedBy, Custody, CustodyEvent, Flag, Holder, Outcome
from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.people.models import Person
from tests.afterschool.custody_cases import bar, collected, collector_of, in_room
from tests.builders import make_person

AN_HOUR = timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("morning")  # hours ago is today


@pytest.fixture(name="child")
def _child(app: Flask) -> Person:
    return make_person(name="小明", birth_year=2017)


@pytest.fixture(name="tutor")
def _tutor(app: Flask) -> Person:
    return make_person(name="王老师")


@pytest.fixture(name="now")
def _now() -> datetime:
    return clock.now()


def say(act: Callable[..., CustodyEvent], *args: Any, **facts: Any) -> CustodyEvent:
    with transaction():
        return act(*args, **facts)


def chain(child: Person) -> list[Holder]:
    db.session.rollback()
    return list(db.session.scalars(select(Custody.holder).where(Custody.child_id == child.id).order_by(Custody.id)))


def holder(child: Person) -> Holder | None:
    db.session.rollback()
    row = ledger.now_holding(child.id)
    return row.holder if row else None


def test_a_child_stays_where_it_is_until_a_person_says_otherwise(child: Person, tutor: Person, now: datetime) -> None:
    say(ledger.record, child, in_room(tutor, now - timedelta(days=3)))
    assert holder(child) is Holder.ROOM


def test_who_takes_a_child_second_is_told_so(child: Person, tutor: Person, now: datetime) -> None:
    first, second = collector_of(child), collector_of(child, "爸爸")
    say(ledger.record, child, in_room(tutor, now - AN_HOUR))
    assert say(ledger.record, child, collected(tutor, now, first)).outcome is Outcome.ACCEPTED
    late = say(ledger.record, child, collected(tutor, now + timedelta(minutes=1), second))
    assert late.outcome is Outcome.CONFLICT
    assert chain(child) == [Holder.ROOM, Holder.COLLECTOR]


def test_who_took_a_child_first_is_believed_though_heard_of_later(child: Person, tutor: Person, now: datetime) -> None:
    first, second = collector_of(child), collector_of(child, "爸爸")
    say(ledger.record, child, in_room(tutor, now - AN_HOUR))
    say(ledger.record, child, collected(tutor, now, second))
    before = now - timedelta(minutes=2)
    sent = Sent(nonce=str(uuid.uuid4()), is_offline=True)
    earlier = say(ledger.record, child, collected(tutor, before, first, now=now, sent=sent))
    assert earlier.outcome is Outcome.ACCEPTED
    last = ledger.now_holding(child.id)
    assert last is not None
    assert (last.event.collector_id, last.is_correction) == (first.id, True)
    story = ledger.story_of(child.id, earlier.on_date)
    assert [each.mark for each in story.conflicts] == [f"{second.id}:"]


def test_an_arrival_heard_of_late_lies_where_it_belongs(child: Person, tutor: Person, now: datetime) -> None:
    say(ledger.record, child, in_room(tutor, now - 2 * AN_HOUR, holder=Holder.SCHOOL))
    say(ledger.record, child, collected(tutor, now, collector_of(child)))
    say(ledger.record, child, in_room(tutor, now - AN_HOUR, now=now))
    story = ledger.story_of(child.id, in_room(tutor, now).on_date)
    assert [each.holder for each in story.held] == [Holder.SCHOOL, Holder.ROOM, Holder.COLLECTOR]
    assert holder(child) is Holder.COLLECTOR


def test_sent_twice_is_written_once(child: Person, tutor: Person, now: datetime) -> None:
    sent = Sent(nonce=str(uuid.uuid4()), digest="one")
    said = in_room(tutor, now, sent=sent)
    assert say(ledger.record, child, said).id == say(ledger.record, child, said).id
    other = in_room(tutor, now, sent=Sent(nonce=sent.nonce, digest="other"))
    with pytest.raises(ledger.Replayed):
        say(ledger.record, child, other)


def test_a_slip_is_taken_back_and_who_held_the_child_before_holds_them_again(
    child: Person, tutor: Person, now: datetime
) -> None:
    say(ledger.record, child, in_room(tutor, now - AN_HOUR))
    gone = say(ledger.record, child, collected(tutor, now, collector_of(child)))
    back = say(ledger.undo, gone, by=tutor, now=now + timedelta(minutes=3))
    assert (back.outcome, holder(child)) == (Outcome.UNDONE, Holder.ROOM)
    assert say(ledger.undo, gone, by=tutor, now=now + timedelta(minutes=4)).id == back.id
    assert chain(child) == [Holder.ROOM, Holder.COLLECTOR, Holder.ROOM]


def test_after_ten_minutes_what_is_right_is_said_instead(child: Person, tutor: Person, now: datetime) -> None:
    say(ledger.record, child, in_room(tutor, now - AN_HOUR))
    gone = say(ledger.record, child, collected(tutor, now, collector_of(child)))
    with pytest.raises(RuleBroken, match="十分钟"):
        say(ledger.undo, gone, by=tutor, now=now + timedelta(minutes=11))
    say(ledger.record, child, in_room(tutor, now + timedelta(minutes=12)))
    assert holder(child) is Holder.ROOM


def test_the_first_entry_of_all_cannot_be_taken_back(child: Person, tutor: Person, now: datetime) -> None:
    first = say(ledger.record, child, in_room(tutor, now))
    with pytest.raises(Conflict, match="没有孩子"):
        say(ledger.undo, first, by=tutor, now=now)


def test_a_refusal_is_written_down_and_moves_nobody(child: Person, tutor: Person, now: datetime) -> None:
    say(ledger.record, child, in_room(tutor, now - AN_HOUR))
    refused = say(ledger.refuse, child, collected(tutor, now, collector_of(child)), why="barred")
    assert (refused.outcome, refused.why, holder(child)) == (Outcome.REFUSED, "barred", Holder.ROOM)


BREACHES = {
    "barred by name": lambda child, by, now: collected(by, now, collector_of(child, "前夫")),
    "barred and on no list": lambda child, by, now: collected(
        by, now, None, other_name="前夫", checked_by=CheckedBy.RUNG, approved_by=child, approved_on="19900000001"
    ),
    "expired": lambda child, by, now: collected(
        by, now, collector_of(child, ends_on=in_room(by, now - timedelta(days=1)).on_date)
    ),
    "not yet": lambda child, by, now: collected(
        by, now, collector_of(child, starts_on=in_room(by, now + timedelta(days=1)).on_date)
    ),
    "revoked": lambda child, by, now: collected(
        by, now, collector_of(child, revoked_at=now - AN_HOUR, revoked_by_id=child.id)
    ),
    "of another child": lambda child, by, now: collected(by, now, collector_of(make_person())),
    "the child did not agree": lambda child, by, now: collected(by, now, collector_of(child), child_agreed=False),
    "nobody made sure": lambda child, by, now: collected(by, now, collector_of(child), checked_by=None, second=None),
    "no second adult": lambda child, by, now: collected(by, now, collector_of(child), second=None),
    "the second is the first": lambda child, by, now: collected(by, now, collector_of(child), second=by),
    "a code is not enough for who is on no list": lambda child, by, now: collected(
        by, now, None, other_name="邻居", checked_by=CheckedBy.CODE
    ),
    "rung, but on no number": lambda child, by, now: collected(
        by, now, None, other_name="邻居", checked_by=CheckedBy.RUNG, approved_by=child
    ),
    "alone without a consent": lambda child, by, now: in_room(by, now, holder=Holder.ALONE),
    "on the way with nobody": lambda child, by, now: in_room(by, now, holder=Holder.ON_THE_WAY),
    "with no sibling": lambda child, by, now: in_room(by, now, holder=Holder.SIBLING),
    "with a guardian who was not asked": lambda child, by, now: in_room(by, now, holder=Holder.GUARDIAN),
}


@pytest.mark.parametrize("breach", BREACHES.values(), ids=BREACHES)
def test_the_database_gives_a_child_to_nobody_who_may_not(
    child: Person, tutor: Person, now: datetime, breach: Callable[..., Any]
) -> None:
    bar(child, "前夫")
    say(ledger.record, child, in_room(tutor, now - AN_HOUR))
    said = breach(child, tutor, now)
    with pytest.raises(DBAPIError, match="custody_events"):
        say(ledger.record, child, said)
    assert holder(child) is Holder.ROOM


def test_what_was_done_without_a_connection_is_flagged_and_not_refused(
    child: Person, tutor: Person, now: datetime
) -> None:
    say(ledger.record, child, in_room(tutor, now - AN_HOUR))
    grandma = collector_of(child, "前夫")
    bar(child, "前夫", set_at=now - timedelta(minutes=5))
    sent = Sent(nonce=str(uuid.uuid4()), is_offline=True)
    said = collected(tutor, now, grandma, sent=sent, flag=Flag.BARRED_MEANWHILE)
    assert say(ledger.record, child, said).outcome is Outcome.ACCEPTED
    online = collected(tutor, now, grandma, flag=Flag.BARRED_MEANWHILE)
    with pytest.raises(DBAPIError, match="custody_events_hold"):
        say(ledger.record, make_person(), online)


def test_who_walks_alone_has_a_consent_that_stands(child: Person, tutor: Person, now: datetime) -> None:
    with transaction() as session:
        words = ConsentText(purpose=Purpose.WALKING_ALONE, version=1, words="可自行回家", published_at=now)
        session.add(words)
        session.flush()
        facts = {"child_id": child.id, "purpose": Purpose.WALKING_ALONE, "text_id": words.id, "is_given": True}
        who = {"by_id": tutor.id, "recorded_by_id": tutor.id, "means": Means.PAPER}
        consent = ChildConsent(**facts, **who, at=now)
        session.add(consent)
    said = in_room(tutor, now, holder=Holder.ALONE, consent=consent)
    say(ledger.record, child, in_room(tutor, now - AN_HOUR))
    assert say(ledger.record, child, said).outcome is Outcome.ACCEPTED
    with transaction():
        consent.revoked_at, consent.revoked_by_id = now, tutor.id
    say(ledger.record, child, in_room(tutor, now + AN_HOUR))
    with pytest.raises(DBAPIError, match="custody_events_hold"):
        say(ledger.record, child, in_room(tutor, now + 2 * AN_HOUR, holder=Holder.ALONE, consent=consent))


REWRITES = [
    "UPDATE custody SET since_at = '2020-01-01 00:00:00'",
    "DELETE FROM custody",
    "UPDATE custody_events SET other_name = '别人'",
    "DELETE FROM custody_events",
    "DELETE FROM holdings",
    "UPDATE holdings SET custody_id = (SELECT min(id) FROM custody)",
]


@pytest.mark.parametrize("statement", REWRITES)
def test_what_is_written_stays(child: Person, tutor: Person, now: datetime, statement: str) -> None:
    say(ledger.record, child, in_room(tutor, now - AN_HOUR))
    say(ledger.record, child, collected(tutor, now, collector_of(child)))
    with pytest.raises(DBAPIError, match=r"custody|holdings"), transaction() as session:
        session.execute(text(statement))


def test_there_is_no_second_holder_no_gap_and_no_leap_back(child: Person, tutor: Person, now: datetime) -> None:
    first = say(ledger.record, child, in_room(tutor, now))
    [row] = db.session.scalars(select(Custody).where(Custody.child_id == child.id))
    facts = {"child_id": child.id, "event_id": first.id, "holder": Holder.ROOM, "recorded_at": now}
    wrong: list[dict[str, Any]] = [
        {"prev_id": None, "since_at": now},
        {"prev_id": row.id, "since_at": now - AN_HOUR},
        {"prev_id": row.id, "since_at": now, "holder": Holder.SCHOOL},
        {"prev_id": row.id, "since_at": now, "child_id": tutor.id},
    ]
    for each in wrong:
        with pytest.raises(DBAPIError), transaction() as session:
            session.add(Custody(**{**facts, **each}))
    with transaction() as session:
        session.add(Custody(**facts, prev_id=row.id, since_at=now))
    with pytest.raises(DBAPIError), transaction() as session:
        session.add(Custody(**facts, prev_id=row.id, since_at=now))
    assert db.session.scalar(select(func.count()).select_from(Custody)) == 2
    assert ledger_findings() == []
