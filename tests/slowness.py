"""A test that is slow says why: `@pytest.mark.slow("...")`. One that does not is named at the end of a run.

What counts is the processor time of the test and of the programs that it waited for, so that a busy machine makes no
test slow. Nothing fails for it.
"""

import os
from collections.abc import Generator
from typing import Any

import pytest

MOST = 10.0  # seconds
TOOK = "processor_seconds"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow(why): takes more than ten seconds of processor time, and why it may")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Note how much a test took that has not said why."""
    began = _spent()
    try:
        return (yield)
    finally:
        took = _spent() - began
        if took > MOST and not _says_why(item):
            item.user_properties.append((TOOK, took))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [report for each in ("passed", "failed") for report in terminalreporter.stats.get(each, [])]
    found = [(took, report.nodeid) for report in reports for name, took in report.user_properties if name == TOOK]
    if found:
        terminalreporter.section('slow, and without a @pytest.mark.slow("why")')
    for took, nodeid in sorted(found, reverse=True):
        terminalreporter.write_line(f"{took:.0f} s of processor time: {nodeid}")


def _says_why(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("slow")
    return mark is not None and bool(mark.args and str(mark.args[0]).strip())


def _spent() -> float:
    """Seconds, of this process and the children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
