"""What a barred guardian may do: all but collecting, unless a paper takes more; and the director hears of it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from center.afterschool.alarms.ringing import to_ring
from center.afterschool.collectors.bars import ASK_DIRECTOR
from center.afterschool.custody import messages
from center.afterschool.custody.ledger import HolderSaid, record
from center.afterschool.models.consents import Means, Purpose
from center.afterschool.models.custody import Holder
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Bar, BarLevel, BarredRight, Different, Right
from center.afterschool.own_data import PARTS
from center.afterschool.places import consents, ending, enrolling
from center.afterschool.places.consents import Hand
from center.afterschool.plans import barring, changes, collecting
from center.afterschool.plans.changes import IN_PERSON, Call
from center.afterschool.retention import deletions
from center.afterschool.rights import barred_rights, guardian_rights
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, DomainError, RuleBroken
from center.kernel.trail import StaffEvent
from center.notices.models import Notice
from center.people.models import Person, Role
from center.people.parts import Parts
from center.web.sending import write_afterwards
from tests.afterschool.builders import make_child
from tests.afterschool.plan_builders import enrol, guardians, make_bar, make_collector, today
from tests.builders import make_account, make_person
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE

PAPER = "（2026）鄂0107民初1号"


@pytest.fixture(name="director")
def _director(app: Flask) -> Person:
    return make_account(roles=[Role.DIRECTOR]).person


@pytest.fixture(name="enrolment")
def _enrolment(director: Person) -> Enrolment:
    return enrol(child=make_child(make_person(name="李秀兰"), make_person(name="王建国"), name="王小明"))


def father_of(enrolment: Enrolment) -> Person:
    return guardians(enrolment.child)[1]


def barred(enrolment: Enrolment, *rights: Right, by: Person) -> Bar:
    row = make_bar(enrolment.child, "王建国", person_id=father_of(enrolment).id)
    if rights:
        with transaction():
            barred_rights.decide(row, dict.fromkeys(rights, PAPER), by=by, now=clock.now())
    db.session.rollback()
    return row


def hand(guardian: Person, *, by: Person | None = None) -> Hand:
    return Hand(guardian=guardian, by=by or guardian, means=Means.PAPER if by else Means.ACCOUNT)


def attempts(enrolment: Enrolment) -> dict[str, Callable[[], Any]]:
    """What a guardian decides about a child, by what it is."""
    father, child, now = father_of(enrolment), enrolment.child, clock.now()
    clerk = make_person()
    given: dict[str, Any] = {"is_given": True, "version": 1}
    said: dict[str, Any] = {"school_id": enrolment.school_id, "school_class": "四(1)班", "mark": ""}
    by_clerk = hand(father, by=clerk)
    return {
        "consent": lambda: consents.say(child, Purpose.HEALTH, **given, hand=hand(father), now=now),
        "consent at the desk": lambda: consents.say(child, Purpose.HEALTH, **given, hand=by_clerk, now=now),
        "take back": lambda: ending.take_back_consent(child, Purpose.PHOTOS, hand=hand(father), now=now),
        "pause": lambda: ending.pause(enrolment, first=today(), last=None, by=father, now=now),
        "leave": lambda: ending.leave(enrolment, guardian=father, by=father, now=now),
        "leave at the desk": lambda: ending.leave(enrolment, guardian=father, by=clerk, now=now),
        "class": lambda: enrolling.edit(enrolment, **said, by=father, now=now),
        "callers": lambda: enrolling.reorder(enrolment, [(father.id, "爸爸")], by=father, now=now),
        "deletion": lambda: deletions.ask(child, father, words="", by=father, now=now),
    }  # fmt: skip


def refused(act: Callable[[], Any]) -> DomainError:
    db.session.rollback()
    with pytest.raises(DomainError) as error, transaction():
        act()
    write_afterwards(error.value)
    db.session.rollback()
    return error.value


def told(director: Person) -> list[str]:
    query = select(Notice.subject).where(Notice.kind == "after_school.guardian_refused")
    return list(db.session.scalars(query.where(Notice.person_id == director.id).order_by(Notice.id)))


def test_a_bar_alone_takes_nothing_but_collecting(enrolment: Enrolment, director: Person) -> None:
    barred(enrolment, by=director)
    for name, act in attempts(enrolment).items():
        with transaction() as session:
            act()
            session.flush()
            session.rollback()
        assert told(director) == [], name
    father = father_of(enrolment)
    assert guardian_rights.may_read_whereabouts(father, enrolment.child, now=clock.now())


def test_who_may_not_collect_takes_no_collector_off_the_list_either(enrolment: Enrolment, director: Person) -> None:
    barred(enrolment, by=director)
    row, father = make_collector(enrolment.child, "刘桂芬"), father_of(enrolment)
    error = refused(lambda: collecting.revoke(row, by=father, now=clock.now()))
    assert str(error) == str(ASK_DIRECTOR)
    assert row.revoked_at is None
    assert len(told(director)) == 1


def test_without_the_right_to_decide_every_way_is_shut_and_the_director_hears(
    enrolment: Enrolment, director: Person
) -> None:
    barred(enrolment, Right.DECISIONS, by=director)
    tried = attempts(enrolment)
    for name, act in tried.items():
        error = refused(act)
        assert isinstance(error, RuleBroken), name
        assert str(error) == str(guardian_rights.NO_DECISIONS), name
    assert len(told(director)) == 4, "of consents, place, record and deletion, once a day each"


def test_by_telephone_it_is_the_same(enrolment: Enrolment, director: Person) -> None:
    barred(enrolment, by=director)
    father, clerk = father_of(enrolment), make_person()
    wish, day = changes.AskedChange(what=Different.LEAVE), enrolment.term.days[0].on_date
    call = Call(rang_back=IN_PERSON, in_person=True)
    refused(lambda: changes.say(enrolment, day, wish, guardian=father, by=clerk, now=clock.now(), call=call))
    assert len(told(director)) == 1


def test_the_other_guardian_and_staff_decide_as_before(enrolment: Enrolment, director: Person) -> None:
    barred(enrolment, Right.DECISIONS, Right.WHEREABOUTS, by=director)
    mother, now = guardians(enrolment.child)[0], clock.now()
    with transaction():
        consents.say(enrolment.child, Purpose.HEALTH, is_given=True, version=1, hand=hand(mother), now=now)
        ending.pause(enrolment, first=today(), last=None, by=director, now=now)
    assert told(director) == []


def test_whoever_may_not_read_where_the_child_is_gets_no_message_and_is_not_rung(
    enrolment: Enrolment, director: Person
) -> None:
    child, day, now = enrolment.child, enrolment.term.days[0], clock.now()
    barred(enrolment, Right.WHEREABOUTS, by=director)
    mother = guardians(child)[0]
    with transaction():
        said = HolderSaid(holder=Holder.ROOM, by=director, at=now, now=now, on_date=day.on_date, day=day)
        messages.tell_arrived(record(child, said), on_leave=False, now=now)
    readers = db.session.scalars(select(Notice.person_id).where(Notice.kind == "after_school.arrived")).all()
    assert readers == [mother.id]
    assert [each.guardian.id for each in to_ring(child, day, on=day.on_date)] == [mother.id]
    with transaction():
        row = db.session.scalars(select(Bar)).one()
        barring.lift_bar(row, why="判决撤销", by=director, is_director=True, now=now)
    assert len(to_ring(child, day, on=day.on_date)) == 2, "lifted, it takes nothing any more"


def test_a_right_is_taken_by_a_paper_alone_and_given_back(enrolment: Enrolment, director: Person) -> None:
    row = barred(enrolment, by=director)
    with pytest.raises(RuleBroken) as error, transaction():
        barred_rights.decide(row, {Right.DECISIONS: " "}, by=director, now=clock.now())
    assert error.value.field == "decisions_document"
    for papers in ({Right.DECISIONS: PAPER}, {Right.DECISIONS: PAPER}, {}):
        with transaction():
            barred_rights.decide(row, papers, by=director, now=clock.now())
    db.session.rollback()
    assert guardian_rights.may_decide(father_of(enrolment), enrolment.child, now=clock.now())
    assert len(db.session.scalars(select(BarredRight)).all()) == 1
    acts = [each for each in db.session.scalars(select(StaffEvent.act)) if each == "collection_bar_rights"]
    assert len(acts) == 2, "what is so already is not decided again"


@pytest.mark.parametrize("facts", [{"name": "赵某"}, {"name": "王建国", "level": BarLevel.ALERT}])
def test_nothing_is_taken_by_an_alert_or_from_whoever_is_no_guardian(
    enrolment: Enrolment, director: Person, facts: dict[str, Any]
) -> None:
    meant = father_of(enrolment).id if facts["name"] == "王建国" else None
    row = make_bar(enrolment.child, **facts, person_id=meant)
    with pytest.raises(Conflict), transaction():
        barred_rights.decide(row, {Right.DECISIONS: PAPER}, by=director, now=clock.now())


def test_a_copy_of_the_childs_data_holds_no_number_and_no_words_about_another(enrolment: Enrolment) -> None:
    parts = {each.table.name: each for each in Parts(PARTS).all}
    assert {"name", "looks", "phone", "document", "reason", "lifted_why"} <= parts["collection_bars"].withheld
    assert "document" in parts["barred_rights"].withheld
