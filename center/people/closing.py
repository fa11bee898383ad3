"""Closing an account: whoever has it is signed out at once and cannot sign in; a director opens it again."""

from datetime import datetime

from sqlalchemy import delete, update

from center.kernel.acts import Act
from center.kernel.db import change_rows, db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people import sessions
from center.people.models import Account, ClaimCode, HelperCode, Person


def is_closed(account: Account | None) -> bool:
    """Whether a director closed it; one that the desk refused was never open."""
    return account is not None and account.disabled_at is not None and account.confirmed_at is not None


def close(account: Account, *, reason: str, by: Person, now: datetime) -> None:
    """Nobody signs in with it any more, from this moment; codes that were given out for it end. Twice is once.

    What was booked and signed up for stays: the desk looks at it. Raises RuleBroken over one's own account.
    """
    lock(account)
    if account.person_id == by.id:
        raise RuleBroken(_l("You cannot close your own account. Ask another director to do it."))
    if account.confirmed_at is None:
        raise RuleBroken(_l("This account waits for the desk. Refuse it instead."))
    if account.disabled_at is not None:
        return
    account.disabled_at, account.disabled_reason = now, reason
    sessions.end_all(account.id, now=now)
    codes = update(ClaimCode).where(ClaimCode.person_id == account.person_id, ClaimCode.expires_at > now)
    change_rows(codes.values(expires_at=now))
    change_rows(delete(HelperCode).where(HelperCode.person_id == account.person_id))
    db.session.flush()
    note(Act.ACCOUNT_CLOSED, person_id=account.person_id, by=by, reason=reason)


def open_again(account: Account, *, by: Person) -> None:
    """Its owner signs in with the password they had. Twice is once."""
    lock(account)
    if not is_closed(account):
        return
    account.disabled_at, account.disabled_reason = None, ""
    db.session.flush()
    note(Act.ACCOUNT_OPENED_AGAIN, person_id=account.person_id, by=by)
