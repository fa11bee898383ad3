"""Enrolling children: applied for at most once in a term, whoever asks, and changed. Never commits.

The place is a sign-up on the roster of the term's activity: draws, waiting lists and offers are those of every
activity. What ends a place is in `ending`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from center.afterschool.models.consents import Means, Purpose
from center.afterschool.models.enrolments import CallOrder, Enrolment, EnrolmentChange, PriorityClaim
from center.afterschool.models.priorities import Priority
from center.afterschool.models.terms import CareClass, School, SchoolHours, Term, TermState
from center.afterschool.places import consents, enrol_messages
from center.afterschool.places.consents import Hand
from center.afterschool.places.enrolments import allow, find, note
from center.afterschool.places.states import OVER, place_of
from center.afterschool.rights.guardian_rights import NOT_YOURS, Deed, authorise_guardian, refuse_undecided
from center.afterschool.terms import precedence, rulebook
from center.afterschool.terms.making import roster_of
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, DomainError, NotYours, RuleBroken, broken_rules
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.people import acting
from center.people.models import Person
from center.signups import actions as sign_ups
from center.signups.models import Channel
from center.signups.refusals import shut_refusal
from center.signups.rules import Shut
from center.signups.sign_up_request import PlaceRequest, SignUpRequest


@dataclass(frozen=True, kw_only=True)
class Application:
    """What a guardian says of a child for a term, checked for shape only."""

    school_id: int
    school_class: str
    mark: str = ""
    consents: Mapping[Purpose, bool]
    versions: Mapping[Purpose, int]  # of the texts that were read
    reasons: Collection[Priority] = ()
    callers: Sequence[tuple[int, str]] = field(default=())  # ids of guardians in order of calling, with the relation
    rules_id: int  # the version of the rules that was read


def apply(
    term: Term, child: Person, said: Application, *, hand: Hand, channel: Channel, request_key: str, now: datetime
) -> Enrolment:
    """Ask for a place for a child; where somebody has asked already, that is returned as it stands.

    Raises NotYours for somebody else's child, RuleBroken on the field at fault, and what a sign-up raises.
    """
    authorise_guardian(child, hand.guardian, now, to=Deed.PLACE)
    lock(child)
    known = find(term, child)
    if known is not None and place_of(known, on=local_date(now), now=now) not in OVER:
        return known
    broken_rules(_faults(term, child, said))
    consents.refused_care(said.consents)
    roster = roster_of(term)
    if roster is None:
        raise RuleBroken(_l("Enrolment of this term is not open yet."))
    if roster.opens_at is not None and now < roster.opens_at:
        raise shut_refusal(Shut.NOT_OPEN_YET, opens_at=roster.opens_at)
    request = SignUpRequest(
        places=[PlaceRequest(person_id=child.id)], request_key=request_key, channel=channel
    )  # fmt: skip
    is_desk = hand.means is Means.PAPER
    group = sign_ups.sign_up(roster, request, by=hand.by, as_staff=is_desk, now=now, for_programme=True)
    made = known or Enrolment(term_id=term.id, child_id=child.id)
    made.sign_up = group.sign_ups[0]
    _begin(made, said, hand, channel, now)
    for purpose, is_given in said.consents.items():
        consents.say(child, purpose, is_given=is_given, version=said.versions[purpose], hand=hand, now=now)
    set_callers(made, said.callers or [(hand.guardian.id, "")], now=now)
    _claim(made, said.reasons)
    note(made, EnrolmentChange.APPLIED, by=hand.by, now=now)
    return made


def edit(
    enrolment: Enrolment,
    *,
    school_id: int,
    school_class: str,
    mark: str,
    by: Person,
    now: datetime,
    guardian: Person | None = None,
) -> bool:
    """Say another school, class or mark; returns whether it is another. The other guardians hear of it.

    `guardian` is whose word it is, where staff (`by`) write it down.
    """
    refuse_undecided(guardian or by, enrolment.child, now=now, to=Deed.RECORD)
    lock(enrolment)
    allow(EnrolmentChange.EDITED, enrolment, now)
    broken_rules(_school_faults(enrolment.term, school_id, school_class))
    before = (enrolment.school_id, enrolment.school_class, enrolment.mark)
    enrolment.school_id, enrolment.school_class, enrolment.mark = school_id, school_class.strip(), mark.strip()
    if before == (enrolment.school_id, enrolment.school_class, enrolment.mark):
        return False
    note(enrolment, EnrolmentChange.EDITED, by=by, now=now)
    what = lambda: _("school, class or mark")  # noqa: E731
    enrol_messages.tell_changed(enrolment.child, what, by=by, guardian=guardian, now=now)
    return True


def set_callers(enrolment: Enrolment, callers: Sequence[tuple[int, str]], *, now: datetime) -> None:
    """Who is rung first, second and so on; guardians of today who were not named come last, and nobody else."""
    guardians = [each.guardian_id for each in acting.guardians_of(enrolment.child, on=local_date(now))]
    named = {each: relation for each, relation in callers if each in guardians}
    in_order = [*named, *(each for each in guardians if each not in named)]
    rows = db.session.scalars(select(CallOrder).where(CallOrder.enrolment_id == enrolment.id)).all()
    before = {each.guardian_id: each.relation for each in rows}
    for each in rows:
        db.session.delete(each)
    db.session.flush()
    for position, guardian_id in enumerate(in_order, start=1):
        relation = (named.get(guardian_id) or before.get(guardian_id, ""))[:20]
        db.session.add(
            CallOrder(enrolment_id=enrolment.id, guardian_id=guardian_id, relation=relation, position=position)
        )  # fmt: skip
    db.session.flush()
    db.session.expire(enrolment, ["callers"])


def reorder(
    enrolment: Enrolment,
    callers: Sequence[tuple[int, str]],
    *,
    by: Person,
    now: datetime,
    guardian: Person | None = None,
) -> bool:
    """Say otherwise who is rung first; returns whether it is another order. The other guardians hear of it.

    `guardian` is whose word it is, where staff (`by`) write it down.
    """
    refuse_undecided(guardian or by, enrolment.child, now=now, to=Deed.RECORD)
    lock(enrolment)
    allow(EnrolmentChange.EDITED, enrolment, now)
    before = [(each.guardian_id, each.relation) for each in enrolment.callers]
    set_callers(enrolment, callers, now=now)
    if before == [(each.guardian_id, each.relation) for each in enrolment.callers]:
        return False
    note(enrolment, EnrolmentChange.EDITED, by=by, now=now)
    what = lambda: _("who is rung first")  # noqa: E731
    enrol_messages.tell_changed(enrolment.child, what, by=by, guardian=guardian, now=now)
    return True


def set_class(enrolment: Enrolment, care_class: CareClass, *, by: Person, now: datetime) -> None:
    """Put a child into a class of the term; raises RuleBroken where the class is full."""
    lock(care_class)
    lock(enrolment)
    allow(EnrolmentChange.CLASS_SET, enrolment, now)
    if care_class.term_id != enrolment.term_id:
        raise NotYours(NOT_YOURS)
    if enrolment.class_id == care_class.id:
        return
    if count_in(care_class) >= care_class.capacity:
        raise RuleBroken(_l("This class is full."), field="care_class")
    enrolment.class_id = care_class.id
    note(enrolment, EnrolmentChange.CLASS_SET, by=by, now=now)


def count_in(care_class: CareClass) -> int:
    """How many children of places that have not ended are in a class."""
    query = select(func.count()).where(Enrolment.class_id == care_class.id, Enrolment.ended_at.is_(None))
    return db.session.scalar(query) or 0


def schools_of(term: Term) -> Sequence[School]:
    """The schools whose days and hours the term follows, by name."""
    of_term = select(SchoolHours.school_id).where(SchoolHours.term_id == term.id)
    query = select(School).where(School.id.in_(of_term), School.is_retired.is_(False))
    return db.session.scalars(query.order_by(School.sort_key, School.name, School.id)).all()


def _begin(made: Enrolment, said: Application, hand: Hand, channel: Channel, now: datetime) -> None:
    """What was said of a child, also where somebody applies anew after it had ended."""
    made.school_id, made.school_class, made.mark = said.school_id, said.school_class.strip(), said.mark.strip()
    made.class_id = None
    made.applied_at, made.applied_by_id, made.recorded_by_id = now, hand.guardian.id, hand.by.id
    made.channel, made.rules_id = channel, said.rules_id
    made.paused_from = made.paused_until = None
    made.ended_at = made.ended_by_id = made.ended_paragraph_id = None
    made.ended_reason, made.is_refused = "", False
    db.session.add(made)
    db.session.flush()


def _claim(enrolment: Enrolment, reasons: Collection[Priority]) -> None:
    """Name the reasons for priority; one on which staff have decided stays as it was decided."""
    query = select(PriorityClaim).where(PriorityClaim.enrolment_id == enrolment.id)
    known = {each.reason: each for each in db.session.scalars(query)}
    for reason, claim in known.items():
        if reason not in reasons and claim.is_accepted is None:
            db.session.delete(claim)
    db.session.add_all(PriorityClaim(enrolment_id=enrolment.id, reason=each) for each in set(reasons) - known.keys())
    db.session.flush()
    db.session.expire(enrolment, ["claims"])


def _faults(term: Term, child: Person, said: Application) -> list[DomainError]:
    """What stands against an application, each on its field."""
    faults: list[DomainError] = []
    if term.state is not TermState.OPEN:
        faults.append(RuleBroken(_l("Enrolment of this term is not open."), field="term"))
    if child.birth_year is None:
        faults.append(RuleBroken(_l("The child's birth year is not known. Please tell the desk."), field="child"))
    rules = rulebook.latest(term.id)
    if rules is None or rules.id != said.rules_id:
        faults.append(
            Conflict(_l("The rules have changed since you opened the page. Please read them again."), field="has_read")
        )
    elif not set(said.reasons) <= set(precedence.order_of(rules)):
        faults.append(RuleBroken(_l("This reason does not count by the rules of this term."), field="reasons"))
    return [*faults, *_school_faults(term, said.school_id, said.school_class)]


def _school_faults(term: Term, school_id: int, school_class: str) -> list[DomainError]:
    faults: list[DomainError] = []
    if school_id not in {each.id for each in schools_of(term)}:
        faults.append(RuleBroken(_l("This term is not for children of this school."), field="school"))
    if not school_class.strip():
        faults.append(RuleBroken(_l("Please write down the class at school."), field="school_class"))
    return faults
