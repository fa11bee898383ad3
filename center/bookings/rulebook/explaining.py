"""Why a proposed use can or cannot be met: every rule with its verdict and its numbers, for the desk to read out."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from center.bookings.rulebook.facts import Facts, Party, ProposedUse, RoomRules, Rule
from center.bookings.rulebook.judging import Verdict
from center.bookings.rulebook.refusals import refusal, rule_of
from center.bookings.rulebook.rule_words import (
    AGREEMENTS,
    hours_without_approval,
    quota_rule,
    rule_name,
    said,
    used_words,
)
from center.bookings.rulebook.rules import agreements, breaches, quota_states
from center.kernel.i18n import format_clocks, format_day, format_minutes, format_moment, local_date
from center.kernel.i18n import gettext as _
from center.kernel.spans import merge
from center.rooms.labels import feature_names
from center.rooms.models import Approval, Room
from center.rooms.rule_sentences import audience_sentence, hours_of, hours_words, purpose_sentence
from center.rooms.sentences import who_may_book
from center.rooms.wants import lacking_features


class Ruling(enum.StrEnum):
    """What a rule says to a proposed use."""

    PASSES = "passes"
    STOPS = "stops"
    WAITS = "waits"


@dataclass(frozen=True)
class RuleLine:
    """One rule, what it says to the proposed use, and the numbers behind it."""

    name: str
    ruling: Ruling
    words: str


def explain(room: Room, verdict: Verdict) -> list[RuleLine]:
    """Every rule for this room with its verdict, as if the person booked for themselves; none is left out."""
    assert verdict.case is not None
    proposed, rules, facts = verdict.case.proposed, verdict.case.rules, verdict.case.facts
    broken: dict[Rule, str] = {}
    for each in breaches(proposed, rules, facts):
        if each.rule is not Rule.QUOTA:
            words = refusal(each, room, rules, closed_reason=verdict.case.closed_reason, facts=facts, by_staff=True)
            broken[each.rule] = str(words)
    for error in verdict.refusals:
        if rule_of(error) is Rule.OWN:
            broken[Rule.OWN] = str(error)
    if lacking := lacking_features(room, proposed.needs):
        broken[Rule.NEEDS] = _("The room does not have: %(missing)s.", missing=feature_names(lacking))
    passing = _passing(room, proposed, rules, facts)
    passing |= {rule: "" for rule in broken if rule not in passing}
    lines = [
        RuleLine(rule_name(rule), Ruling.STOPS if rule in broken else Ruling.PASSES, broken.get(rule, words))
        for rule, words in passing.items()
    ]
    return [*lines, *_quotas(proposed, facts), *_agreement(proposed, rules, facts)]


def _passing(room: Room, proposed: ProposedUse, rules: RoomRules, facts: Facts) -> dict[Rule, str]:
    """What each rule says where it is kept, in the order in which they are asked."""
    return {
        Rule.PARTY: who_may_book(room),
        **_on_whom_and_what(proposed, facts),
        **_on_time(proposed, rules, facts),
        Rule.CAPACITY: _("%(people)d of at most %(most)d people.", people=proposed.people, most=rules.capacity),
        Rule.MIN_PEOPLE: _("%(people)d of at least %(least)d people.", people=proposed.people, least=rules.min_people),
        Rule.NEEDS: feature_names(proposed.needs) or _("None were named."),
        Rule.LIMITED: _("No limit is on them."),
        Rule.LIVE_LIMIT: _ahead_words(proposed, rules, facts),
        **_on_organisation(facts),
        Rule.FREE: _("Nobody else has this time."),
        Rule.OWN: _("They have not booked it themselves."),
    }


def _on_organisation(facts: Facts) -> dict[Rule, str]:
    """What is agreed with an organisation, and until when it uses rooms."""
    agreed, until = _("No hours are agreed."), facts.uses_until
    if facts.hours is not None:
        used, allowed = hours_words(facts.hours.used), hours_words(facts.hours.allowed)
        agreed = _("%(used)s of %(most)s", used=used, most=allowed)
    last = _("There is no last day.") if until is None else _("Until %(moment)s.", moment=format_moment(until))
    return {Rule.ALLOWANCE: agreed, Rule.LEAVING: last}


def _on_whom_and_what(proposed: ProposedUse, facts: Facts) -> dict[Rule, str]:
    terms = facts.terms
    groups = audience_sentence(said(each) for each in terms.audience) if terms.audience else _("For everybody.")
    purpose = terms.purposes.get(proposed.purpose_id or 0)
    use = purpose_sentence(said(purpose.name), purpose.rule) if purpose else _("No kind of use was given.")
    return {Rule.AUDIENCE: groups, Rule.PURPOSE: use}


def _on_time(proposed: ProposedUse, rules: RoomRules, facts: Facts) -> dict[Rule, str]:
    wanted = format_minutes(int(proposed.span.length.total_seconds() // 60))
    longest = format_minutes(rules.longest(proposed.party) or 0)
    notice = format_minutes(rules.notice_minutes)
    ahead = (local_date(proposed.span.start) - local_date(facts.now)).days
    return {
        Rule.PAST: _("It begins on %(moment)s.", moment=format_moment(proposed.span.start)),
        Rule.NOTICE: _("At least %(time)s before.", time=notice) if rules.notice_minutes else _("Until it begins."),
        Rule.HORIZON: _("%(days)d of at most %(most)d days ahead.", days=ahead, most=rules.horizon(proposed.party)),
        Rule.SHORTEST: _("%(time)s, at least %(limit)s.", time=wanted, limit=format_minutes(rules.min_minutes)),
        Rule.LONGEST: _("%(time)s, at most %(limit)s.", time=wanted, limit=longest),
        Rule.STEP: _("Every %(step)s from the full hour.", step=format_minutes(rules.step_minutes)),
        Rule.OPEN: _open_words(proposed, facts),
        Rule.WINDOW: _(", ").join(hours_of(each) for each in rules.windows) or _("None are set."),
        Rule.CLOSED: _("It is not closed then."),
        Rule.PRIORITY: _kept_words(proposed, facts),
    }


def _open_words(proposed: ProposedUse, facts: Facts) -> str:
    """The hours of the day, where the proposed use lies in them."""
    day = local_date(proposed.span.start)
    spans = [span for span in merge(facts.open_spans) if local_date(span.start) == day]
    hours = _(", ").join(format_clocks(span.start, span.end) for span in spans)
    return _("Open %(hours)s.", hours=hours)


def _kept_words(proposed: ProposedUse, facts: Facts) -> str:
    """What is kept for others on the day, where the proposed use is not in it."""
    day = local_date(proposed.span.start)
    kept = [each for each in facts.terms.reserved if local_date(each.span.start) == day]
    if not kept:
        return _("Nothing is kept for others on %(day)s.", day=format_day(day))
    listed = _(", ").join(f"{hours_of(each.priority.hours)} {said(each.priority.name)}" for each in kept)
    return _("Kept for others: %(hours)s.", hours=listed)


def _ahead_words(proposed: ProposedUse, rules: RoomRules, facts: Facts) -> str:
    limit = {Party.PERSON: rules.live_limit, Party.ORGANISATION: rules.org_live_limit}.get(proposed.party, 0)
    if not limit:
        return _("No limit.")
    return _("%(used)d of %(most)d used.", used=facts.live_count, most=limit)


def _quotas(proposed: ProposedUse, facts: Facts) -> Iterator[RuleLine]:
    """Each quota that counts the proposed use, with how much of it is used."""
    for state in quota_states(proposed, facts):
        ruling = Ruling.PASSES if state.is_kept else Ruling.STOPS
        yield RuleLine(rule_name(Rule.QUOTA), ruling, f"{quota_rule(state.terms)} {used_words(state)}")


def _agreement(proposed: ProposedUse, rules: RoomRules, facts: Facts) -> Iterator[RuleLine]:
    """Whether a member of staff must agree, reason by reason."""
    why = agreements(proposed, rules, facts)
    name = _("Approval")
    for each in why:
        yield RuleLine(name, Ruling.WAITS, str(AGREEMENTS[each]))
    if why:
        return
    words = [_("The desk need not approve it.")]
    if rules.approval is Approval.FROM_PEOPLE:
        words.append(_("From %(num)d people on it must.", num=rules.approval_from_people))
    if facts.terms.approval_hours:
        hours = hours_without_approval(facts.terms.approval_hours)
        words.append(_("Outside %(hours)s it must.", hours=hours))
    yield RuleLine(name, Ruling.PASSES, " ".join(words))
