"""Reading who looked at what: for the auditor all of it, for the person concerned what was theirs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from center.kernel.access_log import SEEN, AccessEvent, Kind
from center.kernel.db import db
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.marks import Mark
from center.people.acting import children_of
from center.people.models import Person
from center.people.queries import names_of

PURPOSES = {"ring": _l("Ring them"), "check": _l("Check it with them"), "other": _l("Something else")}
PAGE = 100
WHY = {
    **PURPOSES,
    "alarm": _l("An alarm"),
    "care": _l("Looking after the children that day"),
    "incident": _l("An incident"),
    "said": _l("A guardian rings or comes by"),
    "application": _l("The papers of an organisation in the incubator"),
    "review": _l("A review on whose panel they are"),
    "evidence": _l("What an organisation shows of its work"),
    "keeping": _l("A question of who may see or keep what"),
}
WORDS = {
    Kind.CARE: _l("Saw that they live alone"),
    Kind.CHILD: _l("Opened the page of a child"),
    Kind.CODE_FAILED: _l("A code or password was wrong"),
    Kind.DENIED: _l("Was refused a page"),
    Kind.DOOR: _l("Saw where they live"),
    Kind.EXPORT: _l("Took a table along"),
    Kind.PAPER: _l("Opened a paper or a photo of theirs"),
    Kind.PERSON: _l("Opened their page"),
    Kind.PHONE: _l("Saw the whole phone number"),
    Kind.ROLL: _l("Saw them on a roll"),
    Kind.SIGNED_IN: _l("Signed in"),
    Kind.SIGNED_OUT: _l("Signed out"),
    Kind.SIGN_IN_FAILED: _l("Failed to sign in"),
}


@dataclass(frozen=True, kw_only=True)
class LooksFilter:
    """Which events to list: of which time, of which kind, by whom, about whom. None leaves a question open."""

    since: datetime | None = None
    until: datetime | None = None
    kind: Kind | None = None
    by_ids: Collection[int] | None = None
    person_ids: Collection[int] | None = None
    only_seen: bool = False


@dataclass(frozen=True)
class Look:
    """What one request showed of one kind, and of whom."""

    events: Sequence[AccessEvent]

    @property
    def head(self) -> AccessEvent:
        """The first of the events that are shown as one."""
        return self.events[0]

    @property
    def what(self) -> Any:
        """What was done."""
        return WORDS[self.head.kind]

    @property
    def purpose(self) -> Any:
        """What for, where that was asked."""
        return WHY.get(self.head.purpose, "")

    @property
    def subject(self) -> str:
        """What it was about, where all of it was about one thing."""
        return self.head.subject if len({each.subject for each in self.events}) == 1 else ""


@dataclass(frozen=True)
class LookPage:
    """Some looks, the latest first; names by person; where the earlier ones go on."""

    looks: Sequence[Look]
    names: dict[int, str]
    before: Mark | None

    def name(self, person_id: int | None) -> str:
        """What somebody is called; nothing where they are gone."""
        return self.names.get(person_id or 0, "")


def latest(wanted: LooksFilter, *, before: Mark | None = None, most: int = PAGE) -> LookPage:
    """What is wanted, the latest first; what one request showed of one kind stands together."""
    query = select(AccessEvent).where(*_conditions(wanted, before))
    found = db.session.scalars(query.order_by(AccessEvent.at.desc(), AccessEvent.id.desc()).limit(most + 1)).all()
    shown = found[:most]
    looks = [Look(list(each)) for _key, each in groupby(shown, key=lambda event: (event.press or event.id, event.kind))]
    last = Mark(shown[-1].at, 0, shown[-1].id) if len(found) > most else None
    return LookPage(looks, _names(shown), last)


def of_mine(person: Person, *, on: date) -> list[int]:
    """Whose data are somebody's to ask about that day: their own, and those of the children for whom they answer."""
    return [person.id, *(child.id for child in children_of(person, on=on))]


def _names(events: Iterable[AccessEvent]) -> dict[int, str]:
    return names_of(number for event in events for number in (event.by_id, event.person_id))


def _conditions(wanted: LooksFilter, before: Mark | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        conditions.append(AccessEvent.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(AccessEvent.at < wanted.until)
    if wanted.kind is not None:
        conditions.append(AccessEvent.kind == wanted.kind)
    if wanted.only_seen:
        conditions.append(AccessEvent.kind.in_(SEEN))
    if wanted.by_ids is not None:
        conditions.append(AccessEvent.by_id.in_(sorted(wanted.by_ids)))
    if wanted.person_ids is not None:
        conditions.append(AccessEvent.person_id.in_(sorted(wanted.person_ids)))
    if before is not None:
        earlier = and_(AccessEvent.at == before.at, AccessEvent.id < before.id)
        conditions.append(or_(AccessEvent.at < before.at, earlier))
    return conditions
