"""The tests pass on any day: none reads a clock before it runs."""

import ast
from collections.abc import Iterator

import pytest

from center.kernel.config import ROOT

pytest_plugins = ["pytester"]
CLOCKS = {"now", "utcnow", "today", "time", "time_ns"}  # of datetime, date, time and our own clock


def read_at_import(tree: ast.AST) -> Iterator[int]:
    """The lines that ask a clock as soon as the module is imported: outside functions, in defaults and decorators."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and _asks_a_clock(node):
            yield node.lineno
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for outer in (*node.decorator_list, node.args):
                yield from read_at_import(ast.Module([ast.Expr(outer)], []) if isinstance(outer, ast.expr) else outer)
        elif not isinstance(node, ast.Lambda):
            yield from read_at_import(node)


def _asks_a_clock(call: ast.Call) -> bool:
    """Whether this is `datetime.now()` or the like; `time(8)`, a time of day, is not."""
    named = call.func
    return isinstance(named, ast.Attribute) and named.attr in CLOCKS and isinstance(named.value, ast.Name)


def test_no_module_of_tests_asks_a_clock_when_it_is_imported() -> None:
    modules = sorted((ROOT / "tests").rglob("*.py"))
    assert modules
    read = [(file, line) for file in modules for line in read_at_import(ast.parse(file.read_text(encoding="utf-8")))]
    assert not read, "ask the clock inside the test"


@pytest.mark.parametrize(
    "source",
    [
        "DAY = date.today()",
        "@parametrize('now', [datetime.now(UTC)])\ndef test_it(now): ...",
        "def test_it(now=clock.now()): ...",
        "class TestIt:\n    start = time.time()",
    ],
)
def test_the_guard_sees_a_clock_that_is_asked_on_import(source: str) -> None:
    assert list(read_at_import(ast.parse(source)))


@pytest.mark.parametrize("source", ["def test_it():\n    clock.now()", "LATER = lambda: clock.now()", "NINE = time(9)"])
def test_the_guard_lets_a_test_ask_when_it_runs(source: str) -> None:
    assert not list(read_at_import(ast.parse(source)))


def test_a_moment_worked_out_while_tests_are_collected_is_an_error(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("from tests.conftest import pytest_collection")
    pytester.makepyfile("from tests.builders import at\nNOON = at(12)\n\ndef test_it():\n    assert NOON")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*No moment is worked out while tests are collected*"])
