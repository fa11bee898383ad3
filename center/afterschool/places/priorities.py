"""Reasons why a child has a place before others: staff decide on each with a reason, before lots are drawn.

What is accepted gives the child its precedence in the draw, by the order that the term's rules publish (`precedence`).
Where places go to whoever comes first, no reason changes that. Never commits.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from center.afterschool.models.enrolments import Enrolment, EnrolmentChange, PriorityClaim
from center.afterschool.models.priorities import Priority
from center.afterschool.models.terms import Term, TermState
from center.afterschool.places import enrol_messages
from center.afterschool.places.enrolments import allow, note
from center.afterschool.places.states import may, place_of
from center.afterschool.rights.guardian_rights import Deed, authorise_guardian
from center.afterschool.terms import precedence, rulebook
from center.afterschool.words import PRIORITIES
from center.kernel.db import db, lock, must_find
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.people.acting import guards_on
from center.people.models import Guardianship, Person
from center.signups.models import SignUp, SignUpState
from center.signups.roster_state import hold


def decide(claim: PriorityClaim, *, is_accepted: bool, why: str, by: Person, now: datetime) -> None:
    """Accept a reason or not, and write down why; the guardians hear of it. It can be decided anew until the draw."""
    enrolment = claim.enrolment
    hold(enrolment.sign_up.roster)
    lock(enrolment)
    lock(claim)
    db.session.refresh(enrolment.sign_up)
    if claim.is_accepted is is_accepted and claim.decided_why == why.strip():
        return
    allow(EnrolmentChange.PRIORITY_DECIDED, enrolment, now)
    if not why.strip():
        raise RuleBroken(_l("Please write down why."), field="why")
    if is_accepted and claim.reason is Priority.SIBLING and not siblings_with_place(enrolment, now=now):
        raise RuleBroken(_l("No brother or sister of this child has a place."), field="is_accepted")
    claim.is_accepted, claim.decided_why = is_accepted, why.strip()[:200]
    claim.decided_at, claim.decided_by_id = now, by.id
    db.session.flush()
    precedence.count(enrolment, precedence.order_of(rulebook.latest(enrolment.term_id)))
    db.session.flush()
    note(enrolment, EnrolmentChange.PRIORITY_DECIDED, by=by, now=now, reason=f"{claim.reason}: {claim.decided_why}")
    enrol_messages.tell_decided(claim, by=by, now=now)


def say(
    enrolment: Enrolment, reasons: Collection[Priority], *, guardian: Person, by: Person, now: datetime
) -> tuple[list[Priority], list[Priority]]:
    """A guardian says for which reasons their child should come first; returns which are new and which withdrawn.

    New ones wait for staff; a withdrawn one counts no more, whatever was decided of it. Reasons are named until
    enrolment closes and withdrawn until lots are drawn: what was drawn by stays. `by` is the guardian, or staff.
    """
    authorise_guardian(enrolment.child, guardian, now, to=Deed.PLACE)
    roster = enrolment.sign_up.roster
    hold(roster)
    lock(enrolment)
    db.session.refresh(enrolment.sign_up)
    db.session.expire(enrolment, ["claims"])
    order = precedence.order_of(rulebook.latest(enrolment.term_id))
    known = {each.reason: each for each in enrolment.claims}
    named = [each for each in order if each in set(reasons) - known.keys()]
    withdrawn = [each for each in known if each not in reasons]
    if not named and not withdrawn:
        return [], []
    if not may(EnrolmentChange.PRIORITY_DECIDED, place_of(enrolment, on=local_date(now), now=now)):
        raise Conflict(_l("Lots are drawn, or the child waits for none: reasons stay as they are."))
    if named and roster.closes_at is not None and now >= roster.closes_at:
        raise RuleBroken(_l("Enrolment has closed, so no further reason can be named."), field="reasons")
    db.session.add_all(PriorityClaim(enrolment_id=enrolment.id, reason=each) for each in named)
    for each in withdrawn:
        db.session.delete(known[each])
    db.session.flush()
    db.session.expire(enrolment, ["claims"])
    precedence.count(enrolment, order)
    _note_said(enrolment, named, withdrawn, guardian=guardian, by=by, now=now)
    return named, withdrawn


def _note_said(
    enrolment: Enrolment,
    named: Sequence[Priority],
    withdrawn: Sequence[Priority],
    *,
    guardian: Person,
    by: Person,
    now: datetime,
) -> None:
    parts = [*(f"+{PRIORITIES[each]}" for each in named), *(f"-{PRIORITIES[each]}" for each in withdrawn)]
    note(enrolment, EnrolmentChange.EDITED, by=by, now=now, reason="; ".join(parts))
    what = lambda: _("reasons for priority")  # noqa: E731
    enrol_messages.tell_changed(enrolment.child, what, by=by, guardian=guardian, now=now)


def siblings_with_place(enrolment: Enrolment, *, now: datetime) -> Sequence[Person]:
    """Other children of a child's guardians who have a place, in this term or another that is open."""
    on = local_date(now)
    mine, theirs = aliased(Guardianship), aliased(Guardianship)
    of_both = (
        select(theirs.child_id)
        .join(mine, mine.guardian_id == theirs.guardian_id)
        .where(mine.child_id == enrolment.child_id, theirs.child_id != enrolment.child_id)
    )
    counts = exists(select(Guardianship.id).where(Guardianship.child_id == Person.id, guards_on(on)))
    with_place = (
        select(Enrolment.child_id)
        .join(Enrolment.sign_up)
        .join(Enrolment.term)
        .where(Term.state == TermState.OPEN, SignUp.state == SignUpState.CONFIRMED, Enrolment.ended_at.is_(None))
    )
    query = select(Person).where(Person.id.in_(of_both), Person.id.in_(with_place), counts)
    return db.session.scalars(query.order_by(Person.sort_key, Person.id)).all()


def get_claim(enrolment: Enrolment, claim_id: int) -> PriorityClaim:
    """A reason that was named for this child; raises NotFound."""
    query = select(PriorityClaim).where(PriorityClaim.id == claim_id, PriorityClaim.enrolment_id == enrolment.id)
    return must_find(db.session.scalar(query), _l("There is no such reason here."))
