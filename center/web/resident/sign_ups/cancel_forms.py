"""Forms of sign-ups: shape only. `center.web.sign_ups.forms` has that of signing up."""

from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import BaseForm, long_text_field


class CancelForm(BaseForm):
    """Do without a place."""

    reason = long_text_field(_l("A line to those who prepare it"), most=200)
