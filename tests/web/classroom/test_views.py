"""The start page of the classroom: who may open it, and what stands on it when no day is on."""

from datetime import timedelta

from flask.testing import FlaskClient

from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.i18n import centre_zone
from center.people.models import Role, RoleGrant
from tests.builders import LONG_AGO, make_account, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


def test_a_tutor_on_no_duty_is_shown_no_child_and_told_why(client: FlaskClient) -> None:
    sign_in(client, make_account(roles=[Role.TUTOR]))
    answer = client.get("/classroom?lang=en")
    assert answer.status_code == 200
    assert "You see the children of a day on which you are on duty." in answer.get_data(as_text=True)


def test_a_clerk_has_no_classroom(client: FlaskClient) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    assert client.get("/classroom").status_code == 403


def test_a_role_that_ended_yesterday_opens_nothing(client: FlaskClient) -> None:
    account = make_account()
    yesterday = clock.today(centre_zone()) - timedelta(days=1)
    with transaction() as session:
        session.add(RoleGrant(person_id=account.person_id, role=Role.TUTOR, starts_on=LONG_AGO, ends_on=yesterday))
    sign_in(client, account)
    assert client.get("/classroom").status_code == 403
