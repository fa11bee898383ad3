"""The form with which somebody says whether they come, with an account or by a link."""

from collections.abc import Mapping
from typing import Any

from wtforms import RadioField

from center.kernel.i18n import lazy_gettext as _l
from center.troupes.performances.readiness import Answer
from center.troupes.performances.words import ANSWER_NAMES
from center.web.forms import BaseForm, text_field


class ReplyForm(BaseForm):
    """Whether somebody else comes, as they said."""

    answer = RadioField(_l("What they said"), choices=[(each.value, ANSWER_NAMES[each]) for each in ANSWER_NAMES])
    reason = text_field(_l("Reason"), most=200, required=False, hint=_l("Only those who lead the troupe read it."))

    def said(self) -> Answer:
        """What was chosen."""
        return Answer(self.answer.data)


class OwnReplyForm(ReplyForm):
    """Whether one comes oneself."""

    answer = RadioField(_l("Do you come?"))

    def __init__(self, *args: Any, names: Mapping[Answer, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer.choices = [(each.value, words) for each, words in names.items()]
