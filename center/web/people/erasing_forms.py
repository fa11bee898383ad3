"""The form by which somebody is erased, or asks for it: the name is typed, so that nobody does it by a slip."""

from typing import Any

from wtforms import ValidationError

from center.kernel.i18n import lazy_gettext as _l
from center.people import names
from center.people.models import Person
from center.web.forms import BaseForm, text_field


class EraseForm(BaseForm):
    """The name of whoever is erased, typed by hand."""

    name = text_field(
        _l("Please type the full name"), most=60, hint=_l("As it stands above, to be sure that it is meant")
    )

    def __init__(self, person: Person, **given: Any) -> None:
        super().__init__(**given)
        self._person = person

    def validate_name(self, field: Any) -> None:
        """Whether it is theirs."""
        if names.plain_name(field.data or "") != names.plain_name(self._person.name):
            raise ValidationError(str(_l("This is not the name.")))
