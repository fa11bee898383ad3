"""Helper codes: how somebody is named in the account of whoever lets them act, without anybody being looked up.

The helper has a code shown in their own account and tells it to the other, who types it and confirms the name. So
nobody learns who has an account here but from that person themselves.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from center.kernel.access_log import Kind, note
from center.kernel.db import db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.people.acting import grant
from center.people.claims import keyed_hash, new_code
from center.people.models import Account, Consent, Delegation, DelegationScope, HelperCode, Person

LENGTH = 8
LASTS = timedelta(days=1)


def make_code(person: Person, *, now: datetime) -> str:
    """A code that names this person for a day; the one they had before no longer does."""
    code = new_code(LENGTH)
    lock(person)
    row = db.session.get(HelperCode, person.id, populate_existing=True) or HelperCode(person_id=person.id)
    row.code_hash, row.made_at, row.expires_at = keyed_hash(code), now, now + LASTS
    db.session.add(row)
    db.session.flush()
    log.info("helper_code_made", person=person.id)
    return code


def get_helper(typed: str, *, now: datetime) -> Person:
    """Who told this code. Raises RuleBroken on "code", in the same words whatever is wrong with it."""
    query = (
        select(Person)
        .join(HelperCode, HelperCode.person_id == Person.id)
        .join(Account, Account.person_id == Person.id)
        .where(HelperCode.code_hash == keyed_hash(typed), HelperCode.expires_at > now)
        .where(Account.disabled_at.is_(None), Account.confirmed_at.is_not(None))
    )
    helper = db.session.scalar(query)
    if helper is None:
        note(Kind.CODE_FAILED, subject="helper code")
        raise RuleBroken(
            _l("This code leads to nobody. It lasts a day: ask your helper for a new one, or ask the desk."),
            field="code",
        )
    return helper


def give(person: Person, *, code: str, ends_on: date, today: date, now: datetime, by: Person) -> Delegation:
    """Let whoever told the code sign one up for activities until a day; for a child a guardian (`by`) does.

    Raises RuleBroken on "code" or over the dates.
    """
    return grant(
        person,
        to=get_helper(code, now=now),
        scope=DelegationScope.SIGN_UPS,
        starts_on=today,
        ends_on=ends_on,
        consent=Consent.OWN_ACCOUNT,
        by=by,
        now=now,
    )
