"""What the desk writes down about people: adding somebody, correcting a record. No identity-card number anywhere."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, DomainError, NotFound, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.people import names, phones, rules
from center.people.households import door_of, has_door
from center.people.models import Building, Person
from center.people.search import find_at_door, find_by_phone

IDENTITY_NUMBER = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15})(?![\dXx])")
_UNIT_OR_DOOR = re.compile(r"[0-9A-Z][0-9A-Z-]{0,9}")
_WORDS_OF_A_DOOR = re.compile(r"(单元|门|室|号|房)$")


@dataclass(frozen=True, kw_only=True)
class PersonRecord:
    """What the desk was told about somebody, as it was typed."""

    name: str
    sort_key: str = ""
    phone: str = ""
    phone_is_relatives: bool = False
    building_id: int | None = None
    unit: str = ""
    door: str = ""
    birth_year: int | None = None
    lives_alone: bool = False


class LooksKnown(Conflict):
    """Somebody of this name at this door or phone is known already."""

    def __init__(self, people: Sequence[Person]) -> None:
        super().__init__(
            _l("Somebody of this name is known already at this door or phone. Is it the same person?"),
            field="is_somebody_else",
        )
        self.people = people


def add_person(record: PersonRecord, *, by: Person | None, now: datetime, is_somebody_else: bool = False) -> Person:
    """Write down a person the centre did not know; `by` is None for those who register themselves.

    Raises RuleBroken on the field at fault, and LooksKnown unless `is_somebody_else`.
    """
    person = Person(created_at=now)
    _fill(person, record, now=now)
    known = likely_same(person)
    if known and not is_somebody_else:
        raise LooksKnown(known)
    _trust_door(person, by=by, now=now)
    db.session.add(person)
    db.session.flush()
    if by is not None:
        note(Act.PERSON_ADDED, person_id=person.id, by=by)
    return person


def edit_person(person: Person, record: PersonRecord, *, by: Person, now: datetime) -> None:
    """Correct what the centre knows of a person; raises RuleBroken on the field at fault."""
    lock(person)
    before = door_of(person)
    _fill(person, record, now=now)
    if door_of(person) != before:
        _trust_door(person, by=by, now=now)
    db.session.flush()
    note(Act.PERSON_EDITED, person_id=person.id, by=by)


def tell_phone(person: Person, *, by: Person) -> str:
    """A person's whole phone number, for somebody who has to ring; that it was looked at is logged."""
    if person.phone is None:
        raise NotFound(_l("No phone is known."))
    note(Act.PHONE_SHOWN, person_id=person.id, by=by)
    return person.phone


def get_person(person_id: int, *, even_erased: bool = False) -> Person:
    """The person with this id; raises NotFound, also for one who was erased."""
    person = db.session.get(Person, person_id)
    if person is None or (person.erased_at is not None and not even_erased):
        raise NotFound(_l("There is nobody here with this number."))
    return person


def hold_person(person: Person) -> None:
    """Let nobody change the person or give them a role until the transaction ends; reads them anew."""
    lock(person)


def likely_same(person: Person) -> Sequence[Person]:
    """Others of the same name behind the same door, or at the same phone."""
    near: list[Person] = []
    if person.building_id and person.door:
        near += find_at_door(person.building_id, person.unit, person.door)
    if person.phone:
        near += find_by_phone(person.phone)
    plain = names.plain_name(person.name)
    same = {other.id: other for other in near if names.plain_name(other.name) == plain and other.id != person.id}
    return list(same.values())


def _trust_door(person: Person, *, by: Person | None, now: datetime) -> None:
    """A door that the desk writes down is verified; one that somebody says of themselves is not."""
    is_known = by is not None and has_door(person)
    person.door_verified_at = now if is_known else None
    person.door_verified_by_id = by.id if by is not None and is_known else None


def _fill(person: Person, record: PersonRecord, *, now: datetime) -> None:
    """Put the record on the person, tidied; raises RuleBroken carrying all that is wrong."""
    wrong = _identity_numbers(record)
    taken = {error.field for error in wrong}
    today = local_date(now)
    name = _try(wrong, taken, "name", lambda: rules.name_of(record.name))
    phone = _try(wrong, taken, "phone", lambda: phones.normalise(record.phone) if record.phone.strip() else None)
    unit = _try(wrong, taken, "unit", lambda: _of_a_door(record.unit, field="unit"))
    door = _try(wrong, taken, "door", lambda: _of_a_door(record.door, field="door"))
    _try(wrong, taken, "birth_year", lambda: rules.check_birth_year(record.birth_year, today=today))
    _try(wrong, taken, "building_id", lambda: _check_building(record))
    broken_rules(wrong)
    key = names.tidy_key(record.sort_key) or names.sort_key(name)
    person.name, person.sort_key, person.initials = name, key, names.initials_of_key(key)
    person.phone, person.phone_tail = phone, phones.tail(phone)
    person.phone_is_relatives = record.phone_is_relatives and phone is not None
    person.building_id, person.unit, person.door = record.building_id, unit, door
    person.birth_year, person.lives_alone = record.birth_year, record.lives_alone


def _try(wrong: list[DomainError], taken: set[str | None], field: str, read: Any) -> Any:
    """What `read` gives; where it refuses, the refusal joins the others. One refusal a field is enough."""
    if field in taken:
        return None
    try:
        return read()
    except RuleBroken as error:
        wrong.append(error)
        return None


def _identity_numbers(record: PersonRecord) -> list[DomainError]:
    return [
        RuleBroken(
            _l("This looks like an identity-card number. The centre keeps none: please leave it out."), field=each.name
        )
        for each in fields(record)
        if _has_identity_number(getattr(record, each.name))
    ]


def _has_identity_number(value: object) -> bool:
    digits = re.sub(r"[\s.·-]+", "", unicodedata.normalize("NFKC", str(value)))
    return IDENTITY_NUMBER.search(digits) is not None


def _of_a_door(text: str, *, field: str) -> str:
    """A unit or door as it is kept: "2单元" is 2, "301室" is 301."""
    plain = _WORDS_OF_A_DOOR.sub("", unicodedata.normalize("NFKC", text).strip().upper()).strip()
    if plain and not _UNIT_OR_DOOR.fullmatch(plain):
        raise RuleBroken(_l("At most ten digits or letters, such as 2 or 301."), field=field)
    return plain


def _check_building(record: PersonRecord) -> None:
    if record.building_id is None:
        if record.unit.strip() or record.door.strip():
            raise RuleBroken(_l("Which building is this door in?"), field="building_id")
    elif db.session.get(Building, record.building_id) is None:
        raise RuleBroken(_l("There is no such building."), field="building_id")
