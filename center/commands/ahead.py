"""Before processes are forked, what each of them would do with its first visitor is done once for all.

Pages that everybody reads are drawn, and every sweep looks once. So templates, translations and the texts of statements
are there once, in memory that processes share, and nobody waits for them after a start.
"""

import gc
from contextvars import copy_context

from flask import Flask

from center.app.wiring import SWEEPS
from center.commands import close_connections
from center.kernel import clock
from center.kernel.db import db
from center.kernel.i18n import LOCALES
from center.kernel.logs import UNCOUNTED, log
from center.kernel.site import path_to

PAGES = (
    *("timetable.home", "timetable.board", "timetable.find", "timetable.calendar", "rooms.index"),
    *("activities.index", "troupes.index", "people.sign_in"),
)


def look_ahead(app: Flask) -> None:
    """Read what is read most, and leave no connection open: a forked process must not inherit one."""
    copy_context().run(_look, app)  # a request leaves its number in the context, for the log
    gc.collect()
    gc.freeze()  # as `center.app.wsgi` does with what it has loaded


def _look(app: Flask) -> None:
    with app.app_context():
        try:
            _draw_pages(app)
            _look_for_what_is_due()
        except Exception as error:  # a start does not fail for it: whoever asks for that page is told what is wrong
            log.warning("not_looked_ahead", kind=type(error).__name__, exc_info=error)
        finally:
            close_connections()


def _draw_pages(app: Flask) -> None:
    for language in LOCALES:
        visitor = app.test_client()
        visitor.set_cookie("lang", language)
        for page in PAGES:
            visitor.get(path_to(page), environ_overrides={UNCOUNTED: True})


def _look_for_what_is_due() -> None:
    for sweep in SWEEPS:
        (sweep.receivers.of_due if sweep.receivers else sweep.due)(clock.now())
        db.session.remove()
