"""Several accounts of one phone: families share one, and registering tells nobody whether a phone has an account.

The first account of a phone has it as its login, any other the phone and a mark. Whoever signs in with the phone is
told apart by the password. Each account keeps eight bits of a hash of it, keyed with the site's own key, so that one
password is checked however many accounts there are, and none takes longer. See docs/decisions/0034-shared-phones.md.
"""

import hashlib
import hmac
import secrets

from flask import current_app

from center.people import passwords, queries
from center.people.models import LOGIN_MARK, Account


def login_beside(phone: str) -> str:
    """A login for one more account of a phone."""
    return f"{phone}{LOGIN_MARK}{secrets.token_hex(4)}"


def others_beside(account: Account) -> list[Account]:
    """Other accounts that sign in with the same phone, for the desk to look at."""
    return [each for each in queries.accounts_called(account.signs_in_with) if each.id != account.id]


def tag_of(password: str) -> int:
    """Eight bits that say little of a password, and nothing without the site's key."""
    key = f"password tag {current_app.secret_key!r}".encode()
    return hmac.new(key, passwords.composed(password).encode(), hashlib.sha256).digest()[0]


def whose(login: str, password: str) -> tuple[Account | None, bool]:
    """The account that somebody means who types this, and whether the password is right.

    Where it is not: the one whose login it is, if there is any. Takes as long with no account as with several.
    """
    known, tag = queries.accounts_called(login), tag_of(password)
    for account in known:
        if account.password_tag == tag and passwords.is_right(account.password_hash, password):
            return account, True
    owner = next((each for each in known if each.login == login), None)
    return owner, passwords.is_right(owner.password_hash if owner else None, password)
