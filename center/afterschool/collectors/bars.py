"""Who may not collect a child (禁止接走), and about whom the director is asked first (提醒)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from center.afterschool.collectors.listing import Adult
from center.afterschool.models.plans import Bar, BarLevel, Collector
from center.kernel.db import db
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.people.names import plain_name

ASK_DIRECTOR = _l("Please speak to the director of the centre about how this child goes home.")


@dataclass(frozen=True, kw_only=True)
class WantsToCollect:
    """Somebody who wants to collect a child: by what the list or they themselves say."""

    name: str
    phone: str = ""
    person_id: int | None = None


def bars_of(child: Person, at: datetime) -> list[Bar]:
    """The bars of a child that stand at a moment: those that deny first."""
    return bars_of_each([child.id], at)[child.id]


def bars_of_each(child_ids: Sequence[int], at: datetime) -> dict[int, list[Bar]]:
    """The same for several children, by the child's id, in one query."""
    query = select(Bar).where(Bar.child_id.in_(child_ids), stands_at(at)).options(joinedload(Bar.person))
    found: dict[int, list[Bar]] = {child_id: [] for child_id in child_ids}
    for bar in db.session.scalars(query.order_by(Bar.id)):
        found[bar.child_id].append(bar)
    return {child_id: strongest_first(rows) for child_id, rows in found.items()}


def stands_at(at: datetime) -> ColumnElement[bool]:
    """Of bars in a query: whether they stand at a moment."""
    return (Bar.set_at <= at) & or_(Bar.lifted_at.is_(None), Bar.lifted_at > at)


def strongest_first(bars: Iterable[Bar]) -> list[Bar]:
    """What denies before what alerts, then as they were set."""
    return sorted(bars, key=lambda each: (each.level is not BarLevel.DENY, each.id))


def bar_against(bars: Iterable[Bar], wanted: WantsToCollect) -> Bar | None:
    """The strongest bar that somebody falls under: they themselves, their telephone, or their name."""
    return next((each for each in strongest_first(bars) if is_meant(each, wanted)), None)


def is_meant(bar: Bar, wanted: WantsToCollect) -> bool:
    """Whether a bar means somebody. Rather once too often: a name alone is enough, and a person then looks."""
    if bar.person_id is not None and bar.person_id == wanted.person_id:
        return True
    if bar.phone and bar.phone == wanted.phone:
        return True
    return is_same_name(bar.name, wanted.name)


def denies(bars: Iterable[Bar], person: Person) -> bool:
    """Whether one of these keeps somebody away from the child: they themselves, their telephone, or their name."""
    bar = bar_against(bars, WantsToCollect(name=person.name, phone=person.phone or "", person_id=person.id))
    return bar is not None and bar.level is BarLevel.DENY


def is_kept_away(person: Person, child: Person, *, now: datetime) -> bool:
    """Whether somebody may not collect the child, so that they do not decide either how the child goes home."""
    return denies(bars_of(child, now), person)


def as_wanted(listed: Adult | Collector) -> WantsToCollect:
    """An adult of a child's list as somebody who wants to collect."""
    return WantsToCollect(name=listed.name, phone=listed.phone, person_id=listed.person_id)


def is_same_name(name: str, other: str) -> bool:
    """Whether two names are one, however they are spaced and spelt."""
    return plain_name(name).replace(" ", "") == plain_name(other).replace(" ", "")
