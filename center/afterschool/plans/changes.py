"""What is different on one day: a guardian says it until the cut-off, afterwards by phone or in person through staff.

The latest change of a day counts, whoever said it. Every guardian is told, and whoever is on duty that day, with the
change itself; somebody on duty acknowledges it (已知晓). Called inside one `transaction()`; never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.afterschool.collectors.bars import as_wanted, bar_against, bars_of, denies
from center.afterschool.collectors.listing import counts_on
from center.afterschool.custody import ledger
from center.afterschool.models.custody import GONE, WITH_US, Custody, Holder
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import BarLevel, Collector, Different, PlanChange, Stay
from center.afterschool.models.terms import TermDay, TermMode
from center.afterschool.plans import day_plans, messages, rules
from center.afterschool.plans.rules import FINAL, WAYS
from center.afterschool.plans.ways import AskedWay, consent_for
from center.afterschool.rights.guardian_rights import Deed, refuse_kept_away, refuse_stranger
from center.kernel.db import db, lock, must_find
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import centre_zone, format_clock, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import say_desk
from center.people import acting, phones
from center.people.models import Person

IN_PERSON = "in person"  # in place of the number that was rung back: the guardian stood before whoever wrote it down


@dataclass(frozen=True, kw_only=True)
class AskedChange:
    """What is to be different."""

    what: Different
    collector: Collector | None = None
    sibling_id: int | None = None
    bus: str = ""
    leaves: time | None = None
    stay: Stay | None = None  # for which part of a whole day in the holidays; None: nothing is said of that


@dataclass(frozen=True, kw_only=True)
class Call:
    """How a guardian said it to staff: from which number they rang, and which number on record was rung back."""

    rang_from: str = ""
    rang_back: str = ""
    in_person: bool = False


class TooLate(RuleBroken):
    """The cut-off has passed: guardians ring now."""


class AlreadyGone(Conflict):
    """The child has gone home already."""


def say(
    enrolment: Enrolment,
    on: date,
    asked: AskedChange,
    *,
    guardian: Person,
    by: Person,
    now: datetime,
    call: Call | None = None,
) -> PlanChange:
    """Write down what a guardian says of one day, and tell everybody whom it concerns. The same twice is once.

    `by` is the guardian, or staff whom they told (`call`). Raises TooLate after the cut-off where no call is named,
    AlreadyGone where the child is, RuleBroken where the day or the way does not allow it.
    """
    child = enrolment.child
    lock(child)
    refuse_stranger(guardian, child, now=now)
    refuse_kept_away(guardian, child, now=now, to=Deed.WAY_HOME)
    day = _day(enrolment, on, now=now)
    is_late = rules.is_past_cut_off(on, day.term.cut_off, now=now, zone=centre_zone())
    if is_late and call is None:
        raise too_late(day)
    rang_back = rung_back(call, child, now=now) if call else ""
    _check_where_the_child_is(child, day, asked, now=now)
    expected = day_plans.expected_of(enrolment, day)
    last = expected.change
    if last is not None and last.by_id == guardian.id and _is_same(last, asked):
        return last
    _check_day(expected, asked)
    change = _changed(expected, asked, guardian=guardian, by=by, now=max(now, last.at) if last else now)
    change.is_after_cut_off, change.rang_from, change.rang_back = is_late, call.rang_from if call else "", rang_back
    db.session.add(change)
    db.session.flush()
    messages.tell_change(change, day=day, by=by, now=now)
    return change


def _changed(
    expected: day_plans.Expected, asked: AskedChange, *, guardian: Person, by: Person, now: datetime
) -> PlanChange:
    child, day = expected.child, expected.day
    return PlanChange(
        enrolment_id=expected.enrolment.id,
        on_date=day.on_date,
        what=asked.what,
        collector_id=_collector(child, asked, on=day.on_date, now=now),
        sibling_id=asked.sibling_id,
        bus=asked.bus.strip(),
        leaves=asked.leaves,
        consent_id=_consent(expected, asked),
        stay=asked.stay,
        by_id=guardian.id,
        at=now,
        recorded_by_id=by.id,
    )


def acknowledge(change: PlanChange, *, by: Person, now: datetime) -> None:
    """Somebody on duty has seen a change, and all that was said of the child's day before it; twice is once."""
    lock(change.enrolment.child)
    query = select(PlanChange).where(
        PlanChange.enrolment_id == change.enrolment_id,
        PlanChange.on_date == change.on_date,
        PlanChange.id <= change.id,
        PlanChange.acknowledged_at.is_(None),
    )
    for each in db.session.scalars(query):
        each.acknowledged_at, each.acknowledged_by_id = now, by.id
    db.session.flush()


def get_change(change_id: int) -> PlanChange:
    """A change; raises NotFound."""
    return must_find(db.session.get(PlanChange, change_id), _l("There is no such change."))


def changes_of(enrolment: Enrolment, first: date) -> Sequence[PlanChange]:
    """What was said of a child's days from a date on, the latest first."""
    return _read(PlanChange.enrolment_id == enrolment.id, PlanChange.on_date >= first)


def changes_on(day: TermDay) -> Sequence[PlanChange]:
    """What was said of a day of a term, of all children, the latest first."""
    of_term = select(Enrolment.id).where(Enrolment.term_id == day.term_id)
    return _read(PlanChange.on_date == day.on_date, PlanChange.enrolment_id.in_(of_term))


def unseen_on(day: TermDay) -> Sequence[PlanChange]:
    """Those of them that nobody has acknowledged yet."""
    of_term = select(Enrolment.id).where(Enrolment.term_id == day.term_id)
    unseen = PlanChange.acknowledged_at.is_(None)
    return _read(PlanChange.on_date == day.on_date, PlanChange.enrolment_id.in_(of_term), unseen)


def guardians_to_ring(child: Person, *, now: datetime) -> Sequence[Person]:
    """The guardians who can be rung back about a child; not one who may not collect the child."""
    bars = bars_of(child, now)
    known = [each.guardian for each in acting.guardians_of(child, on=local_date(now))]
    return [each for each in known if each.phone and not denies(bars, each)]


def rung_back(call: Call, child: Person, *, now: datetime) -> str:
    """The number on record that was rung back, since anybody may ring and say that they are a mother.

    Raises RuleBroken where none was.
    """
    if call.in_person:
        return IN_PERSON
    numbers = {each.phone for each in guardians_to_ring(child, now=now)}
    number = phones.normalise(call.rang_back) if call.rang_back else ""
    if not number or number not in numbers:
        raise RuleBroken(
            _l("Ring back one of the guardians' numbers on record, and choose which one."), field="rang_back"
        )
    return number


def too_late(day: TermDay) -> TooLate:
    """What a guardian reads after the cut-off."""
    clock = format_clock(day.term.cut_off)
    return TooLate(
        _l("This day could be changed here until %(clock)s. Please ring the front desk now.", clock=clock)
        if not say_desk()
        else _l(
            "This day could be changed here until %(clock)s. Please ring now. %(desk)s", clock=clock, desk=say_desk()
        )
    )


def _read(*where: object) -> Sequence[PlanChange]:
    query = select(PlanChange).where(*where).order_by(PlanChange.at.desc(), PlanChange.id.desc())  # type: ignore[arg-type]
    who = (PlanChange.by, PlanChange.recorded_by, PlanChange.acknowledged_by, PlanChange.collector, PlanChange.sibling)
    query = query.options(*map(joinedload, who), joinedload(PlanChange.enrolment).joinedload(Enrolment.child))
    return db.session.scalars(query).all()


def _day(enrolment: Enrolment, on: date, *, now: datetime) -> TermDay:
    if on < local_date(now):
        raise RuleBroken(_l("This day has passed."))
    day = day_plans.find_day(enrolment.term_id, on)
    if day is None:
        raise RuleBroken(_l("The programme does not take place on this day."))
    return day


def _check_where_the_child_is(child: Person, day: TermDay, asked: AskedChange, *, now: datetime) -> None:
    held = ledger.now_holding(child.id) if day.on_date == local_date(now) else None
    if held is None or held.event.on_date != day.on_date:
        return
    if held.holder in GONE and held.holder is not Holder.GUARDIAN:
        raise AlreadyGone(_gone(held))
    if held.holder in WITH_US and asked.what is Different.LEAVE:
        raise RuleBroken(_l("The child is with us already. Say who collects them, or ring the front desk."))


def _gone(held: Custody) -> str:
    clock = format_clock(held.since_at)
    who = held.event.collector.name if held.event.collector else held.event.other_name
    if held.holder is Holder.COLLECTOR and who:
        return str(_l("The child went home at %(clock)s with %(who)s already.", clock=clock, who=who))
    return str(_l("The child went home at %(clock)s already.", clock=clock))


def _check_day(expected: day_plans.Expected, asked: AskedChange) -> None:
    if expected.why_not in FINAL:
        raise RuleBroken(_l("The child has no place that day, or the place rests."))
    if asked.what is Different.LEAVE and expected.why_not is not None and expected.change is None:
        raise RuleBroken(_l("The child is not expected that day anyway. Nothing needs to be said."))
    if asked.stay is None:
        return
    if expected.day.term.mode is not TermMode.FULL_DAY:
        raise RuleBroken(_l("Only days in the holidays have a morning and an afternoon."))
    if asked.stay is expected.stay:
        raise RuleBroken(_l("That is how the day stands already."))


def _is_same(last: PlanChange, asked: AskedChange) -> bool:
    collector_id = asked.collector.id if asked.collector else None
    said = (last.what, last.collector_id, last.sibling_id, last.bus, last.leaves, last.stay)
    return said == (asked.what, collector_id, asked.sibling_id, asked.bus.strip(), asked.leaves, asked.stay)


def _collector(child: Person, asked: AskedChange, *, on: date, now: datetime) -> int | None:
    if asked.what is not Different.COLLECTOR:
        return None
    collector = asked.collector
    if collector is None or collector.child_id != child.id:
        raise RuleBroken(_l("Choose somebody from the list of those who may collect."), field="collector")
    if not counts_on(collector, on):
        raise RuleBroken(_l("%(who)s may not collect on that day.", who=collector.name), field="collector")
    bar = bar_against(bars_of(child, now), as_wanted(collector))
    if bar is not None and bar.level is BarLevel.DENY:
        raise RuleBroken(_l("%(who)s may not collect on that day.", who=collector.name), field="collector")
    return collector.id


def _consent(expected: day_plans.Expected, asked: AskedChange) -> int | None:
    if asked.what not in WAYS or asked.what is Different.COLLECTOR:
        return None
    way, stay, day = WAYS[asked.what], expected.stay or Stay.WHOLE, expected.day
    way_asked = AskedWay(way=way, leaves=asked.leaves, sibling_id=asked.sibling_id, bus=asked.bus, stay=stay)
    return consent_for(expected.child, way_asked, term=day.term, on=day.on_date, field=asked.what.value)
