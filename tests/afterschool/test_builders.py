"""The builders of the after-school programme make what the database lets be."""

import pytest

from center.afterschool.policy import is_on_duty
from tests.activity_builders import state_of
from tests.afterschool.builders import make_duty, make_enrolment, make_term
from tests.builders import make_person

pytestmark = pytest.mark.usefixtures("app")


def test_a_term_has_a_child_with_a_place_and_somebody_on_duty() -> None:
    term = make_term()
    mother, father = make_person(), make_person()
    enrolment = make_enrolment(term, None, mother, father)
    duty = make_duty(term.days[0], is_owner=True)
    assert [each.guardian_id for each in enrolment.callers] == [mother.id, father.id]
    assert state_of(enrolment.sign_up) == "confirmed"
    assert is_on_duty(duty.person_id, term.days[0])
    assert not is_on_duty(duty.person_id, term.days[1].on_date)
