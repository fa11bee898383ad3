"""A child comes: picked up at school, on the way, here. Whoever stands at the door is let in, whatever a list says."""

from collections.abc import Sequence
from dataclasses import replace

from center.afterschool.custody import ledger, messages
from center.afterschool.handing_over.answers import Answer
from center.afterschool.handing_over.saying import (
    Saying,
    Verdict,
    expected_of,
    flag_of,
    hold,
    is_denied,
    is_new,
    numbered,
    raise_alarm,
    said_before,
    said_of,
    written,
)
from center.afterschool.models.custody import Flag, Holder
from center.afterschool.plans.rules import WhyNot
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.acting import guardians_of
from center.people.models import Person

BY_STAFF = "staff"


def arrive(child: Person, saying: Saying, *, brought_by: str = "") -> Verdict:
    """A child is here. Somebody on leave, without a place or on a day without a programme is here all the same."""
    hold([child], saying)
    if known := said_before(child, saying):
        return known
    plan = expected_of(child, saying)
    on_leave = plan is not None and plan.why_not is WhyNot.LEAVE
    not_planned = plan is None or not plan.comes
    flag = flag_of(saying, Flag.ON_LEAVE if on_leave else None, Flag.AGAINST_PLAN if not_planned else None)
    brought_by = brought_by.strip()[:60] or _who_walked(child)
    said = replace(said_of(child, saying, Holder.ROOM), brought_by=brought_by, flag=flag)
    verdict = written(child, said)
    if is_new(verdict) and verdict.event is not None:
        messages.tell_arrived(verdict.event, on_leave=on_leave, now=saying.now)
    return verdict


def on_the_way(children: Sequence[Person], walker: Person, saying: Saying) -> list[Verdict]:
    """Somebody of the staff has these children from their school on; each under a number of its own."""
    hold(children, saying)
    verdicts = []
    for child in sorted(children, key=lambda each: each.id):
        one = numbered(saying, child)
        verdict = said_before(child, one)
        if verdict is None:
            verdict = written(child, replace(said_of(child, one, Holder.ON_THE_WAY), with_person=walker))
        verdicts.append(verdict)
    return verdicts


def with_guardian(child: Person, guardian: Person, number: str, saying: Saying) -> Verdict:
    """A child did not come: this guardian, rung on this number, says that the child is with them.

    With one who may not collect the child that is an alarm. Raises RuleBroken where they are no guardian, or where no
    number is named.
    """
    hold([child], saying)
    if known := said_before(child, saying):
        return known
    if guardian.id not in {each.guardian_id for each in guardians_of(child, on=saying.on)}:
        raise RuleBroken(_l("Only a guardian of the child can say that."), field="approved_by")
    if not number.strip():
        raise RuleBroken(_l("Say on which number they were rung."), field="approved_on")
    said = replace(
        said_of(child, saying, Holder.GUARDIAN),
        approved_by=guardian,
        approved_on=number.strip()[:20],
        flag=flag_of(saying),
    )
    verdict = written(child, said)
    if is_new(verdict) and verdict.event is not None:
        messages.tell_left(verdict.event, now=saying.now)
        if is_denied(guardian, child, saying):
            raise_alarm(Answer.BARRED, verdict.event)
    return verdict


def _who_walked(child: Person) -> str:
    """Whoever was on the way with staff was brought by them, unless somebody says otherwise."""
    last = ledger.now_holding(child.id)
    return BY_STAFF if last is not None and last.holder is Holder.ON_THE_WAY else ""
