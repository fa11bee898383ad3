"""Forms that are asked step by step, filled in as a browser does: each answer leads on to the next page."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

MOST_PAGES = 9


def opened(client: FlaskClient, address: str, **kwargs: Any) -> TestResponse:
    """The page to which an address leads."""
    answer = client.get(address, **kwargs)
    for _ in range(MOST_PAGES):
        if answer.status_code not in {302, 303}:
            break
        answer = client.get(answer.location)
    return answer


def sent(client: FlaskClient, address: str, data: Mapping[str, Any], **kwargs: Any) -> TestResponse:
    """What is sent to a step, and the page of the form to which that leads; a redirect where it leads out of it."""
    answer = client.post(address, data=dict(data), **kwargs)
    form = urlsplit(address).path.rpartition("/")[0]
    for _ in range(MOST_PAGES):
        if answer.status_code != 303 or not urlsplit(answer.location).path.startswith(f"{form}/"):
            break
        answer = client.get(answer.location)
    return answer


def go_on(client: FlaskClient, page: TestResponse, **typed: Any) -> TestResponse:
    """Send a step with what is typed, as its page would."""
    return sent(client, page.request.full_path, {**hidden_of(page.text), **typed})


def step_of(address: str, step: str) -> str:
    """The address of a step of the form that begins at an address."""
    path, _mark, query = address.partition("?")
    return f"{path}/{step}" + (f"?{query}" if query else "")


def book(client: FlaskClient, address: str, data: Mapping[str, Any], **kwargs: Any) -> TestResponse:
    """Send all answers of a booking at once: to be looked at or, with `stage` "book", as the last step does."""
    step = "check" if data.get("stage") == "book" else "answers"
    return sent(client, step_of(address, step), data, **kwargs)


def hidden_of(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms, as a browser sends them."""
    found = re.findall(r'<input[^>]*type="hidden"[^>]*>', page)
    pairs = [(re.search(r'name="([^"]*)"', each), re.search(r'value="([^"]*)"', each)) for each in found]
    return {name[1]: unescape(value[1]) for name, value in pairs if name and value and name[1] != "csrf_token"}


def number_of(page: str) -> str:
    """Which question of how many a page says that it asks."""
    found = re.search(r"Question (\d+ of \d+)", page)
    return found[1] if found else ""
