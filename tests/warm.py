"""Imported once by the process from which the processes of tests come: what every one of them would do first.

The first site of a process is slow to make: tables are mapped, words are read. The next ones are made in a moment.
"""

from sqlalchemy.orm import configure_mappers

import center.app.wiring  # noqa: F401  (every table)
from center import create_app
from tests.engines import settings_for

create_app(settings_for("sqlite:////nowhere/never-opened.db"))
configure_mappers()
