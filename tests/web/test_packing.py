"""What is sent is packed for whoever can unpack it, and a secret in it is not told by its length."""

import gzip
import re

import brotli
import pytest
from flask.testing import FlaskClient

from tests.builders import make_account, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE
EITHER = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize(
    ("asked", "encoding"), [("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None)]
)
def test_a_page_comes_as_whoever_asks_can_unpack_it(client: FlaskClient, asked: str, encoding: str | None) -> None:
    plain = client.get("/board").data
    answer = client.get("/board", headers={"Accept-Encoding": asked})
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert answer.headers.get("Content-Encoding") == encoding
    assert unpack(answer.data) == plain
    assert "Accept-Encoding" in answer.vary
    assert answer.content_length == len(answer.data)


def test_a_packed_page_is_a_fraction_of_itself(client: FlaskClient) -> None:
    assert len(client.get("/board", headers=EITHER).data) < len(client.get("/board").data) / 3


def test_what_is_packed_already_or_no_text_is_left_alone(client: FlaskClient) -> None:
    calendar = client.get("/calendar.ics", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(calendar.data).startswith(b"BEGIN:VCALENDAR")
    with client.get("/static/mark-180.png", headers=EITHER) as picture:
        assert "Content-Encoding" not in picture.headers


def test_the_length_of_a_page_with_a_session_says_nothing(client: FlaskClient) -> None:
    sign_in(client, make_account())
    answers = [client.get("/me", headers=EITHER) for _ in range(12)]
    assert {each.headers["Content-Encoding"] for each in answers} == {"gzip"}  # brotli has no room for padding
    assert len({len(each.data) for each in answers}) > 4
    assert {gzip.decompress(each.data)[:15] for each in answers} == {b"<!doctype html>"}


def test_a_refused_form_and_an_error_stay_what_they_are(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers=EITHER)
    assert answer.status_code == 404
    assert "Content-Encoding" not in answer.headers


def test_a_feed_that_has_not_changed_is_not_sent_again_however_it_was_packed(client: FlaskClient) -> None:
    first = client.get("/activities.atom", headers=EITHER)
    etag = first.headers["ETag"]
    assert client.get("/activities.atom", headers={**EITHER, "If-None-Match": etag}).status_code == 304
    assert client.get("/activities.atom", headers={"If-None-Match": etag}).status_code == 304


def test_all_that_a_first_page_loads_is_little(client: FlaskClient) -> None:
    page = client.get("/board", headers=EITHER)
    files = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', brotli.decompress(page.data).decode()))
    size = len(page.data) + sum(len(client.get(each, headers=EITHER).data) for each in files)
    assert len(files) > 5
    assert size < 50_000  # the bench weighs a board that is full; the aim is 60 kB
