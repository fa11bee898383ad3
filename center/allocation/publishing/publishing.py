"""Publishing a result: every award becomes a series, all of them in one transaction or nothing.

What each would come to, date by date, is looked at before. Publishing says which of it was seen; where anything is
otherwise by then, nothing is done.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from hashlib import sha256

from center.allocation import news
from center.allocation.models import AllocationRound, Award, RoundState, TermWish
from center.allocation.news import ResultOf
from center.allocation.publishing.queries import awards_of
from center.allocation.rounds.actions import refuse_published
from center.allocation.rounds.rules import first_of
from center.allocation.wishes.queries import wishes_of
from center.allocation.words import say_place
from center.bookings.models import Channel
from center.bookings.places import Place
from center.bookings.rulebook.facts import Party, Rule
from center.bookings.rulebook.refusals import rule_of
from center.bookings.series.date_checks import OnBehalf
from center.bookings.series.date_plans import BOOK, SKIP, PlannedDate
from center.bookings.series.giving import Given, give_series
from center.bookings.series.planning import SeriesPlan, SeriesRequest, plan_series
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict
from center.kernel.i18n import format_day, ngettext
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.recurrence import Frequency, Repeat
from center.kernel.trail import note
from center.people.models import Person
from center.rooms import ledger

# What a party may book by itself does not count for what it is given.
SET_ASIDE = frozenset({Rule.ALLOWANCE, Rule.HORIZON, Rule.LIVE_LIMIT, Rule.LONGEST, Rule.QUOTA})


@dataclass(frozen=True, kw_only=True)
class FuturePlan:
    """What one award would come to."""

    award: Award
    plan: SeriesPlan

    @property
    def booked(self) -> list[PlannedDate[Place]]:
        """The dates that would be booked."""
        return self.plan.taken

    @property
    def left_out(self) -> list[PlannedDate[Place]]:
        """The dates that would not, each with why: a holiday, a closure, somebody else's use."""
        return [each for each in self.plan.dates if not each.chosen]

    def why(self, each: PlannedDate[Place]) -> str:
        """What keeps a date from being booked; how far ahead one may book is no reason for a time given out."""
        judged = each.judged
        against = [*judged.refusals, *judged.notices] if judged else []
        return " ".join(str(error) for error in against if rule_of(error) not in SET_ASIDE)

    @property
    def choices(self) -> dict[date, str]:
        """What is chosen for each date."""
        return {each.on: BOOK if each.chosen else SKIP for each in self.plan.dates}


def look_ahead(found: AllocationRound, *, now: datetime) -> list[FuturePlan]:
    """What each award would come to as things stand."""
    return [FuturePlan(award=each, plan=_plan(found, each, now=now)) for each in awards_of(found)]


def digest(plans: Sequence[FuturePlan]) -> str:
    """What tells apart what was seen from anything else."""
    lines = [
        f"{each.award.wish_id} {each.award.time_id} {on.isoformat()} {choice}"
        for each in plans
        for on, choice in sorted(each.choices.items())
    ]
    return sha256("\n".join(lines).encode()).hexdigest()


def publish(found: AllocationRound, *, seen: str, by: Person, now: datetime) -> None:
    """Make the series, and let everybody read the result. Raises Conflict where it is done, or is not as `seen`."""
    ledger.line_up()
    lock(found)
    refuse_published(found)
    if found.state is not RoundState.MATCHED:
        raise Conflict(_l("Work out the result first."))
    plans = look_ahead(found, now=now)
    if digest(plans) != seen:
        raise Conflict(_l("Something has changed since you looked. Nothing is published yet: please look again."))
    if empty := [each for each in plans if not each.booked]:
        words = say_place(empty[0].award.time)
        raise Conflict(_l("No date of %(time)s can be booked. Give that wish another time first.", time=words))
    given = give_series([Given(each.plan, _whose(each.award.wish)) for each in plans], by=by, now=now)
    for each, series in zip(plans, given, strict=True):
        each.award.series = series
    db.session.flush()  # once the round is published, the database lets nobody touch an award
    found.published_at, found.published_by_id = now, by.id
    found.state = RoundState.PUBLISHED
    db.session.flush()
    note(Act.ALLOCATION_PUBLISHED, found, by=by)
    news.tell_result(found, _results(found, plans), now=now)


def _plan(found: AllocationRound, award: Award, *, now: datetime) -> SeriesPlan:
    request = _request(found, award)
    return plan_series(
        request, {}, whose=_whose(award.wish), now=now, is_final=False, looks_around=False, reads_once=True
    )


def _request(found: AllocationRound, award: Award) -> SeriesRequest:
    wish, time = award.wish, award.time
    return SeriesRequest(
        room=time.room,
        starts=time.starts,
        minutes=time.minutes,
        people=wish.people,
        purpose=wish.purpose,
        purpose_id=wish.purpose_id,
        channel=Channel.DESK,
        request_key=str(uuid.uuid5(uuid.NAMESPACE_URL, f"allocation:{found.slug}:{wish.reference}")),
        repeat=Repeat(
            frequency=Frequency.WEEKLY,
            weekdays=(time.weekday,),
            first_on=first_of(time.weekday, found.starts_on),
            until=found.ends_on,
        ),
    )


def _whose(wish: TermWish) -> OnBehalf:
    return OnBehalf(wish.person, wish.organisation, Party.STAFF)


def _results(found: AllocationRound, plans: Sequence[FuturePlan]) -> list[ResultOf]:
    """What each organisation's wishes got, as something that says it in the reader's language."""
    got = {each.award.wish_id: each for each in plans}
    theirs: dict[int, list[TermWish]] = {}
    for wish in wishes_of(found):
        theirs.setdefault(wish.organisation_id, []).append(wish)
    return [
        ResultOf(wishes[0].organisation, partial(_say, wishes, got), [each.person for each in wishes if each.id in got])
        for wishes in theirs.values()
    ]


def _say(wishes: Sequence[TermWish], got: Mapping[int, FuturePlan]) -> str:
    return "\n".join(_line(wish, got.get(wish.id)) for wish in wishes)


def _line(wish: TermWish, plan: FuturePlan | None) -> str:
    if plan is None:
        return _("%(purpose)s: none of its times this term", purpose=wish.purpose)
    return ngettext(
        "%(purpose)s: %(place)s, booked for you on %(num)d date from %(first)s",
        "%(purpose)s: %(place)s, booked for you on %(num)d dates from %(first)s",
        len(plan.booked),
        purpose=wish.purpose,
        place=say_place(plan.award.time),
        first=format_day(plan.booked[0].on),
    )
