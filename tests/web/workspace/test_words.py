"""Words on the pages of those who prepare an activity."""

import pytest
from flask.testing import FlaskClient

from center.activities import actions
from center.kernel import clock
from center.kernel.db import transaction
from center.people.models import Role
from center.signups.models import Question, QuestionKind
from tests.activity_builders import make_activity, make_roster
from tests.builders import at, make_account, sign_in
from tests.engines import ONE_ENGINE

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]


@pytest.fixture
def staff(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_account(roles=[Role.CLERK]))
    return client


def test_a_submission_is_withdrawn_and_not_taken_back_from_a_helper(staff: FlaskClient) -> None:
    activity = make_activity(is_published=False)
    make_roster(activity)
    with transaction():
        actions.submit(activity, by=activity.created_by, now=clock.now())
    page = staff.get(f"/workspace/activities/{activity.slug}").text
    assert "撤回提交" in page
    assert "收回委托" not in page


def test_a_form_that_asks_nothing_does_not_count_its_questions(staff: FlaskClient) -> None:
    roster = make_roster()
    address = f"/workspace/activities/{roster.activity.slug}/rosters/{roster.id}"
    shown = {language: staff.get(f"{address}?lang={language}").text for language in ("zh", "en")}
    assert "个问题" not in shown["zh"]
    assert "0 questions" not in shown["en"]
    assert "Ask something on the form" in shown["en"]
    with transaction() as session:
        session.add(Question(roster_id=roster.id, position=1, words="要素食吗？", kind=QuestionKind.YES_NO))
    assert "报名表上有 1 个问题" in staff.get(f"{address}?lang=zh").text


def test_the_file_of_a_roll_says_which_it_is(staff: FlaskClient) -> None:
    activity = make_activity(starts=[at(10, days=5), at(14, days=5)])
    make_roster(activity)
    answers = [
        staff.get(f"/workspace/activities/{activity.slug}/sessions/{each.id}/roll.xlsx") for each in activity.sessions
    ]
    names = [answer.headers["Content-Disposition"].partition("filename=")[2].strip('"') for answer in answers]
    assert names == [f"roll-{activity.slug}-2026-11-29-1000.xlsx", f"roll-{activity.slug}-2026-11-29-1400.xlsx"]
