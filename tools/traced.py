"""How many files of `center/` three errands enter: a booking's form and last step, and a sign-up's last step.

`python -m tools.traced` prints the numbers, and the files with their functions. Only functions count that a request
calls once the site is warm, not what is run while modules are imported. Who changes one of these errands reads the
files that are printed, so there must not be many.
"""

import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, TypeVar

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from center.kernel.config import ROOT
from tests import conftest
from tests.activity_builders import make_roster
from tests.builders import at, begin_test, make_account, make_room, sign_in
from tests.engines import Engines, dispose
from tests.walking import go_on, hidden_of, opened

T = TypeVar("T")
Files = Mapping[str, set[str]]  # the names of the functions that were entered, by file

CENTER = f"{ROOT / 'center'}/"
BOOKING_FORM, BOOKING, SIGN_UP = "the booking form", "the last step of a booking", "the last step of a sign-up"


def files_of(client: FlaskClient) -> dict[str, Files]:
    """What each of the errands enters, by its name; each is done twice, and the second time is told."""
    sign_in(client, make_account())
    room = make_room().code
    found: dict[str, Files] = {}
    for days in (1, 2):
        found |= _book(client, room, at(10, days=days).date().isoformat())
    for _time in (1, 2):
        found |= _sign_up(client)
    return found


def _book(client: FlaskClient, room: str, day: str) -> dict[str, Files]:
    address = client.get(f"/bookings/new/{room}").location
    form, of_form = _entered(lambda: client.get(address))
    typed = {"date": day, "start": "10:00", "minutes": "60", "people": "5", "party": "self", "purpose": "读书会"}
    check = go_on(client, form, **typed)
    last = {**hidden_of(check.text), "stage": "book"}
    made, of_booking = _entered(lambda: client.post(check.request.full_path, data=last))
    _assert_done(made)
    return {BOOKING_FORM: of_form, BOOKING: of_booking}


def _sign_up(client: FlaskClient) -> dict[str, Files]:
    roster = make_roster()
    form = opened(client, f"/sign-ups/new/{roster.activity.slug}/{roster.id}")
    last = hidden_of(form.text)
    made, found = _entered(lambda: client.post(form.request.full_path, data=last))
    _assert_done(made)
    return {SIGN_UP: found}


def _assert_done(answer: TestResponse) -> None:
    assert answer.status_code == 303
    assert "/new/" not in answer.location, "another step follows"


def _entered(do: Callable[[], T]) -> tuple[T, Files]:
    """What came of it, and the functions that it called in each file of `center/`."""
    found: dict[str, set[str]] = defaultdict(set)

    def note(frame: FrameType, event: str, _value: Any) -> None:
        code: CodeType = frame.f_code
        if event == "call" and code.co_filename.startswith(CENTER) and code.co_name != "<module>":
            found[code.co_filename.removeprefix(CENTER)].add(code.co_name)

    sys.setprofile(note)
    try:
        return do(), found
    finally:
        sys.setprofile(None)


def main() -> None:
    """Print what the errands enter on a fresh database."""
    engines = Engines(Path(tempfile.mkdtemp(prefix="traced-")))
    conftest.COMPILED.directory = str(engines.home)
    app = conftest.make_app(engines.new_url("sqlite", "traced"))
    with app.app_context():
        begin_test()
        for name, files in files_of(app.test_client()).items():
            print(f"{len(files)} files are entered by {name}")
            for file in sorted(files):
                print(f"    {file}: {' '.join(sorted(files[file]))}")
    dispose(app)
    engines.stop()


if __name__ == "__main__":
    main()
