"""On which footings somebody who looks at rooms may book, and which free time that leaves them.

What is known of a person is a plain value here, so a board that is drawn from it can be kept (docs/decisions/0008):
all visitors share one drawing, and so do all staff.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from center.bookings.rulebook.availability import RoomDay
from center.bookings.rulebook.facts import Named, Party
from center.bookings.rulebook.judging import limited_until, live_ends, party_of
from center.bookings.rulebook.quotas import Asker, Counted, count_quotas
from center.bookings.rulebook.refusals import limited_words, live_limit_words
from center.bookings.rulebook.rule_facts import Settings, groups_of, terms_for
from center.bookings.rulebook.times import Stretch, free_stretches, is_in_reach
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language, local_date
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room

NO_NAME = Named("")


@dataclass(frozen=True, slots=True)
class Footing:
    """Somebody as a party that books: the groups they are in, what they have ahead, and what counts for quotas."""

    party: Party
    name: Named = NO_NAME  # of the organisation
    groups: frozenset[int] = frozenset()
    live_ends: tuple[datetime, ...] = ()
    limited_until: datetime | None = None
    quotas: tuple[Counted, ...] = ()


VISITOR = (Footing(Party.PERSON),)
STAFF = (Footing(Party.STAFF),)


def footings_of(
    person: Person, led: Sequence[Organisation], first: date, last: date, *, now: datetime
) -> tuple[Footing, ...]:
    """A person's own footing on these days, and that of each organisation they lead."""
    return tuple(_footing(Asker(person, each), first, last, now=now) for each in (None, *led))


@dataclass(frozen=True)
class Looking:
    """What a reader of boards may book: their footings, and what staff have set for the rooms on these days."""

    footings: tuple[Footing, ...]
    known: Settings
    kinds: Mapping[date, int]

    def stretches(self, room_day: RoomDay) -> list[Stretch]:
        """The time of a day that they may book some of, whatever the footing; each names the first that may."""
        found = [each for footing in self.footings for each in self._on(footing, room_day)]
        return _joined(found)

    def _on(self, footing: Footing, room_day: RoomDay) -> list[Stretch]:
        if not is_in_reach(footing.party, room_day.rules, room_day.facts):
            return []
        known, now = replace(self.known, memberships=footing.groups), room_day.facts.now
        day, today = room_day.day, local_date(now)
        terms = terms_for(room_day.room, known, footing.quotas, self.kinds, day, day, today=today)
        facts = replace(
            room_day.facts,
            terms=terms,
            live_count=len(footing.live_ends),
            live_ends=footing.live_ends,
            limited_until=footing.limited_until,
        )
        return free_stretches(footing.party, room_day.rules, facts)


def limits_met(rooms: Sequence[Room], footings: Sequence[Footing]) -> tuple[str, ...]:
    """What keeps a person, and each organisation they lead, from every one of these rooms that are open to them."""
    said = [(each.name, _limit_met(rooms, each)) for each in footings]
    return tuple(_named(name, words) for name, words in said if words)


def _limit_met(rooms: Sequence[Room], footing: Footing) -> str:
    if footing.party is Party.ORGANISATION:
        most = [room.org_live_limit for room in rooms if room.organisations_may_book]
    else:
        most = [room.live_limit for room in rooms if room.residents_may_book]
    if footing.party is Party.STAFF or not most:
        return ""
    if footing.limited_until is not None:
        return limited_words(footing.limited_until)
    if min(most) and len(footing.live_ends) >= max(most):
        return live_limit_words(max(most), len(footing.live_ends), footing.live_ends)
    return ""


def _named(name: Named, words: str) -> str:
    whose = in_language(name.name, name.name_en)
    return _("%(name)s: %(what)s", name=whose, what=words) if whose else words


def _footing(asker: Asker, first: date, last: date, *, now: datetime) -> Footing:
    assert asker.person is not None
    return Footing(
        party=party_of(asker.organisation),
        name=Named(asker.organisation.name, asker.organisation.name_en) if asker.organisation else NO_NAME,
        groups=groups_of(asker),
        live_ends=live_ends(asker.person, asker.organisation, now=now),
        limited_until=None if asker.organisation else limited_until(asker.person.id, now=now),
        quotas=tuple(count_quotas(asker, first, last)),
    )


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Stretches that overlap or touch made one, with its earliest start and whose that is; a person's comes first."""
    joined: list[Stretch] = []
    for each in sorted(stretches, key=lambda stretch: stretch.span):
        if joined and each.span.start <= joined[-1].span.end:
            joined[-1] = _both(joined[-1], each)
        else:
            joined.append(each)
    return joined


def _both(one: Stretch, other: Stretch) -> Stretch:
    first = min(one, other, key=lambda stretch: (stretch.first, stretch.party is not Party.PERSON))
    end = max(one.span.end, other.span.end)
    return Stretch(replace(one.span, end=end), first.first, first.party)
