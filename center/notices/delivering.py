"""Delivering what is due: claim it, hand it over, note how that went. Three steps, of which only the outer two write.

Whoever dies between the second and the third leaves a lease that runs out; then, and only then, a message is handed
over again, under the same id.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import joinedload

from center.kernel import clock
from center.kernel.db import change_rows, db, is_busy, transaction
from center.kernel.i18n import addressing, centre, centre_zone, in_language
from center.kernel.i18n import gettext as _
from center.kernel.logs import log
from center.kernel.site import on_this_site
from center.kernel.sweeps import Receivers, Sweep
from center.notices import kinds, outbox, reaching, verifying
from center.notices.handover import HandOverFailed, Letter, hand_over
from center.notices.models import (
    BY_HAND,
    BY_MACHINE,
    ContactPreference,
    Delivery,
    DeliveryState,
    EmailToVerify,
    Notice,
    OutgoingAddress,
    Purpose,
    Way,
)
from center.notices.reaching import reach_of
from center.people.claims import in_groups

SOME = 50
BREATHER = 0.2  # seconds
REST = timedelta(seconds=30)  # how long a gateway that is out of order is left alone
LOOK_AGAIN_AFTER = timedelta(minutes=5)  # whether there is a gateway by now
receiver_column = case((Delivery.way == Way.GROUP, func.coalesce(Delivery.outgoing_id, 0)), else_=0)
NO_GATEWAY = "there is no e-mail gateway"
NO_ADDRESS = "they have no e-mail address any more"


def due(now: datetime, receiver: int | None = None) -> Sequence[int]:
    """Some deliveries that a machine can make and that are due, or whose lease has run out; the oldest first, for one
    receiver where it is given."""
    query = select(Delivery.id).where(_is_for_a_machine(now))
    if receiver is not None:
        query = query.where(receiver_column == receiver)
    return db.session.scalars(query.order_by(Delivery.due_at, Delivery.id).limit(SOME)).all()


def receivers_of_due(now: datetime) -> Sequence[int]:
    """For which receivers something is due: the ids of groups, and one number for all mail gateways."""
    query = select(receiver_column).where(_is_for_a_machine(now)).distinct()
    return db.session.scalars(query.order_by(receiver_column)).all()


def _is_for_a_machine(now: datetime) -> ColumnElement[bool]:
    is_due = and_(Delivery.state == DeliveryState.DUE, Delivery.due_at <= now)
    is_orphaned = and_(Delivery.state == DeliveryState.HANDING_OVER, Delivery.leased_until <= now)
    return and_(Delivery.way.in_(BY_MACHINE), or_(is_due, is_orphaned))


def deliver(delivery_id: int, now: datetime) -> None:
    """Deliver one message, unless somebody else does."""
    claim = _claim(delivery_id, now)
    if claim is None:
        return
    letter, leased_until = claim
    failure: HandOverFailed | None = None
    try:
        hand_over(letter)
    except HandOverFailed as failed:
        failure = failed
    except Exception as error:  # of Apprise or a library below it: it counts as a try, and the others go on
        log.error("hand_over_broke", delivery=delivery_id, kind=type(error).__name__)
        failure = HandOverFailed(f"it could not be handed over: {type(error).__name__}")
    _note_patiently(delivery_id, leased_until, failure)


def _note_patiently(delivery_id: int, leased_until: datetime, failure: HandOverFailed | None) -> None:
    """Write down how it went, also when the database is busy or gone for a while: what is not written down is handed
    over again. A lease that has run out is still ours until somebody else takes the delivery on.
    """
    while True:
        try:
            _note(delivery_id, leased_until, failure, now=clock.now())
            return
        except OperationalError as error:
            if not is_busy(error) and clock.now() >= leased_until:
                raise
            time.sleep(BREATHER)


def _claim(delivery_id: int, now: datetime) -> tuple[Letter, datetime] | None:
    """Take a delivery on for as long as a lease lasts; None where it is somebody else's, or not to be made now."""
    with transaction() as session:
        query = select(Delivery).where(Delivery.id == delivery_id).with_for_update(skip_locked=True)
        delivery = session.scalar(query.execution_options(populate_existing=True))
        if delivery is None or not _is_due(delivery, now):
            return None
        notice = session.scalars(
            select(Notice).where(Notice.id == delivery.notice_id).options(joinedload(Notice.person))
        ).one()
        if _is_pointless(delivery, notice, now):
            _settle(delivery, DeliveryState.DROPPED, now)
            return None
        if not _is_addressed(delivery, notice):
            delivery.last_error = NO_ADDRESS
            _settle(delivery, DeliveryState.FAILED, now)
            _ring_instead(delivery, now)
            return None
        outgoing = _outgoing(delivery, is_test=notice.kind == kinds.TEST.code)
        if outgoing is None:
            _wait_for_gateway(delivery, now)
            return None
        delivery.state, delivery.leased_until = DeliveryState.HANDING_OVER, now + reaching.LEASE
        delivery.attempts += 1
        delivery.outgoing_id = outgoing.id
        return _letter(delivery, notice, outgoing), delivery.leased_until


def _is_due(delivery: Delivery, now: datetime) -> bool:
    if delivery.state is DeliveryState.HANDING_OVER:
        return delivery.leased_until is not None and delivery.leased_until <= now
    return delivery.state is DeliveryState.DUE and delivery.due_at <= now


def _is_pointless(delivery: Delivery, notice: Notice, now: datetime) -> bool:
    """Whether it is too late to tell, or the person withdrew their consent meanwhile."""
    if delivery.drop_at is not None and delivery.drop_at <= now:
        return True
    if notice.kind == kinds.VERIFY.code and _code(delivery, notice) is None:
        return True
    return notice.person_id is not None and _withdrew(notice.person_id)


def _is_addressed(delivery: Delivery, notice: Notice) -> bool:
    """Let an e-mail go to the person's address as it is at this moment; False where they have none any more."""
    if delivery.way is Way.EMAIL and notice.person is not None and notice.kind not in kinds.TO_ITS_OWN_ADDRESS:
        db.session.refresh(notice.person, ["email"])
        delivery.address = notice.person.email or ""
    return delivery.way is not Way.EMAIL or bool(delivery.address)


def _withdrew(person_id: int) -> bool:
    """Whether they withdrew their consent, as things stand in this transaction."""
    preference = db.session.get(ContactPreference, person_id, populate_existing=True)
    return preference is not None and preference.withdrawn_at is not None


def _outgoing(delivery: Delivery, *, is_test: bool) -> OutgoingAddress | None:
    """By which address it goes out: a group's own, or the first e-mail gateway that is on. One that is off can be
    tried out.
    """
    if delivery.outgoing_id is not None:
        own = db.session.get(OutgoingAddress, delivery.outgoing_id, populate_existing=True)
        if own is not None and own.url and (own.is_on or is_test):
            return own
    if delivery.way is Way.GROUP:
        return None
    query = select(OutgoingAddress).where(OutgoingAddress.purpose == Purpose.EMAIL, OutgoingAddress.is_on)
    return next((each for each in db.session.scalars(query.order_by(OutgoingAddress.id)) if each.url), None)


def _wait_for_gateway(delivery: Delivery, now: datetime) -> None:
    """A group that is gone or switched off hears nothing; e-mail waits for a gateway."""
    if delivery.way is Way.GROUP:
        _settle(delivery, DeliveryState.DROPPED, now)
        return
    delivery.state, delivery.leased_until = DeliveryState.DUE, None
    delivery.due_at, delivery.last_error = now + LOOK_AGAIN_AFTER, NO_GATEWAY


def _letter(delivery: Delivery, notice: Notice, outgoing: OutgoingAddress) -> Letter:
    with addressing(notice.locale):
        name = in_language(centre().name, centre().name_en)
        parts = [notice.body, on_this_site(kinds.letter_path(notice))]
        if (code := _code(delivery, notice)) is not None:
            parts.insert(1, _("Code: %(code)s", code=code))
        if delivery.way is Way.EMAIL:
            parts.append(_("This message was sent by %(centre)s. Please do not answer it.", centre=name))
    return Letter(
        url=outgoing.url,
        message_id=delivery.message_id,
        subject=notice.subject,
        text="\n\n".join(part for part in parts if part),
        to=delivery.address,
        sender=name,
        written_at=notice.recorded_at,
        exceptions=current_app.extensions["settings"].private_receivers,
    )


def _code(delivery: Delivery, notice: Notice) -> str | None:
    """The code that proves this address; None where it is not (any more) to be proved, or by a later letter."""
    waiting = db.session.get(EmailToVerify, notice.person_id, populate_existing=True) if notice.person_id else None
    if notice.kind != kinds.VERIFY.code or waiting is None:
        return None
    is_latest = waiting.address == delivery.address and waiting.asked_at == notice.recorded_at
    return in_groups(verifying.code_of(waiting)) if is_latest else None


def _note(delivery_id: int, leased_until: datetime, failure: HandOverFailed | None, *, now: datetime) -> None:
    """Write down how it went, unless the lease has run out meanwhile and the delivery is another's."""
    with transaction() as session:
        query = select(Delivery).where(Delivery.id == delivery_id).with_for_update()
        delivery = session.scalar(query.execution_options(populate_existing=True))
        if delivery is None or delivery.leased_until != leased_until:
            log.warning("delivery_outlived_its_lease", delivery=delivery_id)
            return
        if failure is None:
            _settle(delivery, DeliveryState.SENT, now)
            return
        delivery.last_error = failure.says
        again = None if failure.is_final else reaching.next_try(now, attempts=delivery.attempts)
        log.warning("delivery_failed", delivery=delivery_id, way=delivery.way, attempt=delivery.attempts)
        if again is None:
            _settle(delivery, DeliveryState.FAILED, now)
            _ring_instead(delivery, now)
            return
        delivery.state, delivery.leased_until, delivery.due_at = DeliveryState.DUE, None, again
        if failure.is_gateway and delivery.outgoing_id is not None:
            _leave_alone(delivery, now)


def _settle(delivery: Delivery, state: DeliveryState, now: datetime) -> None:
    delivery.state, delivery.leased_until, delivery.settled_at = state, None, now
    if state is DeliveryState.SENT:
        delivery.last_error = ""


def _ring_instead(delivery: Delivery, now: datetime) -> None:
    """Whoever cannot be written to is told by hand, where it matters and they have not read it meanwhile."""
    notice = delivery.notice
    kind = kinds.find_kind(notice.kind)
    person = notice.person
    if kind is None or kind.calls is kinds.Calls.NEVER or person is None or notice.read_at:
        return
    way = reaching.instead_of_email(reach_of(person), kind.calls)
    if way is None:
        return
    address = person.phone or "" if way is Way.CALL else ""
    call = Delivery(notice_id=notice.id, way=way, address=address, message_id=outbox.new_message_id())
    call.state, call.drop_at = DeliveryState.DUE, delivery.drop_at
    call.due_at = reaching.decent_time(now, zone=centre_zone(), is_asked_for=False)
    db.session.add(call)


def _leave_alone(delivery: Delivery, now: datetime) -> None:
    """The gateway is out of order: what else waits for it waits a little longer, without having been tried."""
    same = Delivery.outgoing_id == delivery.outgoing_id
    if delivery.way is Way.EMAIL:
        same = Delivery.way == Way.EMAIL
    change_rows(
        update(Delivery)
        .where(same, Delivery.id != delivery.id, Delivery.state == DeliveryState.DUE, Delivery.due_at < now + REST)
        .values(due_at=now + REST)
    )


def too_late(now: datetime) -> Sequence[int]:
    """Some calls and slips that would tell nobody anything new any more."""
    query = select(Delivery.id).where(
        Delivery.way.in_(BY_HAND), Delivery.state == DeliveryState.DUE, Delivery.drop_at <= now
    )
    return db.session.scalars(query.order_by(Delivery.due_at, Delivery.id).limit(SOME)).all()


def drop(delivery_id: int, now: datetime) -> None:
    """Take a call or a slip off the list because it is too late for it."""
    with transaction() as session:
        query = select(Delivery).where(Delivery.id == delivery_id).with_for_update()
        delivery = session.scalar(query.execution_options(populate_existing=True))
        is_late = delivery is not None and delivery.drop_at is not None and delivery.drop_at <= now
        if delivery is not None and is_late and delivery.state is DeliveryState.DUE:
            _settle(delivery, DeliveryState.DROPPED, now)


SWEEPS = (
    Sweep("calls that are too late", too_late, drop),
    Sweep(
        "messages to send",
        due,
        deliver,
        talks_outside=True,
        receivers=Receivers(receivers_of_due, lambda now, receiver: due(now, receiver)),
    ),
)
