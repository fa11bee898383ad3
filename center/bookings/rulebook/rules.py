"""Who may use which room when: the rule book of bookings. Pure: facts come in, breaches come out.

`refusals` puts breaches into words; `docs/decisions/0002` says why the ledger, not this file, is what
makes double booking impossible.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from center.bookings.rulebook.facts import (
    NEVER_OVERRIDDEN,
    NO_TERMS,
    SAID_BY,
    Agreement,
    Breach,
    Facts,
    Party,
    ProposedUse,
    RoomRules,
    Rule,
    is_within,
)
from center.bookings.rulebook.quotas import QuotaState, states
from center.kernel.spans import Span, intersect, merge
from center.rooms.models import Approval
from center.rooms.rule_models import PurposeRule


def breaches(proposed: ProposedUse, room: RoomRules, facts: Facts) -> list[Breach]:
    """Every rule that the proposed use breaks, the most telling first. A room that is merely taken comes last."""
    found = [breach for check in _CHECKS if (breach := check(proposed, room, facts))]
    over = [Breach(Rule.QUOTA, "date", state) for state in quota_states(proposed, facts) if not state.is_kept]
    return [*found, *over, *([taken] if (taken := _free(proposed, room, facts)) else [])]


def weigh(proposed: ProposedUse, room: RoomRules, facts: Facts, *, whose: Party) -> tuple[list[Breach], list[Breach]]:
    """What stops the use, and what staff who book for that party may override; for everybody else all of it stops.

    Rules of booking by oneself do not bind the desk: short notice, a limit, and rooms that only the desk books.
    """
    if proposed.party is not Party.STAFF:
        return telling(breaches(proposed, room, facts)), []
    stops = telling([each for each in breaches(proposed, room, facts) if each.rule in NEVER_OVERRIDDEN])
    for_desk = {Rule.LIMITED, Rule.NOTICE} | (
        set() if room.residents_may_book or room.organisations_may_book else {Rule.PARTY}
    )
    of_party = breaches(replace(proposed, party=whose), room, facts)
    return stops, [each for each in of_party if each.rule not in NEVER_OVERRIDDEN | for_desk]


def telling(broken: Sequence[Breach]) -> list[Breach]:
    """The breaches without those that another of them says already."""
    rules = {each.rule for each in broken}
    said = frozenset[Rule]().union(*(SAID_BY.get(rule, frozenset()) for rule in rules))
    return [each for each in broken if each.rule not in said]


def quota_states(proposed: ProposedUse, facts: Facts) -> list[QuotaState]:
    """How every quota stands that the proposed use would count towards."""
    if proposed.party is Party.STAFF:
        return []
    return list(states(proposed.span, facts.terms.quotas, kind_of=facts.terms.kind_of, zone=facts.zone))


def breaches_at_any_time(proposed: ProposedUse, room: RoomRules, facts: Facts) -> list[Breach]:
    """The rules that the proposed use breaks at whatever time it is: who asks, what for, how long and how many."""
    return [breach for check in _AT_ANY_TIME if (breach := check(proposed, room, facts))]


def breaches_of_time(proposed: ProposedUse, room: RoomRules, facts: Facts) -> list[Breach]:
    """The rules on how soon and how far ahead that the proposed use breaks."""
    return [breach for check in (_past, _notice, _horizon, _priority) if (breach := check(proposed, room, facts))]


def needs_approval(proposed: ProposedUse, room: RoomRules, facts: Facts | None = None) -> bool:
    """Whether a member of staff must agree. What staff book is agreed by their booking it."""
    return proposed.party is not Party.STAFF and bool(agreements(proposed, room, facts))


def agreements(proposed: ProposedUse, room: RoomRules, facts: Facts | None = None) -> list[Agreement]:
    """Everything about the proposed use that asks for the agreement of a member of staff."""
    terms = facts.terms if facts else NO_TERMS
    purpose = terms.purposes.get(proposed.purpose_id or 0)
    is_large = room.approval is Approval.FROM_PEOPLE and proposed.people >= room.approval_from_people
    is_outside = (
        facts is not None
        and bool(terms.approval_hours)
        and not is_within(proposed.span, terms.approval_hours, kind_of=terms.kind_of, zone=facts.zone)
    )
    asked = {
        Agreement.ACCOUNT: facts is not None and facts.account_waits,
        Agreement.ALLOWANCE: facts is not None and _is_over(proposed, facts, asks=True),
        Agreement.ROOM: room.approval is Approval.ALWAYS,
        Agreement.PEOPLE: is_large,
        Agreement.HOURS: is_outside,
        Agreement.PURPOSE: bool(purpose and purpose.rule is PurposeRule.APPROVAL),
    }
    return [why for why, is_asked in asked.items() if is_asked]


def bookable_spans(open_spans: Iterable[Span], room: RoomRules, zone: ZoneInfo) -> list[Span]:
    """The opening time that lies inside the room's fixed windows, where it has any."""
    spans = merge(open_spans)
    if not room.windows:
        return spans
    days = {span.start.astimezone(zone).date() for span in spans} | {span.end.astimezone(zone).date() for span in spans}
    return intersect(spans, [window.on(day, zone) for day in days for window in room.windows])


def next_step(moment: datetime, room: RoomRules, zone: ZoneInfo) -> datetime:
    """The first moment from this one on at which a booking may start."""
    local = moment.astimezone(zone)
    late = (local.hour * 60 + local.minute) % room.step_minutes
    return moment if not late else moment + timedelta(minutes=room.step_minutes - late)


def fitting_starts(length: timedelta, room: RoomRules, facts: Facts) -> Iterator[datetime]:
    """The starts, in order, at which a use of this length is open, in a window, on the step, and free until cleared."""
    step = timedelta(minutes=room.step_minutes)
    taken = merge(facts.taken)
    ends, begins = [span.end for span in taken], [span.start for span in taken]
    until_cleared = length + room.buffer
    for hours in bookable_spans(facts.open_spans, room, facts.zone):
        start = next_step(hours.start, room, facts.zone)
        while start + length <= hours.end:
            ahead = bisect_right(ends, start)  # the first to end after the start: no other can be in the way
            if ahead == len(begins) or begins[ahead] >= start + until_cleared:
                yield start
            start += step


def _past(proposed: ProposedUse, room: RoomRules, facts: Facts) -> Breach | None:
    """Staff may still book the step that is running: somebody who walks in at 10:05 has the room from 10:00."""
    running = timedelta(minutes=room.step_minutes) if proposed.party is Party.STAFF else timedelta(0)
    return Breach(Rule.PAST, "date") if proposed.span.start < facts.now - running else None


def _party(proposed: ProposedUse, room: RoomRules, _facts: Facts) -> Breach | None:
    allowed = {Party.PERSON: room.residents_may_book, Party.ORGANISATION: room.organisations_may_book}
    return None if allowed.get(proposed.party, True) else Breach(Rule.PARTY, "party")


def _limited(proposed: ProposedUse, _room: RoomRules, facts: Facts) -> Breach | None:
    """Only a person's own booking is limited: what staff book for them, and what an organisation books, never is."""
    until = facts.limited_until
    is_limited = proposed.party is Party.PERSON and until is not None and facts.now < until
    return Breach(Rule.LIMITED, "party", until) if is_limited else None


def _notice(proposed: ProposedUse, room: RoomRules, facts: Facts) -> Breach | None:
    if proposed.party is Party.STAFF:
        return None
    earliest = facts.now + timedelta(minutes=room.notice_minutes)
    return Breach(Rule.NOTICE, "date", earliest) if proposed.span.start < earliest else None


def _horizon(proposed: ProposedUse, room: RoomRules, facts: Facts) -> Breach | None:
    last = facts.now.astimezone(facts.zone).date() + timedelta(
        days=room.horizon(proposed.party, in_series=proposed.in_series)
    )
    ends_on = (proposed.span.end - timedelta(microseconds=1)).astimezone(facts.zone).date()
    return Breach(Rule.HORIZON, "date", last) if ends_on > last else None


def _shortest(proposed: ProposedUse, room: RoomRules, _facts: Facts) -> Breach | None:
    too_short = proposed.span.length < timedelta(minutes=room.min_minutes)
    return Breach(Rule.SHORTEST, "minutes", room.min_minutes) if too_short else None


def _longest(proposed: ProposedUse, room: RoomRules, _facts: Facts) -> Breach | None:
    longest = room.longest(proposed.party)
    if longest is None or proposed.span.length <= timedelta(minutes=longest):
        return None
    return Breach(Rule.LONGEST, "minutes", longest)


def _step(proposed: ProposedUse, room: RoomRules, facts: Facts) -> Breach | None:
    on_step = next_step(proposed.span.start, room, facts.zone) == proposed.span.start
    return None if on_step else Breach(Rule.STEP, "start", room.step_minutes)


def _capacity(proposed: ProposedUse, room: RoomRules, _facts: Facts) -> Breach | None:
    return Breach(Rule.CAPACITY, "people", room.capacity) if proposed.people > room.capacity else None


def _min_people(proposed: ProposedUse, room: RoomRules, _facts: Facts) -> Breach | None:
    return Breach(Rule.MIN_PEOPLE, "people", room.min_people) if proposed.people < room.min_people else None


def _open(proposed: ProposedUse, _room: RoomRules, facts: Facts) -> Breach | None:
    is_open = any(span.covers(proposed.span) for span in merge(facts.open_spans))
    return None if is_open else Breach(Rule.OPEN, "start")


def _window(proposed: ProposedUse, room: RoomRules, facts: Facts) -> Breach | None:
    if _open(proposed, room, facts):
        return None
    in_window = any(span.covers(proposed.span) for span in bookable_spans(facts.open_spans, room, facts.zone))
    return None if in_window else Breach(Rule.WINDOW, "start")


def _audience(_proposed: ProposedUse, _room: RoomRules, facts: Facts) -> Breach | None:
    is_meant = facts.terms.is_invited or not facts.terms.audience
    return None if is_meant else Breach(Rule.AUDIENCE, "party")


def _purpose(proposed: ProposedUse, _room: RoomRules, facts: Facts) -> Breach | None:
    purpose = facts.terms.purposes.get(proposed.purpose_id or 0)
    is_refused = purpose is not None and purpose.rule is PurposeRule.NOT_ALLOWED
    return Breach(Rule.PURPOSE, "kind", purpose) if is_refused else None


def _priority(proposed: ProposedUse, _room: RoomRules, facts: Facts) -> Breach | None:
    if proposed.party is Party.STAFF:
        return None
    kept = next((each for each in facts.terms.reserved if each.span.overlaps(proposed.span)), None)
    return Breach(Rule.PRIORITY, "start", kept) if kept else None


def _live_limit(proposed: ProposedUse, room: RoomRules, facts: Facts) -> Breach | None:
    limit = {Party.PERSON: room.live_limit, Party.ORGANISATION: room.org_live_limit}.get(proposed.party, 0)
    return Breach(Rule.LIVE_LIMIT, "party", limit) if limit and facts.live_count >= limit else None


def _leaving(proposed: ProposedUse, _room: RoomRules, facts: Facts) -> Breach | None:
    """An organisation that leaves uses no room after its last day, whoever books it."""
    until = facts.uses_until
    return Breach(Rule.LEAVING, "date", until) if until is not None and proposed.span.end > until else None


def _allowance(proposed: ProposedUse, _room: RoomRules, facts: Facts) -> Breach | None:
    if proposed.party is Party.STAFF or not _is_over(proposed, facts, asks=False):
        return None
    return Breach(Rule.ALLOWANCE, "date", facts.hours)


def _is_over(proposed: ProposedUse, facts: Facts, *, asks: bool) -> bool:
    """Whether an organisation uses more hours than are agreed, where staff are asked then, or it is refused."""
    hours = facts.hours
    return hours is not None and hours.asks is asks and not hours.is_kept(proposed.span)


def _closed(proposed: ProposedUse, room: RoomRules, facts: Facts) -> Breach | None:
    use = proposed.until_cleared(room)
    inside = [each for each in facts.closed if each.span.overlaps(use)]
    return Breach(Rule.CLOSED, "start", max(inside, key=lambda each: each.until)) if inside else None


def _free(proposed: ProposedUse, room: RoomRules, facts: Facts) -> Breach | None:
    """Taken by another use; the limit is when the room can be had again, where that is before it shuts."""
    use, shut = proposed.until_cleared(room), {each.span for each in facts.closed}
    if not any(span.overlaps(use) for span in facts.taken if span not in shut):
        return None
    until = max(span.end for span in merge(facts.taken) if span.overlaps(use))
    is_open_then = any(span.start <= until < span.end for span in facts.open_spans)
    return Breach(Rule.FREE, "start", until if is_open_then else None)


_Check = Callable[[ProposedUse, RoomRules, Facts], Breach | None]
_CHECKS: Sequence[_Check] = (
    _leaving,
    _limited,
    _party,
    _audience,
    _purpose,
    _past,
    _notice,
    _horizon,
    _shortest,
    _longest,
    _step,
    _capacity,
    _min_people,
    _open,
    _window,
    _closed,
    _priority,
    _live_limit,
    _allowance,
)
_OF_A_TIME = {_leaving, _allowance, _past, _notice, _horizon, _step, _open, _window, _closed, _priority}
_AT_ANY_TIME = [check for check in _CHECKS if check not in _OF_A_TIME]
