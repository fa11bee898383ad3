"""The fixed week (每周计划): on which weekdays a child comes, and how they go home on each. Never commits."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.afterschool.models.enrolments import Enrolment, EnrolmentChange, EnrolmentEvent
from center.afterschool.models.plans import Way, WayHome
from center.afterschool.models.terms import Term, TermDay
from center.afterschool.plans import day_plans, messages, rules
from center.afterschool.plans.changes import too_late
from center.afterschool.plans.ways import AskedWay, consent_for
from center.afterschool.plans.words import say_weekday
from center.afterschool.rights.guardian_rights import Deed, refuse_kept_away
from center.kernel.db import db, lock
from center.kernel.errors import DomainError, RuleBroken, broken_rules
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.rooms.labels import WEEKDAYS

Week = Mapping[int, AskedWay | None]  # by weekday; None: the child does not come
CHANGED = _l("The fixed week")


def week_of(enrolment: Enrolment) -> dict[int, WayHome]:
    """The fixed week of a child, by weekday."""
    query = select(WayHome).where(WayHome.enrolment_id == enrolment.id).options(joinedload(WayHome.sibling))
    return {each.weekday: each for each in db.session.scalars(query.order_by(WayHome.weekday))}


def without_days(enrolments: Collection[Enrolment]) -> set[int]:
    """The numbers of those of which nobody has said yet on which weekdays the child comes: nobody expects them."""
    ids = {each.id for each in enrolments}
    return ids - set(db.session.scalars(select(WayHome.enrolment_id).where(WayHome.enrolment_id.in_(ids))))


def weekdays_of(term: Term) -> list[int]:
    """On which weekdays a term takes place; what a make-up day counts as is one of them."""
    query = select(TermDay.counts_as).where(TermDay.term_id == term.id).distinct()
    return sorted(db.session.scalars(query))


def set_week(
    enrolment: Enrolment, week: Week, *, by: Person, now: datetime, guardian: Person | None = None
) -> list[int]:
    """Let a child come and go home like this from now on; returns the weekdays that are other than before.

    Raises RuleBroken, on the field of each weekday, where a child may not go home so, or where today would change
    after today's cut-off: today is changed by phone, the week from tomorrow on. Also where whoever says it may not
    collect the child. `guardian` is whose word it is, where staff (`by`) write it down.
    """
    child = enrolment.child
    lock(child)
    refuse_kept_away(guardian or by, child, now=now, to=Deed.WAY_HOME)
    if enrolment.ended_at is not None:
        raise RuleBroken(_l("The place has ended."))
    before = week_of(enrolment)
    other = [weekday for weekday in sorted(week) if not _is_same(before.get(weekday), week[weekday])]
    _check_today(enrolment, other, now=now)
    consents = _consents(enrolment, {weekday: week[weekday] for weekday in other}, now=now)
    for weekday in other:
        _write(enrolment, weekday, before.get(weekday), week[weekday], consents.get(weekday))
    if other:
        _tell(enrolment, other, by=by, guardian=guardian, now=now)
    return other


def _check_today(enrolment: Enrolment, other: list[int], *, now: datetime) -> None:
    today = day_plans.find_day(enrolment.term_id, local_date(now))
    if today is None or today.counts_as not in other:
        return
    if rules.is_past_cut_off(today.on_date, today.term.cut_off, now=now, zone=centre_zone()):
        raise RuleBroken(str(too_late(today)), field=field_of(today.counts_as))


def _consents(enrolment: Enrolment, week: Week, *, now: datetime) -> dict[int, int | None]:
    found: dict[int, int | None] = {}
    refused: list[DomainError] = []
    for weekday, asked in week.items():
        if asked is None:
            continue
        try:
            found[weekday] = consent_for(
                enrolment.child, asked, term=enrolment.term, on=local_date(now), field=field_of(weekday)
            )
        except RuleBroken as error:
            refused.append(error)
    broken_rules(refused)
    return found


def field_of(weekday: int) -> str:
    """The field of a form that says how a child goes home on a weekday."""
    return f"way_{weekday}"


def _write(
    enrolment: Enrolment, weekday: int, row: WayHome | None, asked: AskedWay | None, consent_id: int | None
) -> None:
    if asked is None:
        if row is not None:
            db.session.delete(row)
            db.session.flush()
        return
    if row is None:
        row = WayHome(enrolment_id=enrolment.id, weekday=weekday, way=asked.way)
    row.way, row.leaves, row.consent_id, row.stay = asked.way, asked.leaves, consent_id, asked.stay
    row.sibling_id = asked.sibling_id if asked.way is Way.SIBLING else None
    row.bus = asked.bus.strip() if asked.way is Way.BUS else ""
    db.session.add(row)
    db.session.flush()


def _is_same(row: WayHome | None, asked: AskedWay | None) -> bool:
    if row is None or asked is None:
        return row is None and asked is None
    said = (row.way, row.leaves, row.sibling_id, row.bus, row.stay)
    sibling_id = asked.sibling_id if asked.way is Way.SIBLING else None
    return said == (asked.way, asked.leaves, sibling_id, asked.bus.strip() if asked.way is Way.BUS else "", asked.stay)


def _tell(enrolment: Enrolment, other: list[int], *, by: Person, guardian: Person | None, now: datetime) -> None:
    db.session.add(
        EnrolmentEvent(enrolment_id=enrolment.id, at=now, by_id=by.id, what=EnrolmentChange.EDITED, reason=str(CHANGED))
    )
    db.session.flush()
    after = week_of(enrolment)
    for row in after.values():
        db.session.refresh(row, ["sibling"])
    lines = [partial(_line, weekday, after.get(weekday)) for weekday in other]
    said = lambda: "\n".join(line() for line in lines)  # noqa: E731
    messages.tell_week(enrolment.child, said, by=by, guardian=guardian, now=now)


def _line(weekday: int, row: WayHome | None) -> str:
    return f"{WEEKDAYS[weekday]}: {say_weekday(row)}"
