"""Processes of a test that begin at once: they come from one that has imported the whole site, and made it once."""

import multiprocessing
from multiprocessing.context import ForkServerContext

IMPORTED = ["center.commands.cli", "tests.builders", "tests.named_worker", "tests.warm"]


def at_once() -> ForkServerContext:
    """Where such processes come from; the first one of all waits for the imports."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    return context
