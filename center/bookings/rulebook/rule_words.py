"""What rules are called, and what is said where those bite that staff have set beside a room's own."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from center.bookings.rulebook.facts import Agreement, MonthHours, Named, PurposeTerms, Reserved, Rule
from center.bookings.rulebook.quotas import QuotaState, QuotaTerms
from center.kernel.i18n import format_day, in_language, local_date
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.rooms.rule_models import Period, PurposeRule
from center.rooms.rule_sentences import (
    audience_sentence,
    hours_of,
    hours_words,
    purpose_sentence,
    quota_sentence,
    release_words,
    when_words,
)

NAMES: dict[Rule, Any] = {
    Rule.PARTY: _l("Who may book"),
    Rule.AUDIENCE: _l("For whom the room is"),
    Rule.PURPOSE: _l("What it may be used for"),
    Rule.LEAVING: _l("Until the organisation leaves"),
    Rule.ALLOWANCE: _l("Agreed hours of rooms"),
    Rule.LIMITED: _l("Limit after missed bookings"),
    Rule.PAST: _l("Not in the past"),
    Rule.NOTICE: _l("How long before"),
    Rule.HORIZON: _l("How far ahead"),
    Rule.SHORTEST: _l("Shortest booking"),
    Rule.LONGEST: _l("Longest booking"),
    Rule.STEP: _l("When bookings start"),
    Rule.CAPACITY: _l("How many it holds"),
    Rule.MIN_PEOPLE: _l("Fewest people"),
    Rule.NEEDS: _l("What they need"),
    Rule.OPEN: _l("Opening hours"),
    Rule.CLOSED: _l("Closures"),
    Rule.WINDOW: _l("Fixed windows"),
    Rule.PRIORITY: _l("Kept hours"),
    Rule.LIVE_LIMIT: _l("Bookings ahead"),
    Rule.QUOTA: _l("Quota"),
    Rule.FREE: _l("The room is free"),
    Rule.OWN: _l("Not booked twice"),
}

WAITS = {
    True: _l("A member of staff must agree to this booking. Your time is held for you until they decide."),
    False: _l("It is booked at once; nobody need agree to it."),
}
AGREEMENTS: dict[Agreement, Any] = {
    Agreement.ACCOUNT: _l("The desk has not yet confirmed who this is."),
    Agreement.ALLOWANCE: _l("It is beyond the hours of rooms that are agreed with the organisation for this month."),
    Agreement.ROOM: _l("Every booking of this room needs the desk's approval."),
    Agreement.PEOPLE: _l("So many people need the desk's approval."),
    Agreement.HOURS: _l("At this time of day the desk must approve."),
    Agreement.PURPOSE: _l("For this purpose the desk must approve."),
}


def rule_name(rule: Rule) -> str:
    """What a rule is called."""
    return str(NAMES[rule])


def said(named: Named) -> str:
    """A name in the reader's language."""
    return in_language(named.name, named.name_en)


def audience_words(groups: Iterable[Named]) -> str:
    """Who alone may book the room, and where others turn to."""
    return " ".join([audience_sentence(said(each) for each in groups), _("The desk can help you find another.")])


def purpose_words(purpose: PurposeTerms) -> str:
    """What becomes of the purpose here."""
    words = purpose_sentence(said(purpose.name), purpose.rule)
    if purpose.rule is not PurposeRule.NOT_ALLOWED:
        return words
    return " ".join([words, _("Please ask the desk if you are not sure.")])


def kept_words(kept: Reserved) -> str:
    """For whom the time is kept, and from when on it is not."""
    words = _(
        "On this day %(hours)s is kept for %(name)s. Please choose another time.",
        hours=hours_of(kept.priority.hours),
        name=said(kept.priority.name),
    )
    if kept.priority.release_days is None:
        return words
    return f"{words} {release_words(kept.priority.release_days)}"


def quota_rule(terms: QuotaTerms) -> str:
    """The quota as a sentence."""
    return quota_sentence(
        terms.whose,
        terms.per,
        bookings=terms.most_bookings,
        minutes=terms.most_minutes,
        weekdays=terms.weekdays,
        hours=terms.hours,
        place=in_language(terms.place, terms.place_en),
    )


def quota_words(state: QuotaState) -> str:
    """The quota that would be broken, how much of it is used, and what to do."""
    way_on = _("Choose a later time, cancel one, or ask the desk.")
    return " ".join([quota_rule(state.terms), used_words(state), way_on])


def used_words(state: QuotaState) -> str:
    """Such as "this week 2 of 2 bookings are used", with the hours where they count."""
    period = period_words(state)
    parts = []
    if (most := state.terms.most_bookings) is not None:
        parts.append(_("%(used)d of %(most)d bookings", used=state.used.bookings, most=most))
    if (minutes := state.terms.most_minutes) is not None:
        used = _("%(used)s of %(most)s", used=hours_words(state.used.minutes), most=hours_words(minutes))
        parts.append(used)
    return _("Used %(period)s: %(amount)s.", period=period, amount=_(", ").join(parts))


def allowance_words(hours: MonthHours) -> str:
    """How many of the agreed hours are used, and what to do."""
    used, allowed = hours_words(hours.used), hours_words(hours.allowed)
    return _(
        "Of the hours of rooms agreed with this organisation for the month, %(used)s of %(allowed)s are used, so this "
        "is too long. Choose another month, cancel something, or ask the centre.",
        used=used,
        allowed=allowed,
    )


def leaving_words(until: datetime, now: datetime | None) -> str:
    """That an organisation leaves, or has left."""
    if now is not None and until <= now:
        return _("This organisation has left the centre, so it books no room.")
    day = format_day(local_date(until - timedelta(microseconds=1)))
    return _("This organisation leaves the centre. It can use rooms until %(day)s.", day=day)


def period_words(state: QuotaState) -> str:
    """Which day, week or month is meant."""
    first = format_day(state.first, with_weekday=False)
    if state.terms.per is Period.DAY:
        return _("on %(day)s", day=first)
    last = format_day(state.last, with_year=False, with_weekday=False)
    return _("from %(first)s to %(last)s", first=first, last=last)


def hours_without_approval(hours: Iterable[Any]) -> str:
    """The hours inside which no approval is needed."""
    return _("; ").join(when_words(each.weekdays, each.hours) for each in hours)
