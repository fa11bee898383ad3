"""Quotation marks are never doubled, whoever says a title that has its own."""

import pytest
from flask import Flask, render_template_string
from markupsafe import Markup

from center.kernel.i18n import gettext, lazy_gettext
from center.kernel.texts import within_quotes
from center.notices.kinds import Words, filled
from tests.engines import ONE_ENGINE


@pytest.mark.parametrize(
    ("title", "said"),
    [
        pytest.param("剪纸公益课", "剪纸公益课", id="none of its own"),
        pytest.param("“友好楼栋”议事会", "‘友好楼栋’议事会", id="at the beginning"),
        pytest.param("新编“老街坊”", "新编‘老街坊’", id="at the end"),
        pytest.param("“老街坊”和“新邻居”", "‘老街坊’和‘新邻居’", id="at both ends, but not around it"),
        pytest.param("“老街坊”", "老街坊", id="around all of it"),
        pytest.param('"Old Neighbours"', "Old Neighbours", id="straight ones around it"),
        pytest.param('A "drum" evening', "A 'drum' evening", id="straight ones in it"),
        pytest.param("Don’t stop", "Don’t stop", id="an apostrophe"),
        pytest.param("”", "’", id="a lone one"),
    ],
)
def test_a_title_stands_between_quotation_marks_without_doubling_them(title: str, said: str) -> None:
    assert within_quotes(title) == said


def test_tags_keep_their_own_marks() -> None:
    assert within_quotes(Markup('<a href="/x">“甲”会</a>')) == Markup('<a href="/x">‘甲’会</a>')


@ONE_ENGINE
def test_sentences_in_code_and_on_pages_fit_what_they_quote_and_escape_it(app: Flask) -> None:
    title = "“红叶”<诗会>"
    page = "{{ _('Copied from “%(title)s”', title=title) }} {{ _('For: %(name)s', name=title) }}"
    with app.test_request_context("/?lang=zh"):
        assert gettext("Copied from “%(title)s”", title=title) == "复制自“‘红叶’<诗会>”"
        assert str(lazy_gettext("Copied from “%(title)s”", title=title)) == "复制自“‘红叶’<诗会>”"
        shown = render_template_string(page, title=title)
    assert shown == "复制自“‘红叶’&lt;诗会&gt;” 参加人：“红叶”&lt;诗会&gt;"


def test_words_of_the_centres_own_fit_what_they_quote() -> None:
    said = filled(Words("活动“{title}”", "{title}，见“{ title }”"), {"title": "“红叶”诗会"})
    assert said == Words("活动“‘红叶’诗会”", "“红叶”诗会，见“‘红叶’诗会”")
