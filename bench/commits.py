"""Commits that have nothing to do with what others read: somebody signs in, five times a second."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from center.kernel import clock
from center.kernel.db import transaction
from center.people import sessions
from tests.builders import make_account

A_SECOND = 5


@contextmanager
def unrelated(app: Flask) -> Iterator[list[int]]:
    """While the block runs, somebody signs in again and again; yields a list that grows with each."""
    done: list[int] = []
    over = threading.Event()

    def sign_in() -> None:
        with app.test_request_context("/"):
            account = make_account()
            while not over.wait(1 / A_SECOND):
                with transaction():
                    sessions.start(account, now=clock.now())
                done.append(1)

    thread = threading.Thread(target=sign_in, daemon=True)
    thread.start()
    try:
        yield done
    finally:
        over.set()
        thread.join()
