"""What stands above every page of the classroom while an alarm waits; the director sees it at the desk as well."""

from functools import cache

from flask import g, request
from flask_login import current_user

from center.afterschool.alarms.current import MaySee, marks
from center.afterschool.models.terms import TermDay
from center.afterschool.policy import may_care, may_run, terms_in_care
from center.kernel import clock
from center.kernel.access import Permission, may
from center.kernel.i18n import centre_zone

HERE = ("classroom", "desk")


def may_see() -> MaySee:
    """Whose alarms and incidents somebody sees: of a day in their care; and, while they look after the same term's
    children, of its days before.
    """
    today = clock.today(centre_zone())

    @cache
    def in_care() -> set[int]:
        return terms_in_care(current_user, today)

    @cache
    def may_see_day(day: TermDay | None) -> bool:
        if day is None:
            return may_run(current_user)
        return may_care(current_user, day) or (day.on_date < today and day.term_id in in_care())

    return may_see_day


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
