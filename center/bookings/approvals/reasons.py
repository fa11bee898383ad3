"""Why each request waits for a decision of the staff, as the rules stand now."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from center.bookings.models import Booking
from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.facts import Agreement, Facts, ProposedUse, propose
from center.bookings.rulebook.judging import party_of
from center.bookings.rulebook.quota_facts import NOBODY
from center.bookings.rulebook.rule_facts import load_terms
from center.bookings.rulebook.rules import agreements
from center.kernel.db import db
from center.kernel.i18n import centre_zone, local_date
from center.kernel.spans import Span
from center.people.models import Account


def why_waiting(bookings: Sequence[Booking], *, now: datetime) -> dict[int, list[Agreement]]:
    """By the id of each booking, everything about it that asks for somebody's agreement; nothing, where rules have
    changed since. The number of reads does not depend on how many there are.
    """
    if not bookings:
        return {}
    rooms = {each.room_id: each.room for each in bookings}
    days = [local_date(each.starts_at) for each in bookings]
    terms = load_terms(list(rooms.values()), min(days), max(days), asker=NOBODY, now=now)
    strangers = _not_confirmed({each.person_id for each in bookings})
    found = {}
    for each in bookings:
        facts = Facts(
            now=now,
            zone=centre_zone(),
            open_spans=(),
            taken=(),
            terms=terms[each.room_id],
            account_waits=each.person_id in strangers,
        )
        found[each.id] = agreements(_proposed(each), rules_of(each.room), facts)
    return found


def _proposed(booking: Booking) -> ProposedUse:
    return propose(
        booking.room,
        Span(booking.starts_at, booking.ends_at),
        booking.people,
        party_of(booking.organisation),
        purpose_id=booking.purpose_id,
    )


def _not_confirmed(person_ids: set[int]) -> frozenset[int]:
    query = select(Account.person_id).where(Account.person_id.in_(sorted(person_ids)), Account.confirmed_at.is_(None))
    return frozenset(db.session.scalars(query))
