"""Forms of visits, missed visits and limits. Shape only."""

from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import BaseForm, long_text_field, text_field


class ToldReasonForm(BaseForm):
    """A reason that the person reads."""

    reason = text_field(_l("Reason"), most=200, hint=_l("The person reads this, in My account."))


class StaffReasonForm(BaseForm):
    """A reason for those who look later."""

    reason = text_field(_l("Reason"), most=200)


class FoundForm(BaseForm):
    """What somebody found out about a person who lives alone."""

    found = long_text_field(
        _l("What did you find out?"),
        most=300,
        required=True,
        hint=_l("A few words, such as: is well, was at her daughter's. Nothing about illness."),
    )
