"""What the frame of every page shows of whoever is signed in, and that it is read once."""

import re

import pytest
from flask.testing import FlaskClient

from center.kernel.config import ROOT
from tests.builders import make_account, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects

pytestmark = ONE_ENGINE


@pytest.mark.parametrize(("is_signed_in", "times"), [(True, 1), (False, 0)], ids=["signed in", "a visitor"])
def test_the_frame_is_read_once_a_page_and_for_a_visitor_never(
    client: FlaskClient, is_signed_in: bool, times: int
) -> None:
    if is_signed_in:
        sign_in(client, make_account())
    with selects() as seen:
        assert client.get("/organisations").status_code == 200
    assert len([sql for sql, _values in seen if "notices.read_at" in sql]) == times


def test_no_name_of_a_frame_hides_a_fact_of_the_page_in_it(engine: str) -> None:
    frames = [ROOT / "templates" / each for each in ("layout.html", "print.html", "checkin/frame.html")]
    names = [name for frame in frames for name in re.findall(r"\{%-? set (\w+)", frame.read_text())]
    assert len(names) > len(frames)
    assert [name for name in names if not name.startswith("frame_")] == []
