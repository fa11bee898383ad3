"""Places that are kept for a building, for a grid, or under a name of their own, on the form of a new activity."""

from collections.abc import Iterator, Sequence
from typing import Any

from wtforms import Field, IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Building, Grid
from center.signups.models import Pool, PoolKind
from center.signups.rosters import MOST_PLACES, PoolFacts
from center.signups.words import POOL_NAMES
from center.web.forms import BaseForm, text_field

MOST_KEPT = 8
PARTS = ("for", "name", "places")
KEPT_NAMES = {f"k{n}_{name}" for n in range(1, MOST_KEPT + 1) for name in PARTS}
KINDS = (PoolKind.BUILDING, PoolKind.GRID, PoolKind.NAMED)


def _fields() -> dict[str, Any]:
    in_range = NumberRange(0, MOST_PLACES, message=_l("A number from %(min)s to %(max)s, please."))
    return {
        "for": SelectField(_l("Whom they are kept for"), default=""),
        "name": text_field(
            _l("Name of these places"),
            most=40,
            required=False,
            hint=_l("Only for places under a name, such as: guests. You give them by hand."),
        ),
        "places": IntegerField(_l("How many places"), validators=[Optional(), in_range]),
    }


class KeptPart(BaseForm):
    """Some pools of places beside those for elders, the desk and wheelchairs; rows without a number are left out."""

    def offer_kept(self, buildings: Sequence[Building], grids: Sequence[Grid]) -> None:
        """For whom places can be kept."""
        self._kept_names = {f"building:{each.id}": each.code for each in buildings}
        self._kept_names |= {f"grid:{each.id}": each.name for each in grids}
        named = (PoolKind.NAMED.value, POOL_NAMES[PoolKind.NAMED])
        for n in range(1, MOST_KEPT + 1):
            self._fields[f"k{n}_for"].choices = [("", "–"), named, *self._kept_names.items()]

    def kept_rows(self) -> list[list[Field]]:
        """The fields of each row that says something or is wrong, and of one more."""
        rows = [[self._fields[f"k{n}_{name}"] for name in PARTS] for n in range(1, MOST_KEPT + 1)]
        said = [row for row in rows if any(field.data or field.errors for field in row)]
        return [*said, *[row for row in rows if row not in said][:1]]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each row says whom its places are kept for, and none says it twice."""
        is_valid = super().validate(extra_validators)
        seen: set[tuple[str, str]] = set()
        for whom, name, places in self._rows():
            who = (whom.data, name.data if whom.data == PoolKind.NAMED else "")
            if places.data and not whom.data:
                is_valid = _refuse(whom, _l("Please say whom these places are kept for."))
            elif whom.data == PoolKind.NAMED and not name.data:
                is_valid = _refuse(name, _l("Please give these places a name."))
            elif who in seen:
                is_valid = _refuse(whom, _l("There are places of this kind already. Change their number."))
            seen.add(who)
        return is_valid

    def kept(self) -> list[PoolFacts]:
        """The places that are kept, as far as it is said for whom."""
        known = {PoolKind.NAMED.value, *self._kept_names}
        rows = ((whom.data, name.data or "", places.data) for whom, name, places in self._rows())
        return [self._pool(*row) for row in rows if row[0] in known]

    def kept_places(self) -> int:
        """How many places these are."""
        return sum(places.data or 0 for _whom, _name, places in self._rows())

    def _rows(self) -> Iterator[tuple[Field, Field, Field]]:
        """The fields of each row that keeps any."""
        for n in range(1, MOST_KEPT + 1):
            whom, name, places = (self._fields[f"k{n}_{each}"] for each in PARTS)
            if places.data:
                yield whom, name, places

    def _pool(self, whom: str, name: str, places: int) -> PoolFacts:
        kind, _colon, number = whom.partition(":")
        return PoolFacts(
            kind=PoolKind(kind),
            capacity=places,
            name=self._kept_names.get(whom, name),
            building_id=int(number) if kind == PoolKind.BUILDING else None,
            grid_id=int(number) if kind == PoolKind.GRID else None,
        )


for _n in range(1, MOST_KEPT + 1):
    for _name, _field in _fields().items():
        setattr(KeptPart, f"k{_n}_{_name}", _field)


def kept_values(pools: Sequence[Pool]) -> dict[str, Any]:
    """What the form of a new activity shows of such places of another one, each pool by itself."""
    values: dict[str, Any] = {}
    for n, pool in enumerate((each for each in pools if each.kind in KINDS), start=1):
        number = pool.building_id or pool.grid_id
        values[f"k{n}_for"] = f"{pool.kind.value}:{number}" if number else pool.kind.value
        values[f"k{n}_name"] = pool.name if pool.kind is PoolKind.NAMED else ""
        values[f"k{n}_places"] = pool.capacity
    return values


def _refuse(field: Field, words: Any) -> bool:
    field.errors = [*field.errors, words]
    return False
