"""Who books for whom, and what keeps each of them from a room at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from center.bookings.models import Channel
from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.facts import Facts, Party, ProposedUse, Rule
from center.bookings.rulebook.judging import party_of, with_party
from center.bookings.rulebook.quotas import Asker
from center.bookings.rulebook.refusals import refusal
from center.bookings.rulebook.rule_facts import load_terms
from center.bookings.rulebook.rules import breaches_at_any_time, telling
from center.kernel.i18n import centre_zone, in_language, local_date
from center.kernel.i18n import gettext as _
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room
from center.rooms.sentences import who_may_book

FOR_OTHERS = frozenset({Rule.AUDIENCE, Rule.PARTY})


@dataclass(frozen=True)
class Applicant:
    """Who books, for whom, and on whose behalf they may do so."""

    person: Person
    by: Person
    channel: Channel
    organisations: Sequence[Organisation]

    @property
    def is_staff(self) -> bool:
        """Whether a member of staff books for somebody else."""
        return self.channel is not Channel.ONLINE

    def parties(self) -> list[tuple[str, str]]:
        """The answers to "for whom", the person first."""
        themselves = self.person.name if self.is_staff else _("Myself")
        return [
            ("self", themselves),
            *((self.token(each), in_language(each.name, each.name_en)) for each in self.organisations),
        ]

    def token(self, organisation: Organisation | None) -> str:
        """How the form names the person, or the organisation."""
        return f"organisation-{organisation.id}" if organisation else "self"

    def organisation(self, token: str) -> Organisation | None:
        """The organisation that was chosen, or None for the person."""
        return next((each for each in self.organisations if token == f"organisation-{each.id}"), None)

    def footing(self, organisation: Organisation | None) -> Party:
        """On whose limits the booking is judged."""
        return party_of(organisation, as_staff=self.is_staff)


def against(room: Room, who: Applicant, *, now: datetime) -> dict[str, str]:
    """What keeps each party that the applicant can book for from this room at all, in words; "" where nothing does."""
    return {
        who.token(each): "" if who.is_staff else _against(room, who, each, now=now)
        for each in (None, *who.organisations)
    }


def closed_to(room: Room, who: Applicant, organisation: Organisation, *, now: datetime) -> str:
    """Why an organisation may not use this room however little it has booked, in words; "" where it may."""
    return _against(room, who, organisation, now=now, only=FOR_OTHERS)


def _against(
    room: Room,
    who: Applicant,
    organisation: Organisation | None,
    *,
    now: datetime,
    only: frozenset[Rule] = frozenset(Rule),
) -> str:
    today, rules = local_date(now), rules_of(room)
    asker = Asker(who.person, organisation)
    terms = load_terms([room], today, today, asker=asker, now=now, at_any_time=True)[room.id]
    facts = with_party(Facts(now=now, zone=centre_zone(), terms=terms), asker)
    shortest = Span(now, now + timedelta(minutes=rules.min_minutes))
    broken = telling(
        breaches_at_any_time(ProposedUse(shortest, rules.min_people, who.footing(organisation)), rules, facts)
    )
    broken = [each for each in broken if each.rule in only]
    if broken and broken[0].rule is Rule.PARTY:
        return " ".join([who_may_book(room), _("The desk can help you find another.")])
    return str(refusal(broken[0], room, rules, facts=facts)) if broken else ""
