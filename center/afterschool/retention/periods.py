"""How many days each kind is kept now: the centre's first number, or what the director has set. Never commits."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from center.afterschool.models.retention import RetentionPeriod
from center.afterschool.retention_kinds import BY_CODE, KINDS, SINCE_WORDS, YEAR, Kind
from center.kernel.acts import Act
from center.kernel.db import db, must_find
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import ngettext
from center.kernel.trail import note
from center.people.models import Person


@dataclass(frozen=True)
class Period:
    """A kind, and how many days it is kept now."""

    kind: Kind
    days: int


def all_now() -> list[Period]:
    """Every kind with its days, as the table says them."""
    set_days = {each.kind: each.days for each in db.session.scalars(select(RetentionPeriod))}
    return [Period(each, set_days.get(each.code, each.first)) for each in KINDS]


def get(code: str) -> Period:
    """One kind with its days; raises NotFound."""
    kind = must_find(BY_CODE.get(code), _l("There is nothing of this kind."))
    row = db.session.get(RetentionPeriod, code)
    return Period(kind, row.days if row else kind.first)


def set_days(kind: Kind, days: int, *, by: Person) -> None:
    """Keep a kind for so many days from now on, within what the law leaves; the same again changes nothing."""
    if not kind.least <= days <= kind.most:
        words = _l("From %(least)s to %(most)s.", least=say_days(kind.least), most=say_days(kind.most))
        raise RuleBroken(words, field="days")
    if get(kind.code).days == days:
        return
    row = db.session.get(RetentionPeriod, kind.code) or RetentionPeriod(kind=kind.code, days=kind.first)
    row.days = days
    db.session.add(row)
    note(Act.RETENTION_SET, kind, by=by)


def say_days(days: int) -> str:
    """A number of days as people say it: whole years as years."""
    if days % YEAR == 0:
        return ngettext("%(num)d year", "%(num)d years", days // YEAR)
    return ngettext("%(num)d day", "%(num)d days", days)


def in_words() -> list[tuple[Any, str]]:
    """What is kept and how long, as guardians read it before they agree to anything."""
    return [(each.kind.title, say_period(each)) for each in all_now()]


def say_period(period: Period) -> str:
    """How long a kind is kept, counted from what, as a guardian reads it."""
    return _("%(long)s after %(what)s", long=say_days(period.days), what=SINCE_WORDS[period.kind.since])
