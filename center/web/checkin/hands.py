"""In whose hand check-in is: somebody's who is signed in, or a device's, for which whoever announced it answers."""

from dataclasses import dataclass
from datetime import datetime

from flask_login import current_user

from center.activities.models import Session
from center.attendance import policy
from center.attendance.duties import may_do, was_its_duty
from center.attendance.models.devices import Device
from center.kernel.access import authorise
from center.organisations.policy import MAY_SEE_ROLL, ids_where
from center.people.models import Person
from center.web.activities.pages import own_roles
from center.web.device_cookie import this_device


@dataclass(frozen=True)
class Hand:
    """Who answers for what is written down, and the device that they answer for."""

    by: Person
    device: Device | None = None


def hand_here() -> Hand:
    """Who checks people in with this request. Where a device asks, nobody who is signed in beside it counts."""
    device = this_device()
    return Hand(current_user.person) if device is None else Hand(device.made_by, device)


def may_take(session: Session, at: datetime) -> bool:
    """Whether this request may check people in to a session, as it was at a moment; to a confined one nobody may."""
    if session.activity.is_confined:
        return False
    if (device := this_device()) is not None:
        return may_do(device, session, at)
    return policy.may_take(session.activity, current_user, ids_where(own_roles(), MAY_SEE_ROLL))


def authorise_for(session: Session, at: datetime) -> Hand:
    """Who checks people in to a session with this request; raises NotYours where they may not."""
    authorise(may_take(session, at))
    return hand_here()


def may_send_of(session: Session) -> bool:
    """Whether this request may hand in what was stored of a session: a device for what was its duty then, also after
    its end, since what it did before still counts; what it did later waits for somebody to decide."""
    if session.activity.is_confined:
        return False
    if (device := this_device()) is None:
        return policy.may_take(session.activity, current_user, ids_where(own_roles(), MAY_SEE_ROLL))
    return was_its_duty(device, session)
