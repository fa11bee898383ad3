"""Erasing a person: one transaction that ends what is ahead, deletes what may go and empties what must stay."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from center.kernel.acts import Act
from center.kernel.db import change_rows, db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import StaffEvent, note
from center.people import acting, queries
from center.people.erasing import plan
from center.people.erasing.models import Erasure
from center.people.models import Account, Delegation, Guardianship, Person, Role
from center.people.rules import ROLE_NAMES
from center.people.session_models import SignInAttempt

WORDS_OF_CHANGES = frozenset({"disabled_reason", "reason", "lift_reason"})  # what the trail keeps of them in words


@dataclass(frozen=True)
class Obstacle:
    """What must be settled before somebody can be erased, and where."""

    words: Any
    link: tuple[str, dict[str, Any]]


# What other parts of the house add. `ends` cancel what is ahead by the ordinary acts; `ahead` say so beforehand;
# `names` are how the outbox names what is theirs; `elsewhere` take their words out of rows that are not theirs.
first: list[Callable[[], None]] = []
obstacles: list[Callable[[Person, datetime], Iterable[Obstacle]]] = []
ahead: list[Callable[[Person, datetime], Iterable[tuple[Any, int]]]] = []
ends: list[Callable[[Person, Person, datetime], None]] = []
names: list[Callable[[Collection[int]], Iterable[str]]] = []
elsewhere: list[Callable[[Person, Collection[int], datetime], None]] = []


class InTheWay(RuleBroken):
    """Something must be settled first; the page says what."""


def what_stands_in_the_way(person: Person, *, now: datetime) -> list[Obstacle]:
    """What must be settled before somebody can be erased."""
    return [each for find in obstacles for each in find(person, now)]


def what_is_ahead(person: Person, *, now: datetime) -> list[tuple[Any, int]]:
    """What is cancelled with it, and how many of each."""
    return [(words, count) for find in ahead for words, count in find(person, now) if count]


def plan_of(person: Person) -> plan.Plan:
    """What goes and what stays of somebody, by table."""
    return plan.plan_for(queries.records_of(person.id))


def erase(person: Person, *, by: Person, now: datetime, is_repeated: bool = False) -> Erasure:
    """Forget a person; twice is once. What they have ahead is cancelled, and goes to who waits for it.

    `is_repeated` after an older backup was restored: nothing stands in the way of that. Raises InTheWay, and
    RuleBroken over oneself and over a record whose account was matched with another.
    """
    for each in first:
        each()
    _hold(person)
    if known := find_erasure(person.id):
        return known
    if person.is_double:
        raise RuleBroken(_l("This record belongs to somebody else's account. Erase that person."))
    if not is_repeated:
        if by.id == person.id:
            raise RuleBroken(_l("You cannot erase yourself. Ask another director to do it."))
        if what_stands_in_the_way(person, now=now):
            raise InTheWay(_l("Something must be settled first."))
    for end in ends:
        end(person, by, now)
    ids = queries.records_of(person.id)
    kept = plan.plan_for(ids).kept
    for take_out in elsewhere:
        take_out(person, ids, now)
    db.session.flush()
    known_since = db.session.execute(select(Person.id, Person.created_at).where(Person.id.in_(ids)))
    since = {row.id: row.created_at for row in known_since}
    _mark(ids, now)
    plan.carry_out(ids)
    _empty_trail(ids)
    db.session.expire_all()
    facts = {"erased_at": now, "by_id": by.id, "kept": json.dumps(kept)}
    made = [Erasure(person_id=each, person_since=since[each], **facts) for each in ids]
    db.session.add_all(made)
    db.session.flush()
    note(Act.PERSON_ERASED, person_id=person.id, by=by)
    return made[0]


def _hold(person: Person) -> None:
    """Keep away also whoever is about to write a row that points at them, such as a place or a booking."""
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    lock(person)


def find_erasure(person_id: int) -> Erasure | None:
    """When and by whom a person was erased, if they were."""
    return db.session.get(Erasure, person_id)


def names_of(ids: Collection[int]) -> list[str]:
    """How the outbox names what is theirs."""
    return [name for find in names for name in find(ids)]


def _mark(ids: Sequence[int], now: datetime) -> None:
    """The record itself first: it shows the database whose words in the ledgers may be emptied."""
    part = next(part for part in plan.parts().all if part.model is Person)
    assert part.erasing is not None
    nothing = {name: plan.nothing(part.table.c[name]) for name in part.erasing.empties}
    db.session.execute(update(part.table).where(part.table.c.id.in_(ids)).values(erased_at=now, **nothing))


def _empty_trail(ids: Sequence[int]) -> None:
    """The trail keeps what was done and by whom; where it kept reasons among what changed, it keeps no details."""
    of = StaffEvent.__table__
    for row in db.session.execute(select(of.c.id, of.c.details).where(of.c.person_id.in_(ids))).all():
        if any(WORDS_OF_CHANGES & set(change["fields"]) for change in json.loads(row.details)):
            db.session.execute(update(of).where(of.c.id == row.id).values(reason="", details="[]"))  # type: ignore[arg-type]


def _roles(person: Person, now: datetime) -> Iterable[Obstacle]:
    today = local_date(now)
    for grant in queries.grants_of(person.id):
        if grant.role is not Role.RESIDENT and (grant.ends_on is None or grant.ends_on >= today):
            words = _l("They are %(role)s. End the role first.", role=ROLE_NAMES[grant.role])
            yield Obstacle(words, ("people.roles", {"person_id": person.id}))


def _children(person: Person, now: datetime) -> Iterable[Obstacle]:
    today = local_date(now)
    for child in acting.children_of(person, on=today):
        if all(each.guardian_id == person.id for each in acting.guardians_of(child, on=today)):
            words = _l("Nobody else answers for %(child)s. Write down another guardian first.", child=child.name)
            yield Obstacle(words, ("desk.guardians_of", {"person_id": child.id}))


def _end_what_they_may(person: Person, by: Person, now: datetime) -> None:
    """Nobody acts for them any more, and they for nobody."""
    either = (Delegation.person_id == person.id) | (Delegation.delegate_id == person.id)
    for delegation in db.session.scalars(select(Delegation).where(either, Delegation.revoked_at.is_(None))).all():
        acting.revoke(delegation, by=by, now=now)
    either = (Guardianship.child_id == person.id) | (Guardianship.guardian_id == person.id)
    for guardianship in db.session.scalars(select(Guardianship).where(either)).all():
        acting.end_guardianship(guardianship, by=by, today=local_date(now))


def _forget_tries(_person: Person, ids: Collection[int], _now: datetime) -> None:
    """Tries to sign in are kept by what was typed."""
    theirs = db.session.scalars(select(Account).where(Account.person_id.in_(ids))).all()
    change_rows(delete(SignInAttempt).where(SignInAttempt.login.in_({each.signs_in_with for each in theirs})))


obstacles.extend((_roles, _children))
ends.append(_end_what_they_may)
elsewhere.append(_forget_tries)
