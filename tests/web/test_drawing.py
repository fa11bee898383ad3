"""While a page is drawn no transaction is open: a reader who waits for their page holds nothing that a writer needs."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient

from center.kernel.db import db, transaction
from center.kernel.transactions import end_reading
from center.rooms.models import Room
from tests.activity_builders import make_roster
from tests.builders import make_account, make_room, sign_in
from tests.statements import everything_sent

PAGES = ("/", "/activities/{slug}", "/rooms/{room}", "/bookings/new/{room}/answers?draft={key}", "/me")


@pytest.mark.parametrize("page", PAGES)
def test_no_transaction_is_open_while_a_page_is_drawn(app: Flask, client: FlaskClient, page: str) -> None:
    room, roster, account = make_room(), make_roster(), make_account()
    address = page.format(slug=roster.activity.slug, room=room.code, key=uuid4())
    sign_in(client, account)
    open_then: list[bool] = []

    def drawn(_app: Flask, **_drawn: Any) -> None:
        open_then.append(db.session().in_transaction())

    with template_rendered.connected_to(drawn, app):
        assert client.get(address).status_code == 200
    assert open_then
    assert not open_then[-1]


def test_what_was_read_stays_in_hand(app: Flask) -> None:
    room = make_room(name="鼓房")
    assert db.session.get_one(Room, room.id).name == "鼓房"
    end_reading()
    with everything_sent() as seen:
        assert room.name == "鼓房"
    assert not seen


def test_what_is_being_written_is_not_ended(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        make = Room(code="X1", name="未成", capacity=1)
        db.session.add(make)
        db.session.flush()
        end_reading()
        raise ZeroDivisionError
    assert db.session.query(Room).count() == 0
