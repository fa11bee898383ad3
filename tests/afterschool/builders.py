"""Builders of the after-school programme: terms with their days, schools, classes, children with places, duties.

Each acts in its own transaction. A term is open, with its rules published and its days in the ledger of room time.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from center.activities import actions as activity_actions
from center.activities import sessions as activity_sessions
from center.activities.actions import ActivityFacts
from center.activities.clashes import SessionPlan
from center.activities.models import Activity, ActivityKind
from center.afterschool.models.enrolments import CallOrder, Enrolment
from center.afterschool.models.staff import CareDuty, CheckKind, DutyRole, StaffCheck
from center.afterschool.models.terms import (
    CareClass,
    Paragraph,
    School,
    SchoolHours,
    Term,
    TermDay,
    TermMode,
    TermRules,
    TermState,
    Topic,
)
from center.afterschool.terms import precedence
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.spans import Span
from center.organisations.models import Organisation, OrganisationKind
from center.people.models import Guardianship, Person
from center.rooms.models import Room
from center.signups import rosters
from center.signups.models import Channel, PoolKind, Roster
from center.signups.rosters import PoolFacts, RosterFacts
from tests.activity_builders import make_kind, sign_up
from tests.builders import LONG_AGO, LONG_FROM_NOW, ZONE, at, make_organisation, make_person, make_room

WEEKDAYS = range(5)
OPENS, CLOSES, FINISHES = time(15), time(18), time(15, 30)
_numbers = itertools.count(1)


def make_school(**facts: Any) -> School:
    """A school."""
    n = next(_numbers)
    with transaction() as session:
        school = School(**{"name": f"第{n}小学", "name_en": f"School {n}", **facts})
        session.add(school)
    return school


def make_term(
    *,
    days: Sequence[date] = (),
    counts_as: Mapping[date, int] | None = None,
    schools: Iterable[School] | None = None,
    room: Room | None = None,
    capacity: int = 40,
    classes: Sequence[str] = ("甲班",),
    roster: RosterFacts | None = None,
    **facts: Any,
) -> Term:
    """An open term in a room, by default of ten weekdays from tomorrow on, from 15:00 to 18:00, with one class.

    Its schools (one by default) end at 15:30 from Monday to Friday. `counts_as` says it of make-up working days.
    """
    n, by = next(_numbers), make_person()
    days = sorted(days) or ten_weekdays()
    room = room or make_room(capacity=60)
    known = {
        "name": f"第{n}学期",
        "name_en": f"Term {n}",
        "mode": TermMode.AFTER_SCHOOL,
        "state": TermState.OPEN,
        "first_on": days[0],
        "last_on": days[-1],
        "opens": OPENS,
        "closes": CLOSES,
        "cut_off": time(13),
        **facts,
    }
    now = min(clock.now(), datetime.combine(days[0], time(0), ZONE))
    kind, centre = make_kind(), the_centre()
    with transaction() as session:
        activity = _activity(known, capacity, by, now, centre, kind)
        plans = [SessionPlan(span=_span(day, known), room=room) for day in days]
        made = activity_sessions.add_sessions(activity, plans, by=by, now=now)
        activity_actions.publish(activity, by=by, now=now, as_staff=True)
        activity.is_confined = True
        term = Term(activity_id=activity.id, room_id=room.id, **known)
        session.add(term)
        session.flush()
        for day, each in zip(days, made, strict=True):
            weekday = (counts_as or {}).get(day, day.weekday())
            session.add(TermDay(term_id=term.id, on_date=day, counts_as=weekday, session_id=each.id))
        for position, name in enumerate(classes):
            session.add(CareClass(term_id=term.id, name=name, position=position, capacity=capacity))
        general = PoolFacts(kind=PoolKind.GENERAL, capacity=capacity)
        rosters.make_roster(activity, roster or RosterFacts(), [general], by=by)
    for school in [make_school()] if schools is None else schools:
        set_hours(term, school)
    publish_rules(term, by=by)
    return term


def ten_weekdays(first: date | None = None) -> list[date]:
    """Ten days from Monday to Friday, from tomorrow on or from the date given."""
    first = first or at(12).date()
    return [day for n in range(14) if (day := first + timedelta(days=n)).weekday() in WEEKDAYS]


def the_roster(term: Term) -> Roster:
    """The roster of a term's places."""
    return rosters.rosters_of(term.activity)[0]


def set_hours(term: Term, school: School, *, weekdays: Iterable[int] = WEEKDAYS, **facts: Any) -> None:
    """Let a school end at a time on weekdays of a term."""
    with transaction() as session:
        for weekday in weekdays:
            known = {"finishes": FINISHES, "way_minutes": 15, **facts}
            session.add(SchoolHours(term_id=term.id, school_id=school.id, weekday=weekday, **known))


def publish_rules(term: Term, *, by: Person | None = None, words: Sequence[tuple[Topic, str]] = ()) -> TermRules:
    """Publish rules of a term: by default one paragraph on each of the topics."""
    by, words = by or make_person(), words or [(topic, f"关于{topic.value}的条款") for topic in Topic]
    with transaction() as session:
        earlier = session.scalar(select(func.count()).where(TermRules.term_id == term.id)) or 0
        rules = TermRules(term_id=term.id, version=earlier + 1, published_at=clock.now(), published_by_id=by.id)
        session.add(rules)
        session.flush()
        for number, (topic, said) in enumerate(words, start=1):
            session.add(Paragraph(rules_id=rules.id, number=number, topic=topic, words=said, words_en=f"About {topic}"))
        precedence.publish(rules, precedence.USUAL)
    return rules


def make_child(*guardians: Person, **facts: Any) -> Person:
    """A child of nine years with guardians (one by default)."""
    child = make_person(**{"phone": None, "birth_year": clock.now().year - 9, **facts})
    guardians = guardians or (make_person(),)
    with transaction() as session:
        for guardian in guardians:
            session.add(Guardianship(child_id=child.id, guardian_id=guardian.id, starts_on=LONG_AGO))
    return child


def make_enrolment(term: Term, child: Person | None = None, *guardians: Person, **facts: Any) -> Enrolment:
    """A child with a place in a term, in its first class and of its first school; guardians are rung in order."""
    child = child or make_child(*guardians)
    db.session.rollback()
    of_child = select(Guardianship.guardian_id).where(Guardianship.child_id == child.id)
    callers = db.session.scalars(of_child.order_by(Guardianship.id)).all()
    guardian = db.session.get_one(Person, callers[0])
    schools = select(SchoolHours.school_id).where(SchoolHours.term_id == term.id).order_by(SchoolHours.id)
    school_id = db.session.scalar(schools.limit(1)) or make_school().id
    versions = select(TermRules.id).where(TermRules.term_id == term.id).order_by(TermRules.version.desc())
    rules_id = db.session.scalars(versions.limit(1)).one()
    class_id = term.classes[0].id if term.classes else None
    before_it_ends = at(0, days=0)  # at whatever hour the test runs: the only day of the term may be today
    [place] = sign_up(the_roster(term), child, by=guardian, as_staff=True, now=before_it_ends)
    known_facts = {
        "term_id": term.id,
        "child_id": child.id,
        "sign_up_id": place.id,
        "school_id": school_id,
        "school_class": "三(2)班",
        "class_id": class_id,
        "applied_at": clock.now(),
        "applied_by_id": guardian.id,
        "recorded_by_id": guardian.id,
        "channel": Channel.ONLINE,
        "rules_id": rules_id,
    }
    with transaction() as session:
        made = Enrolment(**{**known_facts, **facts})
        session.add(made)
        session.flush()
        for position, guardian_id in enumerate(callers, start=1):
            relation = "妈妈" if position == 1 else "爸爸"
            session.add(CallOrder(enrolment_id=made.id, guardian_id=guardian_id, relation=relation, position=position))
    return made


def make_checked(person: Person) -> Person:
    """Somebody who has shown everything that whoever looks after children has to show."""
    with transaction() as session:
        for kind in CheckKind:
            session.add(
                StaffCheck(
                    person_id=person.id,
                    kind=kind,
                    made_on=LONG_AGO,
                    valid_until=LONG_FROM_NOW,
                    consented_on=LONG_AGO,
                    recorded_by_id=person.id,
                    recorded_at=clock.now(),
                )
            )
    return person


def make_duty(
    day: TermDay, person: Person | None = None, *, role: DutyRole = DutyRole.TEACHER, **facts: Any
) -> CareDuty:
    """Somebody (checked) on duty on a day; `is_owner=True` owns its list."""
    person = person or make_person()
    if db.session.scalar(select(StaffCheck.id).where(StaffCheck.person_id == person.id).limit(1)) is None:
        make_checked(person)
    class_id = day.term.classes[0].id if day.term.classes and role is not DutyRole.GUARD else None
    known = {"day_id": day.id, "person_id": person.id, "set_by_id": person.id, "set_at": clock.now()}
    with transaction() as session:
        duty = CareDuty(role=role, **{"class_id": class_id, **known, **facts})
        session.add(duty)
    return duty


def _activity(
    known: Mapping[str, Any], capacity: int, by: Person, now: datetime, centre: Organisation, kind: ActivityKind
) -> Activity:
    facts = ActivityFacts(
        kind_id=kind.id,
        title=f"四点半学校 {known['name']}",
        title_en=f"After-school programme {known['name_en']}",
        summary="放学后的托管",
        expected=capacity,
    )
    return activity_actions.create(centre, facts, by=by, now=now)


def the_centre() -> Organisation:
    """The centre as an organisation."""
    found = db.session.scalar(select(Organisation).where(Organisation.kind == OrganisationKind.CENTRE).limit(1))
    return found or make_organisation(kind=OrganisationKind.CENTRE, name="中心", name_en="The centre", slug="centre")


def _span(day: date, known: Mapping[str, Any]) -> Span:
    return Span(*(datetime.combine(day, known[name], ZONE) for name in ("opens", "closes")))
