"""The words of a message as whoever looks at it now reads them.

They are stored as they were told, and their reader, or the page they look at, may have another way to tell time.
"""

import re
from datetime import time

from center.kernel.i18n import LOCALES, format_clock, format_clocks, is_elder, speaking
from center.notices.models import Notice

# What stands in the words of elder mode already; a clock of 24 hours, or a span of two. No part of an address.
ELDER = r"(?:上午|下午|中午|半夜)\d{1,2}:\d\d(?:–\d{1,2}:\d\d)?"
CLOCK = r"(?<![\d:.])([01]\d|2[0-3]):([0-5]\d)(?![\d:])(?!\s?(?:AM|PM|noon|midnight)\b)"
CLOCKS = re.compile(f"{ELDER}|{CLOCK}(?:–{CLOCK})?")


def retimed(text: str, language: str) -> str:
    """Words in this language with their clocks as the page tells time: in elder mode 下午2:30 instead of 14:30."""
    if not is_elder():
        return text
    with speaking(language if language in LOCALES else "zh"):
        return CLOCKS.sub(_said, text)


def _said(found: re.Match[str]) -> str:
    hour, minute, until_hour, until_minute = found.groups()
    if hour is None:
        return found[0]
    start = time(int(hour), int(minute))
    return format_clocks(start, time(int(until_hour), int(until_minute))) if until_hour else format_clock(start)


def subject(notice: Notice) -> str:
    """A message's subject, for whoever looks at it."""
    return retimed(notice.subject, notice.locale)


def body(notice: Notice) -> str:
    """A message's body, for whoever looks at it."""
    return retimed(notice.body, notice.locale)


def gist(notice: Notice) -> str:
    """What a message says changed, for whoever looks at it."""
    return retimed(notice.gist, notice.locale)
