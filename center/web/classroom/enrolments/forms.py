"""Forms about enrolments: reasons for priority, classes, endings by a paragraph, and texts of consents."""

from collections.abc import Sequence

from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from center.afterschool.models.terms import CareClass, Paragraph
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import BaseForm, long_text_field, text_field

YES, NO = "yes", "no"
SHOWN = 60


class DecideForm(BaseForm):
    """Whether a reason for priority is accepted, and why."""

    is_accepted = RadioField(
        _l("Accept it?"),
        choices=[(YES, _l("Accept")), (NO, _l("Do not accept"))],
        validators=[InputRequired(_l("Please choose one of these."))],
    )
    why = text_field(_l("Why, said to the guardians"), most=200, hint=_l("Such as: both work certificates were shown."))


class ClassForm(BaseForm):
    """Into which class of the programme a child goes."""

    care_class = SelectField(_l("Class in the programme"), coerce=int)

    def offer(self, classes: Sequence[CareClass]) -> None:
        """The classes of the term."""
        self.care_class.choices = [(each.id, in_language(each.name, each.name_en)) for each in classes]


class EndForm(BaseForm):
    """By which paragraph, and why."""

    paragraph = SelectField(_l("Paragraph of the rules"), coerce=int)
    reason = text_field(_l("Reason, said to the guardians"), most=100)

    def offer(self, paragraphs: Sequence[Paragraph]) -> None:
        """The paragraphs of the rules that the guardian read."""
        said = [(each, in_language(each.words, each.words_en)) for each in paragraphs]
        self.paragraph.choices = [(each.id, f"§ {each.number} {words[:SHOWN]}") for each, words in said]


class TextForm(BaseForm):
    """The next version of a text that guardians agree to."""

    words = long_text_field(_l("Text in Chinese"), most=1500, required=True)
    words_en = long_text_field(_l("Text in English"), most=1500)
