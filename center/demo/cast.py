"""The people with a part in the demonstration: a sign-in for each role, and two to look for at the desk. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from center.demo.population import ELDERS_DOOR, GROWN, Resident
from center.demo.source import centre
from center.people.models import Role


@dataclass(frozen=True, kw_only=True)
class Part:
    """One person: whom of the residents they replace, and what they can do."""

    key: str  # also the sign-in name
    name: str
    age: int
    building: str
    phone: str
    role: Role | None = None
    grid: int | None = None
    leads: str = ""  # slug of an organisation
    member_of: str = ""
    is_parent: bool = False
    at_elders_door: bool = False
    signs_in: bool = True
    says: str


PARTS = [Part(**{**row, "role": Role(row["role"]) if "role" in row else None}) for row in centre()["cast"]]


def cast_parts(everybody: list[Resident]) -> dict[str, Resident]:
    """Who plays which part; each takes the place of a resident of the same household, so that all totals stay."""
    played: dict[str, Resident] = {}
    taken: set[int] = set()
    guardians = {guardian.id for child in everybody for guardian in child.guardians}
    for part in PARTS:
        fits = _fitting(part, guardians)
        resident = next(r for r in everybody if r.id not in taken and r.building == part.building and fits(r))
        resident.name, resident.age, resident.phone, resident.phone_is_relatives = (
            part.name,
            part.age,
            part.phone,
            False,
        )
        taken.add(resident.id)
        played[part.key] = resident
    return played


def _fitting(part: Part, guardians: set[int]) -> Callable[[Resident], bool]:
    if part.at_elders_door:
        return lambda r: r.lives_alone and (r.unit, r.door) == ELDERS_DOOR
    if part.age >= 60:
        return lambda r: r.age >= 60 and not r.lives_alone
    if part.is_parent:
        return lambda r: r.id in guardians and r.age < 60
    return lambda r: GROWN <= r.age < 60 and r.id not in guardians
