"""What a scan costs does not grow with how many people are at the door, nor what an inbox costs with what waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from center.attendance import cards
from center.attendance.models import Attendance
from center.kernel import clock
from center.kernel.db import transaction
from center.people.models import Role
from tests.attendance.conftest import Class, make_class
from tests.builders import make_account, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import everything_sent, selects
from tests.web.checkin.devices import paired

pytestmark = ONE_ENGINE
MANY = 40
OF_DEVICE = 8  # two before it is held, four while it is, two that write
MOST_SELECTS = 14  # of one scan by somebody who is signed in: others wait for most of them


@pytest.fixture
def lesson(client: FlaskClient) -> Class:
    """A session of many that begins now, whose lead is signed in."""
    made = make_class(people=MANY, places=MANY)
    clock.start_at(made.session.starts_at)
    sign_in(client, make_account(made.lead))
    return made


def of(lesson: Class, number: int, verb: str = "arrived") -> dict[str, Any]:
    at = clock.now().isoformat()
    said = {"verb": verb, "code": lesson.sign_ups[number].reference, "device_at": at, "sequence": number}
    return {"nonce": str(uuid4()), "how": "sign_up", **said}


def send(client: FlaskClient, lesson: Class, *items: dict[str, Any]) -> list[str]:
    """What each item was answered."""
    answer = client.post(f"/checkin/sessions/{lesson.session.id}/scans", json={"items": list(items)})
    assert answer.status_code == 200, answer.text
    return [each["outcome"] for each in answer.json["answers"]]  # type: ignore[index]


@contextmanager
def rows_read() -> Iterator[list[Attendance]]:
    """Whose rows are read of any register while the block runs."""
    seen: list[Attendance] = []

    def note(row: Attendance, _context: object) -> None:
        seen.append(row)

    event.listen(Attendance, "load", note)
    try:
        yield seen
    finally:
        event.remove(Attendance, "load", note)


def test_a_scan_reads_nobody_elses_row(client: FlaskClient, lesson: Class) -> None:
    here = [of(lesson, n) for n in range(MANY - 1)]
    assert set(send(client, lesson, here[0])) == {"accepted"}
    first, second = of(lesson, 0, "left"), of(lesson, 1, "left")
    with selects() as among_few:
        send(client, lesson, first)
    assert set(send(client, lesson, *here[1:])) == {"accepted"}
    with rows_read() as read, selects() as among_many:
        assert send(client, lesson, second) == ["accepted"]
    assert len(among_many) == len(among_few) <= MOST_SELECTS
    assert [each.person_id for each in read] == [lesson.people[1].id]


def test_a_device_takes_a_scan_with_few_statements(app: Flask, lesson: Class) -> None:
    with transaction():
        cards_of = [cards.issue(each, by=lesson.lead, now=clock.now()) for each in lesson.people[:2]]
    door, _device = paired(app)
    slips = [of(lesson, n) for n in (2, 3)]
    carded = [{**of(lesson, n), "how": "card", "code": f"QH1:{cards_of[n]}"} for n in (0, 1)]
    for first, second in (slips, carded):
        assert send(door, lesson, first) == ["accepted"]
        with everything_sent() as sent:
            assert send(door, lesson, second) == ["accepted"]
        of_the_door = [
            sql for sql in sent if not sql.endswith("FROM sessions \nWHERE sessions.id = ?")
        ]  # the test's own
        assert len(of_the_door) <= OF_DEVICE


def test_what_waited_on_a_device_is_read_at_once(client: FlaskClient, lesson: Class) -> None:
    items = [of(lesson, n) for n in range(MANY)]
    send(client, lesson, items[0])
    with selects() as of_some:
        assert set(send(client, lesson, *items[1:6])) == {"accepted"}
    with selects() as of_more:
        assert set(send(client, lesson, *items[6:])) == {"accepted"}
    assert len(of_more) == len(of_some)


def test_an_inbox_costs_the_same_however_much_waits(client: FlaskClient, lesson: Class) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    addresses = "/desk/to-review", "/desk"

    def cost() -> list[int]:
        counted = []
        for address in addresses:
            client.get(address)
            with selects() as sent:
                assert client.get(address).status_code == 200
            counted.append(len([sql for sql, _values in sent if "access_events" not in sql]))
        return counted

    nobodys = {"code": "QH1:" + "A" * 26, "how": "card"}
    assert send(client, lesson, {**of(lesson, 0), **nobodys}) == ["needs_review"]
    few = cost()
    assert set(send(client, lesson, *({**of(lesson, n), **nobodys} for n in range(1, 9)))) == {"needs_review"}
    assert cost() == few
