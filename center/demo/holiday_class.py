"""The demonstration's next holiday class: whole days of two half-days and a lunch, with places to be drawn by lot."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from center.afterschool.models.staff import CareDuty, DutyRole
from center.afterschool.models.terms import CareClass, Half, Term, TermMode, Topic
from center.afterschool.staff import duties
from center.afterschool.terms import making, rulebook, term_days
from center.afterschool.terms.making import Enrolling, TermFacts
from center.afterschool.terms.term_days import ChosenDay
from center.demo.scene import Scene
from center.demo.source import centre
from center.kernel.errors import RuleBroken
from center.people.models import Person
from center.signups.models import Mode

ROOM, PLACES, DAYS = "R04", 20, 10
SOONEST = timedelta(days=35)  # until then the room is the after-school programme's
BEGINS = ((1, 22), (7, 8))  # of the winter and the summer holidays


def offer_holiday_class(scene: Scene) -> None:
    """A term of whole days in the next school holidays, whose enrolment is open for a week more."""
    first = first_day(scene.today)
    director, said_at = scene.person("director"), scene.at(scene.today - timedelta(days=3), 10)
    season, english = ("寒假", "Winter") if first.month == 1 else ("暑假", "Summer")
    facts = TermFacts(
        name=f"{first.year}年{season}托管班",
        name_en=f"{english} holiday class {first.year}",
        mode=TermMode.FULL_DAY,
        first_on=first,
        last_on=first + timedelta(days=2 * DAYS),
        room_id=scene.rooms[ROOM].id,
        opens=time(8, 30),
        closes=time(17, 30),
        lunch_from=time(11, 30),
        lunch_until=time(13, 30),
        cut_off=time(8),
    )
    term = making.make_term(facts, by=director, now=said_at)
    rules = [
        rulebook.ParagraphText(topic=Topic(topic), words=words, words_en=words_en)
        for topic, words, words_en in centre()["after_school"]["rules"]
    ]
    rulebook.publish(term, rules, by=director, now=said_at)
    scene.session.add(CareClass(term_id=term.id, name="托管班", name_en="Holiday class", capacity=PLACES))
    scene.session.flush()
    scene.session.expire(term, ["classes"])
    term_days.take_days(term, _free_days(term, scene), by=director, now=said_at)
    scene.session.expire(term, ["days"])
    week = Enrolling(
        mode=Mode.LOTTERY,
        opens_at=said_at + timedelta(hours=1),
        closes_at=datetime.combine(scene.today + timedelta(days=7), time(18), scene.zone),
        capacity=PLACES,
    )
    making.open_enrolment(term, week, by=director, now=said_at)
    scene.session.flush()
    _put_on_duty(term, scene)


def first_day(today: date) -> date:
    years = (today.year, today.year + 1)
    return min(day for year in years for m, d in BEGINS if (day := date(year, m, d)) >= today + SOONEST)


def _put_on_duty(term: Term, scene: Scene) -> None:
    """Whoever looks after the children after school: one all day, one each half; nobody yet on the last days."""
    director, [care_class] = scene.person("director"), term.classes
    roles = ((DutyRole.RESPONSIBLE, None), (DutyRole.TEACHER, Half.MORNING), (DutyRole.TEACHER, Half.AFTERNOON))
    first_duty = select(CareDuty.person_id, func.min(CareDuty.id)).group_by(CareDuty.person_id).subquery()
    known = select(Person).join(first_duty, first_duty.c.person_id == Person.id).order_by(first_duty.c[1])
    people = scene.session.scalars(known.limit(len(roles))).all()
    for day in term.days[:-2]:
        for person, (role, half) in zip(people, roles, strict=False):
            with suppress(RuleBroken):  # a check that runs out before then
                duties.put_on(day, person, role, care_class, by=director, now=scene.now, half=half)


def _free_days(term: Term, scene: Scene) -> list[ChosenDay]:
    """Ten days of the calendar on which the room is free."""
    planned = [each for each in term_days.plan_of(term) if each.takes_place]
    chosen = [ChosenDay(on=each.on, counts_as=each.counts_as or 0) for each in planned]
    director, now = scene.person("director"), scene.now
    return [each for each in chosen if not term_days.clashes(term, [each], by=director, now=now)][:DAYS]
