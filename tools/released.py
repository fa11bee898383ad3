"""Keep a database as this version makes it, for the test that upgrades one of each released version.

`python -m tools.released`, once at each release: what it writes to tests/data/released/<version>/ never changes again.
"""

import gzip
import os
import re
import shutil
import sqlite3  # which alone can write a dump
import subprocess
import tempfile
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from center import create_app
from center.kernel import clock
from center.kernel.config import ROOT
from tests import world
from tests.engines import ENGINES, Engines, Postgres, dispose, settings_for

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)  # at the centre


def main() -> None:
    """Write the files of this version; refuses to write them twice."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    folder = ROOT / "tests" / "data" / "released" / version
    folder.mkdir(parents=True)
    engines = Engines(Path(tempfile.mkdtemp(prefix="released-")))
    try:
        for engine in ENGINES:
            url = engines.new_url(engine, "released")
            _fill(url)
            dump = _of_sqlite(url) if engine == "sqlite" else _of_postgresql(url, engines.postgres())
            (folder / f"{engine}.sql.gz").write_bytes(gzip.compress(dump.encode(), mtime=0))
    finally:
        engines.stop()


def _fill(url: str) -> None:
    app = create_app(settings_for(url))
    with app.app_context():
        clock.start_at(NOON)
        world.build()
    dispose(app)


def _of_sqlite(url: str) -> str:
    connection = sqlite3.connect(str(make_url(url).database))
    try:
        return "\n".join(connection.iterdump())
    finally:
        connection.close()


def _of_postgresql(url: str, server: Postgres) -> str:
    program = shutil.which("pg_dump", path=f"{server.bin_dir}{os.pathsep}{os.environ['PATH']}")
    assert program, "pg_dump is not installed"
    options = ("--inserts", "--rows-per-insert=50", "--no-owner", "--no-privileges", "--no-comments")
    done = subprocess.run([program, *options, url], capture_output=True, text=True, check=True)
    known_to_few = r"(?m)^(\\(un)?restrict |SET transaction_timeout ).*\n"  # to psql alone, and to newer servers
    return re.sub(known_to_few, "", done.stdout)


if __name__ == "__main__":
    main()
