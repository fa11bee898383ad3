"""Forms of swaps."""

from wtforms import DateField, HiddenField
from wtforms.validators import Optional

from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import BaseForm, CreatingForm, FilterForm, long_text_field, of_this_century, text_field


class ProposeForm(CreatingForm):
    """What one says with a proposal."""

    words = long_text_field(_l("A few words to them"), most=200, hint=_l("Such as: our drums fit into the cellar."))


class DayForm(FilterForm):
    """Of which day to choose a date. Sent with GET, with what is offered."""

    mine = HiddenField()
    day = DateField(_l("Only of this day"), validators=[Optional(), of_this_century])


class RefuseForm(BaseForm):
    """Why not."""

    reason = text_field(_l("Reason"), most=200, hint=_l("The others read it."))
