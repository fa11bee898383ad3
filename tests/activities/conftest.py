"""Activities are made in the morning, so that tomorrow is tomorrow all through a test."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from center.kernel import clock


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> Iterator[None]:
    clock.start_at(datetime(2026, 11, 24, 2, tzinfo=UTC))  # ten o'clock at the centre
    yield
    clock.start_at(None)
