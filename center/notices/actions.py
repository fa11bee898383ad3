"""What people do with notices: read them, say how they want to be told, ring up, tick off, try again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from center.kernel.acts import Act
from center.kernel.db import change_rows, db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import centre_zone
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.kernel.trail import note
from center.notices import addresses, kinds, reaching, verifying
from center.notices.models import (
    BY_HAND,
    ContactPreference,
    Delivery,
    DeliveryState,
    Notice,
    OutgoingAddress,
    Preferred,
    Purpose,
    Way,
)
from center.notices.queries import has_withdrawn
from center.notices.reaching import drop, reach_of
from center.people.models import Person
from center.people.queries import has_account

UNLESS_READ = (Way.CALL, Way.IN_PERSON, Way.VISIT)  # paper was asked for, and is handed over all the same


@dataclass(frozen=True, kw_only=True)
class ContactChoice:
    """How somebody wants to be told, checked for shape only."""

    preferred: Preferred
    locale: str | None
    email: str
    agrees: bool
    tells_helpers: bool = False


def read(notice: Notice, *, now: datetime) -> None:
    """The person has seen it: nobody need ring them about it."""
    _read(Notice.id == notice.id, now=now)


def read_all(person: Person, *, now: datetime) -> None:
    """The person has seen all there is."""
    _read(Notice.person_id == person.id, now=now)


def _read(which: ColumnElement[bool], *, now: datetime) -> None:
    unread = select(Notice.id).where(which, Notice.read_at.is_(None))
    ids = db.session.scalars(unread).all()
    drop(Delivery.notice_id.in_(ids), Delivery.way.in_(UNLESS_READ), now=now)
    change_rows(update(Notice).where(Notice.id.in_(ids)).values(read_at=now))


def set_contact(person: Person, choice: ContactChoice, *, by: Person, now: datetime) -> None:
    """Write down how a person wants to be told. Without their consent nothing more leaves the house. Another e-mail
    address is used once it is proved (`verifying`).

    Raises RuleBroken for a way that is not there.
    """
    lock(person)
    email = addresses.check_email(choice.email)
    if choice.preferred is Preferred.EMAIL and not email:
        raise RuleBroken(_l("Please give an e-mail address, or choose another way."), field="email")
    if choice.preferred is Preferred.CALL and not person.phone:
        raise RuleBroken(_l("There is no phone number yet. Add one, or choose another way."), field="preferred")
    if choice.preferred is Preferred.INBOX and not has_account(person.id):
        raise RuleBroken(_l("Without an account there is no inbox. Choose another way."), field="preferred")
    verifying.set_address(person, email, may_send=choice.agrees, now=now)
    row = _preference(person) or ContactPreference(person_id=person.id)
    row.preferred, row.locale, row.tells_helpers = choice.preferred, choice.locale, choice.tells_helpers
    _keep(row, person, agrees=choice.agrees, act=Act.CONTACT_CHANGED, by=by, now=now)


def set_consent(person: Person, *, agrees: bool, by: Person, now: datetime) -> None:
    """Write down whether a person may be written to and rung up, at once; twice is once. Their inbox stays as it is."""
    lock(person)
    row = _preference(person) or ContactPreference(person_id=person.id, preferred=Preferred.AUTOMATIC)
    if agrees is not (row.withdrawn_at is None):
        _keep(row, person, agrees=agrees, act=Act.CONSENT_CHANGED, by=by, now=now)


def _preference(person: Person) -> ContactPreference | None:
    return db.session.get(ContactPreference, person.id, populate_existing=True)


def _keep(row: ContactPreference, person: Person, *, agrees: bool, act: Act, by: Person, now: datetime) -> None:
    row.withdrawn_at = None if agrees else row.withdrawn_at or now
    row.changed_at, row.changed_by_id = now, by.id
    db.session.add(row)
    db.session.flush()
    if not agrees:
        _stop_sending(person, now=now)
    if by.id != person.id:
        note(act, person_id=person.id, by=by)


def _stop_sending(person: Person, *, now: datetime) -> None:
    """What waits is neither sent nor rung; what they have to hear they are told when they are met."""
    query = select(Delivery).join(Delivery.notice).where(Notice.person_id == person.id)
    due = db.session.scalars(query.where(Delivery.state == DeliveryState.DUE).order_by(Delivery.id)).all()
    reach = reach_of(person)
    for delivery in due:
        kind = kinds.find_kind(delivery.notice.kind)
        must_hear = kind is not None and reaching.way_out(reach, kind.calls) is Way.IN_PERSON
        if must_hear and delivery.notice.read_at is None:
            delivery.way, delivery.address, delivery.outgoing_id = Way.IN_PERSON, "", None
        else:
            delivery.state, delivery.settled_at = DeliveryState.DROPPED, now
    db.session.flush()


def tick_off(delivery: Delivery, *, by: Person, now: datetime) -> None:
    """The person was told, or has the paper; twice is once. Raises Conflict where it is not on the list any more."""
    _lock_by_hand(delivery)
    if delivery.state is DeliveryState.DONE_BY_HAND:
        return
    _check_due(delivery)
    delivery.state, delivery.settled_at, delivery.settled_by_id = DeliveryState.DONE_BY_HAND, now, by.id
    db.session.flush()


def could_not_reach(delivery: Delivery, *, tries: int, now: datetime) -> None:
    """Nobody answered: ring again in half an hour. `tries` is how many there were before, so that twice is once."""
    _lock_by_hand(delivery)
    _check_due(delivery)
    if delivery.attempts != tries:
        return
    delivery.attempts += 1
    again = now + reaching.RING_AGAIN_AFTER
    delivery.due_at = reaching.decent_time(again, zone=centre_zone(), is_asked_for=False)
    db.session.flush()


def put_back(delivery: Delivery, *, now: datetime) -> None:
    """That was a slip of the hand: it is on the list again. Raises Conflict where there is nothing to take back, and
    where they do not want to be told any more.
    """
    _lock_by_hand(delivery)
    person_id = delivery.notice.person_id
    if delivery.way is not Way.IN_PERSON and person_id is not None and has_withdrawn(person_id):
        raise Conflict(_l("They do not want to be written to or rung up any more."))
    if delivery.state is DeliveryState.DONE_BY_HAND:
        delivery.state, delivery.settled_at, delivery.settled_by_id = DeliveryState.DUE, None, None
    elif delivery.state is DeliveryState.DUE and delivery.attempts and delivery.due_at > now:
        delivery.attempts -= 1
    elif delivery.state is not DeliveryState.DUE:
        raise _changed()
    delivery.due_at = min(delivery.due_at, now)
    db.session.flush()


def try_again(delivery: Delivery, *, by: Person, now: datetime) -> None:
    """Let a dead letter be tried afresh, at the person's present address; twice is once."""
    lock(delivery)
    if delivery.state is not DeliveryState.FAILED:
        return
    person = delivery.notice.person
    is_theirs = delivery.notice.kind not in kinds.TO_ITS_OWN_ADDRESS
    if delivery.way is Way.EMAIL and person is not None and person.email and is_theirs:
        delivery.address = person.email
    delivery.state, delivery.attempts, delivery.due_at, delivery.drop_at = DeliveryState.DUE, 0, now, None
    delivery.settled_at = None
    db.session.flush()
    log.info("dead_letter_tried_again", delivery=delivery.id, by=by.id)


def give_up(delivery: Delivery, *, by: Person, now: datetime) -> None:
    """Nobody needs this dead letter any more; twice is once."""
    lock(delivery)
    if delivery.state is not DeliveryState.FAILED:
        return
    delivery.state, delivery.settled_at, delivery.settled_by_id = DeliveryState.DROPPED, now, by.id
    db.session.flush()


def add_address(purpose: Purpose, *, name: str, url: str, is_on: bool, by: Person, now: datetime) -> OutgoingAddress:
    """Let messages go out by another address; the very same once more is that which is there. Raises RuleBroken."""
    url = addresses.check_outgoing(purpose, url)
    of = OutgoingAddress
    alike = select(of).where(of.purpose == purpose, of.name == name, of.is_on == is_on).order_by(of.id)
    if known := next((each for each in db.session.scalars(alike) if each.url == url), None):
        return known
    address = OutgoingAddress(purpose=purpose, name=name, url=url, is_on=is_on)
    address.changed_at, address.changed_by_id = now, by.id
    db.session.add(address)
    db.session.flush()
    note(Act.OUTGOING_ADDRESS_CHANGED, address, by=by)
    return address


def change_address(address: OutgoingAddress, *, name: str, url: str, is_on: bool, by: Person, now: datetime) -> None:
    """Change an address; an empty `url` keeps the one there is. Raises RuleBroken on "url"."""
    lock(address)
    if url:
        address.url = addresses.check_outgoing(address.purpose, url)
    address.name, address.is_on = name, is_on
    address.changed_at, address.changed_by_id = now, by.id
    db.session.flush()
    note(Act.OUTGOING_ADDRESS_CHANGED, address, by=by)


def remove_address(address: OutgoingAddress, *, by: Person) -> None:
    """Forget an address and its secrets. What it should have sent to a group is not sent; e-mail waits for another."""
    lock(address)
    db.session.delete(address)
    db.session.flush()
    note(Act.OUTGOING_ADDRESS_CHANGED, address, by=by)


def _lock_by_hand(delivery: Delivery) -> None:
    lock(delivery)
    if delivery.way not in BY_HAND:
        raise _changed()


def _check_due(delivery: Delivery) -> None:
    if delivery.state is not DeliveryState.DUE:
        raise _changed()


def _changed() -> Conflict:
    return Conflict(_l("This is not on the list any more: somebody else has dealt with it, or it is not needed."))
