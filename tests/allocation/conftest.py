"""A Monday morning at the centre."""

from collections.abc import Iterator

import pytest
from flask import Flask

from center.kernel import clock
from tests.allocation.builders import MORNING
from tests.builders import make_centre


@pytest.fixture
def monday(app: Flask) -> Iterator[None]:
    """The morning from which the clock runs on."""
    clock.start_at(MORNING)
    make_centre()
    yield
    clock.start_at(None)
