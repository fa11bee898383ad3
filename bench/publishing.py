"""Publishing an allocation of a term: how long the processor takes until every date is booked, in one transaction.

Twelve weekly times over twenty weeks, each wished for by an organisation of its own.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from time import process_time

from flask import Flask

from center.allocation.models import AllocationRound
from center.allocation.publishing import deciding, publishing
from center.allocation.publishing.publishing import FuturePlan
from center.allocation.rounds import actions as rounds
from center.allocation.wishes import actions as wishing
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.i18n import centre_zone
from center.people.models import Person
from tests.builders import make_organisation, make_person, make_room
from tests.statements import everything_sent

TIMES, WEEKS = 12, 20
STARTS = (time(9), time(14, 30))
MOST = 800.0  # milliseconds of the processor: the aim
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Published:
    """How it went."""

    dates: int
    milliseconds: float
    statements: int

    def told(self) -> str:
        """In a line, with the aim."""
        is_met = self.milliseconds <= MOST and self.dates == TIMES * WEEKS
        return (
            f"Publishing an allocation of {self.dates} dates: {self.milliseconds:.0f} ms of the processor, "
            f"{self.statements} statements (aim {MOST:g} ms): {'met' if is_met else 'MISSED'}."
        )


def publish(app: Flask) -> Published:
    """Make a round, work its result out, and publish it once."""
    with app.test_request_context("/"):
        by = make_person()
        found = _matched(by, now=clock.now())
        now = clock.now() + 2 * A_DAY
        with transaction():
            plans = publishing.look_ahead(found, now=now)
            seen, dates = publishing.digest(plans), _count(plans)
        with everything_sent() as sent:
            begun = process_time()
            with transaction():
                publishing.publish(found, seen=seen, by=by, now=now)
            took = (process_time() - begun) * 1000
        return Published(dates, took, len(sent))


def _count(plans: list[FuturePlan]) -> int:
    return sum(len(each.booked) for each in plans)


def _matched(by: Person, *, now: datetime) -> AllocationRound:
    today = clock.today(centre_zone())
    facts = rounds.RoundFacts(
        slug="bench",
        name="测试学期",
        name_en="Bench",
        starts_on=today + 30 * A_DAY,
        ends_on=today + (30 + 7 * WEEKS - 1) * A_DAY,
        opens_at=now - A_DAY,
        closes_at=now + A_DAY,
    )
    rooms = [make_room() for _n in range(TIMES // len(STARTS))]  # open on holidays, too, so that no date is left out
    with transaction():
        found = rounds.make_round(facts, by=by, now=now)
        for room in rooms:
            new = [rounds.NewTime(weekday=2, starts=start, minutes=90) for start in STARTS]
            rounds.offer_times(found, room, new, by=by)
        rounds.open_round(found, by=by, now=now)
    for each in list(found.times):
        lead = make_person()
        organisation = make_organisation(leads=[lead])
        with transaction():
            wish = wishing.WishFacts(purpose="排练", people=5, choices=(each.id,))
            wishing.name_wish(found, organisation, wish, by=lead, now=now)
    with transaction():
        deciding.work_out(found, by=by, now=now + 2 * A_DAY)
    return found
