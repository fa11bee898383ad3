"""The rule book's breaches in plain words: which rule, its limit, and what the person can do instead."""

from collections.abc import Sequence
from datetime import date, datetime

from center.bookings.rulebook.facts import (
    Breach,
    ClosedTime,
    Facts,
    MonthHours,
    Party,
    ProposedUse,
    PurposeTerms,
    Reserved,
    RoomRules,
    Rule,
)
from center.bookings.rulebook.quotas import QuotaState
from center.bookings.rulebook.rule_words import (
    allowance_words,
    audience_words,
    kept_words,
    leaving_words,
    purpose_words,
    quota_words,
)
from center.kernel.errors import Conflict, DomainError, RuleBroken
from center.kernel.i18n import (
    format_clock,
    format_clocks,
    format_day,
    format_minutes,
    format_moment,
    in_language,
    local_date,
    ngettext,
)
from center.kernel.i18n import gettext as _
from center.organisations.models import Organisation
from center.rooms.labels import feature_names
from center.rooms.models import Room
from center.rooms.queries import all_rooms
from center.rooms.wants import lacking_features


class _OfRule(DomainError):
    """Something breaks a rule of the book."""

    def __init__(self, message: object, *, rule: Rule, field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.rule = rule


class RuleRefused(_OfRule, RuleBroken):
    """A rule of the book refuses it."""


class TimeRefused(_OfRule, Conflict):
    """Somebody else has the time."""


def rule_of(error: DomainError) -> Rule | None:
    """Which rule of the book refuses it; None where that is something else."""
    return error.rule if isinstance(error, _OfRule) else None


def refusal(
    breach: Breach,
    room: Room,
    rules: RoomRules,
    *,
    closed_reason: str = "",
    facts: Facts | None = None,
    by_staff: bool = False,
) -> DomainError:
    """The error that says a breach to the person who asked; to staff it speaks of the person they book for."""
    kind = TimeRefused if breach.rule is Rule.FREE else RuleRefused
    words = _words_to_staff(breach) if by_staff else ""
    words = words or _words_on_terms(breach, facts) or _words(breach, room, rules, facts, closed_reason)
    return kind(words, rule=breach.rule, field=breach.field)


def _words_to_staff(breach: Breach) -> str:
    """What is said otherwise to staff, who are not the ones with the limit."""
    match breach.rule, breach.limit:
        case Rule.LIVE_LIMIT, int(limit):
            return ngettext(
                "They already have %(num)d booking ahead, which is the limit.",
                "They already have %(num)d bookings ahead, which is the limit.",
                limit,
            )
        case Rule.PARTY, _limit:
            return _("They cannot book this room themselves: it is not for them.")
    return ""


def _words_on_terms(breach: Breach, facts: Facts | None) -> str:
    """The words for what staff have set beside the room's own rules."""
    match breach.rule, breach.limit:
        case Rule.AUDIENCE, _limit:
            return audience_words(facts.terms.audience if facts else ())
        case Rule.PURPOSE, PurposeTerms() as purpose:
            return purpose_words(purpose)
        case Rule.PRIORITY, Reserved() as kept:
            return kept_words(kept)
        case Rule.QUOTA, QuotaState() as state:
            return quota_words(state)
        case Rule.ALLOWANCE, MonthHours() as hours:
            return allowance_words(hours)
        case Rule.LEAVING, datetime() as until:
            return leaving_words(until, facts.now if facts else None)
    return ""


def live_limit_words(limit: int, count: int, ends: Sequence[datetime]) -> str:
    """How many bookings ahead somebody has, and after which of their `ends` they can book again."""
    over = min(max(count - limit, 0), len(ends) - 1)
    return _(
        "You have %(count)d of %(most)d bookings ahead. You can book again after %(moment)s, when one of them is over. "
        "Or cancel one, or ask the desk.",
        count=count,
        most=limit,
        moment=format_moment(ends[over]),
    )


def limited_words(until: datetime) -> str:
    """That somebody books through the desk only, and until when."""
    return _(
        "After missed visits you cannot book here yourself until %(until)s. The desk stays open to you: "
        "call or visit it, and it books for you. My account says why, and how to object.",
        until=format_moment(until),
    )


def closed_words(closed: ClosedTime, day: date | None = None) -> str:
    """That a room is closed, why, and until when."""
    is_that_day = day is not None and local_date(closed.until) == day
    until = format_clock(closed.until) if is_that_day else format_moment(closed.until)
    if closed.reason:
        return _("The room is closed until %(until)s: %(reason)s.", until=until, reason=closed.reason)
    return _("The room is closed until %(until)s.", until=until)


def _words(breach: Breach, room: Room, rules: RoomRules, facts: Facts | None, closed_reason: str) -> str:
    match breach.rule, breach.limit:
        case Rule.PARTY, _limit:
            return _who_may_book(room)
        case Rule.LIMITED, datetime() as until:
            return limited_words(until)
        case Rule.LIVE_LIMIT, int(limit) if facts and facts.live_ends:
            return live_limit_words(limit, facts.live_count, facts.live_ends)
        case Rule.LIVE_LIMIT, int(limit):
            return ngettext(
                "You already have %(num)d booking ahead, which is the limit. Cancel it, or ask the desk.",
                "You already have %(num)d bookings ahead, which is the limit. Cancel one, or ask the desk.",
                limit,
            )
        case Rule.CAPACITY, int(most):
            return ngettext(
                "This room holds %(num)d person. Please choose a larger room.",
                "This room holds %(num)d people. Please choose a larger room or fewer people.",
                most,
            )
        case Rule.MIN_PEOPLE, int(least):
            return ngettext(
                "This room is for groups of %(num)d person or more.",
                "This room is for groups of %(num)d people or more.",
                least,
            )
    return _words_on_time(breach, rules, closed_reason)


def _words_on_time(breach: Breach, rules: RoomRules, closed_reason: str) -> str:
    match breach.rule, breach.limit:
        case Rule.PAST, _limit:
            return _("This time has already passed. Please choose a later one.")
        case Rule.NOTICE, datetime() as earliest:
            return _(
                "Book this room at least %(notice)s ahead: from %(earliest)s. The desk can help with earlier times.",
                notice=format_minutes(rules.notice_minutes),
                earliest=format_moment(earliest),
            )
        case Rule.HORIZON, date() as last:
            return _("This room can be booked until %(last)s. Later dates open day by day.", last=format_day(last))
        case Rule.SHORTEST, int(least):
            return _("A booking of this room lasts at least %(length)s.", length=format_minutes(least))
        case Rule.LONGEST, int(most):
            return _("A booking of this room lasts at most %(length)s.", length=format_minutes(most))
        case Rule.STEP, int(step):
            return _("Bookings of this room start every %(step)s from the full hour.", step=format_minutes(step))
    return _words_on_hours(breach, rules, closed_reason)


def _words_on_hours(breach: Breach, rules: RoomRules, closed_reason: str) -> str:
    """The words for when the room is open, and for who has it."""
    match breach.rule, breach.limit:
        case Rule.OPEN, _limit if closed_reason:
            return _("The room is closed that day: %(reason)s.", reason=closed_reason)
        case Rule.OPEN, _limit:
            return _("The room is not open for all of this time.")
        case Rule.CLOSED, ClosedTime() as closed:
            return closed_words(closed, local_date(closed.span.start))
        case Rule.OWN, _limit:
            return _("You have booked the room for this time already.")
        case Rule.WINDOW, _limit:
            return _("This room can be booked within these hours only: %(windows)s.", windows=_windows(rules))
        case Rule.FREE, datetime() as until:
            return _("The room is taken at this time. It is free again from %(until)s.", until=format_clock(until))
        case Rule.FREE, _limit:
            return _("The room is taken at this time, until it shuts.")
    raise ValueError(f"no words for {breach}")


def _who_may_book(room: Room) -> str:
    if room.organisations_may_book:
        return _("This room is for organisations. If you lead one, choose it here; otherwise the desk can help.")
    if room.residents_may_book:
        return _("This room is for residents' own use. Please choose yourself here.")
    return _("This room is booked by the desk only. Please call or visit the desk.")


def _windows(rules: RoomRules) -> str:
    return _(", ").join(format_clocks(w.opens, w.closes) for w in rules.windows)


def refuse_once_left(organisation: Organisation | None, ends_at: datetime, *, now: datetime) -> None:
    """Raises RuleRefused for what ends after its organisation has left; the database says the same."""
    until = organisation.uses_until if organisation is not None else None
    if until is not None and ends_at > until:
        raise RuleRefused(leaving_words(until, now), rule=Rule.LEAVING, field="date")


ROOMS_NAMED = 3


def needs_refused(room: Room, proposed: ProposedUse) -> Sequence[DomainError]:
    """Where the room lacks what is needed: the refusal that names rooms which have it. Staff book it all the same."""
    lacking = lacking_features(room, proposed.needs)
    if not lacking or proposed.party is Party.STAFF:
        return []
    words = {"missing": feature_names(lacking), "rooms": _rooms_with(proposed, besides=room)}
    if words["rooms"]:
        message = _("This room does not have: %(missing)s. These rooms do: %(rooms)s.", **words)
    else:
        message = _("This room does not have: %(missing)s. Please ask the desk for help.", missing=words["missing"])
    return [RuleRefused(message, rule=Rule.NEEDS, field="needs")]


def _rooms_with(proposed: ProposedUse, *, besides: Room) -> str:
    able = [
        room
        for room in all_rooms()
        if room.id != besides.id and room.capacity >= proposed.people and not lacking_features(room, proposed.needs)
        if room.residents_may_book or (proposed.party is Party.ORGANISATION and room.organisations_may_book)
    ]
    return _(", ").join(in_language(room.name, room.name_en) for room in able[:ROOMS_NAMED])
