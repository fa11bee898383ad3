"""An e-mail address is used once its owner has shown that they read it; before, a code goes there and nothing else."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.kernel import clock
from center.kernel.db import db, transaction
from center.notices import delivering, kinds, outbox, verifying
from center.notices.models import Delivery, DeliveryState, EmailToVerify, Notice, Way
from center.people.models import Account, Person, Role
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.notices.test_outbox import gateway
from tests.sinks import SmtpSink, smtp_sink

pytestmark = ONE_ENGINE

CONTACT, CODE, AGAIN = "/me/contact", "/me/contact/e-mail", "/me/contact/e-mail/again"
CALLED_OFF = "booking.cancelled_by_staff"
WISH = {"preferred": "automatic", "locale": "en", "agrees": "y"}


@pytest.fixture
def mail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpSink]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with smtp_sink() as sink:
        gateway(url=sink.url)
        yield sink


@pytest.fixture
def me(client: FlaskClient) -> Account:
    account = make_account(make_person(name="王秀英", email="old@example.org"))
    sign_in(client, account)
    return account


def wish(client: FlaskClient, email: str) -> int:
    return client.post(CONTACT, data={**WISH, "email": email}).status_code


def deliver() -> None:
    now = clock.now()
    for delivery_id in delivering.due(now):
        delivering.deliver(delivery_id, now)
    db.session.rollback()


def tell_called_off(account: Account) -> None:
    facts = dict.fromkeys(kinds.get_kind(CALLED_OFF).facts, "x")
    with transaction():
        person = db.session.get_one(Person, account.person_id)
        outbox.tell(person, kinds.get_kind(CALLED_OFF), key="k", facts=facts, now=clock.now())


def codes(mail: SmtpSink, to: str) -> list[str]:
    """The codes in the letters to an address, the latest last."""
    deliver()
    mine = [str(each.get_content()) for each in mail.mails if each["To"] == to]
    return [code for words in mine for code in re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}", words)]


def address_of(account: Account) -> str | None:
    db.session.rollback()
    return db.session.get_one(Person, account.person_id, populate_existing=True).email


def test_a_new_address_waits_and_the_old_one_stays_in_use(client: FlaskClient, me: Account, mail: SmtpSink) -> None:
    assert wish(client, "new@example.org") == 303
    assert address_of(me) == "old@example.org"
    [code] = codes(mail, "new@example.org")
    tell_called_off(me)
    clock.start_at(clock.now() + timedelta(hours=24))
    deliver()
    assert [each["To"] for each in mail.mails if code not in str(each.get_content())] == ["old@example.org"]
    sign_in(client, me)
    assert client.post(CODE, data={"code": code.lower()}).status_code == 303
    assert address_of(me) == "new@example.org"
    assert db.session.scalars(select(EmailToVerify)).all() == []


def test_the_code_stands_in_the_letter_and_nowhere_else(client: FlaskClient, me: Account, mail: SmtpSink) -> None:
    wish(client, "new@example.org")
    [code] = codes(mail, "new@example.org")
    assert code not in client.get(CONTACT).get_data(as_text=True)
    notice = db.session.scalars(select(Notice).where(Notice.kind == "notices.verify")).one()
    assert code not in client.get(f"/me/notices/{notice.id}").get_data(as_text=True)
    assert code.replace("-", "") not in repr(vars(notice))


def test_my_account_says_what_waits_and_what_counts_meanwhile(client: FlaskClient, me: Account) -> None:
    wish(client, "new@example.org")
    for page in ("/me/account?lang=en", CONTACT + "?lang=en"):
        shown = client.get(page).get_data(as_text=True)
        assert "Not proved yet: new@example.org" in shown
    assert "Until then we write to old@example.org" in shown


@pytest.mark.parametrize("typed", ["", "AAAA-AAAA", "x" * 20, "' OR 1=1"])
def test_a_wrong_code_proves_nothing(client: FlaskClient, me: Account, typed: str) -> None:
    wish(client, "new@example.org")
    assert client.post(CODE, data={"code": typed}).status_code == 422
    assert address_of(me) == "old@example.org"


def test_codes_are_not_guessed(client: FlaskClient, me: Account) -> None:
    wish(client, "new@example.org")
    answers = [client.post(CODE + "?lang=en", data={"code": f"AAAA-AAA{n}"}) for n in range(2, 9)]
    assert "too many" in answers[-1].get_data(as_text=True)


def test_only_the_latest_code_of_the_latest_address_counts_and_not_for_ever(
    client: FlaskClient, me: Account, mail: SmtpSink
) -> None:
    wish(client, "first@example.org")
    [first] = codes(mail, "first@example.org")
    clock.start_at(clock.now() + timedelta(minutes=1))
    wish(client, "second@example.org")
    assert client.post(CODE, data={"code": first}).status_code == 422
    clock.start_at(clock.now() + timedelta(minutes=1))
    client.post(AGAIN)
    latest = codes(mail, "second@example.org")[-1]
    clock.start_at(clock.now() + verifying.LASTS)
    sign_in(client, me)
    assert client.post(CODE, data={"code": latest}).status_code == 422
    assert address_of(me) == "old@example.org"


def test_a_letter_that_was_overtaken_is_not_sent(client: FlaskClient, me: Account, mail: SmtpSink) -> None:
    wish(client, "first@example.org")
    clock.start_at(clock.now() + timedelta(minutes=1))
    wish(client, "second@example.org")
    assert codes(mail, "first@example.org") == []
    assert len(codes(mail, "second@example.org")) == 1


def test_nobody_is_written_to_without_end(client: FlaskClient, me: Account) -> None:
    for n in range(8):
        wish(client, f"stranger{n}@example.org")
        client.post(AGAIN)
    assert len(db.session.scalars(select(Delivery.id)).all()) <= 5


def test_another_persons_code_is_none_of_mine(client: FlaskClient, me: Account, mail: SmtpSink) -> None:
    other, browser = make_account(), client.application.test_client()
    sign_in(browser, other)
    wish(browser, "theirs@example.org")
    [code] = codes(mail, "theirs@example.org")
    wish(client, "theirs@example.org")
    assert client.post(CODE, data={"code": code}).status_code == 422


def test_who_has_no_proved_address_is_told_in_another_way(client: FlaskClient, mail: SmtpSink) -> None:
    account = make_account(make_person(email=None))
    sign_in(client, account)
    client.post(CONTACT, data={**WISH, "preferred": "email", "email": "new@example.org"})
    deliver()
    tell_called_off(account)
    told = select(Delivery.way).join(Delivery.notice).where(Notice.kind == CALLED_OFF)
    assert db.session.scalars(told).all() == [Way.CALL]


def test_giving_it_up_or_taking_the_old_one_back_leaves_nothing_waiting(client: FlaskClient, me: Account) -> None:
    wish(client, "new@example.org")
    wish(client, "old@example.org")
    assert db.session.scalars(select(EmailToVerify)).all() == []
    wish(client, "new@example.org")
    wish(client, "")
    assert db.session.scalars(select(EmailToVerify)).all() == []
    assert address_of(me) is None


def test_who_wants_no_messages_gets_no_code_either(client: FlaskClient, me: Account) -> None:
    client.post(CONTACT, data={"preferred": "automatic", "email": "new@example.org"})
    assert db.session.scalars(select(Delivery).where(Delivery.state == DeliveryState.DUE)).all() == []


def test_the_desk_writes_an_address_down_and_hears_the_code(client: FlaskClient, mail: SmtpSink) -> None:
    person = make_person(name="李桂兰")
    sign_in(client, make_account(roles=[Role.CLERK]))
    address = f"/desk/people/{person.id}/contact"
    assert client.post(address, data={**WISH, "email": "her@example.org"}).status_code == 303
    [code] = codes(mail, "her@example.org")
    assert "her@example.org" in client.get(address).get_data(as_text=True)
    assert client.post(f"{address}/e-mail", data={"code": "AAAA-AAAA"}).status_code == 422
    assert client.post(f"{address}/e-mail", data={"code": code}).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Person, person.id, populate_existing=True).email == "her@example.org"


def test_a_dead_letter_with_a_code_goes_to_no_other_address(client: FlaskClient, me: Account) -> None:
    wish(client, "new@example.org")
    with transaction():
        delivery = db.session.scalars(select(Delivery)).one()
        delivery.state = DeliveryState.FAILED
    boss = client.application.test_client()
    sign_in(boss, make_account(roles=[Role.DIRECTOR]))
    boss.post(f"/settings/messages/letters/{delivery.id}/retry")
    db.session.rollback()
    assert db.session.scalars(select(Delivery.address)).one() == "new@example.org"
