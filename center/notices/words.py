"""What the ways of telling people, the states of a delivery, and what people ask for are called."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.models import AskedFor, DeliveryState, Way

ASKED_FOR = {
    AskedFor.CANNOT_COME: _l("Cannot come"),
    AskedFor.PICK_UP: _l("Wants to be fetched"),
    AskedFor.CALL: _l("Wants a call from the desk"),
    AskedFor.OTHER: _l("Something else"),
    AskedFor.CORRECTION: _l("Something about them is wrong"),
    AskedFor.ERASURE: _l("Their data is to be erased"),
}
WAY_NAMES = {
    Way.CALL: _l("Call"),
    Way.EMAIL: _l("E-mail"),
    Way.GROUP: _l("Staff group"),
    Way.IN_PERSON: _l("In person"),
    Way.SLIP: _l("Paper"),
    Way.VISIT: _l("At the door"),
}
STATE_NAMES = {
    DeliveryState.DONE_BY_HAND: (_l("Told"), "ok"),
    DeliveryState.DROPPED: (_l("Not needed any more"), "quiet"),
    DeliveryState.DUE: (_l("Waits"), "wait"),
    DeliveryState.FAILED: (_l("Could not be delivered"), "stop"),
    DeliveryState.HANDING_OVER: (_l("On its way"), "wait"),
    DeliveryState.SENT: (_l("Sent"), "ok"),
}
