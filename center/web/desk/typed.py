"""What was typed or scanned into the desk's search box and is no search: the number of a thing, which opens at once."""

from collections.abc import Callable

from flask import flash, url_for
from sqlalchemy import select

from center.attendance import cards
from center.attendance.codes import CardCode, read_code
from center.bookings.models import Booking
from center.feedback.models import FeedbackTicket
from center.kernel.access import Permission, may
from center.kernel.db import db
from center.kernel.i18n import gettext as _
from center.kernel.texts import read_reference
from center.signups.models import SignUp
from center.signups.queries import is_open_to_staff


def address_meant(text: str) -> str | None:
    """Where what was typed leads at once; None where it is to be searched among people."""
    return next((address for opens in OPENERS if (address := opens(text)) is not None), None)


def _booking(text: str) -> str | None:
    """The booking with this number, for whoever may see it."""
    reference = read_reference(text)
    if not reference or not may(Permission.SEE_BOOKINGS):
        return None
    found = db.session.scalar(select(Booking.reference).where(Booking.reference == reference))
    return url_for("bookings.show", reference=found) if found else None


def _sign_up(text: str) -> str | None:
    """The sign-up with this number, for whoever may see it."""
    reference = read_reference(text)
    if not reference or not may(Permission.SIGN_UP_ANYONE):
        return None
    found = db.session.scalar(select(SignUp.reference).where(SignUp.reference == reference, is_open_to_staff()))
    return url_for("signups.show_sign_up", reference=found) if found else None


def _card(text: str) -> str | None:
    """The page of whoever's card was scanned or typed; that a card counts no more is said."""
    code = read_code(text)
    found = cards.find_by_code(code.code) if isinstance(code, CardCode) else None
    if found is None or found.person is None:
        return None
    if not found.counts:
        flash(_("This card counts no more: a newer one was printed, or it was lost."), "error")
    return url_for("desk.person", person_id=found.person.id)


# What each kind of number opens, asked in this order. Each looks at the form of what was typed before it asks the
# database.
def _sheet(text: str) -> str | None:
    """The sheet of feedback with this number, to be typed in."""
    number = read_reference(text)
    if not number or not may(Permission.SIGN_UP_ANYONE):
        return None
    found = db.session.scalar(select(FeedbackTicket.number).where(FeedbackTicket.number == number))
    return url_for("feedback.enter", ticket_number=found) if found else None


OPENERS: tuple[Callable[[str], str | None], ...] = (_card, _booking, _sign_up, _sheet)
