"""Forms of check-in."""

from wtforms import HiddenField
from wtforms.validators import InputRequired

from center.attendance.codes import LONGEST
from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import BaseForm, text_field

ACTS = ("arrived", "late", "on_leave", "left", "undone")


class CodeForm(BaseForm):
    """A code that somebody types, or a scanner that types for them."""

    code = text_field(_l("Card or number"), most=LONGEST, hint=_l("Such as K7QM-2F9D, or the letters under a card."))


class PairForm(BaseForm):
    """The code from the desk that makes this browser a device."""

    code = text_field(_l("Pairing code"), most=20, hint=_l("Eight digits from the desk. They work for 10 minutes."))


class DoorForm(BaseForm):
    """A code at the door of a session; pressed once more for whoever may come in without a place."""

    code = text_field(_l("Card or number"), most=LONGEST, hint=_l("Such as K7QM-2F9D, or the letters under a card."))
    is_walk_in = HiddenField()


class EntranceForm(BaseForm):
    """A code at the entrance; of whoever comes to several sessions, the one that they chose."""

    code = text_field(_l("Card or number"), most=LONGEST, hint=_l("Such as K7QM-2F9D, or the letters under a card."))
    session_id = HiddenField()


class TapForm(BaseForm):
    """What was pressed at somebody's name: what is said, and of whom."""

    tap = HiddenField(validators=[InputRequired()])

    @property
    def said(self) -> tuple[str, str]:
        """What was said, and the key of whom; twice nothing where it cannot be read."""
        act, _colon, key = str(self.tap.data).partition(":")
        return (act, key) if act in ACTS else ("", "")
