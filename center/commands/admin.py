"""`center create-admin`: a director, who can then do the rest in the site."""

from dataclasses import dataclass
from datetime import date, datetime

from center.kernel.db import transaction
from center.people import actions, passwords, shared_phones
from center.people.models import Account, Role
from center.people.records import PersonRecord


@dataclass(frozen=True, kw_only=True)
class Admin:
    """What was typed."""

    name: str
    phone: str
    login: str
    password: str


def create_admin(asked: Admin, *, now: datetime, today: date) -> Account:
    """A person with a confirmed account and the director's role. Raises the domain errors of what it is made of."""
    record = PersonRecord(name=asked.name, phone=asked.phone)
    passwords.check(asked.password, own_words=actions.words_of_record(record, asked.login))
    password = actions.Password(passwords.hash_password(asked.password), shared_phones.tag_of(asked.password))
    with transaction():
        actions.check_phone_is_free("" if asked.login else asked.phone)
        account = actions.register(record, login=asked.login, password=password, now=now)
        actions.confirm_account(account, by=None, now=now)
        actions.grant_role(account.person, Role.DIRECTOR, starts_on=today, by=None)
    return account
