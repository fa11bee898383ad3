"""Ordered reads of troupes: which there are, who belongs to them and who leads them on a day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Account, Person
from center.troupes.models.troupes import (
    Handover,
    MemberEvent,
    MemberPart,
    MemberState,
    Office,
    Troupe,
    TroupeEnding,
    TroupeMember,
    TroupeOffice,
    TroupePart,
)

IN_TROUPE = (MemberState.ACTIVE, MemberState.RESTING, MemberState.TRIAL)


def get_troupe(slug: str) -> Troupe:
    """The troupe at this address; raises NotFound."""
    found = db.session.scalar(select(Troupe).where(Troupe.slug == slug).options(joinedload(Troupe.organisation)))
    return must_find(found, _l("There is no troupe at this address."))


def live_troupes() -> Sequence[Troupe]:
    """Every troupe that has not ended, by name."""
    return _troupes(Troupe.ended_on.is_(None))


def ended_troupes() -> Sequence[Troupe]:
    """Every troupe that has ended, by name."""
    return _troupes(Troupe.ended_on.is_not(None))


def ending_of(troupe_id: int) -> TroupeEnding | None:
    """How a troupe ended, unless that was taken back."""
    query = select(TroupeEnding).where(TroupeEnding.troupe_id == troupe_id, TroupeEnding.back_at.is_(None))
    return db.session.scalar(query.options(joinedload(TroupeEnding.by)))


def troupes_of(organisation_ids: Iterable[int]) -> Sequence[Troupe]:
    """The troupes of these organisations that have not ended, by name."""
    return _troupes(Troupe.organisation_id.in_(sorted(organisation_ids)), Troupe.ended_on.is_(None))


def parts_of(troupe_id: int) -> Sequence[TroupePart]:
    """The parts of a troupe, in their order."""
    query = select(TroupePart).where(TroupePart.troupe_id == troupe_id)
    return db.session.scalars(query.order_by(TroupePart.position, TroupePart.id)).all()


def head_counts(troupe_ids: Collection[int]) -> Mapping[int, int]:
    """How many are in each of these troupes, whoever rests or is on trial with them."""
    query = select(TroupeMember.troupe_id, func.count()).where(
        TroupeMember.troupe_id.in_(sorted(troupe_ids)), TroupeMember.state.in_(IN_TROUPE)
    )
    return {row[0]: row[1] for row in db.session.execute(query.group_by(TroupeMember.troupe_id))}


def members_of(troupe_id: int, states: Collection[MemberState] = IN_TROUPE) -> Sequence[TroupeMember]:
    """Those who stand like this in a troupe, by name, with their parts."""
    return _members(TroupeMember.troupe_id == troupe_id, TroupeMember.state.in_(list(states)))


def get_member(troupe: Troupe, member_id: int) -> TroupeMember:
    """One member of this troupe; raises NotFound."""
    found = _members(TroupeMember.troupe_id == troupe.id, TroupeMember.id == member_id)
    return must_find(found[0] if found else None, _l("There is nobody like this in the troupe."))


def find_member(troupe_id: int, person_id: int) -> TroupeMember | None:
    """How somebody stands in a troupe, unless they have left it."""
    found = _members(
        TroupeMember.troupe_id == troupe_id,
        TroupeMember.person_id == person_id,
        TroupeMember.state != MemberState.LEFT,
    )
    return found[0] if found else None


def memberships_of(person_id: int) -> Sequence[TroupeMember]:
    """Where somebody is or asks to be, by the name of the troupe."""
    query = (
        select(TroupeMember)
        .where(TroupeMember.person_id == person_id, TroupeMember.state != MemberState.LEFT)
        .join(TroupeMember.troupe)
        .options(contains_eager(TroupeMember.troupe))
    )
    return db.session.scalars(query.order_by(Troupe.sort_key, Troupe.id)).all()


def with_account(members: Iterable[TroupeMember]) -> frozenset[int]:
    """Those of these members who have an account, by their ids: they say themselves what they know."""
    ids = {each.person_id: each.id for each in members}
    found = db.session.scalars(select(Account.person_id).where(Account.person_id.in_(sorted(ids))))
    return frozenset(ids[each] for each in found)


def events_of(member_id: int) -> Sequence[MemberEvent]:
    """How a member came to stand where they do, the latest first."""
    query = select(MemberEvent).where(MemberEvent.member_id == member_id).options(joinedload(MemberEvent.by))
    return db.session.scalars(query.order_by(MemberEvent.id.desc())).all()


def offices_on(troupe_id: int, on: date) -> Sequence[TroupeOffice]:
    """Who leads a troupe on a day: the leader first, then the deputies by name."""
    query = (
        select(TroupeOffice)
        .where(TroupeOffice.troupe_id == troupe_id, *_holds_on(on))
        .join(TroupeOffice.member)
        .join(TroupeMember.person)
        .options(contains_eager(TroupeOffice.member).contains_eager(TroupeMember.person))
    )
    found = db.session.scalars(query.order_by(Person.sort_key, TroupeOffice.id)).all()
    return sorted(found, key=lambda each: each.office is not Office.LEADER)


def offices_of_person(person_id: int, on: date) -> Sequence[TroupeOffice]:
    """What somebody answers for in troupes on a day."""
    query = select(TroupeOffice).join(TroupeOffice.member).where(TroupeMember.person_id == person_id, *_holds_on(on))
    return db.session.scalars(query.order_by(TroupeOffice.id)).all()


def led_by(person_id: int, on: date) -> Sequence[Troupe]:
    """The troupes that somebody leads on a day, as leader or deputy, by name."""
    ids = [each.troupe_id for each in offices_of_person(person_id, on)]
    return _troupes(Troupe.id.in_(ids), Troupe.ended_on.is_(None)) if ids else []


def handovers_of(troupe_id: int) -> Sequence[Handover]:
    """The hand-over sheets of a troupe, the latest first."""
    return db.session.scalars(
        select(Handover).where(Handover.troupe_id == troupe_id).order_by(Handover.id.desc())
    ).all()


def get_handover(troupe: Troupe, handover_id: int) -> Handover:
    """One hand-over sheet of this troupe; raises NotFound."""
    query = select(Handover).where(Handover.troupe_id == troupe.id, Handover.id == handover_id)
    return must_find(db.session.scalar(query), _l("There is no such sheet."))


def _troupes(*conditions: ColumnElement[bool]) -> Sequence[Troupe]:
    query = select(Troupe).where(*conditions).options(joinedload(Troupe.organisation))
    return db.session.scalars(query.order_by(Troupe.sort_key, Troupe.id)).all()


def _members(*conditions: ColumnElement[bool]) -> Sequence[TroupeMember]:
    query = (
        select(TroupeMember)
        .where(*conditions)
        .join(TroupeMember.person)
        .options(contains_eager(TroupeMember.person), selectinload(TroupeMember.parts).joinedload(MemberPart.part))
    )
    return db.session.scalars(query.order_by(Person.sort_key, TroupeMember.id)).all()


def _holds_on(on: date) -> tuple[ColumnElement[bool], ...]:
    return (TroupeOffice.starts_on <= on, or_(TroupeOffice.ends_on.is_(None), TroupeOffice.ends_on >= on))
