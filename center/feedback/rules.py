"""When people are asked about a session, when answers are shown, and how many sheets are printed. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from center.feedback.models import Following, Liking
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l

LEAST = 5  # answers, before anybody reads a total or a word of them
ASK_AFTER = timedelta(hours=1)  # once a session is over
ASK_WITHIN = timedelta(days=3)  # who is entered in the register later is not asked any more
ASK_AGAIN_AFTER = timedelta(days=28)  # about the same activity: a class of every week is no reason to ask every week
OPEN_FOR = timedelta(days=14)  # after the session
MOST_WORDS = 500
MOST_OF_COMPLAINT = 2000
SPENT = _l("This was answered already. Thank you! Each link and each sheet is for one answer.")
OVER = _l("The time for answering is over. You can still tell the front desk.")


class AnsweredBefore(Conflict):
    """One answer was given by this link or sheet."""


class RoundOver(Conflict):
    """Nobody is asked about this session any more."""


class TooManyAnswers(Conflict):
    """More would have answered about this session than came to it."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody answers to the three questions."""

    liking: Liking
    following: Following
    words: str = ""
    is_named: bool = False


@dataclass(frozen=True, kw_only=True)
class Totals:
    """How many said what, of five answers or more; and their words, without names and in no order."""

    answers: int
    liking: Mapping[Liking, int]
    following: Mapping[Following, int]
    words: tuple[str, ...]


def closes_at(ends_at: datetime) -> datetime:
    """Until when a session that ends then may be spoken of."""
    return ends_at + OPEN_FOR


def check_open(*, closes_at: datetime, closed_at: datetime | None, now: datetime) -> None:
    """Raises RoundOver once the time for answers is over."""
    if closed_at is not None or now >= closes_at:
        raise RoundOver(OVER)


def joins_totals(*, counted: int, waiting: int, is_closing: bool) -> bool:
    """Whether the answers that wait are counted now.

    Only five together, or what remains when the round closes: whoever compares two totals never finds one answer alone.
    """
    if waiting >= LEAST:
        return True
    return is_closing and waiting > 1 and counted + waiting >= LEAST


def totals(answers: Iterable[tuple[Liking, Following, str]]) -> Totals | None:
    """What these answers come to; None where they are fewer than five."""
    every = list(answers)
    if len(every) < LEAST:
        return None
    liking, following = Counter(each[0] for each in every), Counter(each[1] for each in every)
    return Totals(
        answers=len(every),
        liking={each: liking[each] for each in Liking},
        following={each: following[each] for each in Following},
        words=tuple(each[2] for each in every if each[2]),
    )


def check_sheets(*, wanted: int, people: int) -> None:
    """No more sheets are printed than people were expected; raises RuleBroken."""
    if wanted > people:
        words = _l("At most %(most)s sheets: one for each person on the list.", most=people)
        raise RuleBroken(words, field="sheets")


def check_came(*, answers: int, came: int) -> None:
    """No sheet is taken once there are as many answers as people came; raises TooManyAnswers."""
    if answers >= came:
        raise TooManyAnswers(
            _l("There are as many answers as people who came, so no sheet is taken any more: one of them has answered "
               "by a link as well.")
        )  # fmt: skip
