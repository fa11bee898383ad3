"""The form with which staff decide about several requests at once."""

from collections.abc import Sequence
from typing import Any

from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import MOST
from center.web.bookings.declining import DeclineForm
from center.web.forms import text_field


class DecideForm(DeclineForm):
    """One reason for several requests at once: needed for declining and asking, not for approving."""

    reason = text_field(
        _l("Reason, or what should be different"),
        most=MOST,
        required=False,
        hint=_l("For declining and for asking. Everybody who is ticked will read this."),
    )

    def validate_for(self, action: str, picks: Sequence[Any]) -> bool:
        """Whether the action can be tried: something is ticked, it is known, and has the words it needs."""
        valid = bool(self.validate())
        if action not in {"approve", "decline", "ask"}:
            self.form_errors.append(_l("Please press one of the buttons: approve, decline, or ask for a change."))
        elif not picks:
            self.form_errors.append(_l("Please tick at least one request."))
        elif not self.words_for(action) and action != "approve":
            self.reason.errors = [*self.reason.errors, _l("Please write why, or what should be different.")]
        return valid and not self.error_list()

    def words_for(self, action: str) -> str:
        """What the people will read. The reasons that lie ready are for declining."""
        return self.words if action == "decline" else self.reason.data or ""
