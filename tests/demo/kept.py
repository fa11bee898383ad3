"""The small demonstration on SQLite, loaded once in a run by whichever process needs it first, then copied."""

import json
from dataclasses import asdict

from center.demo.load import Loaded
from tests.demo.test_load import load_small
from tests.engines import Engines, keep_rows, locked, put_rows_back


def loaded(engines: Engines) -> Loaded:
    """Fill the empty database of the present app with it; what loading it said."""
    file = engines.home / "demonstration.db"
    said = file.with_suffix(".json")
    with locked(file.with_suffix(".lock")):
        if not said.exists():
            told = load_small()
            keep_rows(file)
            said.write_text(json.dumps(asdict(told)))
            return told
    put_rows_back(file)
    return Loaded(**json.loads(said.read_text()))
