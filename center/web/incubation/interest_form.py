"""The form by which staff or a reviewer say that they have an interest in an organisation."""

from wtforms import RadioField
from wtforms.validators import InputRequired

from center.incubator.models.interests import InterestKind
from center.incubator.stages.words import INTEREST_NAMES
from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import BaseForm, text_field


class OwnInterestForm(BaseForm):
    """An interest of one's own."""

    kind = RadioField(
        _l("What have you to do with it?"),
        choices=[(kind.value, name) for kind, name in INTEREST_NAMES.items()],
        validators=[InputRequired(_l("Please choose one of these."))],
    )
    note = text_field(_l("What else the centre should know"), most=200, required=False)

    @property
    def interest(self) -> InterestKind:
        """The kind that was chosen."""
        return InterestKind(self.kind.data)
