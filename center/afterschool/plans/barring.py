"""Writing down who may not collect a child, and taking it back. Never commits.

Guardians have equal rights. To keep one of them away takes a document; without it the director decides when they come.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from center.afterschool.collectors.bars import is_same_name
from center.afterschool.models.plans import Bar, BarLevel
from center.afterschool.plans import day_plans, messages
from center.kernel.acts import Act
from center.kernel.db import db, lock, must_find
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.people import acting, phones
from center.people.models import Person
from center.people.names import tidy_name


@dataclass(frozen=True, kw_only=True)
class BarFacts:
    """Whom it keeps away, how strongly, and on what it rests."""

    level: BarLevel
    name: str
    looks: str = ""
    phone: str = ""
    document: str = ""  # court and number of the paper
    reason: str = ""


def set_bar(child: Person, facts: BarFacts, *, by: Person, is_director: bool, now: datetime) -> Bar:
    """Write down that somebody may not collect a child, or that the director is asked first; the same twice is once.

    Raises RuleBroken where somebody is to be kept away for good without a document or by anybody but the director.
    """
    lock(child)
    name = tidy_name(facts.name)
    if not name:
        raise RuleBroken(_l("Say whom it is about."), field="name")
    phone = phones.normalise(facts.phone) if facts.phone.strip() else ""
    guardian = _guardian(child, name, phone, now=now)
    if facts.level is BarLevel.DENY:
        _check_deny(facts, is_director=is_director, is_guardian=guardian is not None)
    elif not facts.reason.strip():
        raise RuleBroken(_l("Say on whose word it rests, and why."), field="reason")
    same = select(Bar).where(
        Bar.child_id == child.id, Bar.name == name, Bar.level == facts.level, Bar.lifted_at.is_(None)
    )
    if found := db.session.scalar(same.limit(1)):
        return found
    said = {"looks": facts.looks.strip(), "document": facts.document.strip(), "reason": facts.reason.strip()}
    bar = Bar(child_id=child.id, level=facts.level, name=name, phone=phone, **said, set_by_id=by.id, set_at=now)
    bar.person_id = guardian.id if guardian else None
    db.session.add(bar)
    db.session.flush()
    note(Act.COLLECTION_BARRED, person_id=child.id, by=by)
    messages.tell_bars(child, day_plans.days_of(child.id, local_date(now)), key=f"bar:{bar.id}:set", by=by, now=now)
    return bar


def lift_bar(bar: Bar, *, why: str, by: Person, is_director: bool, now: datetime) -> None:
    """Take it back, with why; twice is once. What denies only the director lifts."""
    lock(bar.child)
    db.session.refresh(bar)
    if bar.lifted_at is not None:
        return
    if bar.level is BarLevel.DENY and not is_director:
        raise RuleBroken(_l("Only the director lifts this."))
    if not why.strip():
        raise RuleBroken(_l("Say why it is lifted."), field="why")
    bar.lifted_at, bar.lifted_by_id, bar.lifted_why = now, by.id, why.strip()
    db.session.flush()
    note(Act.COLLECTION_BAR_LIFTED, person_id=bar.child_id, by=by)
    messages.tell_bars(
        bar.child, day_plans.days_of(bar.child_id, local_date(now)), key=f"bar:{bar.id}:lifted", by=by, now=now
    )


def get_bar(bar_id: int) -> Bar:
    """A bar; raises NotFound."""
    return must_find(db.session.get(Bar, bar_id), _l("There is no such entry."))


def _check_deny(facts: BarFacts, *, is_director: bool, is_guardian: bool) -> None:
    if not is_director:
        raise RuleBroken(
            _l("Only the director forbids it. Until then, let the director be asked first."), field="level"
        )
    if facts.document.strip():
        return
    if is_guardian:
        raise RuleBroken(
            _l(
                "This is a guardian of the child. Guardians have equal rights: without a paper from a court, the"
                " director decides when they come. Choose that, or write down the paper."
            ),
            field="document",
        )
    raise RuleBroken(
        _l("Write down the paper on which it rests: the court or office, and its number."), field="document"
    )


def _guardian(child: Person, name: str, phone: str, *, now: datetime) -> Person | None:
    """The child's guardian who is meant, if it is one."""
    for each in acting.guardians_of(child, on=local_date(now)):
        if is_same_name(each.guardian.name, name) or (phone and each.guardian.phone == phone):
            return each.guardian
    return None
