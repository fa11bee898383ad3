"""A lead writes to those of a date: each is told by their own way, twice a day at most, and it is kept."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.attendance import announcing, news, roll_actions
from center.attendance.announcing import To
from center.attendance.models import How
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.notices.models import Delivery, Notice
from tests.attendance.conftest import Class, make_class
from tests.builders import at, make_account, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = [ONE_ENGINE, pytest.mark.usefixtures("app")]


@pytest.fixture
def lesson() -> Class:
    found = make_class(people=3)
    make_account(found.people[0])
    return found


def told() -> list[int]:
    db.session.rollback()
    query = select(Notice.person_id).where(Notice.kind == news.LEAD_MESSAGE.code)
    return [each for each in db.session.scalars(query.order_by(Notice.id)) if each]


def write(lesson: Class, to: To = To.EVERYBODY, *, hour: int = 9) -> int:
    with transaction():
        return announcing.write(lesson.session, to, f"请带水杯，{hour}点见", by=lesson.lead, now=at(hour, days=1))


def test_nobody_but_who_leads_it_may_write(client: FlaskClient, lesson: Class) -> None:
    page = f"/workspace/activities/{lesson.session.activity.slug}/sessions/{lesson.session.id}/message"
    sign_in(client, make_account(make_person()))
    assert client.get(page).status_code == 404
    assert client.post(page, data={"words": "x"}).status_code in {400, 404}
    assert told() == []


def test_each_is_told_once_and_whoever_has_no_account_is_rung(lesson: Class) -> None:
    assert write(lesson) == write(lesson) == 3
    assert told() == [each.id for each in lesson.people]
    by_hand = select(Notice.person_id).join(Delivery, Delivery.notice_id == Notice.id)
    rung = set(db.session.scalars(by_hand.where(Notice.kind == news.LEAD_MESSAGE.code)))
    assert lesson.people[0].id not in rung


def test_a_third_message_of_a_day_is_refused_and_the_next_day_it_goes(lesson: Class) -> None:
    write(lesson)
    write(lesson, hour=10)
    with pytest.raises(RuleBroken, match="明天"):
        write(lesson, hour=11)
    with transaction():
        assert announcing.write(lesson.session, To.EVERYBODY, "明天", by=lesson.lead, now=at(9, days=2)) == 3


def test_who_is_missing_and_who_came_are_told_apart(lesson: Class) -> None:
    now = lesson.session.starts_at
    with transaction():
        roll_actions.arrive(lesson.session, lesson.people[1], how=How.ROLL, by=lesson.lead, now=now)
        announcing.write(lesson.session, To.MISSING, "您在路上吗", by=lesson.lead, now=now)
    assert set(told()) == {lesson.people[0].id, lesson.people[2].id}


def test_nobody_is_missing_before_it_has_begun(lesson: Class) -> None:
    with pytest.raises(RuleBroken):
        write(lesson, To.MISSING, hour=8)


def test_the_form_says_how_each_is_told_sends_it_once_and_the_activity_keeps_it(
    client: FlaskClient, lesson: Class
) -> None:
    sign_in(client, make_account(lesson.lead))
    slug = lesson.session.activity.slug
    page = f"/workspace/activities/{slug}/sessions/{lesson.session.id}/message"
    shown = client.get(page)
    assert "发给 3 人" in shown.text
    typed = {"words": "请带水杯", "request_key": "k" * 20}
    for _ in range(2):
        assert client.post(page, data=typed).status_code == 303
    assert db.session.scalar(select(func.count()).where(Notice.kind == news.LEAD_MESSAGE.code)) == 3
    assert "负责人的消息" in client.get(f"/workspace/activities/{slug}").text
