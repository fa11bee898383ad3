"""A person takes along a copy of everything that is known of them, and no table is forgotten."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, select

from center.bookings.models import BookingStatus
from center.kernel import clock
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.db import Base, db
from center.people import copying
from center.people.models import Person, Role
from center.people.parts import Parts
from tests.builders import make_account, make_booking, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.world import World

# What hangs on an activity that somebody wrote is the organisation's; a room's time in the ledger names nobody.
OF_AN_ACTIVITY = "activities"
SECRETS = ("hash", "nonce", "token", "key")


def parts_of(app: Flask) -> Parts:
    found = app.extensions["own_data"]
    assert isinstance(found, Parts)
    return found


def names_somebody(table: Table) -> set[str]:
    """The columns of a table that hold a person's id, also where the person may be gone by now."""
    keys = {c.name for c in table.columns for key in c.foreign_keys if key.column.table.name == "people"}
    return keys | {c.name for c in table.columns if c.name in {"by_id", "person_id"} or c.name.endswith("_by_id")}


@ONE_ENGINE
def test_no_column_with_a_person_is_forgotten(app: Flask) -> None:
    known = {part.table.name: {*part.mine, *part.acted} for part in parts_of(app).all}
    named = {table.name: names_somebody(table) for table in Base.metadata.sorted_tables}
    forgotten = {name: columns - known.get(name, set()) for name, columns in named.items()}
    assert {name: columns for name, columns in forgotten.items() if columns} == {}


@ONE_ENGINE
def test_what_hangs_on_somebodys_row_is_not_forgotten(app: Flask) -> None:
    parts = parts_of(app)
    whose = {p.table.name for p in parts.all if p.mine or p.through} - {OF_AN_ACTIVITY, "people"}
    known = {part.table.name for part in parts.all}
    hanging = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in whose
    }
    assert hanging - known == set()


@ONE_ENGINE
def test_no_secret_is_handed_out_and_every_column_named_is_there(app: Flask) -> None:
    for part in parts_of(app).all:
        columns = {column.name for column in part.table.columns}
        assert {*part.mine, *part.acted, *part.named, *part.withheld, *part.says, *part.words} <= columns, part
        handed_out = columns - part.withheld if part.mine or part.through else set()
        secret = {name for name in handed_out if set(name.split("_")) & set(SECRETS)}
        assert secret - {"sort_key"} == set(), part.table.name


def test_a_filled_centre_gives_a_copy_of_everybody(app: Flask, world: World) -> None:
    with app.test_request_context("/"):
        copies = [copying.copy_of(person, now=clock.now()) for person in db.session.scalars(select(Person)).all()]
        for copy in copies:
            tables = json.loads(copy.to_json())["tables"]
            assert [row["id"] for row in tables["people"]] == [copy.person.id]
            assert [section.lines for section in copy.shown]
        filled = {section.part.table.name for copy in copies for section in copy.shown}
    assert {"bookings", "booking_events", "sign_ups", "notices", "delegations", "guardianships"} <= filled


def test_a_copy_holds_what_is_theirs_and_not_what_is_a_neighbours(client: FlaskClient, world: World) -> None:
    sign_in(client, world.resident)
    page, file = client.get("/me/account/data"), client.get("/me/account/data.json")
    assert page.headers["Cache-Control"] == file.headers["Cache-Control"] == "private, no-store"
    assert "attachment" in file.headers["Content-Disposition"]
    person = world.resident.person
    assert json.loads(file.text)["tables"]["people"][0]["name"] == person.name
    assert person.phone is not None
    assert person.phone in file.text
    assert person.phone in page.text
    assert world.resident.password_hash not in file.text
    other = make_person(name="欧阳不相干", phone="19912345678")
    assert other.phone is not None
    assert other.name not in file.text + page.text
    assert other.phone not in file.text


@ONE_ENGINE
def test_a_ready_reason_is_said_in_words_on_the_page(client: FlaskClient) -> None:
    account = make_account(locale="en")
    make_booking(person=account.person, status=BookingStatus.DECLINED, decision_reason="{booking.noise} 请改天")
    sign_in(client, account)
    page = client.get("/me/account/data").text
    assert "It would be too loud for what is on next door." in page
    assert "请改天" in page
    assert "{booking.noise}" not in page


@ONE_ENGINE
@pytest.mark.parametrize("address", ["/me/account/data", "/me/account/data.json"])
def test_an_old_sign_in_types_its_password_first(client: FlaskClient, address: str) -> None:
    sign_in(client, make_account())
    clock.start_at(clock.now() + timedelta(minutes=30))
    answer = client.get(address)
    assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/sign-in/prove")


@ONE_ENGINE
def test_the_desk_hands_it_to_somebody_without_an_account_and_that_is_written_down(client: FlaskClient) -> None:
    elder, owner = make_person(name="周奶奶"), make_account()
    clerk = make_account(roles=[Role.CLERK])
    sign_in(client, clerk)
    assert "周奶奶" in client.get(f"/desk/people/{elder.id}/data").text
    assert client.get(f"/desk/people/{elder.id}/data.json").status_code == 200
    assert client.get(f"/desk/people/{owner.person_id}/data").status_code == 404
    exports = db.session.scalars(select(AccessEvent).where(AccessEvent.kind == Kind.EXPORT)).all()
    assert [(each.by_id, each.person_id) for each in exports] == [(clerk.person_id, elder.id)] * 2
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    assert client.get(f"/desk/people/{owner.person_id}/data").status_code == 200
    sign_in(client, make_account())
    assert client.get(f"/desk/people/{elder.id}/data").status_code == 403
