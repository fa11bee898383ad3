"""The demonstration as it is loaded, for tests that only look at it."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from center.kernel.db import db
from tests.demo.test_load import load_small


@pytest.fixture(scope="session")
def _kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "small.db"


@pytest.fixture
def demo(app: Flask, engine: str, _kept: Path) -> None:
    """The small demonstration, on SQLite loaded once by each test process: loading takes longer than looking."""
    if engine != "sqlite":
        load_small()
        return
    file = Path(str(db.engine.url.database))
    if _kept.exists():
        db.engine.dispose()
        shutil.copyfile(_kept, file)
        return
    load_small()
    db.session.rollback()
    db.engine.dispose()
    shutil.copyfile(file, _kept)
