"""Messages are stored as they were told; whoever looks at one reads its clocks as the page tells time."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from center.kernel.i18n import addressing
from center.kernel.texts import JOINER
from center.notices.showing import retimed
from center.people.models import Role
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.told import make_told

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]

TEMPLATES = Path(__file__).parents[2] / "templates"
SAID = {
    ("zh", "预订成功：书画室，11月24日 周二 14:30–16:00"): "预订成功：书画室，11月24日 周二 下午2:30–4:00",
    ("zh", "09:00 开门，12:00 休息，00:15 关门"): "上午9:00 开门，中午12:00 休息，半夜12:15 关门",
    ("zh", "上午10:30–中午12:00"): "上午10:30–中午12:00",
    ("zh", "从 11:30–13:00 改到 14:30–16:00"): "从 上午11:30–下午1:00 改到 下午2:30–4:00",
    ("zh", "上午9:30–10:30，下午10:15–11:15"): "上午9:30–10:30，下午10:15–11:15",
    ("en", "Booked: Studio, Tue 24 Nov 14:30–16:00"): "Booked: Studio, Tue 24 Nov 2:30–4:00 PM",
    ("en", "10:30 AM–12:00 noon"): "10:30 AM–12:00 noon",
    (
        "zh",
        "比分 3:2，见 http://192.168.1.10:8080/me，编号 K7QM-2F9D",
    ): "比分 3:2，见 http://192.168.1.10:8080/me，编号 K7QM-2F9D",
}


@pytest.mark.parametrize(("language", "stored"), SAID)
def test_a_clock_in_stored_words_is_said_as_elder_mode_says_it(language: Any, stored: Any) -> None:
    with addressing("en", is_elder=True):
        assert retimed(stored, language) == SAID[language, stored]
    with addressing("en"):
        assert retimed(stored, language) == stored


def test_subject_and_body_of_a_message_tell_time_as_its_reader_does_wherever_they_stand(client: FlaskClient) -> None:
    reader, clerk = make_account(make_person(phone="19900000041")), make_account(roles=[Role.CLERK])
    told = make_told(reader.person, make_person(phone="19900000042"), clerk.person)
    as_reader, as_clerk = ["/", "/me/notices", f"/me/notices/{told.notice_id}"], ["/desk/to-tell"]
    for account, pages in ((reader, as_reader), (clerk, as_clerk)):
        sign_in(client, account)
        for page in pages:
            shown = client.get(f"{page}?lang=zh&elder=1").text.replace(JOINER, "")
            assert "上午10:00–11:00" in shown, page
            assert "周二 10:00–11:00" not in shown, page
            assert "周二 10:00–11:00" in client.get(f"{page}?lang=zh&elder=0").text.replace(JOINER, ""), page


def test_no_page_shows_the_stored_words_of_a_message_as_they_are() -> None:
    raw = re.compile(r"notice\.(subject|body|gist)\b")
    assert [path.name for path in TEMPLATES.rglob("*.html") if raw.search(path.read_text())] == []
