"""Fields that the forms of activities have several of."""

from datetime import time
from typing import Any

from wtforms import (
    Field,
    IntegerField,
    SelectMultipleField,
)
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from center.kernel.i18n import lazy_gettext as _l

IN_RANGE = _l("A number from %(min)s to %(max)s, please.")


def number(label: Any, *, least: int, most: int, hint: Any = "", default: int | None = None) -> Field:
    """A whole number in a range; one without a default may be left out."""
    first = Optional() if default is None else InputRequired(_l("Please fill this in."))
    in_range = NumberRange(least, most, message=IN_RANGE)
    return IntegerField(label, description=hint, default=default, validators=[first, in_range])


def boxes(label: Any, **more: Any) -> Field:
    """Several boxes to tick."""
    looks = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
    return SelectMultipleField(label, **looks, **more)


def ends_before(start: time | None, end: time | None) -> bool:
    """Whether hours are the wrong way round; 00:00 as the end is midnight."""
    return start is not None and end is not None and end <= start and end != time(0)
