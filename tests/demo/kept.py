"""The small demonstration on SQLite, loaded once in a run by whichever process needs it first, then copied."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

from center.demo.load import Loaded
from center.kernel.db import db
from tests.demo.test_load import load_small
from tests.engines import Engines, locked


def loaded(engines: Engines) -> Loaded:
    """Fill the empty database of the present app with it; what loading it said."""
    database, file = Path(str(db.engine.url.database)), engines.home / "demonstration.db"
    said = file.with_suffix(".json")
    with locked(file.with_suffix(".lock")):
        if not said.exists():
            told = load_small()
            db.session.rollback()
            db.engine.dispose()
            shutil.copyfile(database, file)
            said.write_text(json.dumps(asdict(told)))
            return told
    db.session.rollback()
    db.engine.dispose()
    shutil.copyfile(file, database)
    return Loaded(**json.loads(said.read_text()))
