"""What staff may say of a room. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from center.kernel.errors import DomainError, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import LocalSpan
from center.rooms.models import Approval, Noise

CODE = re.compile(r"[\w-]{1,12}")
STEPS = (5, 10, 15, 20, 30, 60)  # minutes; each divides the hour, so bookings of one room share their starts


@dataclass(frozen=True, kw_only=True)
class RoomFacts:
    """What a room is."""

    name: str
    name_en: str
    about: str
    about_en: str
    notice: str
    notice_en: str
    floor: int
    position: int
    capacity: int
    wheelchair_places: int
    noise: Noise
    is_confidential: bool
    companion_places: int = 0
    access_note: str = ""
    access_note_en: str = ""


@dataclass(frozen=True, kw_only=True)
class BookingRules:
    """How a room may be booked; minutes and days as on the room."""

    residents_may_book: bool
    organisations_may_book: bool
    approval: Approval
    approval_from_people: int
    min_people: int
    min_minutes: int
    max_minutes: int
    org_max_minutes: int
    step_minutes: int
    buffer_minutes: int
    notice_minutes: int
    horizon_days: int
    org_horizon_days: int
    live_limit: int
    org_live_limit: int
    cancel_minutes: int
    series_weeks: int = 20
    org_series_limit: int = 1
    expire_minutes: int = 0
    release_minutes: int = 0
    set_up_minutes: int = 0


@dataclass(frozen=True)
class Equipment:
    """One thing that stands in a room."""

    name: str
    name_en: str = ""


@dataclass(frozen=True)
class Window:
    """A fixed window and why it is fixed."""

    hours: LocalSpan
    reason: str = ""
    reason_en: str = ""


@dataclass(frozen=True)
class NewPart:
    """A part that a room is divided into; `number` is its place on the form."""

    number: int
    code: str
    name: str
    name_en: str
    capacity: int


def check_facts(facts: RoomFacts) -> None:
    """Raises RuleBroken where a room's facts contradict each other."""
    if facts.wheelchair_places > facts.capacity:
        raise RuleBroken(_l("There cannot be more wheelchair places than places."), field="wheelchair_places")
    if facts.wheelchair_places + facts.companion_places > facts.capacity:
        words = _l("Wheelchair and companion places together are more than the room holds.")
        raise RuleBroken(words, field="companion_places")


def check_code(code: str) -> None:
    """A code is letters, digits and hyphens, since it is part of the room's address."""
    if not CODE.fullmatch(code) or code.lower() == "new":
        raise RuleBroken(_l("A code has letters, digits and hyphens only, such as R06."), field="code")


def check_booking_rules(rules: BookingRules, *, capacity: int) -> None:
    """Raises RuleBroken, carrying every contradiction, where rules would leave nothing that can be booked."""
    broken_rules(list(_contradictions(rules, capacity)))


def _contradictions(rules: BookingRules, capacity: int) -> Iterator[DomainError]:
    if rules.max_minutes < rules.min_minutes:
        yield RuleBroken(_l("The longest booking must not be shorter than the shortest."), field="max_minutes")
    if rules.org_max_minutes < rules.min_minutes:
        yield RuleBroken(_l("The longest booking must not be shorter than the shortest."), field="org_max_minutes")
    if rules.min_people > capacity:
        yield RuleBroken(_l("More people are asked for than the room holds."), field="min_people")
    if rules.residents_may_book and rules.notice_minutes >= rules.horizon_days * 1440:
        yield RuleBroken(_l("With this notice nothing could be booked in time."), field="notice_minutes")
    if rules.organisations_may_book and rules.notice_minutes >= rules.org_horizon_days * 1440:
        yield RuleBroken(_l("With this notice organisations could book nothing in time."), field="org_horizon_days")
