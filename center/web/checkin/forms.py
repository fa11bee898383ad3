"""Forms of check-in."""

from center.attendance.codes import LONGEST
from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import BaseForm, text_field


class CodeForm(BaseForm):
    """A code that somebody types, or a scanner that types for them."""

    code = text_field(_l("Card or number"), most=LONGEST, hint=_l("Such as K7QM-2F9D, or the letters under a card."))


class PairForm(BaseForm):
    """The code from the desk that makes this browser a device."""

    code = text_field(_l("Pairing code"), most=20, hint=_l("Eight digits from the desk. They work for 10 minutes."))
