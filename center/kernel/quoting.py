"""Quotation marks inside quotation marks: a title that has its own is said in “…” without doubling them. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

_QUOTED = re.compile(r"“%\((\w+)\)s”")
_INNER = {"“": "‘", "”": "’", '"': "'"}


def fitting(sentence: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The facts of a sentence as they stand in it: those that it quotes have no marks that clash with its own."""
    if "“%(" not in sentence:
        return facts
    quoted = {name: within_quotes(facts[name]) for name in _QUOTED.findall(sentence) if name in facts}
    return {**facts, **quoted}


def within_quotes(said: Any) -> str:
    """What is said, to stand between “ and ”: its own marks become single ones, and those around all of it go."""
    text = said if isinstance(said, str) else str(said)
    if len(text) > 2 and text[0] + text[-1] in {"“”", '""'} and not any(mark in text[1:-1] for mark in _INNER):
        return text[1:-1]
    for mark, inner in _INNER.items():
        if mark != '"' or not isinstance(text, Markup):  # there they belong to its tags
            text = text.replace(mark, inner)
    return text
