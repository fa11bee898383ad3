"""Who hears what of checks and duties."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from center.afterschool.models.staff import CareDuty, StaffCheck
from center.afterschool.rights import on_call
from center.afterschool.staff import news
from center.afterschool.words import CHECK_KINDS
from center.kernel.i18n import format_day
from center.kernel.i18n import gettext as _
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import say_desk
from center.people.models import Person

MOST_DATES = 10  # that one message names


def tell_running_out(check: StaffCheck, *, now: datetime, today: date) -> None:
    """Tell somebody, and the directors, that a check of theirs runs out."""
    facts: dict[str, Any] = {
        "check": lambda: str(CHECK_KINDS[check.kind]),
        "day": lambda: format_day(check.valid_until),
    }
    about = f"staff_check:{check.id}"
    outbox.tell(check.person, news.CHECK_RUNS_OUT, key=about, facts=facts | {"desk": say_desk}, about=about, now=now)
    path = path_to("classroom.checks")
    for director in (each.person for each in on_call.directors(today)):
        if director.id != check.person_id:
            others = facts | {"person": check.person.name}
            key = f"{about}:others"
            outbox.tell(director, news.OTHERS_CHECK_RUNS_OUT, key=key, facts=others, about=about, path=path, now=now)


def tell_duties_lost(person: Person, lost: Sequence[CareDuty], *, by: Person, now: datetime, today: date) -> None:
    """Tell somebody, and the other directors, that they were taken off duty."""
    key = f"duties_lost:{person.id}:{now.isoformat()}"
    days = [each.day.on_date for each in lost]
    facts: dict[str, Any] = {"dates": lambda: _say_days(days)}
    outbox.tell(person, news.DUTIES_LOST, key=key, facts=facts | {"desk": say_desk}, now=now)
    path = path_to("classroom.duty")
    for director in (each.person for each in on_call.directors(today)):
        if director.id not in {person.id, by.id}:
            others = facts | {"person": person.name}
            outbox.tell(director, news.OTHERS_DUTIES_LOST, key=f"{key}:others", facts=others, path=path, now=now)


def tell_owner(duty: CareDuty, *, by: Person, now: datetime) -> None:
    """Tell whoever owns the list of a day from now on, unless they said so themselves."""
    if by.id == duty.person_id:
        return
    facts = {"day": lambda: format_day(duty.day.on_date), "desk": say_desk}
    key = f"duty_owner:{duty.id}:{now.isoformat()}"
    about = f"term_day:{duty.day_id}"
    path = path_to("classroom.home")
    outbox.tell(duty.person, news.OWNER, key=key, facts=facts, about=about, path=path, by=by, now=now)


def _say_days(days: Sequence[date]) -> str:
    said = _(", ").join(format_day(day, with_year=False) for day in days[:MOST_DATES])
    return _("%(days)s and %(n)d more", days=said, n=len(days) - MOST_DATES) if len(days) > MOST_DATES else said
