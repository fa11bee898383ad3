"""Terms: made as drafts, their days taken all at once, opened only once the rules are published, changed afterwards."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from center.activities.models import ActivityState, SessionState
from center.activities.sessions import SessionsClash
from center.afterschool.models.terms import Term, TermDay, TermMode, TermState, Topic
from center.afterschool.school_days import exceptions
from center.afterschool.terms import making, rulebook, schools, term_days
from center.afterschool.terms.calendar_rules import Off
from center.afterschool.terms.making import Enrolling, TermFacts
from center.afterschool.terms.rulebook import ParagraphText, What
from center.afterschool.terms.schools import ClassFacts, SchoolFacts
from center.afterschool.terms.term_days import ChosenDay
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.notices.models import Notice
from center.people.models import Person
from center.premises import actions as premises
from center.premises.models import DayKind
from center.rooms.models import Occupancy, Room
from center.signups.models import Mode
from tests.afterschool.builders import make_enrolment, make_school, make_term, set_hours, the_centre
from tests.builders import ZONE, make_booking, make_centre, make_person, make_room
from tests.engines import ONE_ENGINE

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]

MORNING = datetime(2026, 9, 1, 9, tzinfo=ZONE)
SATURDAY = date(2026, 10, 10)  # a make-up day that counts as a Wednesday


@pytest.fixture(autouse=True)
def _first_of_september() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


def facts(room: Room | None = None, **more: Any) -> TermFacts:
    room = room or make_room(capacity=60)
    known: dict[str, Any] = {
        "name": "2026年秋季学期",
        "first_on": date(2026, 9, 28),
        "last_on": date(2026, 10, 16),
        "room_id": room.id,
        "opens": time(15),
        "closes": time(18),
        "cut_off": time(13),
    }
    return TermFacts(**{**known, **more})


def make_draft(by: Person, room: Room | None = None, **more: Any) -> Term:
    the_centre()
    said = facts(room, **more)
    with transaction():
        return making.make_term(said, by=by, now=clock.now())


def chosen(term: Term) -> list[ChosenDay]:
    return [
        ChosenDay(on=each.on, counts_as=each.counts_as)
        for each in term_days.plan_of(term)
        if each.takes_place and each.counts_as is not None
    ]


def take(term: Term, by: Person, days: list[ChosenDay] | None = None) -> list[TermDay]:
    days = chosen(term) if days is None else days
    with transaction():
        return term_days.take_days(term, days, by=by, now=clock.now())


def rules(*also: ParagraphText) -> list[ParagraphText]:
    return [*(ParagraphText(topic=topic, words=f"关于{topic.value}") for topic in rulebook.NEEDED), *also]


def taken(room: Room) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Occupancy).where(Occupancy.room_id == room.id)) or 0


def told(code: str) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Notice).where(Notice.kind == code)) or 0


def test_a_draft_is_seen_by_nobody_and_takes_no_room() -> None:
    room, director = make_room(capacity=60), make_person()
    term = make_draft(director, room)
    assert (term.state, term.activity.state, term.activity.is_confined) == (TermState.DRAFT, ActivityState.DRAFT, True)
    assert taken(room) == 0


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"last_on": date(2026, 9, 1)}, "last_on"),
        ({"last_on": date(2028, 9, 1)}, "last_on"),
        ({"closes": time(14)}, "closes"),
        ({"mode": TermMode.FULL_DAY}, "lunch_from"),
        ({"lunch_from": time(16)}, "lunch_until"),
        ({"lunch_from": time(17), "lunch_until": time(19)}, "lunch_until"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(more: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        make_draft(make_person(), **more)
    assert field in {each.field for each in refused.value.every}


def test_without_the_centre_among_the_organisations_there_is_no_term() -> None:
    said, director = facts(), make_person()
    with pytest.raises(RuleBroken), transaction():
        making.make_term(said, by=director, now=clock.now())


def test_holidays_are_left_out_and_a_make_up_saturday_counts_as_a_wednesday() -> None:
    term = make_draft(make_person())
    plan = {each.on: each for each in term_days.plan_of(term)}
    assert plan[date(2026, 10, 1)].off is Off.HOLIDAY
    assert plan[SATURDAY].counts_as == 2
    assert date(2026, 10, 11) not in plan


def test_staff_say_that_a_make_up_day_counts_as_another_weekday() -> None:
    director = make_person()
    term = make_draft(director)
    with transaction():
        premises.set_day(SATURDAY, DayKind.WORKING, name="", name_en="", counts_as=4, by=director)
    assert {each.on: each.counts_as for each in term_days.plan_of(term)}[SATURDAY] == 4
    with pytest.raises(RuleBroken), transaction():
        premises.set_day(SATURDAY, DayKind.HOLIDAY, name="", name_en="", counts_as=4, by=director)


def test_a_year_that_nobody_knows_is_named_until_staff_have_entered_it() -> None:
    director = make_person()
    term = make_draft(director, first_on=date(2026, 12, 21), last_on=date(2027, 1, 15))
    assert term_days.unknown_years(term) == [2027]
    assert {each.is_sure for each in term_days.plan_of(term) if each.on.year == 2027} == {False}
    with transaction():
        premises.set_day(date(2027, 1, 9), DayKind.WORKING, name="", name_en="", counts_as=0, by=director)
    assert term_days.unknown_years(term) == []


def test_a_day_on_which_no_school_has_school_is_left_out() -> None:
    director, one, other, day = make_person(), make_school(), make_school(), date(2026, 10, 14)
    term = make_draft(director)
    for school in (one, other):
        set_hours(term, school)
    with transaction():
        exceptions.set_exception(one, day, finishes=None, reason="运动会", by=director, now=clock.now())
        exceptions.set_exception(other, day, finishes=time(12), reason="", by=director, now=clock.now())
    assert {each.on: each.off for each in term_days.plan_of(term)}[day] is None
    with transaction():
        exceptions.set_exception(other, day, finishes=None, reason="运动会", by=director, now=clock.now())
    assert {each.on: each.off for each in term_days.plan_of(term)}[day] is Off.NO_SCHOOL


def test_all_days_have_the_room_at_once_or_none_has() -> None:
    room, director = make_room(capacity=60), make_person()
    make_booking(room=room, starts_at=datetime(2026, 10, 12, 16, tzinfo=ZONE))
    term = make_draft(director, room)
    days = chosen(term)
    with pytest.raises(SessionsClash) as refused:
        take(term, director, days)
    assert [each.plan.span.start.date() for each in refused.value.clashes] == [date(2026, 10, 12)]
    assert taken(room) == 1
    made = take(term, director, [each for each in days if each.on != date(2026, 10, 12)])
    assert taken(room) == 1 + len(made)
    assert {day.on_date: day.counts_as for day in made}[SATURDAY] == 2


def test_two_terms_do_not_have_one_room_at_one_time() -> None:
    room, director = make_room(capacity=60), make_person()
    one, other = make_draft(director, room), make_draft(director, room, name="暑期托管")
    with pytest.raises(RuleBroken):
        make_draft(director, room)
    take(one, director)
    with pytest.raises(SessionsClash):
        take(other, director)
    assert len(other.days) == 0


def test_days_are_taken_once_and_only_within_the_term() -> None:
    director = make_person()
    term = make_draft(director)
    with pytest.raises(RuleBroken):
        take(term, director, [ChosenDay(on=date(2026, 11, 20), counts_as=4)])
    with pytest.raises(RuleBroken):
        take(term, director, [])
    take(term, director)
    with pytest.raises(Conflict):
        take(term, director)


def test_a_term_over_new_year_keeps_the_hours_on_the_wall() -> None:
    director = make_person()
    term = make_draft(director, first_on=date(2026, 12, 28), last_on=date(2027, 1, 8))
    made = take(term, director)
    assert {day.session.starts_at.astimezone(ZONE).time() for day in made} == {time(15)}
    assert {day.on_date.year for day in made} == {2026, 2027}
    assert date(2027, 1, 1) not in {day.on_date for day in made}


def test_the_hours_stay_on_the_wall_where_the_clocks_change() -> None:
    make_centre(zone_name="Europe/Berlin", holiday_country="DE")
    director = make_person()
    term = make_draft(director, first_on=date(2026, 10, 22), last_on=date(2026, 10, 28))
    made = take(term, director)
    assert len({day.session.starts_at.utctimetuple().tm_hour for day in made}) == 2
    assert all(day.session.local_day == day.on_date for day in made)


def test_enrolment_does_not_open_without_rules_days_and_a_class() -> None:
    director = make_person()
    term = make_draft(director)
    how = Enrolling(mode=Mode.FIRST_COME, opens_at=None, closes_at=None, capacity=40)
    with pytest.raises(RuleBroken) as refused, transaction():
        making.open_enrolment(term, how, by=director, now=clock.now())
    assert len(refused.value.every) == 3
    assert term.state is TermState.DRAFT


def test_enrolment_opens_once_everything_is_there_and_makes_one_roster() -> None:
    director = make_person()
    term = make_draft(director)
    with transaction():
        schools.save_class(term, ClassFacts(name="甲班", capacity=40), by=director, now=clock.now())
        rulebook.publish(term, rules(), by=director, now=clock.now())
    take(term, director)
    lot = Enrolling(mode=Mode.LOTTERY, opens_at=None, closes_at=None, capacity=40)
    with pytest.raises(RuleBroken) as refused, transaction():
        making.open_enrolment(term, lot, by=director, now=clock.now())
    assert refused.value.field == "closes_at"
    lot = replace(lot, closes_at=clock.now() + timedelta(days=7))
    with transaction():
        roster = making.open_enrolment(term, lot, by=director, now=clock.now())
    assert (term.state, term.activity.state) == (TermState.OPEN, ActivityState.PUBLISHED)
    assert (roster.mode, roster.pools[0].capacity) == (Mode.LOTTERY, 40)
    with pytest.raises(Conflict), transaction():
        making.open_enrolment(term, lot, by=director, now=clock.now())


def test_a_room_too_small_for_all_classes_is_in_the_way() -> None:
    director = make_person()
    term = make_draft(director, make_room(capacity=10))
    with transaction():
        schools.save_class(term, ClassFacts(name="甲班", capacity=40), by=director, now=clock.now())
    with pytest.raises(SessionsClash):
        take(term, director)


def test_what_the_days_stand_on_changes_day_by_day_only() -> None:
    director, day = make_person(), date(2026, 10, 14)
    term = make_draft(director)
    take(term, director)
    for more in ({"opens": time(14)}, {"last_on": date(2026, 11, 30)}, {"room_id": make_room(capacity=60).id}):
        with pytest.raises(RuleBroken), transaction():
            making.edit_term(term, replace(making.facts_of(term), **more), by=director, now=clock.now())
    with transaction():
        making.edit_term(term, replace(making.facts_of(term), cut_off=time(12)), by=director, now=clock.now())
        term_days.move_day(
            term_days.find_day(term, day) or term.days[0],
            ChosenDay(on=date(2026, 10, 17), counts_as=2),
            by=director,
            now=clock.now(),
        )
    assert term_days.find_day(term, day) is None
    moved = term_days.find_day(term, date(2026, 10, 17))
    assert moved is not None
    assert (moved.counts_as, moved.session.local_day) == (2, date(2026, 10, 17))


def test_a_day_called_off_frees_the_room_and_every_family_hears_of_it() -> None:
    room, director, mother, father = make_room(capacity=60), make_person(), make_person(), make_person()
    term = make_term(room=room)
    make_enrolment(term, None, mother, father)
    day, before = term.days[3], taken(room)
    for _twice in range(2):
        with transaction():
            term_days.cancel_day(day, reason="停电", by=director, now=clock.now())
    assert day.session.state is SessionState.CANCELLED
    assert taken(room) == before - 1
    db.session.rollback()
    about = select(Notice.person_id).where(Notice.kind == "sign_up.session_cancelled")
    assert {mother.id, father.id} <= set(db.session.scalars(about))


def test_a_day_is_not_called_off_without_a_reason_or_once_its_list_is_open() -> None:
    term, director = make_term(), make_person()
    with pytest.raises(RuleBroken), transaction():
        term_days.cancel_day(term.days[0], reason=" ", by=director, now=clock.now())
    with transaction():
        term.days[0].opened_at = clock.now()
    with pytest.raises(RuleBroken), transaction():
        term_days.cancel_day(term.days[0], reason="停电", by=director, now=clock.now())


def test_a_day_that_was_called_off_takes_place_again_and_families_hear_of_it() -> None:
    term, director = make_term(), make_person()
    make_enrolment(term)
    day = term.days[3]
    with transaction():
        term_days.cancel_day(day, reason="停电", by=director, now=clock.now())
    with transaction():
        same = ChosenDay(on=day.on_date, counts_as=day.counts_as)
        again = term_days.add_day(term, same, by=director, now=clock.now())
    assert again.id == day.id
    assert again.session.state is SessionState.SCHEDULED
    assert told("after_school.term_day_added") == 1


def test_a_calendar_that_changed_afterwards_is_a_difference_until_staff_decide() -> None:
    director = make_person()
    term = make_draft(director)
    take(term, director)
    assert term_days.differences(term, now=clock.now()) == []
    with transaction():
        premises.set_day(date(2026, 10, 14), DayKind.HOLIDAY, name="停课", name_en="", by=director)
        premises.set_day(SATURDAY, DayKind.WORKING, name="", name_en="", counts_as=3, by=director)
    found = term_days.differences(term, now=clock.now())
    says = [(each.on, each.is_now, each.counts_as) for each in found]
    assert says == [(SATURDAY, 2, 3), (date(2026, 10, 14), 2, None)]
    with transaction():
        term_days.follow_calendar(term, found[0], reason="", by=director, now=clock.now())
        term_days.leave_as_it_is(term, found[1], by=director)
        term_days.leave_as_it_is(term, found[1], by=director)
    assert term_days.differences(term, now=clock.now()) == []
    day = term_days.find_day(term, SATURDAY)
    assert day is not None
    assert day.counts_as == 3


def test_days_left_out_of_the_plan_are_no_difference_later() -> None:
    director = make_person()
    term = make_draft(director)
    take(term, director, chosen(term)[1:])
    assert term_days.differences(term, now=clock.now()) == []


def test_rules_that_leave_something_open_are_not_published() -> None:
    term, director = make_draft(make_person()), make_person()
    with pytest.raises(RuleBroken) as refused, transaction():
        rulebook.publish(term, rules()[1:], by=director, now=clock.now())
    assert refused.value.field is not None
    assert rulebook.latest(term.id) is None


def test_the_same_rules_again_are_no_new_version_and_others_are_told_to_families() -> None:
    director = make_person()
    term = make_term()
    make_enrolment(term)
    said = rules()
    with transaction():
        second = rulebook.publish(term, said, by=director, now=clock.now())
        assert rulebook.publish(term, said, by=director, now=clock.now()).id == second.id
    assert second.version == 2
    assert told("after_school.term_rules_changed") == 1
    assert [each.number for each in second.paragraphs] == list(range(1, len(said) + 1))


def test_what_is_different_in_another_version_is_named() -> None:
    was = [
        ParagraphText(topic=Topic.WHO, words="一"),
        ParagraphText(topic=Topic.ENDS, words="二"),
        ParagraphText(topic=Topic.LATE, words="三"),
    ]
    now_is = [
        ParagraphText(topic=Topic.WHO, words="一"),
        ParagraphText(topic=Topic.ENDS, words="贰"),
        ParagraphText(topic=Topic.OTHER, words="四"),
    ]
    found = [(each.what, each.topic) for each in rulebook.differences(was, now_is)]
    assert found == [
        (What.SAME, Topic.WHO),
        (What.CHANGED, Topic.ENDS),
        (What.REMOVED, Topic.LATE),
        (What.ADDED, Topic.OTHER),
    ]


def test_two_schools_have_not_one_name() -> None:
    director = make_person()
    with transaction():
        one = schools.save_school(SchoolFacts(name="青山小学"), by=director)
        schools.save_school(SchoolFacts(name="青山小学", phone="027-1"), by=director, school=one)
    with pytest.raises(Conflict), transaction():
        schools.save_school(SchoolFacts(name="青山小学"), by=director)


def test_a_class_is_not_made_smaller_than_its_children_nor_taken_away_from_them() -> None:
    director, term = make_person(), make_term()
    make_enrolment(term)
    make_enrolment(term)
    [care_class] = term.classes
    with pytest.raises(RuleBroken), transaction():
        schools.save_class(
            term, ClassFacts(name="甲班", capacity=1), by=director, now=clock.now(), care_class=care_class
        )
    with pytest.raises(Conflict), transaction():
        schools.remove_class(care_class, by=director, now=clock.now())


def test_a_term_with_days_ahead_does_not_end() -> None:
    director, term = make_person(), make_term()
    with pytest.raises(RuleBroken), transaction():
        making.end_term(term, by=director, now=clock.now())
    with time_machine.travel(MORNING + timedelta(days=60), tick=False), transaction():
        making.end_term(term, by=director, now=clock.now())
        making.end_term(term, by=director, now=clock.now())
    assert term.state is TermState.ENDED
