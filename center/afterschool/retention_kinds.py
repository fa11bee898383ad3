"""Everything that is kept of children, kind by kind: how long at least and at most, counted from what.

The rules behind the numbers: what is kept no longer than it is needed for (Personal Information Protection Law of the
PRC, art. 19), and is deleted by whoever keeps it once that is over (art. 47); records of how it was handled last three
years at least (art. 56). Claims for an injury can be made for three years (Civil Code, art. 188), so who held a child,
alarms, changes, incidents and consents last as long: they show what was done and agreed to. What is deleted is counted
for the yearly audit (regulation on the protection of minors in cyberspace, art. 37). What the consent to health and to
the photo promises is the most that can be set here: those texts are written with these numbers.
"""

import enum
from dataclasses import dataclass
from typing import Any

from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import speaking

YEAR = 365  # days
THREE_YEARS, FIVE_YEARS, TEN_YEARS = 3 * YEAR, 5 * YEAR, 10 * YEAR


class Since(enum.StrEnum):
    """What a period is counted from."""

    CLOSED = "closed"
    DAY = "day"
    LIST = "list"
    LEAVING = "leaving"
    PLACE = "place"
    SETTLED = "settled"


SINCE_WORDS = {
    Since.CLOSED: _l("the day on which it was closed"),
    Since.DAY: _l("the day itself"),
    Since.LIST: _l("the collector's last day on the list"),
    Since.LEAVING: _l("the day on which the child leaves the programme"),
    Since.PLACE: _l("the end of the place in that term"),
    Since.SETTLED: _l("the day on which it was decided"),
}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of what is kept: its bounds and its first number of days, and whether a hold keeps it."""

    code: str
    title: Any
    since: Since
    least: int
    first: int
    most: int
    can_be_held: bool = True  # health, photo and codes go as promised, whatever else is needed

    @property
    def name(self) -> str:
        """What it is called in the trail."""
        with speaking("zh"):
            return str(self.title)

    @property
    def name_en(self) -> str:
        """The same in English."""
        with speaking("en"):
            return str(self.title)


def _kind(code: str, title: Any, since: Since, days: tuple[int, int, int], *, can_be_held: bool = True) -> Kind:
    least, first, most = days
    return Kind(code=code, title=title, since=since, least=least, first=first, most=most, can_be_held=can_be_held)


MONTH, TERM, RECORD = (7, 30, 30), (30, YEAR, THREE_YEARS), (THREE_YEARS, THREE_YEARS, FIVE_YEARS)
KINDS: tuple[Kind, ...] = (
    _kind("health_notes", _l("What is to be known of the child's health"), Since.LEAVING, MONTH, can_be_held=False),
    _kind("child_photos", _l("The child's photo"), Since.LEAVING, MONTH, can_be_held=False),
    _kind("collector_photos", _l("Photo of whoever collects"), Since.LEAVING, MONTH, can_be_held=False),
    _kind("photos_off_list", _l("Photo of whoever collected"), Since.LIST, (1, 1, 7), can_be_held=False),
    _kind("pick_up_codes", _l("Codes of the day"), Since.DAY, (1, 30, 90), can_be_held=False),
    _kind("day_notes", _l("Homework, snack and remarks"), Since.PLACE, TERM),
    _kind("priority_claims", _l("Reasons for priority"), Since.PLACE, (180, YEAR, THREE_YEARS)),
    _kind("ways_home", _l("How the child goes home on weekdays"), Since.PLACE, TERM),
    _kind("call_orders", _l("Who is rung first"), Since.PLACE, TERM),
    _kind("collection_bars", _l("Who may not collect"), Since.LEAVING, (YEAR, THREE_YEARS, FIVE_YEARS)),
    _kind("plan_changes", _l("What guardians said of single days"), Since.DAY, RECORD),
    _kind("care_alarms", _l("Alarms and the calls about them"), Since.DAY, RECORD),
    _kind("incidents", _l("Incidents"), Since.CLOSED, (THREE_YEARS, THREE_YEARS, TEN_YEARS)),
    _kind("custody", _l("Who held the child, and to whom they were handed"), Since.LEAVING, RECORD),
    _kind("guardian_words", _l("What guardians said to staff"), Since.LEAVING, RECORD),
    _kind("child_consents", _l("What guardians agreed to"), Since.LEAVING, RECORD),
    _kind("collectors", _l("Who may collect, and whether they agreed to a photo"), Since.LEAVING, RECORD),
    _kind("enrolment_events", _l("What happened to places"), Since.LEAVING, RECORD),
    _kind("enrolments", _l("Class at school and mark"), Since.LEAVING, (YEAR, THREE_YEARS, FIVE_YEARS)),
    _kind("guardian_disputes", _l("Where guardians disagreed"), Since.SETTLED, (YEAR, THREE_YEARS, FIVE_YEARS)),
    _kind("deletion_asks", _l("What guardians asked to delete"), Since.SETTLED, RECORD),
    _kind("legal_holds", _l("What was kept longer, and why"), Since.SETTLED, (YEAR, THREE_YEARS, FIVE_YEARS)),
)
BY_CODE = {each.code: each for each in KINDS}
