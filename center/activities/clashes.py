"""What is in the way of planned sessions: the rule book of rooms and the ledger, asked without writing anything."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from center.activities.models import Session, SessionState
from center.activities.rules import overlapping
from center.bookings.rulebook.availability import rules_of, uses_of
from center.bookings.rulebook.facts import Breach, Party, ProposedUse, Rule, Use
from center.bookings.rulebook.judging import judge
from center.bookings.rulebook.refusals import refusal, rule_of
from center.bookings.rulebook.rule_words import leaving_words
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.spans import Span
from center.organisations.models import Organisation, OrganisationKind
from center.people.models import Person
from center.rooms.models import Room, UseKind

# What staff who book may override, but a session keeps to. How long, how far ahead and how often it is are its own.
BINDING = frozenset({Rule.ALLOWANCE, Rule.AUDIENCE, Rule.OPEN, Rule.STEP, Rule.WINDOW})


@dataclass(frozen=True, kw_only=True)
class SessionPlan:
    """A session as somebody plans it: in a room, or at a place (its own, or with "" the activity's)."""

    span: Span
    room: Room | None = None
    place: str = ""
    topic: str = ""


# What parts say against the new time of a session that is theirs, such as a rehearsal outside its season.
also_against: list[Callable[[Session, SessionPlan], Iterable[DomainError]]] = []


@dataclass(frozen=True)
class Clash:
    """A planned session that cannot be: why, and which uses of the room are in the way (as the public may read)."""

    plan: SessionPlan
    refusals: Sequence[DomainError]
    in_the_way: Sequence[Use]


def clashes_of(
    plans: Sequence[SessionPlan],
    *,
    expected: int,
    organisation: Organisation,
    by: Person,
    now: datetime,
    beside: Sequence[Session] = (),
    instead_of: Session | None = None,
) -> list[Clash]:
    """Every planned session that cannot be, in the order given; the time of `instead_of` counts as free.

    `beside` are the sessions that the activity has already.
    """
    there = [Span(each.starts_at, each.ends_at) for each in beside if each is not instead_of and _takes_place(each)]
    found = []
    doubled = _overlapping_plans(plans)
    for n, plan in enumerate(plans):
        refusals = [_overlap_refusal()] if n in doubled else []
        if any(plan.span.overlaps(span) for span in there):
            refusals.append(RuleBroken(_l("This activity has a session at this time already."), field="date"))
        in_the_way: Sequence[Use] = ()
        if plan.room is not None:
            in_the_way = _in_the_way(plan.room, plan.span, instead_of, now=now)
            beside_it = [each.span for each in plans[:n] if each.room is not None]
            found_here = _refusals(plan, plan.room, expected, organisation, by, now, beside_it, is_free=not in_the_way)
            refusals += [each for each in found_here if not _is_no_longer(each, plan, instead_of)]
        elif (until := organisation.uses_until) is not None and plan.span.end > until:
            refusals.append(RuleBroken(leaving_words(until, now), field="date"))
        elif plan.span.start <= now:
            refusals.append(RuleBroken(_l("This time has already passed. Please choose a later one."), field="date"))
        if instead_of is not None:
            refusals += _against_by_parts(instead_of, plan)
        if refusals:
            found.append(Clash(plan, refusals, in_the_way))
    return found


def refusals_but_for_others(session: Session, plan: SessionPlan, *, now: datetime) -> list[DomainError]:
    """What the rule book says against a session that has its new time in the ledger already.

    What the ledger has is not asked about.
    """
    activity = session.activity
    assert plan.room is not None
    there = [each for each in activity.sessions if each is not session and _takes_place(each)]
    if any(plan.span.overlaps(Span(each.starts_at, each.ends_at)) for each in there):
        return [RuleBroken(_l("This activity has a session at this time already."), field="date")]
    found = _refusals(
        plan,
        plan.room,
        activity.expected,
        activity.organisation,
        activity.created_by,
        now,
        is_free=True,
    )
    found = [each for each in found if rule_of(each) not in {Rule.ALLOWANCE, Rule.OWN}]
    return [*found, *_against_by_parts(session, plan)]


def _against_by_parts(session: Session, plan: SessionPlan) -> list[DomainError]:
    return [refusal for against in also_against for refusal in against(session, plan)]


def _refusals(
    plan: SessionPlan,
    room: Room,
    expected: int,
    organisation: Organisation,
    by: Person,
    now: datetime,
    beside: Sequence[Span] = (),
    *,
    is_free: bool,
) -> list[DomainError]:
    """What the rule book says. A session may be planned as far ahead and be as long as what staff book."""
    if room.is_retired:
        return [RuleBroken(_l("This room is no longer in use."), field="room")]
    proposed = ProposedUse(plan.span, max(expected, room.min_people), Party.STAFF)
    verdict = judge(room, proposed, person=by, organisation=organisation, now=now, planned=beside)
    refusals = [each for each in verdict.refusals if not (is_free and rule_of(each) is Rule.FREE)]
    notices = zip(verdict.notices, verdict.overridable, strict=True)
    refusals += [words for words, rule in notices if rule in BINDING]
    is_guest = organisation.kind is not OrganisationKind.CENTRE
    if is_guest and not room.organisations_may_book:
        refusals.insert(0, refusal(Breach(Rule.PARTY, "room"), room, verdict.rules))
    return refusals


def _is_no_longer(refused: DomainError, plan: SessionPlan, instead_of: Session | None) -> bool:
    """Whether it is the agreed hours that refuse a session which moves within its month and takes no more of them."""
    if instead_of is None or instead_of.room_id is None or rule_of(refused) is not Rule.ALLOWANCE:
        return False
    was = Span(instead_of.starts_at, instead_of.ends_at)
    months = {local_date(each.start).replace(day=1) for each in (was, plan.span)}
    return len(months) == 1 and plan.span.length <= was.length


def _in_the_way(room: Room, span: Span, instead_of: Session | None, *, now: datetime) -> list[Use]:
    until_cleared = Span(span.start, span.end + timedelta(minutes=room.buffer_minutes))
    uses = uses_of([room], until_cleared, now=now).get(room.id, [])
    return [use for use in uses if use.span.overlaps(until_cleared) and not _is_own(use, instead_of)]


def _is_own(use: Use, session: Session | None) -> bool:
    """Whether a use is that of the session about to move. Nothing else can lie in its time, so its start tells."""
    if session is None or session.room is None or use.kind is not UseKind.SESSION:
        return False
    is_its_room = use.room_id in {part.id for part in session.room.leaves}
    return is_its_room and session.starts_at <= use.span.start < session.ends_at


def _overlapping_plans(plans: Sequence[SessionPlan]) -> set[int]:
    """The plans at the same time as another, wherever they are; and those that leave its room no time to clear up."""
    spans = [Span(plan.span.start, plan.span.end + _buffer(plan)) for plan in plans]
    parts = [{leaf.id for leaf in plan.room.leaves} if plan.room else {0} for plan in plans]
    near = overlapping(spans)
    pairs = [(n, m) for n, m in near if parts[n] & parts[m] or plans[n].span.overlaps(plans[m].span)]
    return {n for pair in pairs for n in pair}


def _takes_place(session: Session) -> bool:
    """Whether its time is taken: not where it is called off, or doubled from of old."""
    return session.state is not SessionState.CANCELLED and not session.is_doubled


def _buffer(plan: SessionPlan) -> timedelta:
    return timedelta(minutes=rules_of(plan.room).buffer_minutes if plan.room else 0)


def _overlap_refusal() -> DomainError:
    return RuleBroken(_l("Two of these sessions overlap, or leave no time to clear up."), field="date")
