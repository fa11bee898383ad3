"""Ordered reads of people, accounts, sign-ins and roles."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from center.kernel.db import db, must_find, once
from center.kernel.errors import NotFound
from center.kernel.i18n import lazy_gettext as _l
from center.people import throttle
from center.people.households import has_door, is_at_door_of
from center.people.likeness import Likeness, candidates
from center.people.models import (
    LOGIN_MARK,
    Account,
    AccountMatch,
    Building,
    ClaimCode,
    Grid,
    Person,
    RoleGrant,
    erased_name,
)
from center.people.session_models import SignInAttempt


def find_account(login: str) -> Account | None:
    """The account with this login, as `rules.login_of` keeps it."""
    return db.session.scalar(select(Account).where(Account.login == login).options(joinedload(Account.person)))


def accounts_called(login: str) -> Sequence[Account]:
    """The accounts that are meant by this login: its own, and others of the same phone; its own first."""
    meant = Account.login == login
    if login.isdigit():
        meant = or_(meant, Account.login.startswith(login + LOGIN_MARK, autoescape=True))
    query = select(Account).where(meant).options(joinedload(Account.person))
    return db.session.scalars(query.order_by(Account.login != login, Account.id)).all()


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """What people are called, by number; whoever was erased is called that."""
    known = sorted(number for number in set(ids) if number is not None)
    query = select(Person.id, Person.name).where(Person.id.in_(known))
    return {row.id: row.name or erased_name() for row in db.session.execute(query)} if known else {}


def get_account(account_id: int) -> Account:
    """The account with this id; raises NotFound."""
    query = (
        select(Account).where(Account.id == account_id).options(joinedload(Account.person).joinedload(Person.building))
    )
    return must_find(db.session.scalar(query), _l("There is no such account."))


def account_of(person_id: int) -> Account | None:
    """The account of this person, if they have one."""
    return db.session.scalar(select(Account).where(Account.person_id == person_id))


def has_account(person_id: int) -> bool:
    """Whether this person has an account, of whatever standing."""
    return db.session.scalar(select(Account.id).where(Account.person_id == person_id)) is not None


def has_account_of(person_id: Any) -> ColumnElement[bool]:
    """In a query: whether the person in this column has an account they may use."""
    return exists().where(Account.person_id == person_id, Account.disabled_at.is_(None))


def is_account_waiting(person_id: int) -> bool:
    """Whether somebody has an account that the desk has not confirmed yet."""
    query = select(Account.id).where(Account.person_id == person_id, Account.confirmed_at.is_(None))
    return once(("account waits", person_id), lambda: db.session.scalar(query)) is not None


def buildings() -> Sequence[Building]:
    """All buildings in the order people count them."""
    return db.session.scalars(select(Building).order_by(Building.position, Building.id)).all()


def grids() -> Sequence[Grid]:
    """All grids."""
    return db.session.scalars(select(Grid).order_by(Grid.id)).all()


def find_grid(grid_id: int) -> Grid | None:
    """The grid with this id, if there is one."""
    return db.session.get(Grid, grid_id)


def grants_of(person_id: int) -> Sequence[RoleGrant]:
    """All roles a person has, had or will have, the latest first."""
    query = select(RoleGrant).where(RoleGrant.person_id == person_id).options(joinedload(RoleGrant.grid))
    return db.session.scalars(query.order_by(RoleGrant.starts_on.desc(), RoleGrant.id.desc())).all()


def get_grant(grant_id: int, *, person_id: int) -> RoleGrant:
    """One dated role of this person; raises NotFound."""
    grant = db.session.get(RoleGrant, grant_id)
    if grant is None or grant.person_id != person_id:
        raise NotFound(_l("This person has no such role."))
    return grant


def find_claim_code(code_hash: str) -> ClaimCode | None:
    """The claim code with this hash, used or not."""
    query = select(ClaimCode).where(ClaimCode.code_hash == code_hash)
    return db.session.scalar(query.options(joinedload(ClaimCode.person).joinedload(Person.account)))


def waiting_accounts(*, limit: int = 50) -> Sequence[Account]:
    """Accounts that the desk has neither confirmed nor refused, the oldest first."""
    query = (
        select(Account)
        .where(Account.confirmed_at.is_(None), Account.disabled_at.is_(None))
        .options(joinedload(Account.person).joinedload(Person.building))
        .order_by(Account.created_at, Account.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def likely_same(accounts: Sequence[Account]) -> dict[int, list[Likeness]]:
    """For each account, by id, at most five people known already who may be the same, the likeliest first."""
    asked = [account.person for account in accounts]
    if not asked:
        return {}
    wanted: list[ColumnElement[bool]] = [Person.name.in_({p.name for p in asked})]
    wanted += [is_at_door_of(person) for person in asked if has_door(person)]
    found = db.session.scalars(
        select(Person)
        .where(or_(*wanted), Person.is_double.is_(False), ~Person.account.has(Account.confirmed_at.is_(None)))
        .options(joinedload(Person.building), joinedload(Person.account))
        .order_by(Person.sort_key, Person.id)
        .limit(500)
    ).all()
    return {account.id: candidates(account.person, found) for account in accounts}


def get_match(match_id: int) -> AccountMatch:
    """The match with this id; raises NotFound."""
    return must_find(db.session.get(AccountMatch, match_id), _l("There is no such match."))


def matches_that_stand(*, limit: int = 20) -> Sequence[AccountMatch]:
    """The latest matches of accounts that nobody undid, the latest first."""
    query = select(AccountMatch).where(AccountMatch.undone_at.is_(None))
    query = query.options(joinedload(AccountMatch.person), joinedload(AccountMatch.matched_by))
    return db.session.scalars(query.order_by(AccountMatch.matched_at.desc(), AccountMatch.id.desc()).limit(limit)).all()


def records_of(person_id: int) -> list[int]:
    """The number of somebody's record, and of those whose accounts were matched with theirs."""
    of = AccountMatch
    doubles = select(of.double_id).where(of.person_id == person_id, of.undone_at.is_(None), of.double_id != person_id)
    return [person_id, *sorted(set(db.session.scalars(doubles)))]


def behind_double(person: Person) -> Person:
    """Whose record a double is: whomever its account was matched with; anybody else is themselves."""
    of = AccountMatch
    query = select(Person).join(of, of.person_id == Person.id).where(of.double_id == person.id, of.undone_at.is_(None))
    return (db.session.scalars(query).first() or person) if person.is_double else person


def tries(login: str, source: str, *, now: datetime) -> throttle.Tries:
    """The failed tries that count against the next one, for `throttle.wait`.

    Whoever knows a password is forgiven what they mistyped before. Of codes (`login` has a blank then) one that is
    right says nothing of others, so it forgives nothing.
    """
    of = SignInAttempt
    recent = and_(of.at > now - throttle.WINDOW, of.at <= now)
    pair = and_(recent, of.login == login, of.source == source)
    last_success = db.session.scalar(select(func.max(of.id)).where(pair, of.succeeded.is_(True)))
    failed = select(of.at).where(of.succeeded.is_(False))
    since = and_(pair, of.id > last_success) if last_success and " " not in login else pair
    burst = and_(of.source == source, of.at > now - throttle.BURST_WINDOW, of.at <= now)
    strangers = and_(recent, of.login == login, of.source.startswith("address:"), of.succeeded.is_(False))
    return throttle.Tries(
        of_pair=db.session.scalars(failed.where(since).order_by(of.at)).all(),
        of_source=db.session.scalars(failed.where(burst).order_by(of.at)).all(),
        of_login=db.session.scalar(select(func.count()).select_from(of).where(strangers)) or 0,
        is_known_browser=not source.startswith("address:"),
    )


def opened(login: str, source: str | None, *, now: datetime, window: timedelta) -> Sequence[datetime]:
    """When accounts were opened lately, or tried to be: from one address, or (None) from all."""
    of = SignInAttempt
    query = select(of.at).where(of.login == login, of.at > now - window, of.at <= now)
    return db.session.scalars((query.where(of.source == source) if source else query).order_by(of.at)).all()
