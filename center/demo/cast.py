"""The people with a part in the demonstration: a sign-in for each role, and two to look for at the desk. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from center.demo.population import ELDERS_DOOR, GROWN, Resident
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


PARTS: Sequence[Part] = (
    Part(key="resident", name="陈晓燕", age=38, building="5栋", phone="19900000005", role=Role.RESIDENT, is_parent=True,
         says="a working parent: books for herself"),
    Part(key="lead", name="万德山", age=68, building="8栋", phone="19900000008", leads="red-culture-troupe",
         says="leads the drum troupe: books for it"),
    Part(key="tutor", name="覃思文", age=29, building="10栋", phone="19900000010", role=Role.TUTOR,
         member_of="green-shoots", says="tutor of the after-school programme"),
    Part(key="grid", name="仇海霞", age=41, building="3栋", phone="19900000003", role=Role.GRID_WORKER, grid=2,
         says="grid worker of 第2网格"),
    Part(key="clerk", name="曾丽萍", age=45, building="12栋", phone="19900000012", role=Role.CLERK,
         says="at the desk: finds people, books for them, approves"),
    Part(key="director", name="解志强", age=52, building="15栋", phone="19900000015", role=Role.DIRECTOR,
         says="may do everything, and edits rooms and settings"),
    Part(key="auditor", name="单文敏", age=49, building="18栋", phone="19900000018", role=Role.AUDITOR,
         says="sees everything, changes nothing"),
    Part(key="elder", name="周桂珍", age=76, building="3栋", phone="19900000031", at_elders_door=True, signs_in=False,
         says="lives alone, keypad phone, no account"),
    Part(key="wheelchair", name="查卫国", age=57, building="9栋", phone="19900000009", signs_in=False,
         says="uses a wheelchair, no account"),
)  # fmt: skip


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
