"""The words of a message as whoever looks at it now reads them.

They are stored as they were told, and their reader, or the page they look at, may have another way to tell time.
"""

import re
from datetime import time

from center.i18n import LOCALES, format_clock, is_elder, speaking
from center.notices.models import Notice

# A clock of 24 hours; not one that stands in the words of elder mode already, nor a part of an address.
CLOCK = re.compile(
    r"(?<![\d:.])(?<!上午|下午|中午|半夜)([01]\d|2[0-3]):([0-5]\d)(?![\d:])(?!\s?(?:AM|PM|noon|midnight)\b)"
)


def retimed(text: str, language: str) -> str:
    """Words in this language with their clocks as the page tells time: in elder mode 下午2:30 instead of 14:30."""
    if not is_elder():
        return text
    with speaking(language if language in LOCALES else "zh"):
        return CLOCK.sub(lambda found: format_clock(time(int(found[1]), int(found[2]))), text)


def subject(notice: Notice) -> str:
    """A message's subject, for whoever looks at it."""
    return retimed(notice.subject, notice.locale)


def body(notice: Notice) -> str:
    """A message's body, for whoever looks at it."""
    return retimed(notice.body, notice.locale)


def gist(notice: Notice) -> str:
    """What a message says changed, for whoever looks at it."""
    return retimed(notice.gist, notice.locale)
