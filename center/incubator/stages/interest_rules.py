"""How long an interest in an organisation counts. Pure."""

from datetime import date

from dateutil.relativedelta import relativedelta

from center.incubator.models.interests import InterestKind
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l

LATELY = relativedelta(years=3)


def counts_until(kind: InterestKind, until: date | None) -> date | None:
    """The last day on which an interest counts; None for ever.

    Families do not end, and who founded an organisation has founded it; membership and money count for three years
    after they ended.
    """
    if kind in {InterestKind.FAMILY, InterestKind.FOUNDER} or until is None:
        return None
    return until + LATELY


def check_dates(since: date | None, until: date | None) -> None:
    """An interest ends on or after the day it begins."""
    if since is not None and until is not None and until < since:
        raise RuleBroken(_l("The last day is before the first day."), field="until")
