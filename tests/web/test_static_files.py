"""Files that pages load are asked for once for each version of the site."""

import re

import brotli
from flask import Flask, url_for
from flask.testing import FlaskClient

from center.kernel.config import ROOT
from center.web import static_files
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


def test_every_file_of_a_page_is_of_this_version_and_kept_for_good(client: FlaskClient) -> None:
    page = client.get("/board").text
    used = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    assert len(used) > 5
    for address in used:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == "public, immutable, max-age=31536000"
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.vary


def test_what_a_script_names_beside_itself_is_of_the_same_version(app: Flask) -> None:
    with app.test_request_context():
        address = url_for("static", filename="js/checkin/outbox.js")
    assert address == f"/static/v-{static_files.version()}/js/checkin/outbox.js"


def test_a_file_of_another_version_or_of_none_is_asked_for_anew(client: FlaskClient) -> None:
    for address in ("/static/v-0123456789ab/css/base.css", "/static/css/base.css"):
        answer = client.get(address)
        assert answer.data == (ROOT / "static/css/base.css").read_bytes()
        assert answer.headers["Cache-Control"] == "no-cache"
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


def test_a_file_comes_packed_and_its_name_leads_nowhere_else(client: FlaskClient) -> None:
    address = "/static/vendor/htmx.min.js"
    packed = client.get(address, headers={"Accept-Encoding": "br"})
    assert brotli.decompress(packed.data) == (ROOT / "static/vendor/htmx.min.js").read_bytes()
    for path in ("../pyproject.toml", "..%2fpyproject.toml", "css", "css/../../pyproject.toml"):
        assert client.get(f"/static/{path}").status_code in {308, 404}


def test_another_file_is_another_version(app: Flask) -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", static_files.version())
