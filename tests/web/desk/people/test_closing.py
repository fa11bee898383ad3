"""A director closes an account and opens it again."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.kernel.trail import StaffEvent
from center.people import actions, claims
from center.people.models import Account, Role
from tests.builders import PASSWORD, make_account, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")


def enters(app: Flask, account: Account) -> bool:
    form = {"login": account.login, "password": PASSWORD}
    return app.test_client().post("/sign-in", data=form).status_code == 303


def test_whoever_is_signed_in_is_out_at_once_and_in_again_once_it_is_opened(
    app: Flask, client: FlaskClient, director: Account
) -> None:
    account, phone = make_account(), app.test_client()
    sign_in(phone, account)
    address = f"/desk/people/{account.person_id}/account"
    assert client.post(f"{address}/close").status_code == 422
    for _ in range(2):
        assert client.post(f"{address}/close", data={"reason": "手机丢了"}).status_code == 303
    assert phone.get("/me/account").status_code == 302
    assert not enters(app, account)
    assert "手机丢了" in client.get(f"/desk/people/{account.person_id}").text
    for _ in range(2):
        assert client.post(f"{address}/open").status_code == 303
    assert enters(app, account)
    acts = [each.act for each in db.session.scalars(select(StaffEvent).order_by(StaffEvent.id))]
    assert acts == ["account_closed", "account_opened_again"]


@ONE_ENGINE
def test_codes_given_out_before_open_nothing_and_the_desk_prints_no_other(app: Flask, director: Account) -> None:
    account, clerk = make_account(), make_person()
    with transaction():
        code = claims.issue(account.person, by=clerk, now=clock.now())
    with transaction():
        actions.close_account(account, reason="x", by=director.person, now=clock.now())
    form = {"claim_code": code, "password": "lotus pond tea 7"}
    assert app.test_client().post("/register", data=form).status_code == 422
    with pytest.raises(RuleBroken), transaction():
        claims.issue(account.person, by=clerk, now=clock.now())
    db.session.rollback()
    assert actions.is_closed(account)


@ONE_ENGINE
def test_nobody_closes_their_own_or_one_that_waits_and_only_a_director_closes(
    client: FlaskClient, director: Account
) -> None:
    for account in (director, make_account(is_confirmed=False)):
        address = f"/desk/people/{account.person_id}/account/close"
        assert client.post(address, data={"reason": "x"}).status_code == 422
    assert client.get(f"/desk/people/{make_person().id}/account/close").status_code == 404
    other = make_account()
    sign_in(client, make_account(roles=[Role.CLERK]))
    for path in ("close", "open"):
        assert client.post(f"/desk/people/{other.person_id}/account/{path}", data={"reason": "x"}).status_code == 403
