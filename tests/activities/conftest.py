"""Activities are made in the morning, so that tomorrow is tomorrow all through a test."""

import pytest


@pytest.fixture(autouse=True)
def _waking(morning: None) -> None:
    """The clock stands at ten o'clock."""
