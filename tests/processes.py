"""Processes of a test that begin at once: they come from one that has imported the whole site already."""

import multiprocessing
from multiprocessing.context import ForkServerContext

IMPORTED = ["center.commands.cli", "center.app.wiring", "tests.builders", "tests.named_worker"]


def at_once() -> ForkServerContext:
    """Where such processes come from; the first one of all waits for the imports."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    return context
