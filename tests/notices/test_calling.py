"""One household with one number is rung once: all of them are named, and one press ticks all of it off."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.kernel import clock
from center.kernel.db import db, transaction
from center.notices import kinds, outbox, queries
from center.notices.calling import Call, by_phone, is_one_call, read_also
from center.notices.models import Delivery, DeliveryState, Way
from center.notices.queries import to_do_by_hand
from center.people.models import Person, Role
from tests.builders import at, make_account, make_building, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.told import tell

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]
MOVED = "booking.cancelled_by_staff"


@pytest.fixture(autouse=True)
def by_day(app: Flask) -> None:
    """At night nobody is rung."""
    clock.start_at(at(9))


def couple(**other: Any) -> tuple[Person, Person]:
    home = {"building": make_building(), "unit": "1", "door": "302", "phone": "19900000001"}
    return make_person(name="王秀英", **home), make_person(name="李建国", **{**home, **other})


def told(*people: Any, about: str = "booking:{n}") -> list[Call]:
    for n, person in enumerate(people):
        tell(person, MOVED, key=f"k{n}", now=clock.now(), about=about.format(n=f"K{n}K"), until=at(10, days=3 + n))
    return calls()


def calls() -> list[Call]:
    db.session.rollback()
    db.session.expire_all()
    return by_phone(to_do_by_hand(Way.CALL, now=at(9, days=1)))


def test_a_household_with_one_number_is_one_call_that_names_all_of_them() -> None:
    [call] = told(*couple())
    assert [person.name for person in call.people] == ["王秀英", "李建国"]
    [(_locale, text)] = call.texts
    assert text.startswith("王秀英、李建国")
    assert call.drop_at == at(10, days=4)


@pytest.mark.parametrize(
    "other", [{"door": "303"}, {"phone": "19900000002"}, {"building": None, "door": ""}], ids=["door", "number", "none"]
)
def test_others_are_rung_for_themselves(other: dict[str, Any]) -> None:
    assert [len(call.people) for call in told(*couple(**other))] == [1, 1]


def test_what_is_not_told_alike_is_said_to_each() -> None:
    wife, husband = couple()
    tell(wife, MOVED, key="1", now=clock.now(), about="booking:A")
    tell(husband, "booking.declined", key="2", now=clock.now(), about="booking:B")
    [call] = calls()
    assert len(call.texts) == 2
    assert all(len([name for name in ("王秀英", "李建国") if name in text]) == 1 for _locale, text in call.texts)


def test_an_offer_is_answered_by_each_for_themselves() -> None:
    wife, husband = couple()
    facts = dict.fromkeys(kinds.get_kind("sign_up.offered").facts - {"name"}, "…")
    with transaction():
        for n, person in enumerate((wife, husband)):
            outbox.tell(
                person,
                kinds.get_kind("sign_up.offered"),
                key=f"{n}",
                facts=facts,
                now=clock.now(),
                about=f"sign_up:{n}",
            )
    [call] = calls()
    assert len(call.to_answer) == 2
    assert call.to_tell is None


def test_nonsense_goes_along_with_nothing() -> None:
    assert read_also("12-0 x 3-1 4- -5 6") == [(12, 0), (3, 1)]


def test_one_press_ticks_the_call_off_for_all_and_another_takes_it_back(client: FlaskClient) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    told(*couple())
    page = client.get("/desk/to-tell?lang=en").text
    assert "One call" in page
    assert "王秀英、李建国，您好" in page  # in the language of those who are told, whoever rings
    assert ">: 王秀英, 李建国: " in re.sub(r"\s+", " ", page)  # what each button says of whom
    assert "One household, one number" in page
    printed = client.get("/desk/to-tell/print?lang=en").text
    assert printed.count("19900000001") == 1
    press = re.search(r'action="(/desk/to-tell/\d+/done)".*?name="also" value="([^"]+)"', page, re.S)
    assert press
    client.post(press[1], data={"also": press[2]})
    assert states() == {DeliveryState.DONE_BY_HAND}


def test_not_reached_counts_for_all_once(client: FlaskClient) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    [call] = told(*couple())
    address, sent = f"/desk/to-tell/{call.first.id}/not-reached", {"tries": "0", "also": call.also}
    for _ in range(2):
        client.post(address, data=sent)
    db.session.rollback()
    assert [each.attempts for each in db.session.scalars(select(Delivery))] == [1, 1]


def test_nobody_else_goes_along_with_a_call(client: FlaskClient) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    first, second = told(*couple(door="303"))
    assert not is_one_call(first.first, second.first)
    answer = client.post(f"/desk/to-tell/{first.first.id}/done", data={"also": f"{second.first.id}-0"})
    assert answer.status_code == 404
    assert states() == {DeliveryState.DUE}


def states() -> set[DeliveryState]:
    db.session.rollback()
    return set(db.session.scalars(select(Delivery.state)))


@pytest.mark.parametrize("page", ["/desk/to-tell", "/desk/to-tell/print"])
def test_a_list_longer_than_its_page_says_how_many_stand_behind(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    told(*(make_person(phone=f"1990000000{n}") for n in range(3)))
    assert "behind these" not in client.get(f"{page}?lang=en").text
    monkeypatch.setattr(queries, "MOST_CALLS", 1)
    assert "2 more stand behind these." in client.get(f"{page}?lang=en").text
