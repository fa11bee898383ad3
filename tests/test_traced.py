"""Who changes what a booking or a sign-up does has few files to read."""

from flask.testing import FlaskClient

from tests.engines import ONE_ENGINE
from tools import traced

# How many files of `center/` each enters at most. They shrink, but for what makes a request much cheaper.
MOST = {traced.BOOKING_FORM: 43, traced.BOOKING: 48, traced.SIGN_UP: 47}

pytestmark = [ONE_ENGINE]


def test_an_errand_goes_through_few_files(client: FlaskClient) -> None:
    found = traced.files_of(client)
    assert {name: len(found[name]) for name in MOST if len(found[name]) > MOST[name]} == {}, found
