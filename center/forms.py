"""The base form: CSRF, tidy text, an error summary, and domain errors that land on the right field.

A form checks shape only. It never loses what was typed: a refused form is shown again as it was sent.
"""

import unicodedata
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from center.errors import DomainError
from center.i18n import lazy_gettext as _l


class BaseForm(FlaskForm):
    """Base of all forms."""

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.errors.get("csrf_token"):
            self.form_errors.append(_l("This page was open for too long. Nothing is lost: check it and send it again."))
        return valid

    def refuse(self, error: DomainError) -> None:
        """Show a domain error (and all it carries under `facts["all"]`) on the fields they belong to."""
        for each in error.facts.get("all", (error,)):
            field = self._fields.get(each.field or "")
            if field is None:
                self.form_errors.append(each.message)
            else:
                field.errors = [*field.errors, each.message]

    def error_list(self) -> list[tuple[str | None, str]]:
        """(field id or None, message) for the summary on top, in the order of the fields."""
        listed: list[tuple[str | None, str]] = [(None, str(e)) for e in self.form_errors]
        for field in self:
            if field.name != "csrf_token":
                listed += [(field.id, str(e)) for e in field.errors]
        return listed


def text_field(label: Any, *, most: int, least: int = 0, hint: Any = "", required: bool = True) -> Field:
    """One line of text, trimmed, without control characters."""
    return StringField(label, description=hint, filters=[tidy], validators=_text_rules(most, least, required))


def long_text_field(label: Any, *, most: int, hint: Any = "", required: bool = False) -> Field:
    """Several lines of text."""
    return TextAreaField(label, description=hint, filters=[tidy], validators=_text_rules(most, 0, required))


def tidy(text: Any) -> Any:
    """Composed Unicode with one kind of line end and no blanks around it."""
    if not isinstance(text, str):
        return text
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def no_control_characters(_form: Any, field: Field) -> None:
    """Refuse what no keyboard types: control characters (line breaks are fine), and marks that reverse text."""
    for character in field.data or "":
        if unicodedata.category(character) in {"Cc", "Cs", "Co"} and character != "\n" or character in _REVERSING:
            raise ValidationError(_l("There is a character here that cannot be stored. Please type it again."))


_REVERSING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _text_rules(most: int, least: int, required: bool) -> list[Any]:
    first = InputRequired(_l("Please fill this in.")) if required else Optional()
    too_long = Length(max=most, message=_l("At most %(max)d characters, please."))
    too_short = Length(min=least, message=_l("At least %(min)d characters, please."))
    return [first, no_control_characters, too_long, *([too_short] if least else [])]
