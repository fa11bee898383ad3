"""Guardians name who may collect a child and take them off the list; staff see who it is. Never commits."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from center.afterschool.collectors import listing
from center.afterschool.collectors.bars import WantsToCollect, bar_against, bars_of, is_same_name
from center.afterschool.collectors.listing import ListState
from center.afterschool.models.plans import BarLevel, Collector
from center.afterschool.places import collector_photos
from center.afterschool.plans import day_plans, messages
from center.afterschool.rights.guardian_rights import Deed, refuse_kept_away, refuse_stranger
from center.kernel.acts import Act
from center.kernel.db import db, lock, must_find
from center.kernel.errors import RuleBroken
from center.kernel.i18n import format_day, local_date
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people import acting, phones
from center.people.models import Person
from center.people.names import tidy_name


@dataclass(frozen=True, kw_only=True)
class CollectorFacts:
    """Somebody as a guardian names them."""

    name: str
    relation: str
    phone: str
    starts_on: date
    ends_on: date | None = None  # the same as starts_on: for one day


def name_collector(child: Person, facts: CollectorFacts, *, guardian: Person, by: Person, now: datetime) -> Collector:
    """Put somebody on the list of those who may collect; the very same once more is who is there already.

    Raises RuleBroken over the dates, over the phone, or where the director has to be spoken to first.
    """
    lock(child)
    refuse_kept_away(guardian, child, now=now, to=Deed.COLLECTORS)
    _check(facts, today=local_date(now))
    phone, name = phones.normalise(facts.phone), tidy_name(facts.name)
    bar = bar_against(bars_of(child, now), WantsToCollect(name=name, phone=phone))
    if bar is not None and bar.level is BarLevel.DENY:
        raise RuleBroken(_l("Please speak to the director of the centre before you name this person."), field="name")
    dates = {"starts_on": facts.starts_on, "ends_on": facts.ends_on}
    same = select(Collector).where(
        Collector.child_id == child.id,
        Collector.name == name,
        Collector.phone == phone,
        Collector.revoked_at.is_(None),
        Collector.starts_on == facts.starts_on,
        Collector.ends_on.is_(None) if facts.ends_on is None else Collector.ends_on == facts.ends_on,
    )
    if found := db.session.scalar(same.limit(1)):
        return found
    who = {"name": name, "relation": facts.relation.strip(), "phone": phone}
    row = Collector(child_id=child.id, **who, **dates, named_by_id=guardian.id, named_at=now)
    db.session.add(row)
    db.session.flush()
    _tell(child, row, is_named=True, by=by, guardian=guardian, now=now)
    return row


def verify(collector: Collector, *, by: Person, now: datetime) -> None:
    """Staff have seen by a paper who this is; twice is once."""
    lock(collector.child)
    db.session.refresh(collector)
    if collector.revoked_at is not None:
        raise RuleBroken(_l("This person was taken off the list."))
    if collector.verified_at is None:
        collector.verified_at, collector.verified_by_id = now, by.id
        db.session.flush()
        note(Act.COLLECTOR_VERIFIED, person_id=collector.child_id, by=by)


def revoke(collector: Collector, *, by: Person, now: datetime, guardian: Person | None = None) -> bool:
    """Take somebody off the list, at once, and delete their photo; twice is once. Returns whether anything is new.

    Raises RuleBroken for a guardian who may not collect. `guardian` is whose word it is, where staff (`by`) write it
    down.
    """
    lock(collector.child)
    refuse_kept_away(guardian or by, collector.child, now=now, to=Deed.COLLECTORS)
    db.session.refresh(collector)
    if collector.revoked_at is not None:
        return False
    collector.revoked_at, collector.revoked_by_id = now, by.id
    collector_photos.forget(collector, by=by, now=now)
    db.session.flush()
    if not acting.is_guardian(by, collector.child, local_date(now)):
        note(Act.COLLECTOR_REVOKED, person_id=collector.child_id, by=by)
    _tell(collector.child, collector, is_named=False, by=by, guardian=guardian, now=now)
    return True


def find_named(child: Person, name: str, phone: str, *, today: date) -> Collector:
    """Who was named by this name and number to collect a child, now or later; raises RuleBroken where nobody was."""
    found = [
        each.collector
        for each in listing.may_collect(child, today)
        if each.collector is not None
        and each.collector.person_id is None
        and each.standing not in {ListState.EXPIRED, ListState.REVOKED}
        and is_same_name(each.name, name)
        and each.phone == phones.find(phone)
    ]
    if not found:
        words = _l("Nobody of this name and number is on the child's list. A guardian has to name them first.")
        raise RuleBroken(words, field="name")
    return max(found, key=lambda each: (each.ends_on is None, each.ends_on or each.starts_on, each.id))


def find_guardian(child: Person, name: str, phone: str, *, today: date) -> Person | None:
    """The guardian of this name and number, who collects without being named by anybody."""
    number = phones.find(phone)
    found = [each.guardian for each in acting.guardians_of(child, on=today)]
    return next((each for each in found if number and each.phone == number and is_same_name(each.name, name)), None)


def own_row(child: Person, guardian: Person, *, by: Person, now: datetime) -> Collector:
    """A guardian's own row on the list, by which there can be a photo of them; raises NotYours for anybody else."""
    refuse_stranger(guardian, child, now=now)
    lock(child)
    adults = listing.may_collect(child, local_date(now))
    [mine] = [each for each in adults if each.is_guardian and each.person_id == guardian.id]
    return listing.row_of_guardian(child, guardian, relation=mine.relation, by=by, now=now)


def get_collector(collector_id: int) -> Collector:
    """A collector; raises NotFound."""
    return must_find(db.session.get(Collector, collector_id), _l("There is no such person on the list."))


def _check(facts: CollectorFacts, *, today: date) -> None:
    if not tidy_name(facts.name):
        raise RuleBroken(_l("Say who may collect."), field="name")
    if facts.starts_on < today:
        raise RuleBroken(_l("The first day has passed."), field="starts_on")
    if facts.ends_on is not None and facts.ends_on < facts.starts_on:
        raise RuleBroken(_l("The last day is before the first day."), field="ends_on")


def _tell(child: Person, row: Collector, *, is_named: bool, by: Person, guardian: Person | None, now: datetime) -> None:
    key = f"collector:{row.id}:{'named' if is_named else 'revoked'}"
    name, relation, first, last = row.name, row.relation, row.starts_on, row.ends_on

    def what() -> str:
        if not is_named:
            return _("%(who)s may not collect any more", who=name)
        if last == first:
            return _(
                "%(who)s (%(relation)s) may collect on %(day)s", who=name, relation=relation, day=format_day(first)
            )
        return _(
            "%(who)s (%(relation)s) may collect from %(day)s on", who=name, relation=relation, day=format_day(first)
        )

    today = local_date(now)
    days = day_plans.days_of(child.id, today) if first <= today else []
    messages.tell_collectors(child, what, days=days, key=key, by=by, guardian=guardian, now=now)
