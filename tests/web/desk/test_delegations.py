"""The desk writes down who may act for whom, and takes it back."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.kernel.db import db
from center.people.models import Account, Delegation
from tests.builders import at, make_account, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")


def count(*conditions: Any) -> Any:
    db.session.rollback()
    return db.session.scalar(select(func.count(Delegation.id)).where(*conditions))


def agreed(**changes: Any) -> dict[str, Any]:
    today = at(0, days=0).date()
    known = {"consent": "at_their_door", "consent_note": "网格员在场", "starts_on": today, "ends_on": today}
    return {**known, **changes}


def test_it_is_written_down_shown_and_taken_back_twice(client: FlaskClient, clerk: Account) -> None:
    elder, neighbour = make_person(name="张桂芳"), make_person(name="王秀英", sort_key="wang xiu ying")
    pages = f"/desk/people/{elder.id}/delegations"
    assert pages in client.get(f"/desk/people/{elder.id}").text
    found = client.get(f"{pages}?q={neighbour.phone}").text
    assert f"delegate={neighbour.id}" in found
    assert client.get(f"{pages}?delegate={neighbour.id}").status_code == 200
    assert client.post(f"{pages}?delegate={neighbour.id}", data=agreed()).status_code == 303
    shown = client.get(f"{pages}?lang=en").text
    for said in ("王秀英", "at their door", "网格员在场", clerk.person.name):
        assert said in shown
    [given] = db.session.scalars(select(Delegation)).all()
    for _ in range(2):
        assert client.post(f"{pages}/{given.id}/revoke").status_code == 303
    assert count(Delegation.revoked_at.is_not(None)) == 1
    assert "王秀英" not in client.get(f"{pages}?lang=en").text.partition("<main")[2].partition("Who may act now")[2]


@ONE_ENGINE
@pytest.mark.parametrize(
    "wrong",
    [{"consent": ""}, {"consent": "own_account"}, {"ends_on": ""}, {"starts_on": "x"}, {"consent_note": "长" * 201},
     {"ends_on": -1}, {"ends_on": 400}],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: FlaskClient, clerk: Account, wrong: dict[str, Any]
) -> None:
    elder, neighbour = make_person(), make_person()
    if isinstance(days := wrong.get("ends_on"), int):
        wrong = {"ends_on": at(0, days=days).date()}
    answer = client.post(f"/desk/people/{elder.id}/delegations?delegate={neighbour.id}", data=agreed(**wrong))
    assert answer.status_code == 422
    assert wrong.get("consent_note", "网格员在场") in answer.text
    assert count() == 0


@ONE_ENGINE
def test_nobody_needs_a_permission_for_themselves(client: FlaskClient, clerk: Account) -> None:
    elder = make_person()
    answer = client.post(f"/desk/people/{elder.id}/delegations?delegate={elder.id}", data=agreed())
    assert answer.status_code == 422
    assert count() == 0


def test_forged_numbers_are_not_there(client: FlaskClient, clerk: Account) -> None:
    elder, other, neighbour = make_person(), make_person(), make_person()
    pages = f"/desk/people/{elder.id}/delegations"
    for delegate in ("999999", "x", "-1"):
        assert client.post(f"{pages}?delegate={delegate}", data=agreed()).status_code == 404
    client.post(f"{pages}?delegate={neighbour.id}", data=agreed())
    [given] = db.session.scalars(select(Delegation)).all()
    assert client.post(f"/desk/people/{other.id}/delegations/{given.id}/revoke").status_code == 404
    assert count(Delegation.revoked_at.is_(None)) == 1


def test_a_resident_writes_nothing_down_here(client: FlaskClient) -> None:
    elder, account = make_person(), make_account()
    sign_in(client, account)
    assert (
        client.post(f"/desk/people/{elder.id}/delegations?delegate={account.person_id}", data=agreed()).status_code
        == 403
    )
    assert count() == 0
