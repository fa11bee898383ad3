"""What the `holidays` library knows: public holidays and make-up working days of a country, in both languages."""

import re
import sys
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import ModuleType

import holidays
from holidays.registry import EntityLoader

from center.kernel.clock import FIRST_DAY, LAST_DAY
from center.premises.models import DayKind

# A country is a module; their package loads all of them with the first, which takes 9 MB, unless it is there already.
if "holidays.countries" not in sys.modules:
    _countries = ModuleType("holidays.countries")
    _countries.__path__ = [str(Path(holidays.__file__).parent / "countries")]
    sys.modules["holidays.countries"] = _countries

CHINESE = ("zh_CN", "zh_TW")
ENGLISH = ("en_US", "en_GB")
_SAYS_A_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class NamedDay:
    """A day that differs from its weekday, and what it is called. A make-up working day may have no name."""

    kind: DayKind
    name: str = ""
    name_en: str = ""
    counts_as: int | None = None  # of a make-up working day: whose timetable holds, 0 is Monday; None: nobody says


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """The countries whose holidays the library knows, as two-letter codes."""
    return frozenset(EntityLoader.get_country_codes(include_aliases=False))  # its own list would load them all


@lru_cache(maxsize=64)
def library_days(country: str, year: int) -> dict[date, NamedDay]:
    """The year's public holidays and make-up working days; empty for a country the library does not know."""
    if country not in countries():
        return {}
    chinese, english = _holidays(country, year, CHINESE), _holidays(country, year, ENGLISH)
    days = {
        day: NamedDay(DayKind.HOLIDAY, name, _plain_date(english.get(day) or name)) for day, name in chinese.items()
    }
    # A make-up day may lie in the year before its holiday, so the next year is asked too.
    workdays = chinese.weekend_workdays | _holidays(country, year + 1, CHINESE).weekend_workdays
    made_up = _made_up_for(chinese)
    return days | {day: NamedDay(DayKind.WORKING, counts_as=made_up.get(day)) for day in workdays if day.year == year}


def _made_up_for(chinese: holidays.HolidayBase) -> dict[date, int]:
    """Of each make-up working day that a day off names (休息日（由 2026-10-10 调休）), that day's weekday."""
    named = {day: _SAYS_A_DATE.search(name) for day, name in chinese.items()}
    return {date.fromisoformat(found[0]): day.weekday() for day, found in named.items() if found}


@lru_cache(maxsize=8)
def last_published_year(country: str) -> int:
    """The last year whose make-up working days the library holds.

    Later years it can only compute: the feasts, without the days that are moved. A country that moves none is known
    as far as the library goes; of a country it does not know, nothing is.
    """
    if country not in countries():
        return 0
    known = holidays.country_holidays(country, years=range(FIRST_DAY.year, LAST_DAY.year + 1))
    if not known.has_substituted_holidays:
        return LAST_DAY.year
    return max((day.year for day in known.weekend_workdays), default=0)


def _holidays(country: str, year: int, wished: tuple[str, ...]) -> holidays.HolidayBase:
    spoken = holidays.country_holidays(country).supported_languages
    language = next((each for each in wished if each in spoken), None)
    return holidays.country_holidays(country, years=year, language=language)


def _plain_date(name: str) -> str:
    """02/14/2026 as 2026-02-14, which nobody reads the wrong way round."""
    return re.sub(r"(\d\d)/(\d\d)/(\d{4})", r"\3-\1-\2", name)
