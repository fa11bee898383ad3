"""Dates on pages are not broken over two lines, and stay plain wherever else they go."""

import pytest
from flask.testing import FlaskClient

from center.kernel.texts import JOINER, tidy
from center.web.template_words import unbroken
from tests.activity_builders import make_activity, make_roster
from tests.engines import ONE_ENGINE

DAY = "2026年11月24日 周二"
WHOLE = "2026|年11|月|24|日 周|二".replace("|", JOINER)


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        pytest.param(f"<h2>{DAY}</h2>", f"<h2>{WHOLE}</h2>", id="a heading"),
        pytest.param(f"<p>从{DAY}起，每周四</p>", f"<p>从{WHOLE}起，每周{JOINER}四</p>", id="running text"),
        pytest.param("<p>下午2:30，上午好</p>", f"<p>下{JOINER}午{JOINER}2:30，上午好</p>", id="a time in elder mode"),
        pytest.param("<p>2026年11月</p>", f"<p>2026{JOINER}年11{JOINER}月</p>", id="a month"),
        pytest.param("<p>3个月，下月，四周</p>", "<p>3个月，下月，四周</p>", id="no dates"),
        pytest.param(f'<a title="{DAY}">x</a>', f'<a title="{DAY}">x</a>', id="an attribute"),
        pytest.param(f"<title>{DAY}</title>", f"<title>{DAY}</title>", id="the title"),
        pytest.param(f"<option>{DAY}</option>", f"<option>{DAY}</option>", id="a choice"),
        pytest.param(f"<label>{DAY}</label>", f"<label>{DAY}</label>", id="a label"),
        pytest.param(f"<textarea>\n{DAY}</textarea>", f"<textarea>\n{DAY}</textarea>", id="a text to copy or to edit"),
        pytest.param(f'<script>{{"n": "{DAY}"}}</script>', f'<script>{{"n": "{DAY}"}}</script>', id="data"),
        pytest.param("<p>没有空房。 请问服务台</p>", "<p>没有空房。请问服务台</p>", id="two sentences"),
        pytest.param("<pre>a。\n b。 4</pre>", "<pre>a。\n b。 4</pre>", id="lines, and a number after a sentence"),
        pytest.param("<p>Tue 24 Nov 2026</p>", "<p>Tue 24 Nov 2026</p>", id="English has spaces"),
    ],
)
def test_a_number_keeps_its_unit_and_a_weekday_stays_whole_in_text_alone(page: str, shown: str) -> None:
    assert unbroken(page) == shown
    assert unbroken(shown) == shown


@ONE_ENGINE
def test_pages_keep_dates_whole_and_what_leaves_the_house_is_plain(client: FlaskClient) -> None:
    activity = make_roster(make_activity(title="11月24日观影", title_en="")).activity
    page = client.get(f"/activities/{activity.slug}?lang=zh").text
    assert f"<h1>11{JOINER}月{JOINER}24{JOINER}日观影</h1>" in page
    assert "<title>11月24日观影" in page
    for address in (f"/activities/{activity.slug}/calendar.ics", "/activities.atom"):
        said = client.get(f"{address}?lang=zh")
        assert said.status_code == 200
        assert JOINER not in said.text


def test_a_date_copied_from_a_page_is_kept_without_joiners() -> None:
    shown = unbroken("<p>11月23日 周一</p>")
    assert JOINER in shown
    assert tidy(shown) == "<p>11月23日 周一</p>"
