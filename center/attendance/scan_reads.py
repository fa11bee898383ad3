"""What a scan asks the database while the session is held and others wait: few statements, each of them built once."""

from collections.abc import Collection
from functools import cache
from types import SimpleNamespace

from sqlalchemy import Select, and_, bindparam, exists, inspect, select
from sqlalchemy.orm import joinedload

from center.activities.models import Session
from center.attendance.models import Attendance, AttendanceEvent, Register
from center.attendance.models.devices import Card, Device
from center.kernel.db import GONE, Base, db
from center.kernel.errors import NotFound
from center.people.models import Person
from center.signups.models import Audience, Roster, SignUp, SignUpState
from center.signups.queries import is_date_of_roster


def hold_session(session: Session) -> None:
    """Hold a session and read it anew, with its activity. Raises NotFound."""
    if db.session.scalars(_session(), {"session_id": _number_of(session)}).first() is None:
        raise NotFound(GONE)


def opening_of(
    session: Session, device: Device | None, nonces: Collection[str]
) -> tuple[Register | None, dict[str, AttendanceEvent]]:
    """The register of a session, if it was opened, and what was sent before under these numbers; the device that sends
    is read anew by the same statement.
    """
    if device is None:
        return db.session.get(Register, session.id), _sent_before(nonces)
    of = {"device_id": _number_of(device), "session_id": session.id, "nonces": sorted(nonces)}
    found = db.session.execute(_device(), of).first()
    if found is None:
        return None, _sent_before(nonces)
    return found[1], _sent_before(nonces) if found[2] else {}


def _sent_before(nonces: Collection[str]) -> dict[str, AttendanceEvent]:
    """What devices sent under these numbers, as far as they sent anything."""
    found = db.session.scalars(_sent(), {"nonces": sorted(nonces)})
    return {each.nonce: each for each in found if each.nonce is not None}


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


def standings_of(
    session: Session, person_ids: Collection[int]
) -> tuple[dict[int, Attendance | None], dict[int, SignUp | None]]:
    """How these people stand in the register, and the sign-ups by which they have a place, by their ids; at once."""
    rows: dict[int, Attendance | None] = dict.fromkeys(person_ids)
    places: dict[int, SignUp | None] = dict.fromkeys(person_ids)
    of = {"session_id": session.id, "activity_id": session.activity_id, "person_ids": sorted(person_ids)}
    for person_id, row, signed in db.session.execute(_standings(), of) if person_ids else ():
        rows[person_id], places[person_id] = row, signed
    return rows, places


def card_with(digest: str) -> Card | None:
    """The card of which this is kept, with whom it was printed for."""
    return cards_with([digest])[digest]


def cards_with(digests: Collection[str]) -> dict[str, Card | None]:
    """The cards of which these are kept, where there are such."""
    found = db.session.scalars(_cards(), {"digests": sorted(digests)})
    return {**dict.fromkeys(digests), **{each.code_hash: each for each in found}}


@cache
def _session() -> Select[Session]:
    held = select(Session).where(Session.id == bindparam("session_id")).options(joinedload(Session.activity))
    return held.with_for_update(key_share=True, of=Session).execution_options(populate_existing=True)


@cache
def _device() -> Select[Device, Register, bool]:
    was_sent = exists().where(AttendanceEvent.nonce.in_(bindparam("nonces", expanding=True)))
    query = select(Device, Register, was_sent).outerjoin(Register, Register.session_id == bindparam("session_id"))
    query = query.where(Device.id == bindparam("device_id")).options(joinedload(Device.made_by))
    return query.execution_options(populate_existing=True)


@cache
def _sent() -> Select[AttendanceEvent]:
    query = select(AttendanceEvent).where(AttendanceEvent.nonce.in_(bindparam("nonces", expanding=True)))
    return query.options(joinedload(AttendanceEvent.person))


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
def _standings() -> Select[int, Attendance, SignUp]:
    any_session = SimpleNamespace(id=bindparam("session_id"), activity_id=bindparam("activity_id"))
    rosters = select(Roster.id).where(Roster.audience == Audience.PARTICIPANTS, is_date_of_roster(any_session))
    has_place = SignUp.state == SignUpState.CONFIRMED, SignUp.roster_id.in_(rosters)
    is_in_it = Attendance.session_id == bindparam("session_id")
    query = (
        select(Person.id, Attendance, SignUp)
        .outerjoin(Attendance, and_(Attendance.person_id == Person.id, is_in_it))
        .outerjoin(SignUp, and_(SignUp.person_id == Person.id, *has_place))
        .where(Person.id.in_(bindparam("person_ids", expanding=True)))
    )
    return query.order_by(SignUp.id.desc())


@cache
def _cards() -> Select[Card]:
    query = select(Card).where(Card.code_hash.in_(bindparam("digests", expanding=True)))
    return query.options(joinedload(Card.person))


def _number_of(row: Base) -> int:
    """The number of a row that was read before this transaction; the row itself is not read again for it."""
    [number] = inspect(row).identity or ()
    return int(number)
