"""A form as it is filled in before anybody answers, the way a browser would send it."""

from collections.abc import Iterable, Iterator
from datetime import date, time

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, Field, FileField, HiddenField, SelectMultipleField, TimeField
from wtforms.fields.choices import SelectFieldBase


def as_sent(form: Iterable[Field]) -> dict[str, list[str]]:
    """The values of each field; what is hidden is no answer."""
    return MultiDict(pair for field in form for pair in _pairs(field)).to_dict(flat=False)


def _pairs(field: Field) -> Iterator[tuple[str, str]]:
    if isinstance(field, (FileField, HiddenField)) or field.name == "csrf_token":
        return
    if isinstance(field, BooleanField):
        yield from [(field.name, "y")] if field.data else []
    elif isinstance(field, SelectMultipleField):
        yield from ((field.name, str(each)) for each in field.data or ())
    elif isinstance(field, SelectFieldBase):
        yield from [(field.name, str(field.data))] if field.data is not None else []
    elif isinstance(field, TimeField) and isinstance(field.data, time):
        yield field.name, field.data.strftime("%H:%M")
    elif isinstance(field, DateField) and isinstance(field.data, date):
        yield field.name, field.data.strftime(field.format[0])
    elif value := field._value():
        yield field.name, str(value)
