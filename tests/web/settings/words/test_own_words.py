"""The centre's own words for messages: checked, shown before they are kept, filled in, and never in the way."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.i18n import speaking
from center.kernel.texts import JOINER
from center.notices import examples, kinds, message_texts, outbox
from center.notices.kinds import Words
from center.notices.models import OutgoingAddress, OwnWords, Purpose
from center.people.models import Role
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.told import FACTS, tell

pytestmark = pytest.mark.usefixtures("app")
CODE = "booking.approved"
PAGE = f"/settings/words/{CODE}/zh"


@ONE_ENGINE
@pytest.mark.parametrize(
    ("body", "unknown", "loose"),
    [
        ("在{room}见", [], False),
        ("在{ room }见", [], False),
        ("在{romm}见，{romm}！", ["romm"], False),
        ("{}", [""], False),
        ("在{room见", [], True),
        ("room}", [], True),
        ("{{room}}", [], True),
        ("100% %(room)s", [], False),
    ],
)
def test_fields_are_checked_when_words_are_written(body: str, unknown: Any, loose: bool) -> None:
    assert kinds.unknown_fields(body, {"room", "when"}) == unknown
    assert kinds.has_loose_brace(body) is loose


def keep(body: str, subject: str = "{room}", language: str = "zh") -> None:
    director = make_person()
    with transaction(), speaking(language):
        message_texts.save(kinds.get_kind(CODE), language, Words(subject, body), by=director, now=clock.now())


@ONE_ENGINE
def test_own_words_are_said_in_their_language_and_the_houses_in_the_other() -> None:
    keep("{name}：{room}是您的了。\n\n{why}\n\n{desk}")
    chinese, english = make_account(locale="zh").person, make_account(locale="en").person
    said = tell(chinese, CODE, key="a", now=clock.now())
    assert (said.subject, said.body) == ("书画室", f"{chinese.name}：书画室是您的了。\n\n原因：漏水")
    assert "good news" in tell(english, CODE, key="b", now=clock.now()).body


@ONE_ENGINE
def test_what_cannot_be_filled_is_said_in_the_houses_words() -> None:
    with transaction() as session:
        session.add(OwnWords(kind=CODE, language="zh", subject="x", body="{gone}", changed_at=clock.now()))
    said = tell(make_account(locale="zh").person, CODE, key="a", now=clock.now())
    assert "书画室" in said.subject
    assert "{" not in said.body


def test_staffs_groups_hear_own_words_too() -> None:
    kind, director = kinds.get_kind("booking.request_waits"), make_person()
    with transaction() as session, speaking("zh"):
        message_texts.save(kind, "zh", Words("等：{room}", "{when}"), by=director, now=clock.now())
        facts = {"purpose": Purpose.GROUP, "name": "群", "url": "wecombot://x", "changed_at": clock.now()}
        session.add(OutgoingAddress(**facts))
    with transaction():
        notice = outbox.tell_staff(kind, key="g", facts=FACTS, now=clock.now())
    assert notice is not None
    assert notice.subject == "等：书画室"


@ONE_ENGINE
def test_every_field_of_every_message_is_explained() -> None:
    for kind in kinds.all_kinds():
        assert [each.name for each in examples.fields_of(kind) if each.example == "…"] == [], kind.code


@ONE_ENGINE
def test_a_director_writes_looks_saves_and_goes_back(client: FlaskClient) -> None:
    sign_in(client, make_account(make_person(), roles=[Role.DIRECTOR]))
    listed = client.get("/settings/words?lang=en").text
    assert "Request approved" in listed
    wrong = client.post(PAGE + "?lang=en", data={"subject": "{rom}", "body": "<b>{when", "stage": "save"})
    assert wrong.status_code == 422
    assert "{rom} means nothing here. You can use: {desk}, {name}" in wrong.text
    assert "stands alone" in wrong.text
    assert "&lt;b&gt;{when" in wrong.text, "nothing typed is lost"
    good = {"subject": "{room}好了", "body": "<b>{when}</b>\n\n{name}"}
    shown = client.post(PAGE, data={**good, "stage": "look"})
    assert shown.status_code == 200
    assert "&lt;b&gt;" in shown.text
    assert "下午2:30" in shown.text.replace(JOINER, ""), "elder mode's way to tell time"
    assert message_texts.every() == []
    for _ in range(2):
        assert client.post(PAGE, data=good).status_code == 303
    db.session.rollback()
    [row] = message_texts.every()
    assert row.body == good["body"]
    for _ in range(2):
        assert client.post(PAGE + "/back").status_code == 303
    db.session.rollback()
    assert message_texts.every() == []


@ONE_ENGINE
def test_saving_the_houses_words_as_they_are_keeps_none_of_ones_own(client: FlaskClient) -> None:
    sign_in(client, make_account(make_person(), roles=[Role.DIRECTOR]))
    with speaking("zh"):
        house = kinds.house_words(kinds.get_kind(CODE))
    assert client.post(PAGE, data={"subject": house.subject, "body": house.body}).status_code == 303
    db.session.rollback()
    assert message_texts.every() == []


@ONE_ENGINE
@pytest.mark.parametrize("roles", [[], [Role.CLERK]], ids=["a resident", "a clerk"])
def test_others_neither_see_nor_write_them(client: FlaskClient, roles: Any) -> None:
    sign_in(client, make_account(make_person(), roles=roles))
    assert client.get("/settings/words").status_code == 403
    assert client.post(PAGE, data={"subject": "x", "body": "y"}).status_code == 403
