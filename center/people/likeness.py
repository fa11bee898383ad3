"""Who may be the same as somebody new: by name, door and birth year. A shared phone alone says nothing. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from center.people.models import Person

MOST = 5


@dataclass(frozen=True)
class Likeness:
    """What somebody known has in common with somebody new."""

    person: Person
    same_name: bool
    same_sound: bool  # the name in pinyin, as when a character was mistyped
    same_door: bool
    same_year: bool
    other_year: bool  # both years are known, and differ
    same_phone: bool

    @property
    def may_be(self) -> bool:
        """Whether there is reason to ask: the name, or a name that sounds alike or the year behind the same door."""
        return self.same_name or (self.same_door and (self.same_sound or self.same_year))

    @property
    def weight(self) -> int:
        """The name counts most, then the door, then the year; the phone only parts those who are equal."""
        name = 40 if self.same_name else 12 if self.same_sound else 0
        year = 8 if self.same_year else -12 if self.other_year else 0
        return name + 20 * self.same_door + year + self.same_phone


def compare(new: Person, known: Person) -> Likeness:
    """What two people have in common."""
    doors = [(each.building_id, each.unit, each.door) for each in (new, known)]
    years = {new.birth_year, known.birth_year} - {None}
    return Likeness(
        person=known,
        same_name=new.name == known.name,
        same_sound=bool(new.sort_key) and new.sort_key == known.sort_key,
        same_door=bool(new.building_id and new.door) and doors[0] == doors[1],
        same_year=new.birth_year is not None and new.birth_year == known.birth_year,
        other_year=len(years) == 2,
        same_phone=bool(new.phone) and new.phone == known.phone,
    )


def candidates(new: Person, known: Iterable[Person]) -> list[Likeness]:
    """At most five who may be the same, the likeliest first."""
    alike = [likeness for each in known if each.id != new.id and (likeness := compare(new, each)).may_be]
    return sorted(alike, key=lambda each: (-each.weight, each.person.sort_key, each.person.id))[:MOST]
