"""A child goes home without an adult who collects: alone, with a brother or sister, with the school bus.

What the day's plan does not say needs a guardian who was rung; then it is done, and looked at afterwards.
"""

from dataclasses import dataclass, replace

from sqlalchemy import select

from center.afterschool.custody import ledger, messages
from center.afterschool.custody.ledger import HolderSaid
from center.afterschool.handing_over.answers import Answer
from center.afterschool.handing_over.saying import (
    Saying,
    Verdict,
    expected_of,
    flag_of,
    hold,
    is_denied,
    is_new,
    refused,
    said_before,
    said_of,
    written,
)
from center.afterschool.models.consents import ChildConsent, Purpose
from center.afterschool.models.custody import GONE, Custody, Flag, Holder
from center.afterschool.models.plans import Way
from center.afterschool.plans import rules
from center.afterschool.plans.day_plans import Expected
from center.kernel.db import db
from center.kernel.errors import RuleBroken
from center.kernel.i18n import format_clock
from center.kernel.i18n import lazy_gettext as _l
from center.people.acting import guardians_of
from center.people.models import Person

SIBLING_AGE, ALONE_AGE = 14, 10  # where the child has no term that says otherwise
HOLDERS = {Way.ALONE: Holder.ALONE, Way.BUS: Holder.BUS, Way.SIBLING: Holder.SIBLING}


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """How a child goes home, and who of the guardians said so where the plan says otherwise."""

    way: Way
    sibling: Person | None = None
    bus: str = ""
    approved_by: Person | None = None
    approved_on: str = ""


def leave(child: Person, leaving: Leaving, saying: Saying) -> Verdict:
    """A child goes home in one of these ways; raises RuleBroken where a rule that protects the child is not kept."""
    hold([child], saying)
    if known := said_before(child, saying):
        return known
    plan = expected_of(child, saying)
    consent = _consent_of(child) if leaving.way is Way.ALONE else None
    said = replace(
        said_of(child, saying, HOLDERS[leaving.way]),
        with_person=leaving.sibling,
        bus=leaving.bus.strip()[:60],
        consent=consent,
        approved_by=leaving.approved_by,
        approved_on=leaving.approved_on.strip()[:20],
    )
    last = ledger.now_holding(child.id)
    if not saying.was_so and last is not None and _has_gone(last, said):
        return refused(child, said, Answer.GONE, before=last.event)
    _check(child, leaving, plan, consent, saying)
    verdict = written(child, replace(said, flag=_flag(leaving, plan, saying)))
    if is_new(verdict) and verdict.event is not None:
        messages.tell_left(verdict.event, now=saying.now)
    return verdict


def _has_gone(last: Custody, said: HolderSaid) -> bool:
    """Whether the child went otherwise today already; to say the same once more is no harm."""
    return last.holder in GONE and last.event.on_date == said.on_date and last.holder is not said.holder


def _consent_of(child: Person) -> ChildConsent | None:
    """The form that a guardian signed last for walking alone, if one was ever given."""
    query = select(ChildConsent).where(
        ChildConsent.child_id == child.id, ChildConsent.purpose == Purpose.WALKING_ALONE, ChildConsent.is_given
    )
    return db.session.scalar(query.order_by(ChildConsent.revoked_at.is_not(None), ChildConsent.id.desc()).limit(1))


def _check(
    child: Person, leaving: Leaving, plan: Expected | None, consent: ChildConsent | None, saying: Saying
) -> None:
    if leaving.way is Way.ALONE and consent is None:
        raise RuleBroken(_l("No guardian has signed that this child walks home alone."))
    if leaving.way is Way.SIBLING and leaving.sibling is None:
        raise RuleBroken(_l("Say with which brother or sister the child goes."), field="sibling")
    if saying.was_so:
        return
    term = plan.day.term if plan else None
    if leaving.way is Way.ALONE:
        _check_alone(child, plan, consent, saying)
    if leaving.sibling is not None:
        if leaving.sibling.id == child.id:
            raise RuleBroken(_l("Nobody is their own brother or sister."), field="sibling")
        age = term.sibling_age if term else SIBLING_AGE
        if not rules.is_old_enough(leaving.sibling.birth_year, age, saying.on):
            words = _l("A brother or sister who takes a child home is at least %(age)d years old.", age=age)
            raise RuleBroken(words, field="sibling")
    if not _is_planned(leaving, plan):
        _check_approved(child, leaving, saying)


def _check_alone(child: Person, plan: Expected | None, consent: ChildConsent | None, saying: Saying) -> None:
    if consent is None or consent.revoked_at is not None:
        raise RuleBroken(_l("The form for walking home alone was taken back. The child is collected."))
    age = plan.day.term.alone_age if plan else ALONE_AGE
    if not rules.is_old_enough(child.birth_year, age, saying.on):
        raise RuleBroken(_l("A child who goes home alone is at least %(age)d years old.", age=age))
    if plan is not None and plan.way is Way.ALONE and plan.leaves_at and saying.when < plan.leaves_at:
        raise RuleBroken(_l("By the form the child goes at %(time)s, not before.", time=format_clock(plan.leaves_at)))


def _is_planned(leaving: Leaving, plan: Expected | None) -> bool:
    if plan is None or plan.way is not leaving.way:
        return False
    return leaving.way is not Way.SIBLING or plan.sibling == leaving.sibling


def _check_approved(child: Person, leaving: Leaving, saying: Saying) -> None:
    guardians = {each.guardian_id for each in guardians_of(child, on=saying.on)}
    if leaving.approved_by is None or leaving.approved_by.id not in guardians:
        words = _l("The plan of today says otherwise: ring the guardians in order, and say who of them agreed.")
        raise RuleBroken(words, field="approved_by")
    if is_denied(leaving.approved_by, child, saying):
        words = _l("Whoever may not collect the child cannot say who does. Ring another guardian.")
        raise RuleBroken(words, field="approved_by")
    if not leaving.approved_on.strip():
        raise RuleBroken(_l("Say on which number they were rung."), field="approved_on")


def _flag(leaving: Leaving, plan: Expected | None, saying: Saying) -> Flag | None:
    return flag_of(saying, None if _is_planned(leaving, plan) else Flag.AGAINST_PLAN)
