"""What is refused is heard first: the title begins with it, and reading begins there."""

import re

import pytest
from flask.testing import FlaskClient

from tests.engines import ONE_ENGINE
from tests.well_made import faults

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]


def title_of(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page)
    return found[1] if found else ""


def test_a_refused_form_says_so_in_its_title_and_has_the_focus(client: FlaskClient) -> None:
    asked = client.get("/sign-in")
    assert not title_of(asked.text).startswith("错误：")
    refused = client.post("/sign-in", data={"login": "", "password": ""})
    assert title_of(refused.text).startswith("错误： ")
    assert re.search(r'id="error-summary" autofocus', refused.text)
    assert list(faults(refused.text, "zh")) == []


def test_an_address_that_finds_nothing_to_show_says_so_as_a_form_does(client: FlaskClient) -> None:
    refused = client.get("/find?date=&start=14:00&minutes=60&people=2&lang=en")
    assert title_of(refused.text).startswith("Error: ")
    assert list(faults(refused.text, "en")) == []
