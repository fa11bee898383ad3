"""Who hears of a sign-up: its person or a child's guardians, who signed them up, helpers where the person wants it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select

from center.kernel.db import db
from center.kernel.i18n import local_date
from center.notices.models import ContactPreference
from center.people.acting import Ground, ground_to_act, hearers_for, is_given
from center.people.models import Delegation, DelegationScope, Person
from center.signups.models import SignUp

BY_RIGHT_OF_OTHERS = frozenset({Ground.DELEGATION, Ground.GUARDIAN, Ground.HOUSEHOLD})


def readers_of(sign_ups: Sequence[SignUp], *, now: datetime) -> list[tuple[SignUp, list[Person]]]:
    """Who hears of each of these, everybody once."""
    today = local_date(now)
    helpers = _helpers_who_hear({each.person_id for each in sign_ups}, on=today)
    return [(each, _readers(each, helpers.get(each.person_id, ()), on=today)) for each in sign_ups]


def _readers(sign_up: SignUp, helpers: Sequence[Person], *, on: date) -> list[Person]:
    found = {each.id: each for each in (*hearers_for(sign_up.person, on=on), *helpers)}
    signed_by = sign_up.signed_by
    if sign_up.ground in BY_RIGHT_OF_OTHERS and signed_by.id not in found:
        ground = ground_to_act(signed_by, sign_up.person, scope=DelegationScope.SIGN_UPS, on=on)
        if ground is not None:
            found[signed_by.id] = signed_by
    return list(found.values())


def _helpers_who_hear(person_ids: Collection[int], *, on: date) -> dict[int, list[Person]]:
    """Whom these people let act for them, where they want them to hear what they hear."""
    query = (
        select(Delegation.person_id, Person)
        .join(Delegation.delegate)
        .join(ContactPreference, ContactPreference.person_id == Delegation.person_id)
        .where(Delegation.person_id.in_(sorted(person_ids)), ContactPreference.tells_helpers)
        .where(*is_given(DelegationScope.SIGN_UPS, on=on))
        .order_by(Person.sort_key, Person.id)
    )
    found: dict[int, list[Person]] = {}
    for person_id, helper in db.session.execute(query):
        found.setdefault(person_id, []).append(helper)
    return found
