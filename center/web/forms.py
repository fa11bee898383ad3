"""The base form: CSRF, tidy text, an error summary, and domain errors that land on the right field.

A form checks shape only. It never loses what was typed: a refused form is shown again as it was sent.
"""

import uuid
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar

from flask import request
from flask_wtf import FlaskForm
from markupsafe import escape
from werkzeug.datastructures import MultiDict
from wtforms import DateTimeField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, StopValidation, ValidationError
from wtforms.widgets import core as widgets

from center.kernel import clock, sent
from center.kernel.errors import UNSTORABLE, DomainError
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.texts import has_control_characters, tidy

T = TypeVar("T")
LARGEST_ID = 2**31 - 1
OPEN_TOO_LONG = _l("This page was open for too long. Nothing is lost: check it and send it again.")


def attributes(**said: Any) -> str:
    """What WTForms' `html_params` writes, without a template for each: a list of times has a hundred attributes."""
    found = []
    for name, value in sorted(said.items()):
        if value is not False:
            words = str(escape(value)).replace('"', "&quot;")
            found.append(widgets.clean_key(name) if value is True else f'{widgets.clean_key(name)}="{words}"')
    return " ".join(found)


widgets.html_params = attributes
for _widget in (widgets.Input, widgets.Button):
    _widget.html_params = staticmethod(attributes)


class LibraryMessages:
    """WTForms' own messages in our words, so that they say what to do and are translated with all others."""

    WORDS: Mapping[str, Any] = {
        "Not a valid choice.": _l("Please choose one of these."),
        "Invalid Choice: could not coerce.": _l("Please choose one of these."),
        "Not a valid date value.": _l("Please write a day such as 2026-11-24."),
        "Not a valid time value.": _l("Please write a time such as 14:30."),
        "Not a valid datetime value.": _l("Please write a day and a time such as 2026-11-24 14:30."),
        "Not a valid integer value.": _l("Please write a whole number."),
        "Not a valid decimal value.": _l("Please write a number."),
        "Not a valid float value.": _l("Please write a number."),
        "Number must be at least %(min)s.": _l("Please write a number of at least %(min)s."),
        "Number must be at most %(max)s.": _l("Please write a number of at most %(max)s."),
        "Number must be between %(min)s and %(max)s.": _l("Please write a number from %(min)s to %(max)s."),
        "This field is required.": _l("Please fill this in."),
        "Field must be at least %(min)d character long.": _l("At least %(min)d characters, please."),
        "Field must be at least %(min)d characters long.": _l("At least %(min)d characters, please."),
        "Field cannot be longer than %(max)d character.": _l("At most %(max)d characters, please."),
        "Field cannot be longer than %(max)d characters.": _l("At most %(max)d characters, please."),
        "Field must be exactly %(max)d character long.": _l("Exactly %(max)d characters, please."),
        "Field must be exactly %(max)d characters long.": _l("Exactly %(max)d characters, please."),
        "Field must be between %(min)d and %(max)d characters long.": _l("From %(min)d to %(max)d characters, please."),
        "Field must be equal to %(other_name)s.": _l("Please type the same twice."),
        "Invalid choice(s): one or more data inputs could not be coerced.": _l("Please choose one of these."),
        "'%(value)s' is not a valid choice for this field.": _l("Please choose one of these."),
        "'%(value)s' are not valid choices for this field.": _l("Please choose one of these."),
        "Invalid value, must be one of: %(values)s.": _l("Please write one of these: %(values)s."),
        "Invalid value, can't be any of: %(values)s.": _l("Please write something other than: %(values)s."),
        "Invalid input.": _l("This does not look right. Please check it."),
        "Invalid URL.": _l("This does not look right. Please check it."),
        "Invalid UUID.": _l("This does not look right. Please check it."),
    }

    def gettext(self, message: str) -> str:
        """The library's sentence in our words, in the reader's language."""
        return str(self.WORDS.get(message, message))

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return self.gettext(singular if count == 1 else plural)


class BaseForm(FlaskForm):
    """Base of all forms. One that makes something is a `CreatingForm`.

    Days must be of our times (`center.kernel.clock`), but where `any_day` says that one looks back.
    """

    any_day = False
    refused_at: ClassVar[Mapping[str, str]] = {}  # the field on which to say what is refused about another name
    refusal: DomainError | None = None  # what stood against it when it was sent last

    class Meta(FlaskForm.Meta):
        def get_translations(self, _form: Any) -> LibraryMessages:
            return LibraryMessages()

    def validate(self, extra_validators: Any = None) -> bool:
        """Besides what fields ask: one line stays one line, and days lie in our times."""
        more = self._further_checks()
        for name, checks in dict(extra_validators or {}).items():
            more[name] = [*checks, *more.get(name, ())]
        valid = super().validate(more)
        self._say_only_what_was_unreadable()
        if self.errors.get("csrf_token"):
            self.form_errors.append(OPEN_TOO_LONG)
        return valid

    def validate_only(self, names: Collection[str]) -> bool:
        """Whether these fields are well filled in; what is wrong with others is not looked at yet."""
        more, fields = self._further_checks(), {name: self[name] for name in names if name in self}
        for name in fields:
            if inline := getattr(type(self), f"validate_{name}", None):
                more.setdefault(name, []).append(inline)
        is_good = [field.validate(self, more.get(name, ())) for name, field in fields.items()]
        self._say_only_what_was_unreadable()
        return all(is_good)

    def _further_checks(self) -> dict[str, list[Any]]:
        """What is asked of every field of its kind."""
        more: dict[str, list[Any]] = {}
        for field in self:
            if isinstance(field, StringField) and not isinstance(field, (TextAreaField, HiddenField)):
                more.setdefault(field.name, []).append(_on_one_line)
            if isinstance(field, DateTimeField) and not self.any_day:
                more.setdefault(field.name, []).append(_of_our_times)
        return more

    def refuse(self, error: DomainError) -> None:
        """Show a domain error (and all that was refused with it) on the fields they belong to."""
        for each in error.every:
            self.say_refusal(self.refused_at.get(each.field or "", each.field or ""), each.message)

    def say_refusal(self, name: str, words: Any) -> None:
        """Say it at the field of this name, or above all of them."""
        field = self._fields.get(name)
        if field is None:
            self.form_errors.append(words)
        else:
            field.errors = [*field.errors, words]

    @property
    def is_wrong(self) -> bool:
        """Whether anything stands against the form."""
        return bool(self.errors or self.form_errors)

    @property
    def status(self) -> int:
        """How a page with this form answers."""
        return 422 if self.is_wrong else 200

    @property
    def exact_status(self) -> int:
        """The same for pages that say by it what was refused, such as too many tries."""
        return self.refusal.status if self.refusal else self.status

    def _say_only_what_was_unreadable(self) -> None:
        """Of a number or day that cannot be read nothing else is said, such as that it is too small."""
        for field in self:
            raw = field.raw_data
            if field.process_errors and raw and isinstance(raw[0], str) and raw[0].strip():
                field.errors = list(field.process_errors)[:1]

    def error_list(self) -> list[tuple[str | None, str]]:
        """(field id or None, which field and what about it) for the summary on top, in the order of the fields."""
        listed: list[tuple[str | None, str]] = [(None, str(e)) for e in self.form_errors]
        for field in self:
            if field.errors and field.name != "csrf_token":
                label = str(field.label.text).rstrip("?？")
                listed += [(field.id, _("%(field)s: %(message)s", field=label, message=str(e))) for e in field.errors]
        return listed


class CreatingForm(BaseForm):
    """A form that makes something: by its key it makes it once, however often it is sent (`sent.once`)."""

    request_key = HiddenField(default=lambda: str(uuid.uuid4()))

    def validate(self, extra_validators: Any = None) -> bool:
        """A form that was sent before leads to what it made."""
        valid = super().validate(extra_validators)
        if valid:
            sent.lead_back()
        return valid


class UntracedForm(BaseForm):
    """A form of somebody who may stay unknown: it has a key as well, but no row says when it was sent.

    What it makes follows from the key, so that it is made once; see `complaints.complain`.
    """

    request_key = HiddenField(default=lambda: str(uuid.uuid4()))

    @property
    def key(self) -> str:
        """The key, where it is one that a page gave."""
        key = self.request_key.data or ""
        return key if sent.SHORTEST_KEY <= len(key) <= sent.LONGEST_KEY else ""


def text_field(label: Any, *, most: int, hint: Any = "", required: bool = True) -> Field:
    """One line of text, trimmed, without control characters."""
    return StringField(label, description=hint, filters=[tidy], validators=_text_rules(most, required))


def long_text_field(label: Any, *, most: int, hint: Any = "", required: bool = False) -> Field:
    """Several lines of text."""
    return TextAreaField(label, description=hint, filters=[tidy], validators=_text_rules(most, required))


def said_to_them(reason: Field) -> None:
    """Let a field ask staff for a reason that is said to the person they do it for, who may have asked for it."""
    reason.label.text = _l("Reason, said to the person")
    reason.description = _l("They read it, or hear it on the phone. Leave it empty if they asked for this themselves.")


class FilterForm(BaseForm):
    """What narrows a list. Sent with GET, so it needs no token; nothing in it must be filled in."""

    any_day = True

    class Meta:
        csrf = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.flags.optional = False  # in a filter that goes without saying


def with_chosen(chosen: str | None, choices: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The choices of a filter with what was chosen, which may not be among what waits any more."""
    return choices if not chosen or chosen in dict(choices) else [*choices, (chosen, chosen)]


def asked_date(name: str = "date", values: MultiDict[str, str] | None = None) -> date | None:
    """A date from the address (or these values), or None where there is none that could be meant."""
    try:
        day = date.fromisoformat((request.args if values is None else values).get(name, ""))
    except ValueError:
        return None
    return day if clock.can_be_shown(day) else None


def id_of(text: str) -> int | None:
    """A database id as it was typed into an address, or None where no database could hold it."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID))
    return int(text) if is_number and 0 < int(text) <= LARGEST_ID else None


def check_field(check: Callable[[], T]) -> T:
    """What the domain says against a field, said as the field's own validators say it."""
    try:
        return check()
    except DomainError as error:
        raise StopValidation(error.message) from None


def of_this_century(_form: Any, field: Field) -> None:
    """Refuse a day with which not every database can reckon."""
    if field.data and not clock.can_be_shown(field.data):
        raise ValidationError(_l("Please write a day such as 2026-11-24."))


def _of_our_times(_form: Any, field: Field) -> None:
    day = field.data.date() if isinstance(field.data, datetime) else field.data
    if isinstance(day, date):  # not the time of a TimeField
        check_field(lambda: clock.check_day(day, today=local_date(clock.now())))


def _on_one_line(_form: Any, field: Field) -> None:
    """A browser sends no line break in a field of one line; in a subject or a calendar it would begin another line."""
    if isinstance(field.data, str) and len(field.data.splitlines()) > 1:
        raise ValidationError(_l("Please write this on one line."))


def no_control_characters(_form: Any, field: Field) -> None:
    """Refuse what no keyboard types: control characters (line breaks are fine), and marks that reverse text."""
    if has_control_characters(field.data or ""):
        raise ValidationError(UNSTORABLE)


def _text_rules(most: int, required: bool) -> list[Any]:
    first = DataRequired(_l("Please fill this in.")) if required else Optional()
    too_long = Length(max=most, message=_l("At most %(max)d characters, please."))
    return [first, no_control_characters, too_long]
