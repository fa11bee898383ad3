"""What is refused is read in English, whatever is translated."""

from collections.abc import Iterator

import pytest
from flask import Flask

from center.kernel.i18n import speaking


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    """Words as they stand in the code."""
    with speaking("en"):
        yield
