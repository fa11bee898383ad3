"""What the desk writes down about people."""

from typing import Any

import pytest
import structlog
from sqlalchemy import func, select
from structlog.testing import LogCapture

from center.kernel import clock, trail
from center.kernel.db import db, transaction
from center.kernel.errors import DomainError, RuleBroken
from center.people import records, search
from center.people.models import Person
from center.people.records import LooksKnown, PersonRecord
from tests.builders import make_building, make_person
from tests.engines import ONE_ENGINE


def add(by: Person, *, is_somebody_else: bool = False, **typed: Any) -> Person:
    with transaction():
        record = PersonRecord(**{"name": "李秀英", **typed})
        return records.add_person(record, by=by, now=clock.now(), is_somebody_else=is_somebody_else)


def count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


@ONE_ENGINE
@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "李420107194801010023"),
        ("phone", "420107194801010023"),
        ("phone", "42010719480101002X"),
        ("phone", "420107 19480101 0023"),
        ("door", "４２０１０７１９４８０１０１００２３"),
        ("sort_key", "li 420107480101002"),
    ],
)
def test_an_identity_number_is_refused_in_any_field(app: object, field: str, typed: str) -> None:
    clerk = make_person()
    person: dict[str, Any] = {field: typed}
    with pytest.raises(RuleBroken) as refused:
        add(clerk, **person)
    assert refused.value.field == field
    assert "identity" in str(refused.value) or "身份" in str(refused.value)
    assert count() == 1


@ONE_ENGINE
@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "123"),
        ("name", "李🎉"),
        ("phone", "123"),
        ("birth_year", 48),
        ("birth_year", 2999),
        ("unit", "x" * 11),
        ("door", "三〇一"),
        ("building_id", 999),
    ],
)
def test_what_cannot_be_is_refused_on_its_field(app: object, field: str, typed: Any) -> None:
    clerk = make_person()
    with pytest.raises(DomainError) as refused:
        add(clerk, **{field: typed})
    assert field in {error.field for error in refused.value.every}
    assert count() == 1


def test_all_that_is_wrong_is_said_at_once(app: object) -> None:
    clerk = make_person()
    with pytest.raises(RuleBroken) as refused:
        add(clerk, name="", phone="1", door="301")
    assert {error.field for error in refused.value.every} == {"name", "phone", "building_id"}


@ONE_ENGINE
def test_a_person_is_written_down_as_the_desk_finds_them(app: object) -> None:
    clerk, three = make_person(), make_building(code="3栋")
    added = add(
        clerk,
        name=" 单　秀英 ",
        phone="+86 199 0000 5678",
        phone_is_relatives=True,
        building_id=three.id,
        unit="2单元",
        door="301室",
        birth_year=1948,
        lives_alone=True,
    )
    assert (added.name, added.sort_key, added.initials) == ("单 秀英", "shan xiu ying", "sxy")
    assert (added.phone, added.phone_tail, added.phone_is_relatives) == ("19900005678", "5678", True)
    assert (added.unit, added.door) == ("2", "301")
    for typed in ("3-2-301", "5678", "sxy"):
        assert [each.id for each in search.find_people(typed)] == [added.id]


@ONE_ENGINE
def test_nothing_but_a_name_is_needed(app: object) -> None:
    added = add(make_person(), name="买买提·艾力")
    assert (added.phone, added.phone_tail, added.building_id, added.phone_is_relatives) == (None, None, None, False)


@ONE_ENGINE
def test_the_reading_of_a_name_can_be_corrected(app: object) -> None:
    added = add(make_person(), name="乐嘉", sort_key="Lè Jiā")
    assert (added.sort_key, added.initials) == ("le jia", "lj")


@ONE_ENGINE
@pytest.mark.parametrize("known", ["door", "phone"])
def test_a_second_record_needs_a_second_look(app: object, known: str) -> None:
    clerk, three = make_person(), make_building()
    facts = {"building_id": three.id, "unit": "2", "door": "301"} if known == "door" else {"phone": "19900005678"}
    first = add(clerk, **facts)
    with pytest.raises(LooksKnown) as refused:
        add(clerk, **facts)
    assert [person.id for person in refused.value.people] == [first.id]
    second = add(clerk, is_somebody_else=True, **facts)
    assert second.id != first.id


@ONE_ENGINE
def test_a_relative_with_the_same_phone_is_somebody_else(app: object) -> None:
    clerk = make_person()
    add(clerk, name="李秀英", phone="19900005678")
    assert add(clerk, name="王芳", phone="19900005678", phone_is_relatives=True).id


def test_correcting_a_record_keeps_what_is_found_in_step(app: object) -> None:
    clerk = make_person()
    person = add(clerk, name="李秀英", phone="19900005678")
    with transaction():
        records.edit_person(person, PersonRecord(name="王芳", phone=""), by=clerk, now=clock.now())
    assert search.find_people("5678") == search.find_people("lxy") == []
    assert [each.id for each in search.find_people("wf")] == [person.id]


@ONE_ENGINE
def test_a_refused_correction_changes_nothing(app: object) -> None:
    clerk = make_person()
    person = add(clerk, name="李秀英", phone="19900005678")
    with pytest.raises(RuleBroken), transaction():
        records.edit_person(person, PersonRecord(name="王芳", phone="1"), by=clerk, now=clock.now())
    assert [each.name for each in search.find_people("5678")] == ["李秀英"]


@ONE_ENGINE
def test_telling_a_phone_is_logged_without_the_number(app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk, person = make_person(), make_person(phone="19900005678")
    lines = LogCapture()
    monkeypatch.setattr(
        trail, "log", structlog.wrap_logger(None, processors=[lines], wrapper_class=structlog.BoundLogger)
    )
    with transaction():
        assert records.tell_phone(person, by=clerk) == "19900005678"
    assert [(line["event"], line["person"], line["by"]) for line in lines.entries] == [
        ("phone_shown", person.id, clerk.id)
    ]
