"""Which time a pack is of, what an amount is, what is missing, and what files are called. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from center.kernel.errors import RuleBroken
from center.kernel.file_sorts import is_whole_pdf
from center.kernel.i18n import lazy_gettext as _l

LONGEST = 366  # days
KEPT_FOR = timedelta(days=14)
LEASE = timedelta(minutes=2)  # an entry takes seconds; after this long whoever makes a pack is taken to be dead
MOST_TRIES = 3
MOST_FEN = 100_000_00  # of one entry; what costs more has another paper than a receipt
MOST_PICTURES = 60  # of one session
MOST_RECEIPT = 5 * 1024 * 1024
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s]+')


class Lack(StrEnum):
    """What is missing of a time."""

    FEEDBACK = "feedback"
    PICTURES = "pictures"
    PLAN = "plan"
    RECEIPT = "receipt"
    REGISTER = "register"
    SELF_EVALUATION = "self_evaluation"
    SESSIONS = "sessions"
    SPENDING = "spending"
    SUMMARY = "summary"


@dataclass(frozen=True, kw_only=True)
class SessionFacts:
    """What is there of one session."""

    session_id: int
    slug: str
    called: str  # its day and title
    title: str  # of its activity
    on: date
    has_plan: bool
    has_register: bool
    pictures: int
    has_feedback: bool
    has_summary: bool
    is_to_be_filed: bool = False


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One thing that is missing: what, and of which session or entry."""

    lack: Lack
    of: str = ""
    slug: str = ""
    session_id: int = 0
    on: date | None = None  # of that session
    is_to_be_filed: bool = False


def check_days(first: date, last: date, *, today: date) -> None:
    """A pack is of at most a year, and of nothing that is still to come."""
    if last < first:
        raise RuleBroken(_l("The last day is before the first day."), field="last")
    if first > today:
        raise RuleBroken(_l("These days are still to come."), field="first")
    if (last - first).days >= LONGEST:
        raise RuleBroken(_l("At most a year at a time, please."), field="last")


def fen_of(typed: str) -> int:
    """An amount in yuan as hundredths: "12.5", "￥1,280". Raises RuleBroken on "amount"."""
    plain = re.sub(r"[,，\s¥元]", "", unicodedata.normalize("NFKC", typed or ""))
    try:
        fen = Decimal(plain) * 100
    except InvalidOperation:
        fen = Decimal(-1)
    if not fen.is_finite() or fen <= 0 or fen != fen.to_integral_value():
        raise RuleBroken(_l("Please write an amount such as 12.50."), field="amount")
    if fen > MOST_FEN:
        raise RuleBroken(_l("At most 100,000 yuan an entry."), field="amount")
    return int(fen)


def yuan(fen: int) -> str:
    """Hundredths as an amount with two digits."""
    return f"{fen // 100}.{fen % 100:02d}"


def check_pdf(content: bytes) -> None:
    """A file that begins and ends like a PDF, whatever its name says; raises RuleBroken on "receipt"."""
    if not is_whole_pdf(content):
        raise RuleBroken(_l("Please choose a photo (JPEG, PNG or WebP) or a whole PDF file."), field="receipt")
    if len(content) > MOST_RECEIPT:
        raise RuleBroken(_l("A PDF file of at most 5 MB, please."), field="receipt")


def what_is_missing(
    sessions: Sequence[SessionFacts], *, spending: int, without_receipt: Sequence[str], has_evaluation: bool
) -> list[Missing]:
    """What the pack will lack, in the order in which it can be put right."""
    found = [] if sessions else [Missing(lack=Lack.SESSIONS)]
    plans = {each.slug: each for each in reversed([each for each in sessions if not each.has_plan])}
    found += [  # of an activity, not of each of its dates
        Missing(lack=Lack.PLAN, of=plans[slug].title, slug=slug, is_to_be_filed=plans[slug].is_to_be_filed)
        for slug in reversed(plans)
    ]
    for lack, lacking in (
        (Lack.SUMMARY, [each for each in sessions if not each.has_summary]),
        (Lack.REGISTER, [each for each in sessions if not each.has_register]),
        (Lack.PICTURES, [each for each in sessions if not each.pictures]),
        (Lack.FEEDBACK, [each for each in sessions if not each.has_feedback]),
    ):
        found += [
            Missing(lack=lack, of=each.called, slug=each.slug, session_id=each.session_id, on=each.on)
            for each in lacking
        ]
    found += [Missing(lack=Lack.SPENDING)] if not spending else []
    found += [Missing(lack=Lack.RECEIPT, of=each) for each in without_receipt]
    return found if has_evaluation else [*found, Missing(lack=Lack.SELF_EVALUATION)]


def file_name(*parts: object, suffix: str) -> str:
    """A name that every system can keep: what stands in it parted by _, without what is unfit, at most 80 letters."""
    whole = "_".join(_UNFIT.sub("-", unicodedata.normalize("NFC", str(part))).strip("-. ") for part in parts if part)
    return whole[:80].rstrip("-. ") + suffix


def names_once(names: Sequence[str]) -> list[str]:
    """The same names, each made different from those before it."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        key = name.casefold()
        seen[key] = seen.get(key, 0) + 1
        stem, dot, suffix = name.rpartition(".")
        found.append(name if seen[key] == 1 else f"{stem}-{seen[key]}{dot}{suffix}")
    return found
