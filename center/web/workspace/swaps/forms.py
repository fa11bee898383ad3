"""Forms of swaps."""

from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import BaseForm, CreatingForm, long_text_field, text_field


class ProposeForm(CreatingForm):
    """What one says with a proposal."""

    words = long_text_field(_l("A few words to them"), most=200, hint=_l("Such as: our drums fit into the cellar."))


class RefuseForm(BaseForm):
    """Why not."""

    reason = text_field(_l("Reason"), most=200, hint=_l("The others read it."))
