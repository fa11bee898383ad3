"""Pages of notices: the inbox, how to be told, whom to ring, what could not be delivered."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.kernel import clock
from center.kernel.db import db
from center.notices.models import (
    ContactPreference,
    Delivery,
    DeliveryState,
    EmailToVerify,
    Notice,
    OutgoingAddress,
    Preferred,
    Way,
)
from center.people.models import Account, Person, Role
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.told import Told, make_told, tell

pytestmark = ONE_ENGINE

HEADERS = {"Accept-Language": "en"}


@pytest.fixture
def reader(app: Flask) -> Account:
    return make_account(make_person(name="王秀英", phone="19900000041"))


@pytest.fixture
def clerk(app: Flask) -> Account:
    return make_account(make_person(name="周敏"), roles=[Role.CLERK])


@pytest.fixture
def director(app: Flask) -> Account:
    return make_account(make_person(name="赵主任", email="boss@example.org"), roles=[Role.DIRECTOR])


@pytest.fixture
def neighbour(app: Flask) -> Person:
    return make_person(name="张桂芳", phone="19900000042")


@pytest.fixture
def told(reader: Account, neighbour: Person, clerk: Account) -> Told:
    return make_told(reader.person, neighbour, clerk.person)


def delivery(delivery_id: int) -> Delivery:
    db.session.rollback()
    return db.session.get_one(Delivery, delivery_id, populate_existing=True)


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address + ("&" if "?" in address else "?") + "lang=en")
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def test_the_inbox_counts_what_is_new_and_looking_reads_nothing(
    client: FlaskClient, reader: Account, told: Told
) -> None:
    sign_in(client, reader)
    text = page(client, "/me/notices")
    assert text.count("is-new") == 2
    assert re.search(r'class="count">2', text)
    page(client, f"/me/notices/{told.notice_id}")
    assert re.search(r'class="count">2', page(client, "/"))


def test_opening_a_message_reads_it_once(client: FlaskClient, reader: Account, told: Told) -> None:
    sign_in(client, reader)
    for _ in range(2):
        answer = client.post(f"/me/notices/{told.notice_id}/open")
        assert answer.location == f"/me/notices/{told.notice_id}"
    db.session.rollback()
    first = db.session.get_one(Notice, told.notice_id).read_at
    assert first is not None
    assert re.search(r'class="count">1', page(client, "/me/notices"))
    client.post("/me/notices/read-all")
    assert 'class="count"' not in page(client, "/me/notices")
    db.session.rollback()
    assert db.session.get_one(Notice, told.notice_id, populate_existing=True).read_at == first


def test_somebody_elses_message_is_not_there(client: FlaskClient, told: Told) -> None:
    sign_in(client, make_account())
    for address in (f"/me/notices/{told.notice_id}", f"/me/notices/{told.notice_id}/slip"):
        assert client.get(address).status_code == 404
    assert client.post(f"/me/notices/{told.notice_id}/open").status_code == 404


def test_nobody_is_rung_about_what_they_have_read(client: FlaskClient, app: Flask) -> None:
    reader = make_account(make_person())
    notice = tell(reader.person, "booking.cancelled_by_staff", key="x", now=clock.now())
    (call,) = notice.deliveries
    assert call.way is Way.CALL
    sign_in(client, reader)
    client.post(f"/me/notices/{notice.id}/open")
    assert delivery(call.id).state is DeliveryState.DROPPED


def test_older_messages_stand_on_further_pages(client: FlaskClient, reader: Account) -> None:
    for n in range(33):
        tell(reader.person, "booking.approved", key=f"n{n}", now=clock.now())
    sign_in(client, reader)
    first = page(client, "/me/notices")
    earlier = re.search(r"/me/notices\?before=(\d+)", first)
    assert earlier
    assert page(client, f"/me/notices?before={earlier[1]}").count("is-new") == 3


WISH = {"preferred": "email", "email": "a@example.org", "locale": "en", "agrees": "y"}


def test_how_to_be_told_is_kept(client: FlaskClient, reader: Account) -> None:
    sign_in(client, reader)
    assert client.post("/me/contact", data=WISH).status_code == 303
    db.session.rollback()
    known = db.session.get_one(ContactPreference, reader.person_id)
    assert (known.preferred, known.locale, known.withdrawn_at) == (Preferred.EMAIL, "en", None)
    assert not known.tells_helpers
    client.post("/me/contact", data={**WISH, "tells_helpers": "y"})
    db.session.rollback()
    assert db.session.get_one(ContactPreference, reader.person_id, populate_existing=True).tells_helpers
    assert db.session.get_one(EmailToVerify, reader.person_id).address == "a@example.org"
    assert 'value="a@example.org"' in page(client, "/me/contact")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"email": ""}, "or choose another way"),
        ({"email": "nobody"}, "such as name@example.cn"),
        ({"email": "a@b.org\nBcc: c@d.org"}, "on one line"),
        ({"preferred": "pigeon"}, "Please choose one of these."),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_and_nothing_typed_is_lost(
    client: FlaskClient, reader: Account, wrong: dict[str, Any], says: str
) -> None:
    sign_in(client, reader)
    answer = client.post("/me/contact?lang=en", data={**WISH, **wrong})
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    db.session.rollback()
    assert db.session.get(ContactPreference, reader.person_id) is None


def test_ways_that_are_not_there_cannot_be_chosen(client: FlaskClient, clerk: Account) -> None:
    nobody = make_person(phone=None)
    sign_in(client, clerk)
    for way in ("call", "inbox"):
        answer = client.post(f"/desk/people/{nobody.id}/contact", data={"preferred": way, "agrees": "y"})
        assert answer.status_code == 422


def test_withdrawing_consent_stops_what_is_under_way(client: FlaskClient, reader: Account, told: Told) -> None:
    sign_in(client, reader)
    client.post("/me/contact", data={"preferred": "automatic"})
    db.session.rollback()
    mine = select(Delivery).join(Notice).where(Notice.person_id == reader.person_id)
    due = db.session.scalars(mine.where(Delivery.state == DeliveryState.DUE)).all()
    assert [(each.way, each.notice.kind) for each in due] == [(Way.IN_PERSON, "booking.cancelled_by_staff")]
    assert db.session.get_one(ContactPreference, reader.person_id).withdrawn_at is not None


def test_the_desk_writes_down_what_somebody_says(
    client: FlaskClient, clerk: Account, neighbour: Person, told: Told
) -> None:
    sign_in(client, clerk)
    assert "What they were told lately" in page(client, f"/desk/people/{neighbour.id}/contact")
    client.post(f"/desk/people/{neighbour.id}/contact", data={"preferred": "slip", "agrees": "y"})
    db.session.rollback()
    known = db.session.get_one(ContactPreference, neighbour.id)
    assert (known.preferred, known.changed_by_id) == (Preferred.SLIP, clerk.person_id)


def test_the_list_of_calls_says_whom_and_what(client: FlaskClient, clerk: Account, told: Told) -> None:
    sign_in(client, clerk)
    text = page(client, "/desk/to-tell")
    assert "tel:19900000042" in text
    assert "漏水" in text
    assert "19900000042" in page(client, "/desk/to-tell/print")


def test_a_call_is_ticked_off_once_and_can_be_put_back(client: FlaskClient, clerk: Account, told: Told) -> None:
    sign_in(client, clerk)
    for _ in range(2):
        client.post(f"/desk/to-tell/{told.call_id}/done")
    done = delivery(told.call_id)
    assert (done.state, done.settled_by_id) == (DeliveryState.DONE_BY_HAND, clerk.person_id)
    client.post(f"/desk/to-tell/{told.call_id}/undo")
    back = delivery(told.call_id)
    assert (back.state, back.settled_by_id, back.settled_at) == (DeliveryState.DUE, None, None)


def test_nobody_answered_comes_back_in_half_an_hour_and_a_double_click_counts_once(
    client: FlaskClient, clerk: Account, told: Told
) -> None:
    sign_in(client, clerk)
    for _ in range(2):
        client.post(f"/desk/to-tell/{told.call_id}/not-reached", data={"tries": "0"})
    tried = delivery(told.call_id)
    assert tried.attempts == 1
    assert tried.due_at > clock.now()
    client.post(f"/desk/to-tell/{told.call_id}/undo")
    assert delivery(told.call_id).attempts == 0
    assert delivery(told.call_id).due_at <= clock.now()


def test_what_is_not_needed_any_more_cannot_be_ticked_off(client: FlaskClient, clerk: Account, told: Told) -> None:
    from center.kernel.db import transaction

    with transaction() as session:
        session.get_one(Delivery, told.call_id).state = DeliveryState.DROPPED
    sign_in(client, clerk)
    for what in ("done", "not-reached", "undo"):
        answer = client.post(f"/desk/to-tell/{told.call_id}/{what}?lang=en", follow_redirects=True)
        assert "not on the list any more" in answer.get_data(as_text=True)
    assert delivery(told.call_id).state is DeliveryState.DROPPED


def test_e_mail_is_not_ticked_off_by_hand(client: FlaskClient, clerk: Account, told: Told) -> None:
    sign_in(client, clerk)
    assert client.post(f"/desk/to-tell/{told.dead_id}/done").status_code == 404


def test_residents_see_no_list_of_calls(client: FlaskClient, reader: Account, told: Told) -> None:
    sign_in(client, reader)
    for address in ("/desk/to-tell", "/desk/to-tell/print", f"/desk/notices/{told.notice_id}/slip"):
        assert client.get(address).status_code == 403


def test_paper_is_in_the_persons_own_language(client: FlaskClient, clerk: Account, told: Told) -> None:
    sign_in(client, clerk)
    assert 'lang="zh-Hans"' in page(client, f"/desk/notices/{told.notice_id}/slip")


def test_a_dead_letter_is_tried_again_at_the_address_that_is_right_now(
    client: FlaskClient, director: Account, told: Told, reader: Account
) -> None:
    from center.kernel.db import transaction

    with transaction() as session:
        session.get_one(Person, reader.person_id).email = "right@example.org"
    sign_in(client, director)
    assert "550 no such user" in page(client, "/settings/messages")
    client.post(f"/settings/messages/letters/{told.dead_id}/retry")
    again = delivery(told.dead_id)
    assert (again.state, again.attempts, again.address) == (DeliveryState.DUE, 0, "right@example.org")


def test_a_dead_letter_can_be_given_up(client: FlaskClient, director: Account, told: Told) -> None:
    sign_in(client, director)
    client.post(f"/settings/messages/letters/{told.dead_id}/drop")
    assert delivery(told.dead_id).state is DeliveryState.DROPPED
    client.post(f"/settings/messages/letters/{told.dead_id}/retry")
    assert delivery(told.dead_id).state is DeliveryState.DROPPED


def test_no_secret_is_shown(client: FlaskClient, director: Account, told: Told) -> None:
    sign_in(client, director)
    for address in ("", f"/{told.gateway_id}", f"/{told.group_id}"):
        text = page(client, f"/settings/messages{address}")
        assert "geheim" not in text
    assert "mailtos://•••@smtp.example.cn/…" in page(client, "/settings/messages")


@pytest.mark.parametrize(
    ("purpose", "url", "says"),
    [
        ("group", "", "Please fill this in."),
        ("group", "https://example.cn/hook", "must begin with one of these"),
        ("group", "mailtos://a:b@c.cn", "must begin with one of these"),
        ("group", "syslog://localhost", "must begin with one of these"),
        ("email", "jsons://example.cn", "must begin with one of these"),
        ("email", "mailtos://", "Something is missing"),
        ("email", "mailtos://[", "Something is missing"),
    ],
)
def test_an_address_that_cannot_be_one_is_refused(
    client: FlaskClient, director: Account, purpose: str, url: str, says: str
) -> None:
    sign_in(client, director)
    answer = client.post(f"/settings/messages/new?for={purpose}&lang=en", data={"name": "x", "url": url, "is_on": "y"})
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)


def test_an_address_is_added_changed_tried_out_and_removed(client: FlaskClient, director: Account) -> None:
    sign_in(client, director)
    made = client.post(
        "/settings/messages/new?for=email", data={"name": "x", "url": "mailtos://u:p@163.com", "is_on": "y"}
    )
    client.post(made.location, data={"name": "邮件", "url": "", "is_on": "y"})
    db.session.rollback()
    (address,) = db.session.scalars(select(OutgoingAddress)).all()
    assert (address.name, address.url, address.is_on) == ("邮件", "mailtos://u:p@163.com", True)
    assert "boss@example.org" in page(client, made.location)
    assert client.post(f"{made.location}/test", data={"email": "x"}).status_code == 422
    assert client.post(f"{made.location}/test", data={"email": "boss@example.org"}).status_code == 303
    db.session.rollback()
    (test,) = db.session.scalars(select(Delivery)).all()
    assert (test.way, test.address, test.outgoing_id) == (Way.EMAIL, "boss@example.org", address.id)
    client.post(f"{made.location}/remove")
    db.session.rollback()
    assert db.session.scalars(select(OutgoingAddress)).all() == []


def test_only_the_director_sees_where_messages_go(client: FlaskClient, clerk: Account, told: Told) -> None:
    sign_in(client, clerk)
    assert client.get("/settings/messages").status_code == 403
    assert client.get(f"/settings/messages/{told.gateway_id}").status_code == 403
