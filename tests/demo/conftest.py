"""The demonstration as it is loaded, for tests that only look at it."""

import pytest
from flask import Flask

from tests.demo.kept import loaded
from tests.demo.test_load import load_small
from tests.engines import Engines


@pytest.fixture
def demo(app: Flask, engine: str, engines: Engines) -> None:
    """The small demonstration, on SQLite loaded once in a run: loading takes longer than looking."""
    if engine == "sqlite":
        loaded(engines)
    else:
        load_small()
