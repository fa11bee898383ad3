"""What some people of the demonstration were told: a few messages, calls to make, one letter that came back."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from center.bookings import messages, news
from center.bookings.models import Booking, BookingStatus
from center.demo.scene import Scene
from center.notices.kinds import Kind
from center.notices.models import (
    ContactPreference,
    Delivery,
    DeliveryState,
    Notice,
    OutgoingAddress,
    Preferred,
    Purpose,
    Way,
)
from center.people.models import Person

CALLS = 3
RETURNED = "550 no such user here"


def tell_some(scene: Scene) -> None:
    """Tell the cast of their bookings, and leave the desk some calls. Nothing is sent anywhere: no gateway is on."""
    session, cast, now = scene.session, scene.cast, scene.now
    lead = scene.person("lead")
    lead.email = "wan@example.org"
    session.add(ContactPreference(person_id=cast["elder"], preferred=Preferred.CALL, changed_at=now))
    # How a mail gateway looks, switched off: the demonstration writes to nobody.
    address = OutgoingAddress(purpose=Purpose.EMAIL, name="邮件网关", url="mailtos://desk:password@smtp.example.cn")
    address.is_on, address.changed_at, address.changed_by_id = False, now, cast["director"]
    session.add(address)
    session.flush()
    latest_first = _bookings_of(session, cast["resident"])
    for booking in reversed(latest_first):
        notice = messages.tell(booking, news.CONFIRMED, by=booking.person, now=booking.requested_at)
        if notice is not None and booking is not latest_first[0]:
            notice.read_at = booking.requested_at + timedelta(hours=2)
    for booking in _bookings_of(session, lead.id)[:1]:
        _return_to_sender(session, messages.tell(booking, news.APPROVED, now=now - timedelta(days=2)), now=now)
    for booking, kind in _to_be_rung(scene):
        messages.tell(booking, kind, now=now - timedelta(minutes=50), reason=booking.decision_reason)
    session.flush()
    # Whatever the hour at which the demonstration is loaded, there is something on the list of calls.
    for call in session.scalars(select(Delivery).where(Delivery.state == DeliveryState.DUE)):
        call.due_at = min(call.due_at, now)


def _bookings_of(session: Session, person_id: int) -> list[Booking]:
    query = select(Booking).where(Booking.person_id == person_id, Booking.status == BookingStatus.CONFIRMED)
    return list(session.scalars(query.order_by(Booking.requested_at.desc(), Booking.id.desc()).limit(3)))


def _to_be_rung(scene: Scene) -> list[tuple[Booking, Kind]]:
    """Coming bookings of people without an account that were declined, or that the centre agreed to."""
    known = {BookingStatus.DECLINED: news.DECLINED, BookingStatus.CONFIRMED: news.APPROVED}
    query = (
        select(Booking)
        .join(Booking.person)
        .where(
            Booking.starts_at > scene.now + timedelta(days=1),
            Booking.status.in_(known),
            Booking.organisation_id.is_(None),
            ~Person.account.has(),
            Person.phone.is_not(None),
            Person.id.not_in(scene.cast.values()),
        )
        .order_by((Booking.status == BookingStatus.DECLINED).desc(), Booking.starts_at, Booking.id)
    )
    return [(booking, known[booking.status]) for booking in scene.session.scalars(query.limit(CALLS))]


def _return_to_sender(session: Session, notice: Notice | None, *, now: datetime) -> None:
    """A letter that the gateway did not take."""
    if notice is None:
        return
    letter = Delivery(notice_id=notice.id, way=Way.EMAIL, address="wan@example.org", state=DeliveryState.FAILED)
    letter.message_id, letter.attempts, letter.last_error = f"demo-{notice.id}@center.invalid", 1, RETURNED
    letter.due_at = letter.settled_at = now - timedelta(days=2)
    session.add(letter)
