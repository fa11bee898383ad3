"""Fields that forms of troupes share."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import Field, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from center.kernel.errors import RuleBroken
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.pieces import Level
from center.troupes.models.troupes import TroupePart
from center.web.forms import id_of


def many(label: Any, *, hint: Any = "") -> Field:
    """Several things to tick, by their ids."""
    widgets = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
    return SelectMultipleField(label, description=hint, coerce=int, **widgets)


def part_choices(parts: Iterable[TroupePart]) -> list[tuple[int, str]]:
    """The parts of a troupe to choose among."""
    return [(part.id, in_language(part.name, part.name_en)) for part in parts]


def said_level(sent: Mapping[str, str]) -> tuple[int, Level]:
    """The part and the level that a button said; raises RuleBroken for what no button of ours says."""
    part_id, level = id_of(sent.get("part", "")), sent.get("level", "")
    if part_id is None or level not in set(Level):
        raise RuleBroken(_l("Please choose one of these."))
    return part_id, Level(level)
