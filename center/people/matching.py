"""Matching a new account with a person known already: everything moves to their record, and all of it can be undone.

The record that the account was opened on stays, emptied of all but its name, so that histories remain true.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, select, update
from sqlalchemy.exc import IntegrityError

from center.kernel.acts import Act
from center.kernel.db import Base, db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import StaffEvent, note
from center.people import likeness, queries, sessions
from center.people.models import Account, AccountMatch, Person

TOGETHER = (("phone", "phone_tail", "phone_is_relatives"), ("birth_year",), ("email",))
FILLED = tuple(name for names in TOGETHER for name in names)  # taken over where nothing was known
EMPTIED = (*FILLED, "building_id", "unit", "door", "lives_alone")
NOTHING = {"lives_alone": False, "phone_is_relatives": False, "unit": "", "door": ""}  # None for the others
ITS_OWN = {"accounts", "account_matches", "cards", "user_sessions"}  # a card says whose it was, and leads on from there


@dataclass(frozen=True)
class Undoing:
    """A match that is undone: from which record the account goes back to which, since when it stood, what was kept."""

    onto: Person
    double: Person
    since: datetime
    kept: dict[str, Any]


@dataclass(frozen=True)
class ByHand:
    """Something that undoing leaves as it is, since to put it back would be a lie: what, of what, where to look."""

    at: datetime
    what: str
    about: str
    link: str


# What a part of the house keeps of the record before a match, by name; and how it brings back what was done since.
keepers: dict[str, Callable[[Person], Any]] = {}
after_undoing: list[Callable[[Undoing], None]] = []
left_by_hand: list[Callable[[AccountMatch, datetime], Sequence[ByHand]]] = []  # between the match and a moment


def match(account: Account, *, onto: Person, by: Person, now: datetime) -> AccountMatch:
    """The account is that of somebody known already: it moves there with all that hangs on the new record.

    Raises RuleBroken where nothing says that they are the same, Conflict where they have an account, or both have
    something that nobody can have twice.
    """
    double = account.person
    lock(onto)
    if double.id == onto.id or queries.has_account(onto.id):
        raise Conflict(_l("This person already has an account. Give them a code for a new password instead."))
    if onto.is_double or not likeness.compare(double, onto).may_be:
        raise RuleBroken(_l("Neither the name nor the door says that these are the same person. Look again."))
    before = {name: getattr(onto, name) for name in FILLED}
    parts = {name: keep(onto) for name, keep in keepers.items()}
    emptied = {name: getattr(double, name) for name in EMPTIED}
    _fill(onto, double)
    moved = list(_move_all(double, onto))
    for name in EMPTIED:
        setattr(double, name, NOTHING.get(name))
    double.is_double = True
    account.person, account.confirmed_at, account.confirmed_by_id = onto, now, by.id
    kept = {"before": before, "emptied": emptied, "moved": moved, **parts}
    made = AccountMatch(account_id=account.id, double_id=double.id, person_id=onto.id, kept=json.dumps(kept))
    made.matched_at, made.matched_by_id = now, by.id
    db.session.add(made)
    _write()
    note(Act.ACCOUNT_MATCHED, person_id=onto.id, by=by)
    return made


def undo(made: AccountMatch, *, by: Person, now: datetime) -> Account:
    """That was somebody else: the account goes back to its own record with all it brought and all it did since.

    It waits for the desk again, and whoever is signed in with it is signed out. Raises Conflict the second time.
    """
    lock(made)
    if made.undone_at is not None:
        raise Conflict(_l("This was undone already."))
    account = queries.get_account(made.account_id)
    onto, double = db.session.get_one(Person, made.person_id), db.session.get_one(Person, made.double_id)
    lock(onto)
    if account.person_id != onto.id:
        raise Conflict(_l("This account belongs to somebody else by now."))
    kept: dict[str, Any] = json.loads(made.kept)
    account.person, account.confirmed_at, account.confirmed_by_id = double, None, None
    sessions.end_all(account.id, now=now)
    double.is_double = False
    _part_records(Undoing(onto, double, made.matched_at, kept))
    db.session.flush()
    for table, name, key in kept["moved"]:
        _give(Base.metadata.tables[table], name, key, of=onto, to=double)
    db.session.expire_all()
    for bring_back in after_undoing:
        bring_back(Undoing(onto, double, made.matched_at, kept))
    made.undone_at, made.undone_by_id = now, by.id
    _write()
    note(Act.MATCH_UNDONE, person_id=onto.id, by=by)
    return account


def not_undone(made: AccountMatch, *, now: datetime) -> list[ByHand]:
    """What was done through the account and undoing does not put back, in order: somebody looks at it by hand."""
    found = [each for look in left_by_hand for each in look(made, made.undone_at or now)]
    return sorted(found, key=lambda each: (each.at, each.about, each.what))


def was_edited(person_id: int, since: datetime, until: datetime | None = None) -> bool:
    """Whether the desk corrected somebody's record in between."""
    of = StaffEvent
    acts = (Act.PERSON_EDITED.value, Act.CONTACT_CHANGED.value)
    query = select(of.id).where(of.person_id == person_id, of.at >= since, of.act.in_(acts), of.by_id != person_id)
    return db.session.scalar((query.where(of.at <= until) if until else query).limit(1)) is not None


def _part_records(undoing: Undoing) -> None:
    """Both records as they were; what the account itself changed since goes with it, what the desk did stays."""
    onto, double, kept = undoing.onto, undoing.double, undoing.kept
    is_edited = was_edited(onto.id, undoing.since)
    for name, value in kept["emptied"].items():
        setattr(double, name, value)
    for names in TOGETHER:
        first = names[0]
        filled = kept["before"][first] or kept["emptied"][first]
        is_changed = getattr(onto, first) != filled
        for name in names:
            if is_changed and not is_edited:
                setattr(double, name, getattr(onto, name))
            if not (is_changed and is_edited):
                setattr(onto, name, kept["before"][name])


def _fill(onto: Person, double: Person) -> None:
    """What was not known of somebody and the new record says."""
    for names in TOGETHER:
        if not getattr(onto, names[0]):
            for name in names:
                setattr(onto, name, getattr(double, name))


def _move_all(double: Person, onto: Person) -> Iterator[tuple[str, str, list[Any]]]:
    """Let every row that points at the one point at the other; histories stay as they were written."""
    for table, column in _columns_that_point_at_people():
        if _only_one_each(table, column) and db.session.execute(select(column).where(column == onto.id)).first():
            continue
        keys = db.session.execute(select(*table.primary_key).where(column == double.id)).all()
        for key in keys:
            moved = [onto.id if part is column else value for part, value in zip(table.primary_key, key, strict=True)]
            _give(table, column.name, list(key), of=double, to=onto)
            yield table.name, column.name, moved


def _give(table: Table, name: str, key: list[Any], *, of: Person, to: Person) -> None:
    column = table.c[name]
    same = [part == value for part, value in zip(table.primary_key, key, strict=True)]
    try:
        db.session.execute(update(table).where(*same, column == of.id).values({name: to.id}))
    except IntegrityError as error:
        raise _twice() from error


def _columns_that_point_at_people() -> Iterator[tuple[Table, Column[Any]]]:
    for table in Base.metadata.sorted_tables:
        if table.name in ITS_OWN or table.name == Person.__tablename__ or table.name.endswith("_events"):
            continue
        for key in table.foreign_keys:
            if key.column.table.name == Person.__tablename__:
                yield table, key.parent


def _only_one_each(table: Table, column: Column[Any]) -> bool:
    """Whether nobody can have two of it, as with a secret calendar address."""
    return bool(column.unique) or list(table.primary_key) == [column]


def _write() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise _twice() from error
    db.session.expire_all()


def _twice() -> Conflict:
    return Conflict(_l("Both records have something that nobody can have twice, such as a place at the same activity."))
