"""The nearest times at which a proposed use would break no rule: what is offered wherever one was refused."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from center.bookings.models import Booking
from center.bookings.rulebook.availability import facts_for, rules_of
from center.bookings.rulebook.facts import Party, ProposedUse
from center.bookings.rulebook.judging import party_of, with_party
from center.bookings.rulebook.needs import lacking_features
from center.bookings.rulebook.quota_facts import NOBODY, Asker
from center.bookings.rulebook.rule_facts import load_terms
from center.bookings.rulebook.times import nearest_times
from center.kernel.i18n import local_date
from center.kernel.spans import Span
from center.rooms.models import Room

LOOK_BACK, LOOK_AHEAD = timedelta(days=7), timedelta(days=14)


def nearest_free_times(
    room: Room,
    proposed: ProposedUse,
    *,
    now: datetime,
    asker: Asker = NOBODY,
    instead_of: Booking | None = None,
    avoiding: Sequence[Span] = (),
) -> list[Span]:
    """The three nearest times at which the proposed use would break no rule at all, looking a fortnight around it.

    None where a rule is against it at any time, such as too many people. `instead_of` is a booking whose time counts
    as free; times that overlap `avoiding` count as taken.
    """
    if proposed.party is not Party.STAFF and lacking_features(room, proposed.needs):
        return []
    rules = rules_of(room)
    today = local_date(now)
    horizon = today + timedelta(days=rules.horizon(proposed.party, in_series=proposed.in_series))
    middle = min(max(local_date(proposed.span.start), today), horizon)
    first, last = max(today, middle - LOOK_BACK), min(horizon, middle + LOOK_AHEAD)
    terms = load_terms([room], first, last, asker=asker, now=now, instead_of=instead_of)[room.id]
    facts = facts_for(room, first, last, now=now, terms=terms, instead_of=instead_of)
    facts = with_party(facts, asker, instead_of=instead_of)
    facts = replace(facts, taken=(*facts.taken, *avoiding))
    return nearest_times(proposed, rules, facts, whose=party_of(asker.organisation))
