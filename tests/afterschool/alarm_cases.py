"""A day of the after-school programme with children, their guardians and who looks after them, for tests of alarms."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from center.afterschool.custody.ledger import HolderSaid, record
from center.afterschool.models.custody import CustodyEvent, Holder
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Way, WayHome
from center.afterschool.models.staff import DutyRole
from center.afterschool.models.terms import CareClass, Term, TermDay
from center.afterschool.staff import staffing
from center.kernel.db import transaction
from center.people.models import Account, Person, Role
from tests.afterschool.builders import make_child, make_duty, make_enrolment, make_school, make_term, set_hours
from tests.builders import ZONE, at, make_account, make_person


@dataclass
class Scene:
    """A day of a term: its children, and who is there as what."""

    day: TermDay
    care_class: CareClass
    children: list[Person]
    enrolments: list[Enrolment]
    guardians: list[Account]
    owner: Account
    responsible: Account
    director: Account

    @property
    def term(self) -> Term:
        """The term whose day it is."""
        return self.day.term


def make_scene(children: int = 1, *, days: int = 0, more_days: int = 0) -> Scene:
    """A term with a day so many days from today: school until 15:30, here by 15:45, open 15:00 to 18:00."""
    dates: list[date] = [at(0, days=days + n).astimezone(ZONE).date() for n in range(more_days + 1)]
    school = make_school()
    term = make_term(days=dates, schools=[], opens=time(15), closes=time(18))
    set_hours(term, school, weekdays=range(7))
    director = make_account(roles=[Role.DIRECTOR])
    owner, responsible = (make_account(roles=[Role.TUTOR]) for _n in range(2))
    guardians = [make_account(make_person(birth_year=1985)) for _n in range(children)]
    made = [make_enrolment(term, make_child(each.person)) for each in guardians]
    with transaction() as session:
        for enrolment in made:
            for weekday in range(7):
                session.add(WayHome(enrolment_id=enrolment.id, weekday=weekday, way=Way.COLLECTED))
    duties = [
        make_duty(term.days[0], owner.person, role=DutyRole.TEACHER, is_owner=True),
        make_duty(term.days[0], responsible.person, role=DutyRole.RESPONSIBLE),
    ]
    with transaction():  # there are enough adults
        term.classes[0].volunteers = term.classes[0].guards = 0
    with transaction():
        for duty in duties:
            staffing.come(duty, by=owner.person, now=at(15, days=days))
    people = [each.child for each in made]
    return Scene(term.days[0], term.classes[0], people, made, guardians, owner, responsible, director)


def said(scene: Scene, n: int, holder: Holder, moment: datetime, **facts: Any) -> CustodyEvent:
    """It is written down who holds a child."""
    known = {"by": scene.owner.person, "at": moment, "now": moment, "on_date": scene.day.on_date, "day": scene.day}
    with transaction():
        return record(scene.children[n], HolderSaid(holder=holder, **{**known, **facts}))
