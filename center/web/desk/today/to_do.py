"""What waits for whoever is at the desk, as the first page of the desk counts it."""

from datetime import datetime, timedelta
from typing import Any

from center.activities.change_requests.queries import count_proposals
from center.activities.queries import count_waiting_for_review
from center.afterschool.staff.carers import count_urgent
from center.afterschool.staff.queries import count_without_owner
from center.allocation.swaps.queries import count_waiting_for_staff
from center.attendance.hours.queries import count_to_review
from center.attendance.overview import NAGS_FOR
from center.attendance.queries import count_to_review as count_entries
from center.attendance.queries import count_without_register
from center.bookings.visits import limits, welfare
from center.bookings.waiting import wishes
from center.feedback import complaints
from center.incubator.filings.queries import count_filed
from center.incubator.queries import count_due
from center.kernel import clock
from center.kernel.access import Permission, may
from center.kernel.caching.read_cache import while_unchanged
from center.kernel.i18n import is_elder, language, local_date, ngettext
from center.notices.data_asks import count_open
from center.signups.posting import requests
from center.troupes.works.queries import count_waiting_days
from center.web.activities.pages import own_roles

NEXT_DAYS = timedelta(days=7)


def all_to_do(user: Any, *, now: datetime) -> tuple[tuple[int, str, str], ...]:
    """(how many, the endpoint, what they are) of all that waits for this member of staff; the most urgent first.

    Counted again once anything was written, or the minute is over.
    """
    now = now.replace(second=0, microsecond=0)
    whose = (user.person_id, user.permissions, language(), is_elder())
    return while_unchanged(("to do", *whose, now), lambda: tuple(_count_all(user, now=now)))


def _count_all(user: Any, *, now: datetime) -> list[tuple[int, str, str]]:
    registers = [*_registers(now), *_entries(), *_after_school(now)]
    return [
        *to_do(user, now=now),
        *_swaps(now),
        *registers,
        *_asks_for_places(),
        *_activities_to_review(),
        *_sale_days(now),
        *_filings(),
        *_incubator(now),
        *_asks_about_data(),
        *_complaints(),
    ]


def to_do(user: Any, *, now: datetime) -> list[tuple[int, str, str]]:
    """(how many, the endpoint, what they are) for what this member of staff may do; the most urgent first."""
    found = []
    if Permission.EDIT_PEOPLE in user.permissions:
        calls, proposals = welfare.count_open_calls(), limits.count_proposals(now=now)
        found.append(
            (calls, "bookings.calls", ngettext("person to ask how they are", "people to ask how they are", calls))
        )
        say = ngettext("missed-visits case to decide", "missed-visits cases to decide", proposals)
        found.append((proposals, "bookings.booking_limits", say))
    if Permission.SIGN_UP_ANYONE in user.permissions:
        days = count_to_review()
        say = ngettext("day of volunteer hours to review", "days of volunteer hours to review", days)
        found.append((days, "desk.hours", say))
    if Permission.SEE_BOOKINGS in user.permissions:
        waiting = wishes.count_waiting(now=now)
        say = ngettext("person waits for a time", "people wait for a time", waiting)
        found.append((waiting, "bookings.waiting_list", say))
    return found


def _swaps(now: datetime) -> list[tuple[int, str, str]]:
    """How many swaps of room times wait for the centre's word."""
    if not may(Permission.ALLOCATE_ROOMS):
        return []
    count = count_waiting_for_staff(now)
    say = ngettext("swap of room times to decide", "swaps of room times to decide", count)
    return [(count, "allocation.all_swaps", say)]


def _registers(now: datetime) -> list[tuple[int, str, str]]:
    """How many sessions of the last days have a register that nobody closed."""
    if not may(Permission.SIGN_UP_ANYONE):
        return []
    count = count_without_register(since=now - NAGS_FOR, now=now)
    return [(count, "desk.registers", ngettext("register not closed", "registers not closed", count))]


def _after_school(now: datetime) -> list[tuple[int, str, str]]:
    """Whose check runs out, and which of the next days nobody owns the list of."""
    if not may(Permission.RUN_AFTER_SCHOOL):
        return []
    today = local_date(now)
    checks, days = count_urgent(today), count_without_owner(today, today + NEXT_DAYS)
    say_checks = ngettext("check of somebody on duty to see to", "checks of somebody on duty to see to", checks)
    say_days = ngettext("day ahead that nobody owns the list of", "days ahead that nobody owns the list of", days)
    return [(checks, "classroom.checks", say_checks), (days, "classroom.duty", say_days)]


def _asks_for_places() -> list[tuple[int, str, str]]:
    """How many requests for a place wait for a decision."""
    if not may(Permission.EDIT_ACTIVITIES):
        return []
    count = requests.count(now=clock.now())
    return [(count, "desk.sign_up_requests", ngettext("sign-up to decide", "sign-ups to decide", count))]


def _activities_to_review() -> list[tuple[int, str, str]]:
    """How many activities wait for review, as the board lists what there is to do."""
    if not may(Permission.EDIT_ACTIVITIES):
        return []
    count = count_waiting_for_review() + count_proposals()
    return [(count, "posting.review", ngettext("activity to review", "activities to review", count))]


def _sale_days(now: datetime) -> list[tuple[int, str, str]]:
    """How many sale days wait for a decision."""
    if not may(Permission.EDIT_ACTIVITIES):
        return []
    count = count_waiting_days(now=now)
    return [(count, "desk.sale_days", ngettext("sale day to decide", "sale days to decide", count))]


def _filings() -> list[tuple[int, str, str]]:
    """How many filings of activities nobody has looked at."""
    if not may(Permission.RUN_INCUBATOR):
        return []
    count = count_filed()
    return [(count, "desk.filings", ngettext("filing to look at", "filings to look at", count))]


def _incubator(now: datetime) -> list[tuple[int, str, str]]:
    """How many organisations in the incubator are late or due soon; of them the reviews are said by themselves."""
    if not may(Permission.RUN_INCUBATOR):
        return []
    reviews, others = count_due(local_date(now))
    say_reviews = ngettext("review of an organisation due", "reviews of organisations due", reviews)
    say_others = ngettext("step of an organisation due", "steps of organisations due", others)
    return [(reviews, "desk.incubator", say_reviews), (others, "desk.incubator", say_others)]


def _entries() -> list[tuple[int, str, str]]:
    """How many entries of registers somebody has to decide about."""
    if not may(Permission.SIGN_UP_ANYONE):
        return []
    count = count_entries()
    return [(count, "desk.to_review", ngettext("register entry to decide", "register entries to decide", count))]


def _complaints() -> list[tuple[int, str, str]]:
    """How many complaints wait for this director."""
    if not may(Permission.READ_COMPLAINTS):
        return []
    count = complaints.count_waiting(own_roles())
    return [(count, "feedback.complaints", ngettext("complaint to answer", "complaints to answer", count))]


def _asks_about_data() -> list[tuple[int, str, str]]:
    """How many people ask about their own data."""
    if not may(Permission.EDIT_PEOPLE):
        return []
    count = count_open()
    return [(count, "notices.calls", ngettext("person asks about their data", "people ask about their data", count))]
