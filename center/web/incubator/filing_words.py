"""What the states of filings are called, for templates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from center.incubator.filings.words import FILING_NAMES, SUMMARY_NAMES, TONES


@dataclass(frozen=True)
class FilingWords:
    """The names of states, and the tone in which each is said."""

    filing: Mapping[Any, Any] = field(default_factory=lambda: FILING_NAMES)
    summary: Mapping[Any, Any] = field(default_factory=lambda: SUMMARY_NAMES)
    tones: Mapping[Any, str] = field(default_factory=lambda: TONES)
