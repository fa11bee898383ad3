"""The page on which scanning is practised: what is typed there is answered, and nothing is written."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from center.attendance.answers import Answer
from center.web.checkin.practice_views import PRACTICE_CARD
from tests.attendance.code_cases import CARD, SLIP
from tests.builders import make_account, sign_in
from tests.engines import ONE_ENGINE
from tests.web.checkin.devices import paired, revoke

pytestmark = ONE_ENGINE
PAGE = "/checkin/practice"


@pytest.fixture(autouse=True)
def _signed_in(client: FlaskClient) -> None:
    sign_in(client, make_account())


def answered(answer: Any) -> str:
    """The sign above the form."""
    found = re.search(r'data-answer="(\w+)"', answer.text.partition("<form")[0])
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("张伟", Answer.UNKNOWN),
        ("😀", Answer.UNKNOWN),
        (f"https://evil.example/sign-ups/{SLIP}", Answer.UNKNOWN),
        (PRACTICE_CARD, Answer.CHECKED_IN),
        (f"  qh1:{CARD.lower()} ", Answer.CHECKED_IN),
        ("ｋ７ｑｍ－２ｆ９ｄ", Answer.CHECKED_IN),
        (f"http://localhost/sign-ups/{SLIP}", Answer.CHECKED_IN),
    ],
)
def test_what_is_typed_is_answered_with_a_sign(client: FlaskClient, typed: str, answer: Answer) -> None:
    page = client.post(PAGE, data={"code": typed})
    assert page.status_code == 200
    assert answered(page) == answer


@pytest.mark.parametrize("typed", ["", "   ", "A" * 65, "K7QM\x002F9D"], ids=["nothing", "blanks", "too long", "NUL"])
def test_what_cannot_be_a_code_is_refused_in_words(client: FlaskClient, typed: str) -> None:
    page = client.post(PAGE, data={"code": typed})
    assert page.status_code == 422
    assert answered(page) == ""
    assert "error-summary" in page.text


def test_every_answer_is_shown(client: FlaskClient) -> None:
    assert set(re.findall(r'data-answer="(\w+)"', client.get(PAGE).text)) == set(Answer)


def test_a_paired_device_practises_too_and_a_revoked_one_is_told_so(app: Flask) -> None:
    browser, device = paired(app)
    assert browser.get(PAGE).status_code == 200
    assert answered(browser.post(PAGE, data={"code": PRACTICE_CARD})) == Answer.CHECKED_IN
    assert browser.get(f"{PAGE}/card").status_code == 200
    revoke(device)
    assert browser.get(PAGE).status_code == 410
