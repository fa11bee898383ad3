"""The first page of the desk counts reviews of organisations that are due, apart from everything else of them."""

from datetime import timedelta

from flask.testing import FlaskClient

from center.incubator.models.incubations import IncubationStage
from center.incubator.queries import count_due
from center.kernel import clock
from center.kernel.db import transaction
from center.people.models import Role
from tests.builders import ZONE, make_account, sign_in
from tests.engines import ONE_ENGINE
from tests.incubator.builders import make_incubation

pytestmark = [ONE_ENGINE]


def test_the_director_reads_what_is_due_and_whoever_has_nothing_to_do_with_it_does_not(client: FlaskClient) -> None:
    today = clock.now().astimezone(ZONE).date()
    for stage, days in (
        (IncubationStage.REVIEW, 0),
        (IncubationStage.MID_REVIEW, -3),
        (IncubationStage.SCREENING, -1),
        (IncubationStage.SCREENING, 40),
        (IncubationStage.RETURNED, -1),  # the applicant's turn
    ):
        made = make_incubation(stage=stage)
        with transaction():
            made.due_on = today + timedelta(days=days)
    assert count_due(today) == (2, 1)
    sign_in(client, make_account(roles=[Role.DIRECTOR], locale="en"))
    page = client.get("/desk").text
    assert "reviews of organisations due" in page
    assert "step of an organisation due" in page
    sign_in(client, make_account(roles=[Role.AUDITOR], locale="en"))
    assert "organisations due" not in client.get("/desk").text
