"""How long a sign-in lasts: a month on a resident's own phone where they want it, hours for who sees others' data."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from center.kernel import clock
from center.kernel.db import db, transaction
from center.organisations.models import MemberRole, Membership
from center.people.models import Account, Role
from center.people.session_models import UserSession
from tests.builders import LONG_AGO, PASSWORD, make_account, make_centre, make_organisation
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


def by_password(client: FlaskClient, account: Account, **more: str) -> None:
    answer = client.post("/sign-in", data={"login": account.login, "password": PASSWORD, **more})
    assert answer.status_code == 303


def is_in(client: FlaskClient) -> bool:
    return client.get("/me/account").status_code == 200


def after(**time: int) -> None:
    clock.start_at(clock.now() + timedelta(**time))


def belong(account: Account, role: MemberRole, *, ends_on: date | None = None) -> None:
    organisation = make_organisation()
    facts = {"organisation_id": organisation.id, "starts_on": LONG_AGO, "ends_on": ends_on}
    with transaction() as session:
        session.add(Membership(person_id=account.person_id, role=role, **facts))


@pytest.mark.parametrize("role", [MemberRole.LEAD, MemberRole.EDITOR, MemberRole.CHECK_IN])
def test_who_sees_others_for_an_organisation_is_signed_out_like_staff(client: FlaskClient, role: MemberRole) -> None:
    account = make_account()
    belong(account, role)
    by_password(client, account)
    assert not client.get_cookie("center").expires  # type: ignore[union-attr]
    after(hours=1, minutes=59)
    assert is_in(client)
    after(hours=2)
    assert not is_in(client)


@pytest.mark.parametrize(
    ("role", "ends_on"),
    [(MemberRole.MEMBER, None), (MemberRole.LEAD, LONG_AGO + timedelta(days=1))],
    ids=["a member who sees nobody", "a lead of long ago"],
)
def test_other_members_are_signed_in_as_residents_are(
    client: FlaskClient, role: MemberRole, ends_on: date | None
) -> None:
    account = make_account()
    belong(account, role, ends_on=ends_on)
    by_password(client, account)
    after(hours=11)
    assert is_in(client)


def test_becoming_a_lead_shortens_the_sign_in_that_is_there(client: FlaskClient) -> None:
    make_centre(keep_signed_in=True)
    account = make_account()
    by_password(client, account, keep="y")
    after(hours=3)
    assert is_in(client)
    belong(account, MemberRole.LEAD)
    after(hours=3)
    assert not is_in(client)


def test_a_resident_ticks_a_box_and_stays_signed_in_for_a_month(client: FlaskClient) -> None:
    make_centre(keep_signed_in=True)
    page = client.get("/sign-in?lang=en").get_data(as_text=True)
    assert "not on a shared phone" in page
    assert "checked" not in page
    account = make_account()
    by_password(client, account, keep="y")
    after(days=29)
    assert is_in(client)
    after(days=2)
    assert not is_in(client)


@pytest.mark.parametrize(
    ("is_offered", "ticked"), [(True, {}), (False, {"keep": "y"})], ids=["not ticked", "not offered by the centre"]
)
def test_nobody_else_does(client: FlaskClient, is_offered: bool, ticked: dict[str, str]) -> None:
    make_centre(keep_signed_in=is_offered)
    by_password(client, make_account(), **ticked)
    after(hours=13)
    assert not is_in(client)


def test_it_ends_when_the_centre_offers_it_no_longer(client: FlaskClient) -> None:
    make_centre(keep_signed_in=True)
    by_password(client, make_account(), keep="y")
    make_centre(keep_signed_in=False)
    after(hours=13)
    assert not is_in(client)


def test_staff_are_never_kept_signed_in(client: FlaskClient) -> None:
    make_centre(keep_signed_in=True)
    by_password(client, make_account(roles=[Role.CLERK]), keep="y")
    assert db.session.scalars(select(UserSession.is_kept)).all() == [False]
    after(hours=3)
    assert not is_in(client)
