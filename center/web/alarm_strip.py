"""What stands above every page of the classroom while an alarm waits; the director sees it at the desk as well."""

from collections.abc import Callable
from datetime import date
from functools import cache

from flask import g, request
from flask_login import current_user

from center.afterschool.alarms_now import marks
from center.afterschool.policy import may_care, may_run
from center.kernel import clock
from center.kernel.access import Permission, may
from center.kernel.i18n import centre_zone

HERE = ("classroom", "desk")


def may_see() -> Callable[[date], bool]:
    """Whose alarms somebody sees: those of a day's children, and, until they are answered, of the days before."""
    today = clock.today(centre_zone())

    @cache
    def may_see_on(on: date) -> bool:
        return may_care(current_user, on) or (on < today and may_care(current_user, today))

    return may_see_on


def alarms_waiting() -> list[str] | None:
    """What waits for an answer of whoever looks at this page; None where the page is none of theirs."""
    if request.blueprint not in HERE or not may(Permission.CARE_FOR_CHILDREN):
        return None
    if request.blueprint == "desk" and not may_run(current_user):
        return None
    if "alarms_waiting" not in g:
        g.alarms_waiting = marks(clock.now(), may_see=may_see())
    found: list[str] = g.alarms_waiting
    return found
