"""What a scan asks the database while the session is held and others wait: few statements, each of them built once."""

from collections.abc import Collection
from functools import cache
from types import SimpleNamespace

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.orm import joinedload

from center.activities.models import Session
from center.attendance.models import Attendance, AttendanceEvent, Register
from center.attendance.models.devices import Card, Device
from center.kernel.db import GONE, Base, db
from center.kernel.errors import NotFound
from center.signups.models import Audience, Roster, SignUp, SignUpState
from center.signups.queries import is_date_of_roster


def hold_session(session: Session) -> None:
    """Hold a session and read it anew, with its activity. Raises NotFound."""
    if db.session.scalars(_session(), {"session_id": _number_of(session)}).first() is None:
        raise NotFound(GONE)


def register_of(session: Session, device: Device | None) -> Register | None:
    """The register of a session, if it was opened; the device that sends is read anew by the same statement."""
    if device is None:
        return db.session.get(Register, session.id)
    found = db.session.execute(_device(), {"device_id": _number_of(device), "session_id": session.id}).first()
    return found[1] if found else None


def sent_before(nonces: Collection[str]) -> dict[str, AttendanceEvent]:
    """What devices sent under these numbers, as far as they sent anything."""
    ids = db.session.scalars(_ids_of_sent(), {"nonces": sorted(nonces)}).all()
    if not ids:  # as nearly always
        return {}
    query = select(AttendanceEvent).where(AttendanceEvent.id.in_(ids)).options(joinedload(AttendanceEvent.person))
    return {each.nonce: each for each in db.session.scalars(query) if each.nonce is not None}


def rows_of_some(session: Session, person_ids: Collection[int]) -> dict[int, Attendance]:
    """What the register says of these people, by their ids."""
    of = {"session_id": session.id, "person_ids": sorted(person_ids)}
    return {each.person_id: each for each in db.session.scalars(_rows(), of)} if person_ids else {}


def by_reference(references: Collection[str]) -> dict[str, SignUp | None]:
    """The sign-ups with these numbers, where there are such."""
    found = db.session.scalars(_sign_ups(), {"references": sorted(references)})
    return {**dict.fromkeys(references), **{each.reference: each for each in found}}


def holds_place_at(signed: SignUp, session: Session) -> bool:
    """Whether a sign-up is one by which somebody has a place at a session, as `places_of` finds them."""
    roster = signed.roster
    is_among_its_dates = roster.activity_id == session.activity_id and roster.session_id in {None, session.id}
    is_held = signed.state is SignUpState.CONFIRMED and roster.audience is Audience.PARTICIPANTS
    return is_held and is_among_its_dates


def places_of(session: Session, person_ids: Collection[int]) -> dict[int, SignUp]:
    """The sign-ups by which several people have a place at a session now, by their ids."""
    of = {"session_id": session.id, "activity_id": session.activity_id, "person_ids": sorted(person_ids)}
    return {each.person_id: each for each in db.session.scalars(_places(), of)}


def card_with(digest: str) -> Card | None:
    """The card of which this is kept, with whom it was printed for."""
    return db.session.scalar(_card(), {"digest": digest})


@cache
def _session() -> Select[Session]:
    held = select(Session).where(Session.id == bindparam("session_id")).options(joinedload(Session.activity))
    return held.with_for_update(key_share=True, of=Session).execution_options(populate_existing=True)


@cache
def _device() -> Select[Device, Register]:
    query = select(Device, Register).outerjoin(Register, Register.session_id == bindparam("session_id"))
    query = query.where(Device.id == bindparam("device_id")).options(joinedload(Device.made_by))
    return query.execution_options(populate_existing=True)


@cache
def _ids_of_sent() -> Select[int]:
    return select(AttendanceEvent.id).where(AttendanceEvent.nonce.in_(bindparam("nonces", expanding=True)))


@cache
def _rows() -> Select[Attendance]:
    query = select(Attendance).where(Attendance.session_id == bindparam("session_id"))
    return query.where(Attendance.person_id.in_(bindparam("person_ids", expanding=True)))


@cache
def _sign_ups() -> Select[SignUp]:
    query = select(SignUp).where(SignUp.reference.in_(bindparam("references", expanding=True)))
    return query.options(joinedload(SignUp.person), joinedload(SignUp.roster))


@cache
def _places() -> Select[SignUp]:
    any_session = SimpleNamespace(id=bindparam("session_id"), activity_id=bindparam("activity_id"))
    query = (
        select(SignUp)
        .join(SignUp.roster)
        .where(
            SignUp.person_id.in_(bindparam("person_ids", expanding=True)),
            SignUp.state == SignUpState.CONFIRMED,
            Roster.audience == Audience.PARTICIPANTS,
            is_date_of_roster(any_session),
        )
    )
    return query.order_by(SignUp.id.desc())


@cache
def _card() -> Select[Card]:
    return select(Card).where(Card.code_hash == bindparam("digest")).options(joinedload(Card.person))


def _number_of(row: Base) -> int:
    """The number of a row that was read before this transaction; the row itself is not read again for it."""
    [number] = inspect(row).identity or ()
    return int(number)
