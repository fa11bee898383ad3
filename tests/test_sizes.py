"""No module, no function and no version's list of changes is too long to read in one go."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from center.kernel.config import ROOT

MODULES = sorted((ROOT / "center").rglob("*.py"))
# What is longer than it should be, with its lines: these numbers only shrink, and nothing is added.
LONG_MODULES: dict[str, int] = {}
LONG_FUNCTIONS: dict[str, int] = {}


def test_no_module_is_too_long_to_read() -> None:
    lines = {_name(file): len(file.read_text().splitlines()) for file in MODULES}
    assert {name: n for name, n in lines.items() if n > LONG_MODULES.get(name, 300)} == {}
    assert [name for name in LONG_MODULES if lines.get(name, 0) <= 300] == [], (
        "these are short enough to leave the list"
    )


def test_no_function_is_too_long_to_read() -> None:
    lines = {f"{_name(file)}:{name}": n for file in MODULES for name, n in _functions(ast.parse(file.read_text()))}
    assert {name: n for name, n in lines.items() if n > LONG_FUNCTIONS.get(name, 40)} == {}
    gone = [name for name in LONG_FUNCTIONS if lines.get(name, 0) <= 40]
    assert gone == [], "these are short enough to leave the list"


def test_the_changes_of_a_version_are_a_page_at_most() -> None:
    versions = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)[1:]
    lines = {each.splitlines()[0]: len(each.splitlines()) for each in versions}
    assert next(iter(lines)) == "Unreleased"
    assert {version: n for version, n in lines.items() if n > 60} == {}


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def _functions(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every function with its lines, the longest last where two have one name."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return iter(sorted(((f.name, (f.end_lineno or 0) - f.lineno + 1) for f in found), key=lambda each: each[1]))
