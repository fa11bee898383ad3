"""What happens to members of a troupe. Each function is called inside one `transaction()` and never commits."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.organisations.queries import is_lead
from center.organisations.rules import end_before
from center.people.models import Person
from center.troupes import queries
from center.troupes.members import messages, rules
from center.troupes.models.troupes import (
    MemberEvent,
    MemberPart,
    MemberState,
    Office,
    Troupe,
    TroupeMember,
    TroupeOffice,
)
from center.troupes.policy import refuse_ended

# What later parts do when somebody leaves a troupe: what they were to do in it has to be given to another.
when_left: list[Callable[[TroupeMember, Person, datetime], None]] = []


@dataclass(frozen=True, kw_only=True)
class MemberFacts:
    """What somebody who asks to join says of themselves."""

    parts: Sequence[int] = ()  # the first is the main one
    words: str = ""


def apply(troupe: Troupe, facts: MemberFacts, *, by: Person, now: datetime) -> TroupeMember:
    """Ask to join a troupe; those who decide hear of it.

    Raises RuleBroken where nobody can join now, Conflict for who is in it already.
    """
    lock(troupe)
    if troupe.ended_on is not None or not troupe.is_open_to_join:
        raise RuleBroken(_l("This troupe takes nobody at present. Please ask its organisation."))
    member = _new(troupe, by, facts, by=by, now=now, is_by_lead=False)
    messages.tell_of_application(member, by=by, now=now)
    return member


def enter(
    troupe: Troupe, person: Person, facts: MemberFacts, *, on_trial: bool, by: Person, now: datetime
) -> TroupeMember:
    """A lead enters somebody who asked them in person or on paper, on trial or at once."""
    lock(troupe)
    refuse_ended(troupe)
    member = _new(troupe, person, facts, by=by, now=now, is_by_lead=True)
    step(member, MemberState.TRIAL if on_trial else MemberState.ACTIVE, by=by, now=now)
    return member


def step(
    member: TroupeMember,
    became: MemberState,
    *,
    by: Person,
    now: datetime,
    reason: str = "",
    until: date | None = None,
) -> MemberEvent:
    """Let a member stand otherwise in the troupe, and tell whom it concerns.

    `until` is when a trial ends, or when somebody who rests thinks to be back. Raises Conflict where that is no step
    from where they stand now, RuleBroken for what is not theirs to say, and for a leader who has not handed over.
    """
    lock(member)
    is_own = by.id == member.person_id and not _leads(member, by, now)
    rules.check_step(member.state, became, is_own=is_own, reason=reason)
    _check_until(until, now)
    if became is MemberState.LEFT:
        _lay_down(member, now)
    event = _write(member, became, by=by, now=now, reason=reason)
    member.trial_until = until if became is MemberState.TRIAL else None
    member.back_on = until if became is MemberState.RESTING else None
    db.session.flush()
    if became is MemberState.LEFT:
        for each in when_left:
            each(member, by, now)
    messages.tell_of_step(member, event, by=by, now=now)
    return event


def set_parts(member: TroupeMember, part_ids: Collection[int], *, main: int | None = None) -> None:
    """Say which parts a member takes, and which is the main one; none named, it is the first in the troupe's order."""
    lock(member)
    known = [part.id for part in queries.parts_of(member.troupe_id)]
    rules.check_parts(part_ids, main, known)
    _put_parts(member, [each for each in known if each in set(part_ids)], main)


def _new(
    troupe: Troupe, person: Person, facts: MemberFacts, *, by: Person, now: datetime, is_by_lead: bool
) -> TroupeMember:
    if queries.find_member(troupe.id, person.id) is not None:
        raise Conflict(
            _l("%(name)s belongs to this troupe already, or has asked to.", name=person.name), field="person"
        )
    known = [part.id for part in queries.parts_of(troupe.id)]
    rules.check_parts(facts.parts, None, known)
    member = TroupeMember(
        troupe_id=troupe.id,
        person_id=person.id,
        state=MemberState.APPLIED,
        applied_on=local_date(now),
        words=facts.words,
        is_by_lead=is_by_lead,
    )
    db.session.add(member)
    db.session.flush()
    _write(member, MemberState.APPLIED, by=by, now=now)
    _put_parts(member, facts.parts, facts.parts[0] if facts.parts else None)
    return member


def _write(member: TroupeMember, became: MemberState, *, by: Person, now: datetime, reason: str = "") -> MemberEvent:
    """Write down what happened; the database lets the member stand so."""
    is_first = became is MemberState.APPLIED
    event = MemberEvent(
        member_id=member.id,
        was=None if is_first else member.state,
        became=became,
        on_date=local_date(now),
        reason=reason.strip(),
        by_id=by.id,
        at=now,
    )
    db.session.add(event)
    db.session.flush()
    db.session.refresh(member)
    return event


def _put_parts(member: TroupeMember, part_ids: Sequence[int], main: int | None) -> None:
    main = main if main is not None else next(iter(part_ids), None)
    kept = {each.part_id: each for each in member.parts}
    for each in kept.values():
        each.is_main = False
    db.session.flush()  # there is one main part at a time
    member.parts = [
        kept.get(part_id) or MemberPart(member_id=member.id, part_id=part_id, troupe_id=member.troupe_id)
        for part_id in part_ids
    ]
    for each in member.parts:
        each.is_main = each.part_id == main
    db.session.flush()


def _lay_down(member: TroupeMember, now: datetime) -> None:
    """Whoever leaves holds no office; a leader hands over first."""
    query = select(TroupeOffice).where(TroupeOffice.member_id == member.id, TroupeOffice.ends_on.is_(None))
    for office in db.session.scalars(query).all():
        if office.office is Office.LEADER:
            raise RuleBroken(_l("They lead this troupe. Name another leader first; then the hand-over sheet is made."))
        end_office(office, today=local_date(now))


def end_office(office: TroupeOffice, *, today: date) -> None:
    """An office ends with yesterday; one that began today never was."""
    last = end_before(office.starts_on, today)
    if last is None:
        db.session.delete(office)
    else:
        office.ends_on = last
    db.session.flush()


def _leads(member: TroupeMember, by: Person, now: datetime) -> bool:
    """Whether somebody decides as a lead although it is about themselves: then there is nobody they would ask."""
    today = local_date(now)
    found = queries.offices_of_person(by.id, today)
    return any(each.troupe_id == member.troupe_id for each in found) or is_lead(
        by.id, member.troupe.organisation_id, on=today
    )


def _check_until(until: date | None, now: datetime) -> None:
    if until is not None and until <= local_date(now):
        raise RuleBroken(_l("Please choose a later day."), field="until")
