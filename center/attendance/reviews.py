"""What somebody decides of an entry that could not be taken as it came (待核). Never commits."""

from datetime import datetime

from center.attendance import recording, registers
from center.attendance.known import presence_of
from center.attendance.models import Admitted, AttendanceEvent, How, Outcome, Review, Status, Verb
from center.attendance.queries import find_register
from center.attendance.recording import Place, Said
from center.attendance.roll_actions import admit, place_held
from center.attendance.rules import arrival_status, says_nothing_new
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person


def adopt(event: AttendanceEvent, person: Person | None, *, reason: str, by: Person, now: datetime) -> Review:
    """It was so: what the entry says counts, of the person it names or of whoever is chosen. Twice is once.

    Where the register was closed meanwhile it is put right, with the same reason. Raises RuleBroken where nobody is
    named or there is no reason, and Conflict where somebody else has decided otherwise.
    """
    person = person or event.person
    lock(event.session)
    if decided := _decided(event, is_adopted=True):
        return decided
    if person is None:
        raise RuleBroken(_l("Please choose who it was."), field="person")
    _refuse_without(reason)
    session = event.session
    register = find_register(session.id)
    if register is not None and not register.is_open:
        _amend(event, person, reason=reason, by=by, now=now)
    elif event.verb is Verb.UNDONE:
        raise RuleBroken(_l("This register is still open, so nothing has to be put right: say what is so."))
    else:
        recording.hold(session, by=by, now=now)
        said = Said(verb=event.verb, how=How.REVIEW, by=by, now=now, at=event.at)
        recording.record(session, person, said, place=_place(event, person, reason=reason, by=by, now=now))
    return _decide(event, person, is_adopted=True, reason=reason, by=by, now=now)


def reject(event: AttendanceEvent, *, reason: str, by: Person, now: datetime) -> Review:
    """It was not so, or nobody can say. The entry stays where it is, with this decision. Twice is once."""
    lock(event.session)
    if decided := _decided(event, is_adopted=False):
        return decided
    _refuse_without(reason)
    return _decide(event, event.person, is_adopted=False, reason=reason, by=by, now=now)


def _amend(event: AttendanceEvent, person: Person, *, reason: str, by: Person, now: datetime) -> None:
    """Put the closed register right by what an entry says, where it says anything new."""
    _, before = presence_of(event.session, person.id)
    if says_nothing_new(event.verb, before, at=event.at):
        return
    status = _status(event)
    left_at = event.at if status is Status.LEFT else None
    arrived_at = before.arrived_at if status is Status.LEFT else event.at
    registers.amend(
        event.session, person, status=status, arrived_at=arrived_at, left_at=left_at, reason=reason, by=by, now=now
    )


def _decided(event: AttendanceEvent, *, is_adopted: bool) -> Review | None:
    if event.outcome is not Outcome.NEEDS_REVIEW:
        raise Conflict(_l("There is nothing to decide about this entry."))
    known = db.session.get(Review, event.id, populate_existing=True)
    if known is not None and known.is_adopted is not is_adopted:
        raise Conflict(_l("Somebody else has decided about this entry just now."))
    return known


def _decide(
    event: AttendanceEvent, person: Person | None, *, is_adopted: bool, reason: str, by: Person, now: datetime
) -> Review:
    review = Review(event_id=event.id, is_adopted=is_adopted, reason=reason.strip()[:200], by_id=by.id, at=now)
    review.person_id = person.id if person else None
    db.session.add(review)
    db.session.flush()
    return review


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken(_l("Please write down why."), field="reason")


def _status(event: AttendanceEvent) -> Status:
    if event.verb is Verb.LEFT:
        return Status.LEFT
    if event.verb is Verb.UNDONE:  # whoever was said to have come had not
        return Status.ABSENT
    if event.verb is Verb.ON_LEAVE:
        return Status.ON_LEAVE
    return arrival_status(event.at, event.session.starts_at)


def _place(event: AttendanceEvent, person: Person, *, reason: str, by: Person, now: datetime) -> Place:
    """By what right they are here; whoever has none is let in, with the reason of whoever decides."""
    session = event.session
    if held := place_held(session, person.id):
        return held
    if presence_of(session, person.id)[0] is not None:
        return Place()
    allowed = admit(session, person, Admitted.OVER_CAPACITY, reason=reason, by=by, now=now)
    return Place(admission_id=allowed.id, is_walk_in=True)
