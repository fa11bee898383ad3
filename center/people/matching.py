"""Matching a new account with a person known already: everything moves to their record, and all of it can be undone.

The record that the account was opened on stays, emptied of all but its name, so that histories remain true.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, select, update
from sqlalchemy.exc import IntegrityError

from center.acts import Act
from center.db import Base, db, lock
from center.errors import Conflict, RuleBroken
from center.i18n import lazy_gettext as _l
from center.people import likeness, queries, sessions
from center.people.models import Account, AccountMatch, Person
from center.trail import note

FILLED = ("phone", "phone_tail", "phone_is_relatives", "birth_year", "email")  # taken over where nothing was known
EMPTIED = (*FILLED, "building_id", "unit", "door", "lives_alone")
NOTHING = {"lives_alone": False, "phone_is_relatives": False, "unit": "", "door": ""}  # None for the others
ITS_OWN = {"accounts", "account_matches", "user_sessions"}

# What the owner of a match did since, while it stood: (from whom, to whom, since when) moves it along.
after_undoing: list[Callable[[Person, Person, datetime], None]] = []


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
    emptied = {name: getattr(double, name) for name in EMPTIED}
    _fill(onto, double)
    moved = list(_move_all(double, onto))
    for name in EMPTIED:
        setattr(double, name, NOTHING.get(name))
    double.is_double = True
    account.person, account.confirmed_at, account.confirmed_by_id = onto, now, by.id
    kept = {"before": before, "emptied": emptied, "moved": moved}
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
    for name, value in kept["emptied"].items():
        setattr(double, name, value)
    for name, value in kept["before"].items():
        setattr(onto, name, value)
    db.session.flush()
    for table, name, key in kept["moved"]:
        _give(Base.metadata.tables[table], name, key, of=onto, to=double)
    for move_along in after_undoing:
        move_along(onto, double, made.matched_at)
    made.undone_at, made.undone_by_id = now, by.id
    _write()
    note(Act.MATCH_UNDONE, person_id=onto.id, by=by)
    return account


def _fill(onto: Person, double: Person) -> None:
    """What was not known of somebody and the new record says."""
    onto.birth_year = onto.birth_year or double.birth_year
    onto.email = onto.email or double.email
    if not onto.phone:
        onto.phone, onto.phone_tail, onto.phone_is_relatives = (
            double.phone,
            double.phone_tail,
            double.phone_is_relatives,
        )


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
