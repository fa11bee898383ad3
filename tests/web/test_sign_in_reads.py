"""What pages ask of a sign-in is kept while nothing is written: whatever ends or changes it counts at once."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from center.kernel import clock
from center.kernel.db import change_rows, transaction
from center.people.models import Account, Role, RoleGrant
from center.people.session_models import UserSession
from tests.builders import make_account, sign_in


def end_the_sign_in(account: Account) -> Any:
    return update(UserSession).where(UserSession.account_id == account.id).values(ended_at=clock.now())


def disable_the_account(account: Account) -> Any:
    return update(Account).where(Account.id == account.id).values(disabled_at=clock.now())


def take_the_role_away(account: Account) -> Any:
    return delete(RoleGrant).where(RoleGrant.person_id == account.person_id)


@pytest.mark.parametrize(
    ("change", "status"), [(end_the_sign_in, 302), (disable_the_account, 302), (take_the_role_away, 403)]
)
def test_what_ends_a_sign_in_or_a_role_counts_with_the_next_page(
    client: FlaskClient, change: Callable[[Account], Any], status: int
) -> None:
    clerk = make_account(roles=[Role.CLERK])
    sign_in(client, clerk)
    assert [client.get("/desk").status_code for _n in range(2)] == [200, 200]
    with transaction():
        change_rows(change(clerk))
    assert client.get("/desk").status_code == status


def test_nobody_gets_a_page_by_what_was_kept_of_another_sign_in(client: FlaskClient) -> None:
    one, other = make_account(), make_account()
    browser = client.application.test_client()
    sign_in(client, one)
    sign_in(browser, other)
    for _n in range(2):
        assert one.person.name in client.get("/me/account").text
        assert other.person.name in browser.get("/me/account").text
