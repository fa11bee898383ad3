"""Reasons that lie ready: kept as a code before one's own words, and said in the language of whoever reads them."""

import re
from collections.abc import Mapping
from typing import Any

MOST = 200  # letters of a reason, as it is kept
_CODED = re.compile(r"\{([a-z_]+\.[a-z_]+)\}")
_sentences: dict[str, Any] = {}


def register(group: str, sentences: Mapping[str, Any]) -> Mapping[str, Any]:
    """Make the ready reasons of one kind of decision known; returns them."""
    _sentences.update({f"{group}.{name}": words for name, words in sentences.items()})
    return sentences


def said(reason: str) -> str:
    """A reason as it was kept, in the language now spoken. One's own words stay as they were written."""
    return _CODED.sub(lambda found: str(_sentences.get(found[1], "")), reason, count=1).strip()
