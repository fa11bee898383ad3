"""What people are told of their sign-ups."""

import enum
from datetime import datetime

from center.signups.models import SignUp


class News(enum.StrEnum):
    """What there is to tell of a sign-up: to the person, and to whoever signed them up where that is somebody else."""

    APPROVED = "sign_up.approved"  # the lead gave a place
    CANCELLED = "sign_up.cancelled"  # they cancelled it themselves: a receipt
    CANCELLED_BY_STAFF = "sign_up.cancelled_by_staff"  # the lead or the desk cancelled it, with the reason
    CANCELLED_LATE = "sign_up.cancelled_late"  # to the leads: somebody cannot come after all, and says why
    CONFIRMED = "sign_up.confirmed"  # a place: when, where, what to bring, until when to cancel
    DECLINED = "sign_up.declined"  # no place, with the lead's reason
    OFFER_EXPIRED = "sign_up.offer_expired"  # the offer ran out and went to the next; how to queue again
    OFFERED = "sign_up.offered"  # a place is held until `offer_expires_at`; accept or turn down
    PROMOTED = "sign_up.promoted"  # from the waiting list to a place, without asking; cancel if you cannot come
    QUEUED = "sign_up.queued"  # on the waiting list, and at which place
    REQUESTED = "sign_up.requested"  # waits for the lead or for the draw; when they will know
    SESSION_CANCELLED = "sign_up.session_cancelled"  # the session (of several perhaps) is called off, with the reason
    SESSION_MOVED = "sign_up.session_moved"  # another time or room: from where, to where


def tell(sign_up: SignUp, news: News, *, now: datetime, reason: str = "") -> None:
    """Tell the person of a sign-up, in the transaction of the change itself."""
