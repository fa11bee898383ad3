"""Who is told of a child's plan: every guardian, and whoever is on duty on that day, with the change itself.

What guardians are told may be read out by the desk, which knows no child's name: there it is shortened.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.afterschool.models.plans import PlanChange
from center.afterschool.models.staff import CareDuty
from center.afterschool.models.terms import TermDay
from center.afterschool.places.enrol_messages import said_by
from center.afterschool.plans import news
from center.afterschool.plans.words import say_change
from center.afterschool.rights.guardian_rights import readers_of
from center.kernel.db import db
from center.kernel.i18n import format_day
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import Kind, say_desk
from center.people.masking import masked_name
from center.people.models import Person


def tell_change(change: PlanChange, *, day: TermDay, by: Person, now: datetime) -> None:
    """Every guardian hears of a change, whoever said it, and so does whoever is on duty that day."""
    child, guardian = change.enrolment.child, change.by
    about = f"plan_change:{change.enrolment_id}:{change.on_date:%Y%m%d}"
    facts = {
        "person": masked_name(child.name),
        "when": lambda: format_day(change.on_date, with_year=False),
        "what": lambda: say_change(change),
        "by": guardian.name,
        "desk": say_desk,
    }
    path = path_to("children.plan", person_id=child.id)
    for reader in readers_of(child, now=now):
        kind = news.PLAN_NOTED if reader.id == guardian.id else news.PLAN_CHANGED
        _tell(reader, kind, f"{about}:{change.id}", facts, path=path, about=about, by=by, now=now)
    facts["person"] = child.name
    for reader in on_duty([day]):
        if reader.id != by.id:
            key, where = f"{about}:{change.id}:duty", path_to("classroom.changes", day_id=day.id)
            _tell(reader, news.DUTY_CHANGE, key, facts, path=where, about=about, by=by, now=now)


def tell_week(
    child: Person, changes: Callable[[], str], *, by: Person, now: datetime, guardian: Person | None = None
) -> None:
    """The other guardians hear that the fixed week is another; all of them where `guardian` said so to staff."""
    facts = {"person": masked_name(child.name), "by": said_by(by, guardian), "changes": changes, "desk": say_desk}
    path = path_to("children.plan", person_id=child.id)
    for reader in readers_of(child, now=now):
        if reader.id != by.id:
            key = f"plan_week:{child.id}:{now.timestamp()}"
            _tell(reader, news.WEEK_CHANGED, key, facts, path=path, about=f"plan_week:{child.id}", by=by, now=now)


def tell_collectors(
    child: Person,
    what: Callable[[], str],
    *,
    days: Sequence[TermDay],
    key: str,
    by: Person,
    now: datetime,
    guardian: Person | None = None,
) -> None:
    """The other guardians hear who may collect from now on, or may not any more; and whoever is on duty these days."""
    facts = {"person": masked_name(child.name), "by": said_by(by, guardian), "what": what, "desk": say_desk}
    path, about = path_to("children.collectors", person_id=child.id), f"collectors:{child.id}"
    for reader in readers_of(child, now=now):
        if reader.id != by.id:
            _tell(reader, news.COLLECTORS_CHANGED, key, facts, path=path, about=about, by=by, now=now)
    facts["person"] = child.name
    for reader in on_duty(days):
        if reader.id != by.id:
            _tell(reader, news.DUTY_COLLECTORS, f"{key}:duty", facts, path="", about=about, by=by, now=now)


def tell_bars(child: Person, days: Sequence[TermDay], *, key: str, by: Person, now: datetime) -> None:
    """Whoever is on duty today hears that a bar was set or lifted; no message names whom it keeps away."""
    for reader in on_duty(days):
        if reader.id != by.id:
            facts = {"person": child.name}
            _tell(reader, news.BARS_CHANGED, key, facts, path="", about=f"bars:{child.id}", by=by, now=now)


def on_duty(days: Sequence[TermDay]) -> Sequence[Person]:
    """Whoever is on the roster of duties of some days: who owns the list first, each once."""
    query = (
        select(CareDuty)
        .where(CareDuty.day_id.in_([each.id for each in days]))
        .options(joinedload(CareDuty.person))
        .order_by(CareDuty.is_owner.desc(), CareDuty.id)
    )
    return list({each.person_id: each.person for each in db.session.scalars(query)}.values())


def _tell(
    reader: Person,
    kind: Kind,
    key: str,
    facts: Mapping[str, Any],
    *,
    path: str,
    about: str,
    by: Person,
    now: datetime,
) -> None:
    said = {name: fact for name, fact in facts.items() if name in kind.facts}
    outbox.tell(reader, kind, key=f"{key}:{reader.id}", facts=said, path=path, about=about, by=by, now=now)
