"""Files that somebody sends: whatever is in them, lines or a picture come out, or a refusal in words.

The readers run in the test's own process with a clock as their limit; `tests/test_bombs.py` starts them as the site
does.
"""

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.activities.photos import images, picture_file
from center.kernel.errors import RuleBroken
from center.rooms import closure_files
from tests import reading
from tests.engines import ONE_ENGINE
from tests.fuzz import files
from tests.fuzz.cases import TookTooLong, cases, within
from tests.race import Fields
from tests.reading import SECONDS
from tests.scenes import Stage


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files of closures in this process: to start another takes longer than to read most files."""
    monkeypatch.setattr(closure_files, "read_apart", reading.read_here)


@pytest.mark.usefixtures("read_here")
@ONE_ENGINE
@cases(100)
@given(sent=st.one_of(files.MADE_CALENDARS, files.damaged(files.CALENDARS), st.binary(max_size=200)))
def test_a_calendar_is_looked_at_or_refused(stage: Stage, sent: bytes) -> None:
    _import(stage, "closures.ics", sent)


@pytest.mark.usefixtures("read_here")
@ONE_ENGINE
@cases(80)
@given(sent=st.one_of(files.made_tables(), files.damaged_tables(), files.damaged(files.TABLES), st.binary(max_size=99)))
def test_a_spreadsheet_is_looked_at_or_refused(stage: Stage, sent: bytes) -> None:
    _import(stage, "closures.xlsx", sent)


def _import(stage: Stage, name: str, sent: bytes) -> None:
    """Look at a file, and import what is sound of it."""
    browser = stage.browser("director")
    answer = browser.post("/settings/closures/import", data={"file": (io.BytesIO(sent), name)})
    assert answer.status_code in {200, 422}
    fields = Fields()
    fields.feed(answer.text)
    if fields.hidden.get("lines"):
        done = browser.post("/settings/closures/import/confirm", data={"lines": fields.hidden["lines"]})
        stage.put_back()
        assert done.status_code == 200


@cases(100)
@given(sent=files.BEGINNINGS)
def test_the_cheap_checks_of_a_picture_refuse_it_or_let_it_pass(sent: bytes) -> None:
    assert _says(lambda: _check(sent)) in {"", "photo", *images.REFUSED}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@cases(60)
@given(data=st.data())
def test_a_damaged_picture_is_drawn_or_refused(kind: str, data: st.DataObject) -> None:
    sent = data.draw(files.damaged(files.pictures(kind)))
    assert _says(lambda: picture_file.read(sent, kind)) in {"", "too long", *images.REFUSED}


def _check(sent: bytes) -> None:
    if images.kind_of(sent) == "JPEG":
        picture_file._check_scans(sent)


def _says(read: Callable[[], object]) -> object:
    """In one word why a picture is refused, nothing where it is not; whatever else is raised is a fault of ours."""
    try:
        with within(SECONDS):
            read()
    except RuleBroken as refused:
        return refused.field
    except picture_file.Unreadable as refused:
        return refused.args[0]
    except TookTooLong:  # its process would have ended
        return "too long"
    return ""
