"""What guardians said to staff stays as it was written, on either engine, until the child is erased."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from center.afterschool import said_to_staff
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.words_said import GuardianWord
from center.afterschool.plans.changes import Call
from center.afterschool.said_to_staff import Word
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.erasing import actions as erasing
from center.people.models import Person
from tests.afterschool.builders import make_child
from tests.afterschool.plan_builders import enrol
from tests.builders import make_person

pytestmark = pytest.mark.usefixtures("app")
NUMBER = "13812345678"


def test_what_was_said_is_altered_by_nobody_and_keeps_no_number_of_a_child_who_was_erased() -> None:
    mother, clerk, director = make_person(phone=NUMBER), make_person(), make_person()
    place = enrol(child=make_child(mother))
    word = Word(guardian=mother, by=clerk, call=Call(rang_from="02787654321", rang_back=NUMBER))
    with transaction():
        said_to_staff.leave(db.session.get_one(Enrolment, place.id), word=word, reason="", now=clock.now())
    for change in ("UPDATE guardian_words SET rang_back = '–'", "DELETE FROM guardian_words"):
        with pytest.raises(DatabaseError, match="guardian_words_append_only"), transaction() as session:
            session.execute(text(change))
    with transaction():
        erasing.erase(db.session.get_one(Person, place.child_id), by=director, now=clock.now())
    [kept] = db.session.scalars(db.select(GuardianWord))
    assert NUMBER not in {kept.rang_from, kept.rang_back}
    assert kept.recorded_by_id == clerk.id
