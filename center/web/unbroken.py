"""Dates and times that a page does not break inside 11月, 周二 or 下午2:30: Chinese breaks anywhere else.

Done once, where a page leaves its template, so that a date may come from a filter, a sentence or a title. Only text
between tags is touched, and what leaves the house by other ways (files, feeds, messages, a title, a text to copy) is
not: there an invisible character would be found again where nobody looks for it.
"""

import re

from jinja2 import Template

from center.kernel.texts import JOINER

# Attributes have a ">" before the next "<". The words of a choice or a button are short, and looked for by name.
_IN_TEXT = r"(?=[^<>]*<(?!/(?:button|label|option|script|style|text|textarea|title)))"
_YEAR = re.compile(r"年(?<=\d年)" + _IN_TEXT)
_MONTH = re.compile(r"月(?<=\d月)(?:(\d{1,2})日)?" + _IN_TEXT)
_CLOCK = re.compile(r"午(?<=[上下中]午)(?=\d)" + _IN_TEXT)
_WEEKDAY = re.compile(r"周(?:(?<=日 周)|(?<=[^\s>]周))([一二三四五六日])" + _IN_TEXT)


class UnbrokenTemplate(Template):
    """A template whose page keeps dates whole."""

    def render(self, *args: object, **kwargs: object) -> str:
        """The page, with its dates kept whole."""
        return unbroken(super().render(*args, **kwargs))


def unbroken(page: str) -> str:
    """A page (or a piece of one) whose dates no line breaks; twice is once."""
    page = _YEAR.sub(JOINER + "年", page)
    page = _MONTH.sub(_month, page)
    page = _CLOCK.sub(f"{JOINER}午{JOINER}", page)
    return _WEEKDAY.sub(rf"周{JOINER}\1", page)


def _month(found: re.Match[str]) -> str:
    day = found[1]
    return f"{JOINER}月{JOINER}{day}{JOINER}日" if day else f"{JOINER}月"
