"""Who reads a backup reads no password of a gateway in it, and no key of a webhook."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from center.commands.doctor import Verdict, _sealed
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.sealed import MARK, decrypt, encrypt
from center.notices import actions, delivering
from center.notices.models import Delivery, DeliveryState, OutgoingAddress, Purpose, Way
from center.people.models import Role
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.notices.test_outbox import gateway

URL = "mailtos://desk:geheim@smtp.example.cn"


def kept() -> list[str]:
    db.session.rollback()
    return list(db.session.execute(text("SELECT url FROM outgoing_addresses ORDER BY id")).scalars())


@pytest.fixture
def another_key(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seal an address, then let the site have another key."""
    gateway(url=URL)
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", replace(settings, secret_key="u" * 32))
    db.session.rollback()
    db.session.expire_all()


@pytest.mark.usefixtures("app")
def test_an_address_is_kept_encrypted_and_read_as_it_was() -> None:
    address = gateway(url=URL)
    [raw] = kept()
    assert raw.startswith(MARK)
    assert not any(part in raw for part in ("geheim", "smtp", "example"))
    assert db.session.get_one(OutgoingAddress, address.id).url == URL


@pytest.mark.usefixtures("app")
def test_the_same_is_never_kept_alike_and_changed_text_is_not_believed() -> None:
    first, second = encrypt(URL), encrypt(URL)
    assert first != second
    assert decrypt(first) == decrypt(second) == URL
    assert decrypt(first[:-4] + "AAAA") == ""


@pytest.mark.usefixtures("app")
def test_the_same_address_added_twice_is_one() -> None:
    by = make_person()
    with transaction():
        made = [
            actions.add_address(Purpose.EMAIL, name="x", url=URL, is_on=True, by=by, now=clock.now()) for _ in range(2)
        ]
    assert made[0] is made[1]


@ONE_ENGINE
@pytest.mark.usefixtures("another_key")
def test_with_another_key_it_is_entered_anew_and_nothing_is_lost_meanwhile(client: FlaskClient) -> None:
    assert _sealed().verdict is Verdict.LOOK
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    assert client.get("/settings/messages").status_code == 200
    assert delivering._outgoing(_an_e_mail(), is_test=False) is None


def _an_e_mail() -> Delivery:
    return Delivery(way=Way.EMAIL, state=DeliveryState.DUE)
