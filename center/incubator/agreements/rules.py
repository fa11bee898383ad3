"""What an agreement, a letting and a review may say, and where a review stands. Pure."""

import enum
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from center.incubator.models.agreements import MidResult, MidReview
from center.incubator.models.incubations import IncubationStage
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import lazy_gettext as _l

LONGEST = relativedelta(years=3)
IN_THE_HOUSE = (
    IncubationStage.SIGNING,
    IncubationStage.INCUBATING,
    IncubationStage.MID_REVIEW,
    IncubationStage.EXTENDED,
    IncubationStage.WITHDRAWING,
)
# Where each result of a mid-term review leads.
LEADS_TO = {
    MidResult.GOES_ON: IncubationStage.INCUBATING,
    MidResult.EXTENDED: IncubationStage.EXTENDED,
    MidResult.GRADUATES: IncubationStage.GRADUATED,
    MidResult.LEAVES: IncubationStage.WITHDRAWING,
}


class Step(enum.StrEnum):
    """What a mid-term review waits for."""

    REPORT = "report"
    OPINION = "opinion"
    CHECK = "check"
    RESULT = "result"
    OVER = "over"


def step_of(review: MidReview) -> Step:
    """What a mid-term review waits for next."""
    if review.closed_at is not None:
        return Step.OVER
    if review.report_at is None:
        return Step.REPORT
    if review.opinion_at is None:
        return Step.OPINION
    return Step.CHECK if review.checked_on is None else Step.RESULT


def term_faults(
    *, starts_on: date, ends_on: date, last: date | None, reason: str, is_extension: bool
) -> list[DomainError]:
    """What stands against a term; `last` is the last day of the one before it."""
    faults: list[DomainError] = []
    if ends_on < starts_on:
        faults.append(RuleBroken(_l("The last day is before the first day."), field="ends_on"))
    elif ends_on > starts_on + LONGEST - timedelta(days=1):
        faults.append(RuleBroken(_l("A term is three years at most."), field="ends_on"))
    if last is not None and starts_on <= last:
        words = _l("The term before it ends on %(day)s. The new one begins after that.", day=last.isoformat())
        faults.append(RuleBroken(words, field="starts_on"))
    if is_extension and not reason.strip():
        faults.append(RuleBroken(_l("Please say why it is extended."), field="reason"))
    return faults


def letting_faults(*, starts_on: date, ends_on: date, term: tuple[date, date]) -> list[DomainError]:
    """What stands against letting a seat from one day until another."""
    if ends_on < starts_on:
        return [RuleBroken(_l("The last day is before the first day."), field="ends_on")]
    first, last = term
    if starts_on < first or ends_on > last:
        words = _l("The agreement counts from %(first)s to %(last)s.", first=first.isoformat(), last=last.isoformat())
        return [RuleBroken(words, field="starts_on" if starts_on < first else "ends_on")]
    return []
