"""Which times of a round suit a wish, by the rules of their rooms, whoever will use them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from center.allocation.models import AllocationRound, WeeklyTime
from center.allocation.rounds.hours import usual_spans
from center.allocation.rounds.rules import first_of
from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.facts import Facts, Party, Rule, propose
from center.bookings.rulebook.quotas import Asker
from center.bookings.rulebook.refusals import refusal
from center.bookings.rulebook.rule_facts import load_terms
from center.bookings.rulebook.rules import breaches, telling
from center.kernel.i18n import centre_zone
from center.organisations.models import Organisation
from center.people.models import Person

# What a term's weekly use must keep. How long and how far ahead staff have set with the times they offer.
ASKED = frozenset({Rule.AUDIENCE, Rule.CAPACITY, Rule.MIN_PEOPLE, Rule.OPEN, Rule.PARTY, Rule.PURPOSE, Rule.WINDOW})


@dataclass(frozen=True, kw_only=True)
class Use:
    """What a wish would use a room for."""

    people: int
    purpose_id: int | None
    organisation: Organisation
    person: Person


def unsuited(found: AllocationRound, times: Sequence[WeeklyTime], use: Use, *, now: datetime) -> dict[int, str]:
    """Why each time that does not suit cannot be had, in words, by its id. Reads once for all of them."""
    rooms = list({each.room_id: each.room for each in times}.values())
    first, last = found.starts_on, first_of((found.starts_on.weekday() - 1) % 7, found.starts_on)
    asker = Asker(use.person, use.organisation)
    terms = load_terms(rooms, first, last, asker=asker, now=now) if rooms else {}
    against: dict[int, str] = {}
    for each in times:
        room, rules = each.room, rules_of(each.room)
        day = first_of(each.weekday, found.starts_on)
        spans = tuple(usual_spans(room, each.weekday, day))
        facts = Facts(now=now, zone=centre_zone(), open_spans=spans, terms=terms[room.id])
        span = each.hours.on(day, centre_zone())
        proposed = propose(room, span, use.people, Party.ORGANISATION, purpose_id=use.purpose_id)
        broken = telling([breach for breach in breaches(proposed, rules, facts) if breach.rule in ASKED])
        if broken:
            against[each.id] = " ".join(str(refusal(breach, room, rules, facts=facts)) for breach in broken)
    return against
