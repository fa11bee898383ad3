"""Sign-ups are made on a waking day: at night nobody is offered a place."""

import pytest


@pytest.fixture(autouse=True)
def _waking(morning: None) -> None:
    """The clock stands at ten o'clock."""
