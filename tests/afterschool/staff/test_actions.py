"""Nobody is on duty without a valid check, whoever writes; what was so stays; and who is concerned hears of it."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from center.afterschool.custody import ledger
from center.afterschool.custody.ledger import HolderSaid
from center.afterschool.models.care import Alarm, AlarmKind
from center.afterschool.models.custody import CustodyEvent, Holder
from center.afterschool.models.staff import CareDuty, CheckKind, DutyRole, StaffCheck, Staffing
from center.afterschool.models.terms import CareClass, TermDay
from center.afterschool.staff import checks, duties, queries, staffing
from center.afterschool.staff.checks import Shown
from center.afterschool.staff.sweeps import SWEEPS
from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.notices.models import Notice
from center.people.models import Person, Role
from tests.afterschool.builders import make_child, make_enrolment
from tests.afterschool.staff.builders import class_of, make_check, make_days, make_staff, put_on, today
from tests.builders import make_account, make_person

pytestmark = pytest.mark.usefixtures("app")

T, V, G, R = DutyRole.TEACHER, DutyRole.VOLUNTEER, DutyRole.GUARD, DutyRole.RESPONSIBLE


def told(person: Person) -> list[str]:
    db.session.rollback()
    query = select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)
    return list(db.session.scalars(query))


def own(day: TermDay, person: Person | None = None) -> CareDuty:
    duty = put_on(day, T, person)
    with transaction():
        duty.is_owner = True
    return duty


def on_duty(day: TermDay) -> list[int]:
    db.session.rollback()
    return [each.person_id for each in queries.duties_on([day.id])]


def log(day: TermDay) -> list[tuple[int | None, bool | None, int, int, bool]]:
    db.session.rollback()
    return [
        (each.person_id, each.is_in, each.adults, each.children, each.is_enough)
        for each in reversed(staffing.log_of(day))
    ]


@pytest.mark.parametrize(
    ("kinds", "role", "until", "says"),
    [
        ((), V, None, "违法犯罪记录"),
        ((CheckKind.FIRST_AID,), G, None, "违法犯罪记录"),
        ((CheckKind.RECORD,), T, None, "急救"),
        ((CheckKind.RECORD, CheckKind.FIRST_AID), T, -1, "只到"),
    ],
    ids=["nothing shown", "a guard without a record check", "a teacher without first aid", "run out yesterday"],
)
def test_whoever_lacks_a_check_is_refused_by_the_rule_and_by_the_database(
    kinds: Sequence[CheckKind], role: DutyRole, until: int | None, says: str
) -> None:
    [day] = make_days()
    person = make_person()
    for kind in kinds:
        make_check(person, kind, until=today() + timedelta(days=until) if until else None)
    with pytest.raises(RuleBroken) as refused:
        put_on(day, role, person)
    assert refused.value.field == "person"
    assert says in str(refused.value)
    row = CareDuty(day_id=day.id, person_id=person.id, role=role, set_by_id=person.id, set_at=clock.now())
    with pytest.raises(IntegrityError, match="care_duties_checked"), transaction() as session:
        session.add(row)
    assert on_duty(day) == []


def test_the_check_counts_on_the_day_of_the_duty_not_today() -> None:
    near, far = make_days(1, first=5)[0], make_days(1, first=50)[0]
    person = make_staff(until=today() + timedelta(days=20))
    put_on(near, T, person)
    with pytest.raises(RuleBroken):
        put_on(far, T, person)
    with pytest.raises(IntegrityError, match="care_duties_checked"), transaction() as session:
        session.execute(
            text("UPDATE care_duties SET day_id = :far WHERE day_id = :near"), {"far": far.id, "near": near.id}
        )


def test_a_term_that_asks_for_no_first_aid_takes_a_teacher_without() -> None:
    [day] = make_days(needs_first_aid=False)
    put_on(day, T, make_staff(CheckKind.RECORD))
    assert len(on_duty(day)) == 1


def test_nobody_under_age_and_nobody_without_a_class() -> None:
    by = make_person()
    [day] = make_days()
    with pytest.raises(RuleBroken):
        put_on(day, V, make_staff(birth_year=today().year - 16))
    person = make_staff()
    with pytest.raises(RuleBroken) as refused, transaction():
        duties.put_on(day, person, V, None, by=by, now=clock.now())
    assert refused.value.field == "care_class"
    put_on(day, G)


def test_somebody_put_on_duty_twice_does_one_thing() -> None:
    [day] = make_days()
    person = make_staff()
    put_on(day, T, person)
    put_on(day, V, person)
    [duty] = queries.duties_on([day.id])
    assert duty.role is V


def test_nobody_records_their_own_check_and_nothing_twice() -> None:
    person, other = make_person(), make_person()
    shown = Shown(kind=CheckKind.RECORD, made_on=today(), valid_until=today(), consented_on=today(), document=" 12 ")
    for by, count in ((person, 0), (other, 1), (other, 1)):
        try:
            with transaction():
                made = checks.record_check(person, shown, by=by, now=clock.now(), today=today())
        except Conflict:
            pass
        assert len(queries.checks_of(person.id)) == count
    assert made.document == "12"


def test_a_check_that_is_taken_back_takes_them_off_duty_and_says_so() -> None:
    by = make_person()
    director = make_account(roles=[Role.DIRECTOR]).person
    before, now_on, ahead = make_days(3, first=-1)
    person = make_staff()
    for day in (before, now_on, ahead):
        put_on(day, person=person)
    with transaction():
        staffing.come(queries.find_duty(now_on.id, person.id) or pytest.fail("not on duty"), by=person, now=clock.now())
    [record] = [each for each in queries.checks_of(person.id) if each.kind is CheckKind.RECORD]
    with transaction():
        lost = checks.revoke_check(record, by=by, now=clock.now(), today=today())
    assert len(lost) == 2
    assert (on_duty(before), on_duty(now_on), on_duty(ahead)) == ([person.id], [], [])
    assert [row[1] for row in log(now_on)] == [True, False]
    assert ledger_findings() == []
    assert told(person) == ["staff.duties_lost"]
    assert told(director) == ["staff.others_duties_lost"]
    with pytest.raises(Conflict), transaction():
        checks.revoke_check(record, by=person, now=clock.now(), today=today())


def test_a_check_that_another_one_stands_in_for_costs_no_duty() -> None:
    by = make_person()
    [day] = make_days()
    person = make_staff()
    double = make_check(person, until=today() + timedelta(days=200))
    put_on(day, person=person)
    with transaction():
        assert checks.revoke_check(double, by=by, now=clock.now(), today=today()) == []
    assert on_duty(day) == [person.id]


def test_a_day_has_one_owner_who_is_told_and_hands_it_over_first() -> None:
    [day] = make_days()
    first, second, helper = put_on(day), put_on(day, R), put_on(day, V)
    by = make_person()
    for duty in (first, second):
        with transaction():
            duties.name_owner(duty, by=by, now=clock.now())
    owner = queries.owner_of(day.id)
    assert owner is not None
    assert owner.id == second.id
    assert (told(first.person), told(second.person)) == (["staff.owner"], ["staff.owner"])
    with pytest.raises(RuleBroken), transaction():
        duties.name_owner(helper, by=by, now=clock.now())
    with pytest.raises(Conflict), transaction():
        duties.put_on(day, second.person, V, class_of(day), by=by, now=clock.now())
    with transaction():
        day.opened_at, day.opened_by_id = clock.now(), by.id
    with pytest.raises(Conflict), transaction():
        duties.take_off(second, by=by, now=clock.now())
    with transaction():
        duties.name_owner(first, by=by, now=clock.now())
        duties.take_off(second, by=by, now=clock.now())
    assert second.person_id not in on_duty(day)


def test_the_database_knows_one_owner_a_day() -> None:
    [day] = make_days()
    own(day)
    with pytest.raises(IntegrityError):
        own(day)


def test_a_closed_day_stays_as_it_was() -> None:
    [day] = make_days()
    duty = put_on(day)
    with transaction():
        day.opened_at = day.closed_at = clock.now()
        day.opened_by_id = day.closed_by_id = duty.person_id
    by, person = make_person(), make_staff()
    for act in (
        lambda: duties.put_on(day, person, V, class_of(day), by=by, now=clock.now()),
        lambda: duties.take_off(duty, by=by, now=clock.now()),
        lambda: duties.name_owner(duty, by=by, now=clock.now()),
        lambda: staffing.come(duty, by=by, now=clock.now()),
    ):
        with pytest.raises(Conflict), transaction():
            act()
    assert on_duty(day) == [duty.person_id]


def test_a_roster_is_repeated_and_whoever_may_not_be_is_left_out_and_named() -> None:
    by = make_person()
    first, second, third = make_days(3)
    teacher, helper = make_staff(), make_staff(until=today() + timedelta(days=1))
    own(first, teacher)
    put_on(first, V, person=helper)
    other = put_on(second, R)
    with transaction():
        done = duties.repeat(first, [second, third], by=by, now=clock.now())
    assert (done.days, done.duties) == (2, 3)
    assert [(duty.person_id, day.id) for duty, day, _why in done.left_out] == [(helper.id, third.id)]
    assert sorted(on_duty(second)) == sorted([teacher.id, helper.id, other.person_id])
    owner = queries.owner_of(third.id)
    assert owner is not None
    assert owner.person_id == teacher.id


def test_who_comes_and_goes_is_kept_with_how_many_are_left() -> None:
    [day] = make_days()
    teacher, guard = put_on(day), put_on(day, G)
    for _twice in range(2):
        with transaction():
            staffing.come(teacher, by=guard.person, now=clock.now())
            staffing.come(guard, by=guard.person, now=clock.now())
    with transaction():
        staffing.go(teacher, why=" to the gate ", by=guard.person, now=clock.now())
    assert log(day) == [
        (teacher.person_id, True, 1, 0, True),
        (guard.person_id, True, 1, 0, True),
        (teacher.person_id, False, 0, 0, True),
    ]
    assert staffing.log_of(day)[0].why == "to the gate"
    [now] = staffing.now_on(day)
    assert (now.adults, [person.id for person, _role in now.people]) == (0, [guard.person_id])


@pytest.mark.parametrize("statement", ["UPDATE staffing_events SET adults = 9", "DELETE FROM staffing_events"])
def test_the_log_is_altered_by_nobody(statement: str) -> None:
    [day] = make_days()
    duty = put_on(day)
    with transaction():
        staffing.come(duty, by=duty.person, now=clock.now())
    with pytest.raises(IntegrityError, match="append_only"), transaction() as session:
        session.execute(text(statement))
    assert db.session.scalar(select(func.count()).select_from(Staffing)) == 1


def sweep(days: int = 0) -> int:
    [each] = SWEEPS
    now = clock.now() + timedelta(days=days)
    db.session.rollback()
    found = each.due(now)
    for check_id in found:
        each.settle(check_id, now)
    return len(found)


def test_who_runs_out_hears_of_it_once_thirty_days_before_and_so_do_the_directors() -> None:
    director = make_account(roles=[Role.DIRECTOR]).person
    person = make_staff(CheckKind.RECORD, until=today() + timedelta(days=31))
    assert sweep() == 0
    assert (sweep(days=1), sweep(days=2)) == (1, 0)
    assert told(person) == ["staff.check_runs_out"]
    assert told(director) == ["staff.others_check_runs_out"]


def test_a_check_that_a_later_one_follows_runs_out_without_a_word() -> None:
    person = make_staff(CheckKind.RECORD, until=today() + timedelta(days=10))
    make_check(person, until=today() + timedelta(days=300))
    over = make_staff(CheckKind.RECORD, until=today() - timedelta(days=1))
    assert (sweep(), sweep()) == (2, 0)
    assert (told(person), told(over)) == ([], [])


def arrive(day: TermDay, child: Person, by: Person, holder: Holder = Holder.ROOM) -> CustodyEvent:
    now = clock.now()
    with transaction():
        return ledger.record(
            child, HolderSaid(holder=holder, by=by, at=now, now=now, on_date=day.on_date, day=day, approved_by=by)
        )


def alarms_of_ratio() -> list[bool]:
    """Whether each alarm of too few adults has ended, in order."""
    db.session.rollback()
    query = select(Alarm.ended_at).where(Alarm.kind == AlarmKind.RATIO).order_by(Alarm.id)
    return [ended is not None for ended in db.session.scalars(query)]


def test_children_who_come_and_go_are_counted_and_too_few_adults_are_an_alarm_until_there_are_enough() -> None:
    [day] = make_days(children_per_adult=1)
    with transaction():
        class_of(day).responsible = class_of(day).volunteers = class_of(day).guards = 0
    first, second = put_on(day), put_on(day, R)
    one, two = make_enrolment(day.term, make_child(first.person)), make_enrolment(day.term, make_child(first.person))
    with transaction():
        staffing.come(first, by=first.person, now=clock.now())
    arrive(day, one.child, first.person)
    assert alarms_of_ratio() == []
    arrive(day, two.child, first.person, Holder.SCHOOL)
    event = arrive(day, two.child, first.person)
    assert alarms_of_ratio() == [False]
    with transaction():
        staffing.come(second, by=first.person, now=clock.now())
    assert alarms_of_ratio() == [True]
    with transaction():
        staffing.go(first, why="gate", by=first.person, now=clock.now())
    assert alarms_of_ratio() == [True, False]
    with transaction():
        ledger.undo(event, by=first.person, now=clock.now())
    assert [row[2:] for row in log(day)] == [
        (1, 0, True),
        (1, 1, True),
        (1, 2, False),
        (2, 2, True),
        (1, 2, False),
        (1, 1, False),
    ]


def test_a_refused_hand_over_changes_nobody_in_the_room() -> None:
    [day] = make_days()
    teacher, child = put_on(day).person, make_enrolment(day.term, make_child(make_person())).child
    now = clock.now()
    with transaction():
        said = HolderSaid(holder=Holder.COLLECTOR, by=teacher, at=now, now=now, on_date=day.on_date, day=day)
        ledger.refuse(child, said, why="deny")
    assert log(day) == []


def test_who_is_put_on_duty_while_their_check_is_taken_back_is_not_on_duty_in_the_end(app: Flask) -> None:
    """Whichever comes first: put on duty and taken off it, or refused."""
    for _try in range(2):
        days, person, by = make_days(6, first=1), make_staff(), make_person()
        classes = {day.id: class_of(day).id for day in days}
        [record] = [each for each in queries.checks_of(person.id) if each.kind is CheckKind.RECORD]
        db.session.rollback()

        def put_on_all(ids: dict[int, int] = classes, person_id: int = person.id, by_id: int = by.id) -> None:
            for day_id, class_id in ids.items():
                with suppress(RuleBroken), transaction() as session:
                    day, where = session.get_one(TermDay, day_id), session.get_one(CareClass, class_id)
                    who, me = session.get_one(Person, person_id), session.get_one(Person, by_id)
                    duties.put_on(day, who, V, where, by=me, now=clock.now())

        def revoke(check_id: int = record.id, by_id: int = by.id) -> None:
            with transaction() as session:
                check, me = session.get_one(StaffCheck, check_id), session.get_one(Person, by_id)
                checks.revoke_check(check, by=me, now=clock.now(), today=today())

        at_once(app, put_on_all, revoke)
        assert [each for day in days for each in on_duty(day)] == []


def at_once(app: Flask, *tasks: Callable[[], None]) -> None:
    faults: list[BaseException] = []
    gate = threading.Barrier(len(tasks))

    def run(task: Callable[[], None]) -> None:
        with app.app_context():
            try:
                gate.wait(30)
                task()
            except BaseException as fault:
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(each,)) for each in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
