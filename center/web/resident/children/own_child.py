"""A guardian's own child, and the child's places in terms that still run."""

from collections.abc import Sequence

from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import Term, TermState
from center.afterschool.rights.guardian_rights import refuse_whereabouts
from center.kernel import clock
from center.kernel.access import authorise
from center.kernel.db import db
from center.kernel.i18n import centre_zone
from center.people.acting import is_guardian
from center.people.models import Person
from center.people.records import get_person
from center.signups.models import SignUp, SignUpState


def own_child(person_id: int) -> Person:
    """The child of whoever is signed in; raises NotFound for anybody else's."""
    child = get_person(person_id)
    authorise(is_guardian(current_user.person, child, clock.today(centre_zone())))
    return child


def own_child_read(person_id: int) -> Person:
    """The same for a page that says where the child is or will be; raises Forbidden where a paper takes that away."""
    child = own_child(person_id)
    refuse_whereabouts(current_user.person, child, now=clock.now())
    return child


def places_of(child: Person) -> Sequence[Enrolment]:
    """The child's places in terms that have not ended, the earliest term first."""
    query = (
        select(Enrolment)
        .join(Enrolment.term)
        .join(Enrolment.sign_up)
        .where(Enrolment.child_id == child.id, Enrolment.ended_at.is_(None))
        .where(SignUp.state == SignUpState.CONFIRMED)
        .where(Term.state == TermState.OPEN, Term.last_on >= clock.today(centre_zone()))
        .options(joinedload(Enrolment.term), joinedload(Enrolment.sign_up), joinedload(Enrolment.school))
    )
    return db.session.scalars(query.order_by(Term.first_on, Enrolment.id)).all()


def own_place(child: Person, enrolment_id: int) -> Enrolment:
    """One of the child's places; raises NotFound."""
    found = next((each for each in places_of(child) if each.id == enrolment_id), None)
    authorise(found is not None)
    assert found is not None
    return found
