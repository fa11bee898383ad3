"""The demonstration's allocations: a winter term whose result is published, the next term open for wishes, and a swap
that another organisation proposes to the troupe."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from center.allocation.matching.acceptance import Outcome
from center.allocation.models import AllocationRound
from center.allocation.publishing import deciding, publishing
from center.allocation.publishing.explaining import left_for, result_of
from center.allocation.rounds import actions as rounds
from center.allocation.rounds.queries import times_of
from center.allocation.swaps.actions import propose
from center.allocation.swaps.queries import bookings_to_ask_for, bookings_to_swap, sessions_to_swap
from center.allocation.swaps.slots import Slot
from center.allocation.wishes.actions import NOT_YET, WishFacts, name_wish
from center.allocation.wishes.suiting import Use, unsuited
from center.bookings.models import Booking
from center.demo.scene import Scene
from center.kernel.errors import DomainError
from center.organisations.models import Organisation, OrganisationKind
from center.people.models import Person

TROUPE = "red-culture-troupe"
ROOMS = ("R01", "R02", "R03", "R05", "R06", "R08")
WISHED = {
    OrganisationKind.CHARITY: ("志愿者例会", "爱心义卖筹备", "手工陪伴"),
    OrganisationKind.COMMUNITY_AFFAIRS: ("议事会", "骨干培训", "值班交接会"),
    OrganisationKind.CULTURE_SPORTS: ("排练", "新节目学习", "公开课"),
    OrganisationKind.LIVING_SERVICES: ("便民服务日", "手机课堂", "健康讲座"),
}
A_DAY = timedelta(days=1)
TWO_DAYS = timedelta(days=2)
MOST_TRIES = 25


@dataclass(frozen=True)
class _Plan:
    """A round of the demonstration."""

    slug: str
    name: str
    name_en: str
    first_on: date
    weeks: int
    hours: Sequence[int]


def allocate_rooms(scene: Scene) -> None:
    """Give out a short winter term, and open the next one for wishes."""
    scene.session.flush()
    by = scene.person("clerk")
    monday = scene.today - timedelta(days=scene.today.weekday())
    winter = _Plan("winter", "寒假教室时段", "Room times of the winter holidays", monday + 35 * A_DAY, 4, (9, 14))
    spring = _Plan("spring", "春季学期教室时段", "Room times of the spring term", monday + 70 * A_DAY, 18, (9, 14, 18))
    chance = random.Random(f"allocation {scene.today}")  # noqa: S311
    _publish(scene, winter, by, chance)
    found = _open(scene, spring, by, opens=scene.now - 4 * A_DAY, closes=scene.now + 10 * A_DAY)
    _wish(scene, found, chance, now=scene.now - 2 * A_DAY)
    _propose(scene)


def _publish(scene: Scene, plan: _Plan, by: Person, chance: random.Random) -> None:
    """A round that is over: one wish was given another time by staff, and the rooms are booked."""
    closed = scene.now - 6 * A_DAY
    found = _open(scene, plan, by, opens=closed - 14 * A_DAY, closes=closed)
    _wish(scene, found, chance, now=closed - A_DAY)
    deciding.work_out(found, by=by, now=scene.now - 5 * A_DAY)
    result = result_of(found)
    for wish in result.wishes.values():
        lost = [each for each in result.answers_of(wish) if each.outcome is Outcome.LOST]
        if len(lost) == len(wish.choices) and (left := left_for(result, wish, now=scene.now)):
            reason = "所选时段都已分出，征得同意后改到这一时段"
            deciding.adjust(wish, left[0], reason=reason, by=by, now=scene.now - 2 * A_DAY)
            break
    for plan_of in publishing.look_ahead(found, now=scene.now):
        if not plan_of.booked:  # on some days the rest of the demonstration has all of its dates
            reason = "这一时段每周都已有安排"
            deciding.adjust(plan_of.award.wish, None, reason=reason, by=by, now=scene.now - A_DAY)
    seen = publishing.digest(publishing.look_ahead(found, now=scene.now))
    publishing.publish(found, seen=seen, by=by, now=scene.now)


def _open(scene: Scene, plan: _Plan, by: Person, *, opens: datetime, closes: datetime) -> AllocationRound:
    facts = rounds.RoundFacts(
        slug=plan.slug,
        name=plan.name,
        name_en=plan.name_en,
        starts_on=plan.first_on,
        ends_on=plan.first_on + timedelta(weeks=plan.weeks) - A_DAY,
        opens_at=opens,
        closes_at=closes,
    )
    seed = hashlib.sha256(f"{plan.slug} {scene.today}".encode()).hexdigest()[:32]  # the same for the same day
    found = rounds.make_round(facts, by=by, now=opens - A_DAY, seed=seed)
    for code in ROOMS:
        for weekday in range(5):
            for hour in plan.hours:
                new = rounds.NewTime(weekday=weekday, starts=time(hour), minutes=120)
                try:
                    rounds.offer_times(found, scene.rooms[code], [new], by=by)
                except DomainError:  # closed then, or outside its fixed windows
                    continue
    rounds.open_round(found, by=by, now=opens)
    return found


def _wish(scene: Scene, found: AllocationRound, chance: random.Random, *, now: datetime) -> None:
    """A wish or two of nearly every organisation, mostly for the same few times."""
    offered = times_of(found)
    asked = [each for each in offered if each.weekday in {1, 3}] or offered
    organisations = scene.session.scalars(select(Organisation).order_by(Organisation.id)).all()
    for organisation in organisations:
        if organisation.slug not in scene.leads or organisation.stage in NOT_YET or organisation.kind not in WISHED:
            continue
        lead = scene.session.get_one(Person, scene.leads[organisation.slug])
        for purpose in chance.sample(WISHED[organisation.kind], chance.choice((1, 1, 2))):
            people = chance.choice((6, 8, 10, 12, 15))
            use = Use(people=people, purpose_id=None, organisation=organisation, person=lead)
            against = unsuited(found, asked, use, now=now)
            fits = [each for each in asked if each.id not in against]
            chosen = chance.sample(fits, min(len(fits), chance.choice((2, 3, 4))))
            if chosen:
                things = sorted({each.name for each in chosen[0].room.equipment})
                facts = WishFacts(
                    purpose=purpose,
                    people=people,
                    needs=frozenset(things[:1]),
                    choices=tuple(each.id for each in chosen),
                )
                name_wish(found, organisation, facts, by=lead, now=now)


def _propose(scene: Scene) -> None:
    """Other organisations offer the troupe dates of theirs: for one that it booked, and for one of an activity."""
    troupe, now = scene.organisations[TROUPE], scene.now
    offered = bookings_to_ask_for(troupe, now=now)[:MOST_TRIES]
    _first_that_can_be(scene, offered, bookings_to_swap(troupe, now=now), "我们那天要用投影，能和您换一下吗？")
    later = [each for each in bookings_to_ask_for(troupe, now=now) if each.starts_at > now + TWO_DAYS]
    _first_that_can_be(
        scene, later[:MOST_TRIES], sessions_to_swap(troupe, now=now), "那天我们要办健康讲座，方便换个时间吗？"
    )


def _first_that_can_be(scene: Scene, offered: Sequence[Booking], wanted: Sequence[Slot], words: str) -> None:
    for ours, theirs in zip(offered, wanted[:MOST_TRIES], strict=False):
        try:
            propose(ours, theirs, words=words, by=ours.person, now=scene.now)
        except DomainError:  # the rules of one of the rooms refuse it
            continue
        return
