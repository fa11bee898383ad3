"""Forms that ask why something is refused: a reason that lies ready, one's own words, or both."""

from collections.abc import Mapping
from typing import Any, ClassVar

from wtforms import Field, SelectField
from wtforms.validators import Optional, StopValidation

from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import MOST
from center.web.forms import BaseForm, text_field


class ReasonsForm(BaseForm):
    """Why something is refused: a reason that lies ready, one's own words, or both."""

    group: ClassVar[str]  # of which decisions its reasons are
    sentences: ClassVar[Mapping[str, Any]]

    ready = SelectField(_l("Choose what fits"), validators=[Optional()])
    reason = text_field(_l("Reason"), most=MOST, required=False, hint=_l("The person will read this."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ready.choices = [("", _l("None of these: I write it myself")), *self.sentences.items()]

    @property
    def words(self) -> str:
        """What is kept: the code of the ready reason, and one's own words."""
        ready = f"{{{self.group}.{self.ready.data}}}" if self.ready.data in self.sentences else ""
        return " ".join(each for each in (ready, self.reason.data or "") if each)

    def validate_reason(self, field: Field) -> None:
        """With the reason that was chosen it must fit what is kept."""
        if len(self.words) > MOST:
            raise StopValidation(_l("At most %(most)s characters together, please.", most=MOST))


class OneReasonForm(ReasonsForm):
    """The same for one thing, which cannot be refused without a word: one of the two fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ready.description = _l("Or write your own words below.")
        for field in (self.ready, self.reason):
            field.flags.optional = False  # one of them is needed

    def validate(self, extra_validators: Any = None) -> bool:
        """Chosen or written, a reason is needed."""
        valid = super().validate(extra_validators)
        if valid and not self.words:
            self.reason.errors = [*self.reason.errors, _l("Please choose a reason, or write one.")]
        return valid and not self.error_list()
