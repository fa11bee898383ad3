"""The form that declines something: reasons that lie ready, and one's own words."""

from typing import Any

from wtforms import Field, SelectField
from wtforms.validators import Optional, StopValidation

from center.forms import BaseForm, text_field
from center.i18n import addressing, centre
from center.i18n import lazy_gettext as _l

MOST = 200  # letters of a reason
READY = {
    "needed": _l("The centre needs the room itself at that time."),
    "repairs": _l("The room is being repaired at that time."),
    "too_many": _l("So many people are not safe in this room. Please ask for a larger one."),
    "noise": _l("It would be too loud for what is on next door. Please choose another room or time."),
    "purpose": _l("This use is not possible in this room. The front desk gladly finds another one with you."),
    "hours": _l("At that hour nobody can be there to open and close. Please choose another time."),
    "unclear": _l("We could not tell what it is for. Please ask again and write a little more."),
}


class DeclineForm(BaseForm):
    """Why something is declined: a reason that lies ready, one's own words, or both."""

    ready = SelectField(
        _l("Choose what fits"),
        choices=[("", _l("None of these: I write it myself")), *READY.items()],
        validators=[Optional()],
    )
    reason = text_field(_l("Reason"), most=MOST, required=False, hint=_l("The person will read this."))

    @property
    def words(self) -> str:
        """What the person will read, in the centre's first language, as most people read it."""
        with addressing(centre().languages[0]):
            ready = str(READY[self.ready.data]) if self.ready.data in READY else ""
        return " ".join(each for each in (ready, self.reason.data or "") if each)

    def validate_reason(self, field: Field) -> None:
        """With the reason that was chosen it must fit what is kept."""
        if len(self.words) > MOST:
            raise StopValidation(_l("At most %(most)s characters together, please.", most=MOST))


class DeclineOneForm(DeclineForm):
    """The same for one thing, which cannot be declined without a word."""

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if valid and not self.words:
            self.reason.errors = [*self.reason.errors, _l("Please choose a reason, or write one.")]
        return valid and not self.error_list()
