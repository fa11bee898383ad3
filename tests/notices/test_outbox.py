"""Telling somebody something: recorded once, with its change or not at all, in their language, on their way out."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import false, func, select

from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.i18n import format_clock, languages_on_offer
from center.notices import kinds, outbox
from center.notices.kinds import Calls, Kind
from center.notices.models import (
    ContactPreference,
    Delivery,
    DeliveryState,
    Notice,
    OutgoingAddress,
    Preferred,
    Purpose,
    Way,
)
from center.notices.queries import count_to_look_at
from center.people.models import Person
from tests.builders import at, make_account, make_centre, make_person
from tests.engines import ONE_ENGINE
from tests.there import there

OWN = Kind(
    code="test.own",
    title="own",
    subject="Thank you, %(name)s",
    body="You did it.\n\n%(more)s\n\nThat is all.",
    facts=frozenset({"name", "more"}),
    is_asked_for=True,
)
CHANGE = Kind(
    code="test.change",
    title="change",
    subject="Changed: %(what)s",
    body="At %(hour)s.",
    facts=frozenset({"what", "hour"}),
    calls=Calls.UNLESS_READ,
)
REMINDER = Kind(
    code="test.reminder", title="reminder", subject="Soon", body="Soon.", facts=frozenset(), is_reminder=True
)

BY_HAND_REMINDER = Kind(
    code="test.reminder_day",
    title="reminder",
    subject="Tomorrow",
    body="Tomorrow.",
    facts=frozenset(),
    calls=Calls.IF_WANTED,
    is_reminder=True,
)
QUIET = Kind(code="test.quiet", title="quiet", subject="It stays", body="It stays.", facts=frozenset())


@pytest.fixture(autouse=True)
def _kinds(app: Flask) -> Iterator[None]:
    known = dict(kinds._kinds)
    kinds.register([OWN, CHANGE, REMINDER, BY_HAND_REMINDER, QUIET])
    yield
    kinds._kinds.clear()
    kinds._kinds.update(known)


def tell(
    person: Person, kind: Kind = CHANGE, *, key: str = "k1", now: datetime | None = None, **more: Any
) -> Notice | None:
    facts = {"what": "it", "hour": lambda: format_clock(at(14, 30)), "more": ""}
    with transaction():
        return outbox.tell(person, kind, key=key, facts=facts, now=now or at(12), **more)


def gateway(**facts: Any) -> OutgoingAddress:
    known = {"purpose": Purpose.EMAIL, "name": "mail", "url": "mailto://localhost", "changed_at": clock.now()}
    with transaction() as session:
        address = OutgoingAddress(**{**known, **facts})
        session.add(address)
    return address


def prefer(person: Person, **facts: Any) -> None:
    with transaction() as session:
        row = {"preferred": Preferred.AUTOMATIC, "changed_at": clock.now(), **facts}
        session.add(ContactPreference(person_id=person.id, **row))


def deliveries() -> list[Delivery]:
    db.session.rollback()
    return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


def test_a_notice_is_recorded_with_what_is_to_be_done() -> None:
    person = make_person(name="王秀英")
    notice = tell(person, path="/bookings/X", about="thing:1")
    assert (there(notice).subject, there(notice).body, there(notice).path) == (
        "Changed: it",
        "At 14:30.",
        "/bookings/X",
    )
    assert (there(notice).recorded_at, there(notice).read_at) == (at(12), None)
    (delivery,) = deliveries()
    assert (delivery.way, delivery.state, delivery.address) == (Way.CALL, DeliveryState.DUE, person.phone)
    assert delivery.due_at == at(12)


def test_telling_twice_tells_once() -> None:
    person = make_person()
    assert tell(person) is not None
    assert tell(person) is None
    assert len(deliveries()) == 1


def test_a_change_that_fails_tells_nobody() -> None:
    person = make_person()
    with pytest.raises(ZeroDivisionError), transaction():
        outbox.tell(person, CHANGE, key="k", facts={"what": "", "hour": ""}, now=at(12))
        raise ZeroDivisionError
    assert db.session.scalar(select(func.count()).select_from(Notice)) == 0
    assert deliveries() == []


def test_two_at_once_tell_once(app: Flask) -> None:
    person = make_person()
    start, told = threading.Barrier(4), []

    def run() -> None:
        with app.app_context():
            start.wait()
            told.append(tell(person))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(notice is not None for notice in told) == 1
    assert len(deliveries()) == 1


def test_empty_facts_leave_no_gap() -> None:
    assert there(tell(make_person(name="李"), OWN)).body == "You did it.\n\nThat is all."


def test_what_one_did_oneself_is_not_rung_up_but_mailed_at_any_hour() -> None:
    gateway()
    tell(make_person(), OWN, key="1")
    tell(make_person(email="a@example.org"), OWN, key="2", now=at(23))
    (delivery,) = deliveries()
    assert (delivery.way, delivery.address, delivery.due_at) == (Way.EMAIL, "a@example.org", at(23))


def test_what_others_did_waits_for_the_morning() -> None:
    gateway()
    tell(make_person(email="a@example.org"), now=at(23))
    (delivery,) = deliveries()
    assert delivery.due_at == at(8, days=2)


def test_an_address_that_is_switched_off_is_no_gateway() -> None:
    gateway(is_on=False)
    tell(make_person(email="a@example.org"))
    assert [d.way for d in deliveries()] == [Way.CALL]


def test_every_delivery_has_an_id_of_its_own() -> None:
    tell(make_person(), key="1")
    tell(make_person(), key="2")
    first, second = deliveries()
    assert first.message_id != second.message_id
    assert first.message_id.endswith("@center.invalid")


def test_consent_withdrawn_keeps_everything_in_the_inbox_and_changes_are_told_in_person() -> None:
    gateway()
    person = make_person(email="a@example.org")
    prefer(person, withdrawn_at=clock.now())
    assert tell(person, OWN, key="own") is not None
    assert deliveries() == []
    tell(person)
    assert [(each.way, each.address) for each in deliveries()] == [(Way.IN_PERSON, "")]


@pytest.mark.parametrize(
    ("account", "preference", "expected"),
    [("en", None, "en"), ("en", "zh", "zh"), (None, "en", "en"), (None, None, "zh"), ("en", "fr", "zh")],
)
def test_the_language_is_the_one_asked_for_else_the_accounts_else_the_centres(
    account: str | None, preference: str | None, expected: str
) -> None:
    person = make_person()
    make_account(person, locale=account)
    if preference:
        prefer(person, locale=preference)
    assert there(tell(person)).locale == expected


def test_a_language_that_is_not_offered_any_more_is_not_used() -> None:
    make_centre(language_list="zh")
    person = make_person()
    make_account(person, locale="en")
    db.session.rollback()
    from flask import g

    g.pop("centre", None)
    assert languages_on_offer() == ["zh"]
    assert there(tell(person)).locale == "zh"


def test_times_are_said_as_the_reader_likes_them_not_as_the_writer(app: Flask) -> None:
    reader = make_person()
    make_account(reader, locale="en", elder_mode=True)
    with app.test_request_context("/?elder=0&lang=zh"):
        assert there(tell(reader)).body == "At 2:30 PM."
        assert format_clock(at(14, 30)) == "14:30"


def test_newer_news_of_the_same_thing_overtakes_calls_but_no_letters() -> None:
    gateway()
    rung, mailed, other = make_person(), make_person(email="a@example.org"), make_person()
    tell(rung, key="1", about="thing:1")
    tell(mailed, key="2", about="thing:1")
    tell(other, key="3", about="thing:1")
    tell(rung, key="4", about="thing:1", now=at(13))
    tell(mailed, key="5", about="thing:1", now=at(13))
    states = [delivery.state for delivery in deliveries()]
    assert states == [DeliveryState.DROPPED, *[DeliveryState.DUE] * 4]


def test_a_reminder_never_overtakes_a_change() -> None:
    rung, with_account = make_person(), make_person()
    make_account(with_account)
    for n, person in enumerate((rung, with_account)):
        tell(person, key=f"c{n}", about="thing:1")
        tell(person, REMINDER, key=f"r{n}", about="thing:1", now=at(18))
    assert [each.state for each in deliveries()] == [DeliveryState.DUE] * 2
    prefer(rung, preferred=Preferred.CALL)
    tell(rung, BY_HAND_REMINDER, key="r9", about="thing:1", now=at(18))
    assert [each.state for each in deliveries()] == [DeliveryState.DUE] * 3


def test_a_reminder_overtakes_a_reminder_only_where_it_reaches_somebody() -> None:
    person = make_person()
    tell(person, BY_HAND_REMINDER, key="1", about="thing:1")
    tell(person, REMINDER, key="2", about="thing:1", now=at(13))
    [at_the_door] = deliveries()
    assert (at_the_door.way, at_the_door.state) == (Way.VISIT, DeliveryState.DUE)
    tell(person, BY_HAND_REMINDER, key="3", about="thing:1", now=at(14))
    assert [each.state for each in deliveries()] == [DeliveryState.DROPPED, DeliveryState.DUE]


def test_who_was_still_to_be_rung_is_rung_with_the_newer_words_even_of_what_is_worth_no_call() -> None:
    person = make_person()
    make_account(person)
    tell(person, key="1", about="thing:1")
    tell(person, QUIET, key="2", about="thing:1", now=at(13))
    older, newer = deliveries()
    assert (older.state, newer.state, newer.way) == (DeliveryState.DROPPED, DeliveryState.DUE, Way.CALL)
    tell(make_person(), QUIET, key="3", about="thing:1", now=at(13))
    assert len(deliveries()) == 2, "of itself it is worth no call"


def test_a_call_stands_where_the_newer_words_would_reach_nobody() -> None:
    person = make_person()
    make_account(person)
    tell(person, key="1", about="thing:1")
    prefer(person, preferred=Preferred.INBOX)
    tell(person, key="2", about="thing:1", now=at(13))
    assert [each.state for each in deliveries()] == [DeliveryState.DUE]


def test_who_did_it_this_minute_needs_no_older_words() -> None:
    person = make_person()
    tell(person, key="1", about="thing:1")
    tell(person, OWN, key="2", about="thing:1", now=at(13))
    assert [each.state for each in deliveries()] == [DeliveryState.DROPPED]


def test_what_ends_with_it_is_not_told_any_more_where_the_end_is() -> None:
    gateway()
    mailed, rung = make_person(email="a@example.org"), make_person()
    for n, person in enumerate((mailed, rung)):
        tell(person, key=f"a{n}", about="thing:1:part")
        tell(person, key=f"b{n}", about="thing:1", ends=["thing:1:part"], now=at(13))
    assert [each.state for each in deliveries()] == [DeliveryState.DROPPED, DeliveryState.DUE] * 2


def test_a_reminder_of_what_has_changed_is_not_sent() -> None:
    gateway()
    person = make_person(email="a@example.org")
    tell(person, REMINDER, key="1", about="thing:1", now=at(7))
    tell(person, key="2", about="thing:1", now=at(7))
    assert [delivery.state for delivery in deliveries()] == [DeliveryState.DROPPED, DeliveryState.DUE]


def test_staff_groups_are_told_where_there_are_some() -> None:
    with transaction():
        assert outbox.tell_staff(CHANGE, key="a", facts={"what": "x", "hour": ""}, now=at(12)) is None
    first, second = (gateway(purpose=Purpose.GROUP, name=name, url="json://localhost") for name in ("一", "二"))
    gateway(purpose=Purpose.GROUP, is_on=False)
    with transaction():
        notice = outbox.tell_staff(CHANGE, key="a", facts={"what": "x", "hour": ""}, now=at(12))
    assert there(notice).person_id is None
    assert [(d.way, d.outgoing_id) for d in deliveries()] == [(Way.GROUP, first.id), (Way.GROUP, second.id)]


def test_nothing_is_said_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        outbox.tell(make_person(), REMINDER, key="x", facts={}, now=at(12) + timedelta(hours=1))


def test_two_kinds_cannot_have_one_name() -> None:
    with pytest.raises(ValueError, match=r"test\.own"):
        kinds.register([Kind(code="test.own", title="", subject="", body="", facts=frozenset())])


@ONE_ENGINE
def test_what_one_did_oneself_is_no_news_and_what_another_did_for_one_is() -> None:
    person, clerk = make_person(), make_person()
    assert there(tell(person, OWN, key="1", by=person)).read_at == at(12)
    assert there(tell(person, OWN, key="2", by=clerk)).read_at is None
    assert there(tell(person, CHANGE, key="3", by=person)).read_at is None, "others changed it too"
    nothing_asked = select(Notice.about).where(false())
    assert db.session.execute(count_to_look_at(person.id, nothing_asked)).one() == (2, 0)


@ONE_ENGINE
def test_a_call_about_several_things_is_made_until_all_of_them_have_ended() -> None:
    person = make_person()
    tell(person, key="1", about="thing:1", also=["thing:2"])
    with transaction():
        outbox.forget(["thing:1"], now=at(13))
    assert [each.state for each in deliveries()] == [DeliveryState.DUE]
    tell(person, key="2", about="thing:1", now=at(14))
    assert [each.state for each in deliveries()] == [DeliveryState.DUE] * 2, "the first tells of thing 2 as well"
    tell(person, key="3", about="thing:2", also=["thing:1"], now=at(15))
    assert [each.state for each in deliveries()] == [DeliveryState.DROPPED] * 2 + [DeliveryState.DUE]
    with transaction():
        outbox.forget(["thing:1", "thing:2"], now=at(16))
    assert {each.state for each in deliveries()} == {DeliveryState.DROPPED}
