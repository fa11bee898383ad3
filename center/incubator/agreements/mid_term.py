"""A mid-term review, step by step: begun, reported, read, checked by a call or a visit, and ended with a result."""

from datetime import date, datetime

from center.incubator import moves
from center.incubator.agreements import messages, queries, rules
from center.incubator.agreements.rules import LEADS_TO, Step, step_of
from center.incubator.models.agreements import CardMoment, CheckWay, MidResult, MidReview
from center.incubator.models.incubations import Incubation, IncubationDecision, IncubationStage
from center.incubator.stages.deciding import Ruling
from center.incubator.stages.house_rules import house_rules
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.people.models import Person
from center.premises.working_days import add_working_days

NOT_NOW = _l("This step is not its turn. Please look at where the review stands.")


def open_mid_term(incubation: Incubation, *, step: int, by: Person, now: datetime) -> MidReview:
    """Begin a mid-term review: the organisation is at that stage, and its leads are asked to report."""
    lock(incubation)
    if queries.open_review(incubation.id) is not None:
        raise Conflict(_l("A mid-term review is under way already."))
    if incubation.stage is not IncubationStage.MID_REVIEW:
        moves.move(incubation, Ruling(to_stage=IncubationStage.MID_REVIEW, step=step), by=by, now=now)
    review = MidReview(incubation_id=incubation.id, opened_by_id=by.id, opened_at=now, report="", opinion="")
    db.session.add(review)
    db.session.flush()
    note(Act.MID_REVIEW_MOVED, incubation.organisation, by=by)
    messages.tell_report(review, due_on=add_working_days(local_date(now), house_rules().report_days), now=now)
    return review


def report(review: MidReview, words: str, *, by: Person, now: datetime) -> None:
    """The organisation says what it did; it may say it anew until somebody has read it."""
    lock(review)
    if step_of(review) not in {Step.REPORT, Step.OPINION}:
        raise Conflict(_l("Somebody has read the report already, so it stays as it is."))
    review.report, review.report_by_id, review.report_at = words, by.id, now
    db.session.flush()


def give_opinion(review: MidReview, words: str, *, by: Person, now: datetime) -> None:
    """Somebody of the staff has read the report, and says what they think."""
    _at(review, Step.OPINION)
    review.opinion, review.opinion_by_id, review.opinion_at = words, by.id, now
    note(Act.MID_REVIEW_MOVED, review.incubation.organisation, by=by)


def check(review: MidReview, way: CheckWay, words: str, *, on: date, by: Person, now: datetime) -> None:
    """Somebody has rung or been there, and says whether it is so."""
    _at(review, Step.CHECK)
    if on > local_date(now) or on < local_date(review.opened_at):
        raise RuleBroken(_l("This is a day from the beginning of the review until today."), field="on")
    review.check_way, review.check_words, review.checked_on, review.checked_by_id = way, words, on, by.id
    note(Act.MID_REVIEW_MOVED, review.incubation.organisation, by=by)


def close(
    review: MidReview, result: MidResult, *, reason: str, step: int, by: Person, now: datetime
) -> IncubationDecision:
    """End a review with its result, which moves the organisation on. Whoever graduates has an exit card."""
    _at(review, Step.RESULT)
    incubation = review.incubation
    if result is MidResult.GRADUATES and CardMoment.EXIT not in queries.cards_of(incubation.id):
        raise RuleBroken(_l("Write first what it can do now: its page is made from that."), field="result")
    review.result, review.closed_at = result, now
    db.session.flush()
    return moves.move(incubation, Ruling(to_stage=LEADS_TO[result], step=step, reason=reason), by=by, now=now)


def _at(review: MidReview, step: rules.Step) -> None:
    lock(review)
    if step_of(review) is not step:
        raise Conflict(NOT_NOW)
