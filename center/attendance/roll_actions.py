"""What whoever takes the roll says: here, late, left, on leave, all here. Inside one `transaction()`; never commits."""

import uuid
from datetime import datetime

from center.activities.models import Session
from center.attendance import recording
from center.attendance.known import Known, presence_of
from center.attendance.models import CAME, Admission, Admitted, AttendanceEvent, How, Verb
from center.attendance.models.devices import Device
from center.attendance.queries import admission_of, admissions_of, still_expected
from center.attendance.recording import Place, Said, Sent
from center.kernel.db import db
from center.kernel.errors import Full, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.acting import ActedFor, Ground
from center.people.models import Person
from center.signups import actions as sign_ups
from center.signups import undoing as sign_up_undoing
from center.signups.attendee_lists.queries import coming_to
from center.signups.models import Audience, Channel, Roster, SignUp, SignUpState
from center.signups.offers import settle_due
from center.signups.queries import count_on, live_sign_ups, rosters_with
from center.signups.refusals import reasons_against
from center.signups.roster_state import hold
from center.signups.sign_up_request import PlaceRequest, SignUpRequest


class NoPlace(RuleBroken):
    """Somebody has no place at this session; they may come as a walk-in."""

    def __init__(self) -> None:
        super().__init__(_l("They have no place here. If they may come in all the same, write them down as a walk-in."))


def arrive(
    session: Session,
    person: Person,
    *,
    how: How,
    by: Person,
    now: datetime,
    at: datetime | None = None,
    is_late: bool | None = None,
    device: Device | None = None,
    sent: Sent | None = None,
    known: Known | None = None,
) -> AttendanceEvent:
    """Somebody has come who has a place. Raises NoPlace where they have none."""
    recording.hold(session, by=by, now=now, known=known)
    said = Said(
        verb=Verb.ARRIVED, how=how, by=by, now=now, at=at or now, is_late=is_late, device=device, sent=sent
    )  # fmt: skip
    return recording.record(session, person, said, place=place_of(session, person, known=known), known=known)


def leave(
    session: Session,
    person: Person,
    *,
    how: How,
    by: Person,
    now: datetime,
    at: datetime | None = None,
    known: Known | None = None,
) -> AttendanceEvent:
    """Somebody who was here has left."""
    recording.hold(session, by=by, now=now, known=known)
    said = Said(verb=Verb.LEFT, how=how, by=by, now=now, at=at or now)
    return _say(session, person, said, known)


def put_on_leave(
    session: Session,
    person: Person,
    *,
    how: How,
    by: Person,
    now: datetime,
    is_ahead: bool = False,
    known: Known | None = None,
) -> AttendanceEvent:
    """Somebody has said that they cannot come (请假); their place stays theirs. `is_ahead`: it is no roll yet."""
    recording.hold(session, by=by, now=now, is_ahead=is_ahead, known=known)
    return _say(session, person, Said(verb=Verb.ON_LEAVE, how=how, by=by, now=now, at=now), known)


def all_here(session: Session, *, by: Person, now: datetime, at: datetime | None = None) -> list[AttendanceEvent]:
    """Everybody who is expected and of whom nothing was said has come, and nobody of them is late: it is a roll."""
    recording.hold(session, by=by, now=now)
    said = Said(verb=Verb.ARRIVED, how=How.ROLL, by=by, now=now, at=at or now, is_late=False)
    expected = still_expected(session)
    known = Known.of(session, [each.person_id for each in expected])
    events = [
        recording.record(session, each.person, said, place=Place(sign_up_id=each.id), known=known) for each in expected
    ]
    known.write()
    return events


def walk_in(
    session: Session,
    person: Person,
    *,
    by: Person,
    now: datetime,
    override: str = "",
    at: datetime | None = None,
    how: How = How.WALK_IN,
    known: Known | None = None,
) -> AttendanceEvent:
    """Somebody has come without a place, and takes one (临时到场).

    Raises Full where there is none and whatever keeps them from the roster; with a reason (`override`) they are let in
    all the same, and it is written down who allowed it.
    """
    recording.hold(session, by=by, now=now, known=known)
    known = known or Known()
    said = Said(verb=Verb.ARRIVED, how=how, by=by, now=now, at=at or now)
    if signed := known.sign_up_at(session, person.id):
        return recording.record(session, person, said, place=Place(sign_up_id=signed.id), known=known)
    known.write()
    place = (
        _admit(session, person, override, by=by, now=now) if override else take_place(session, person, by=by, now=now)
    )
    return recording.record(session, person, said, place=place, known=known)


def undo(event: AttendanceEvent, *, by: Person, now: datetime, sent: Sent | None = None) -> AttendanceEvent:
    """Take back what was said a moment ago; the place that a walk-in took by it is given back, too."""
    taken = walk_in_place(event)
    undone = recording.undo(event, by=by, now=now, sent=sent)
    if taken is not None and taken.is_live and event.was is None:
        sign_up_undoing.undo(taken, by=taken.signed_by, now=now)
    return undone


def place_held(session: Session, person_id: int, *, known: Known | None = None) -> Place | None:
    """By what right somebody is at a session: their own place there, or that they were let in; None for neither."""
    if signed := (known or Known()).sign_up_at(session, person_id):
        return Place(sign_up_id=signed.id)
    if admission := admission_of(session, person_id):
        return Place(admission_id=admission.id, is_walk_in=True)
    return None


def place_of(session: Session, person: Person, *, known: Known | None = None) -> Place:
    """By what right somebody is at a session, also where they gave their place up once it was on; raises NoPlace."""
    held = place_held(session, person.id, known=known)
    if held is not None and held.sign_up_id is not None:
        return held
    if stood := _stood_on_roll(session, person.id):
        return Place(sign_up_id=stood.id)
    if held is None:
        raise NoPlace
    return held


def admit(session: Session, person: Person, kind: Admitted, *, reason: str, by: Person, now: datetime) -> Admission:
    """Let somebody in without a place, and write down who allowed it and why."""
    admission = Admission(
        session_id=session.id, person_id=person.id, kind=kind, reason=reason[:200], by_id=by.id, at=now
    )  # fmt: skip
    db.session.add(admission)
    db.session.flush()
    return admission


def walk_in_place(event: AttendanceEvent) -> SignUp | None:
    """The sign-up that was made when this event was recorded, if one was."""
    row, _ = presence_of(event.session, event.person_id or 0)
    signed = row.sign_up if row is not None and row.is_walk_in else None
    return signed if signed is not None and signed.channel is Channel.WALK_IN else None


def _say(session: Session, person: Person, said: Said, known: Known | None) -> AttendanceEvent:
    known = known or Known()
    row, _ = known.presence_of(session, person.id)
    place = Place() if row is not None else place_of(session, person, known=known)
    return recording.record(session, person, said, place=place, known=known)


def take_place(session: Session, person: Person, *, by: Person, now: datetime) -> Place:
    """A place of the session's roster, given as to anybody at the desk; of a course, for this date alone.

    Raises Full, and Refused or RuleBroken where it is not for such people.
    """
    roster = _roster_of(session)
    if roster is None:
        admission = admit(session, person, Admitted.NO_ROSTER, reason="", by=by, now=now)
        return Place(admission_id=admission.id, is_walk_in=True)
    if live_sign_ups([roster.id], [person.id]):
        raise Full(_l("They wait for a place, and others may come before them. Let them in with a reason, or not."))
    if roster.session_id is None and len([each for each in roster.sessions if each.is_scheduled]) > 1:
        admission = _admit_to_one_date(session, roster, person, by=by, now=now)
        return Place(admission_id=admission.id, is_walk_in=True)
    wanted = SignUpRequest(
        places=[PlaceRequest(person_id=person.id)],
        request_key=str(uuid.uuid4()),
        channel=Channel.WALK_IN,
        may_wait=False,
    )
    [made] = sign_ups.sign_up(roster, wanted, by=by, as_staff=True, now=now).sign_ups
    if made.state is not SignUpState.CONFIRMED:
        raise Full(_l("There are not enough places left."))
    return Place(sign_up_id=made.id, is_walk_in=True)


def _admit_to_one_date(session: Session, roster: Roster, person: Person, *, by: Person, now: datetime) -> Admission:
    """Somebody walks in to one date of a course: they are not expected at its other dates.

    The place is one of the course that nobody has and nobody waits for, of which others who walked in have had none.
    """
    roster_state = hold(roster)
    settle_due(roster_state, now=now)
    if against := reasons_against(roster_state, [ActedFor(person, Ground.STAFF)], signed=(), now=now).get(person.id):
        raise RuleBroken(against[0], field="person")
    taken = [
        each
        for each in admissions_of(session)
        if each.kind is Admitted.ONE_DATE and presence_of(session, each.person_id)[1].status in CAME
    ]
    if roster_state.general.left <= len(taken) or count_on([roster.id], SignUpState.WAITING):
        raise Full(_l("There are not enough places left."))
    return admit(session, person, Admitted.ONE_DATE, reason="", by=by, now=now)


def _admit(session: Session, person: Person, reason: str, *, by: Person, now: datetime) -> Place:
    admission = admit(session, person, Admitted.OVER_CAPACITY, reason=reason, by=by, now=now)
    return Place(admission_id=admission.id, is_walk_in=True)


def _stood_on_roll(session: Session, person_id: int) -> SignUp | None:
    """The sign-up by which somebody stands on the roll of a session, whatever became of it since it began."""
    return next((each for each in coming_to(session) if each.person_id == person_id), None)


def _roster_of(session: Session) -> Roster | None:
    """Where participants of a session sign up: its own roster, or that of the whole course."""
    found = [
        each
        for each in rosters_with(session.activity, session)
        if each.audience is Audience.PARTICIPANTS and each.removed_at is None
    ]
    return next((each for each in found if each.session_id == session.id), next(iter(found), None))
