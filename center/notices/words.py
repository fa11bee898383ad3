"""What people ask for is called."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.models import AskedFor

ASKED_FOR = {
    AskedFor.CANNOT_COME: _l("Cannot come"),
    AskedFor.PICK_UP: _l("Wants to be fetched"),
    AskedFor.CALL: _l("Wants a call from the desk"),
    AskedFor.OTHER: _l("Something else"),
    AskedFor.CORRECTION: _l("Something about them is wrong"),
    AskedFor.ERASURE: _l("Their data is to be erased"),
}
