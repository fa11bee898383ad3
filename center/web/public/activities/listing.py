"""The list of activities, read in a number of statements that does not depend on how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from center.activities.models import Activity, ActivityKind, Session
from center.activities.titles import search_key, sought
from center.kernel.db import db
from center.kernel.i18n import centre_zone, local_date
from center.organisations.models import Organisation
from center.signups.public.cards import Card, cards_of, chosen, coming
from center.signups.public.filters import LONGEST_SESSION, SessionFilter, conditions
from center.web.public.activities.forms import Choice

PAGE = 24
MOST_COUNTED = 500  # beyond this nobody needs the exact number


@dataclass(frozen=True)
class Found:
    """One page of the list, and how many sessions there are in all (counted up to `MOST_COUNTED`)."""

    cards: tuple[Card, ...]
    count: int
    page: int

    @property
    def is_more_than_counted(self) -> bool:
        """Whether counting stopped before the end."""
        return self.count > MOST_COUNTED

    @property
    def has_more(self) -> bool:
        """Whether a further page follows."""
        return self.is_more_than_counted or self.count > self.page * PAGE


def look(wanted: SessionFilter, *, page: int, organisations: Sequence[Organisation], now: datetime) -> Found:
    """The sessions that fit, soonest first."""
    words = sought(wanted.text)
    named = [each.id for each in organisations if words and _is_named(each, words)]
    where = conditions(wanted, named=named, now=now, today=local_date(now), zone=centre_zone())
    counted = select(Session.id).join(Session.activity).where(*where).limit(MOST_COUNTED + 1)
    count = db.session.scalar(select(func.count()).select_from(counted.subquery())) or 0
    rows = db.session.execute(cards_of(chosen(*where).limit(PAGE).offset((page - 1) * PAGE)))
    return Found(tuple(Card(*row) for row in rows), count, page)


def _is_named(organisation: Organisation, words: Sequence[str]) -> bool:
    key = search_key(organisation.name, organisation.name_en)
    return all(word in key for word in words)


def kinds_offered() -> tuple[Choice, ...]:
    """The kinds of activities that there are, in the staff's order."""
    query = select(ActivityKind.id, ActivityKind.name, ActivityKind.name_en).where(ActivityKind.is_retired.is_(False))
    rows = db.session.execute(query.order_by(ActivityKind.position, ActivityKind.id))
    return tuple((str(row.id), row.name, row.name_en) for row in rows)


def coming_of(organisation_id: int, *, now: datetime, most: int = 6) -> list[Card]:
    """An organisation's sessions that have not ended, soonest first."""
    where = (*coming(now, now - LONGEST_SESSION), Activity.organisation_id == organisation_id)
    return [Card(*row) for row in db.session.execute(cards_of(chosen(*where).limit(most)))]


def coming_where(condition: ColumnElement[bool], *, now: datetime, most: int = 6) -> list[Card]:
    """Those of these sessions that everybody may see and that have not ended, soonest first."""
    where = (*coming(now, now - LONGEST_SESSION), condition, Activity.is_confined.is_(False))
    return [Card(*row) for row in db.session.execute(cards_of(chosen(*where).limit(most)))]
