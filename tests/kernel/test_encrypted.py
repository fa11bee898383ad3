"""What is kept encrypted is read where it was written, and nowhere else; and what cannot be read is never nothing."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, render_template_string
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError

from center.kernel import data_keys
from center.kernel.data_keys import KeyStore
from center.kernel.db import Base, db, transaction
from center.kernel.encrypted import (
    encrypt,
    encrypted_columns,
    key_of,
    owned,
)
from center.kernel.unreadable import CannotBeRead, Reason, Unreadable, text_of
from tests.encrypted_records import Own, Record
from tests.engines import ONE_ENGINE

NUTS = "花生 → 呼吸困难"


@pytest.fixture(autouse=True)
def table(app: Flask) -> Iterator[None]:
    Own.metadata.create_all(db.engine)
    yield
    db.session.rollback()
    Own.metadata.drop_all(db.engine)


def written(**facts: Any) -> Record:
    with transaction() as session:
        record = Record(**{"child_id": 7, "health": NUTS, "remark": "x"} | facts)
        session.add(record)
    return record


def read(record: Record) -> Record:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Record, record.id)


def kept(column: str = "health") -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(text(f"SELECT {column} FROM encrypted_records ORDER BY id")))


def change(statement: str, **values: Any) -> None:
    with transaction() as session:
        session.execute(text(statement), values)


def why(value: Any) -> Reason:
    assert isinstance(value, Unreadable)
    return value.reason


@pytest.fixture
def with_keys(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    def give(keys: str) -> None:
        settings = replace(app.extensions["settings"], data_keys=keys)
        monkeypatch.setitem(app.extensions, "data_keys", KeyStore(settings))
        db.session.rollback()
        db.session.expire_all()

    return give


def test_a_text_is_kept_encrypted_with_its_keys_id_and_read_as_it_was() -> None:
    record = written()
    [raw] = kept()
    assert raw.startswith("aes1:tests:")
    assert key_of(raw) == "tests"
    assert "花生" not in raw
    assert read(record).health == NUTS
    assert read(record).habits is None


def test_the_same_text_is_never_kept_alike() -> None:
    written(), written()
    first, second = kept()
    assert first != second
    first, second = kept("remark")
    assert first != second


def test_a_changed_text_and_a_changed_owner_are_kept_anew() -> None:
    record = written()
    before = kept()
    with transaction():
        record.child_id = 8
        record.remark = "y"
    assert kept() != before
    assert (read(record).health, read(record).remark) == (NUTS, "y")
    with transaction():
        record.health = "无"
    assert read(record).health == "无"
    with transaction():
        record.health = None
    assert read(record).health is None


@pytest.mark.parametrize("at", [-1, -20, 12, 30], ids=["its end", "its tag", "its nonce", "its text"])
def test_an_altered_text_is_unreadable_and_not_empty(at: int) -> None:
    record = written()
    [raw] = kept()
    letter = "B" if raw[at] == "A" else "A"
    change("UPDATE encrypted_records SET health = :new", new=raw[:at] + letter + raw[at:][1:] if at != -1 else raw[:-8])
    assert why(read(record).health) is Reason.ALTERED
    assert read(record).remark == "x"


@pytest.mark.parametrize(
    "nonsense", ["", "plain text", "aes1:tests:", "aes1:tests:%%%", "aes1:tests:AAAA", "aes1::AAAA"]
)
def test_what_was_never_encrypted_is_unreadable(nonsense: str) -> None:
    record = written()
    change("UPDATE encrypted_records SET health = :new", new=nonsense)
    assert why(read(record).health) is Reason.ALTERED


def test_a_text_in_another_column_or_of_another_child_is_unreadable() -> None:
    first, second = written(), written(child_id=8, health="无", habits="左手")
    raw = kept()
    change("UPDATE encrypted_records SET habits = health WHERE id = :id", id=first.id)
    assert why(read(first).habits) is Reason.ALTERED
    change("UPDATE encrypted_records SET health = :raw WHERE id = :id", raw=raw[1], id=first.id)
    assert why(read(first).health) is Reason.OTHER_OWNER
    change("UPDATE encrypted_records SET child_id = 9 WHERE id = :id", id=second.id)
    assert [why(read(second).health), why(read(second).habits)] == [Reason.OTHER_OWNER] * 2
    change("UPDATE encrypted_records SET child_id = 8 WHERE id = :id", id=second.id)
    assert read(second).health == "无"


def test_under_another_key_of_that_id_and_without_the_key_it_is_unreadable(with_keys: Any) -> None:
    record = written()
    with_keys(f"tests:{'00' * 32}")
    assert why(read(record).health) is Reason.ALTERED
    with_keys(f"newer:{'00' * 32}")
    found = read(record).health
    assert why(found) is Reason.KEY_IS_MISSING
    assert str(found) == "无法读取：缺少密钥 tests。"
    assert bool(found)
    with pytest.raises(CannotBeRead, match="缺少密钥 tests"):
        text_of(found or "")


def test_an_older_key_still_reads_and_the_first_one_writes(with_keys: Any) -> None:
    record = written()
    with_keys(f"newer:{'00' * 32}, tests:{'7e' * 32}")
    assert read(record).health == NUTS
    written()
    assert [key_of(raw) for raw in kept()] == ["tests", "newer"]


@pytest.mark.parametrize("is_read_first", [True, False])
def test_nothing_is_written_over_what_cannot_be_read_now(with_keys: Any, is_read_first: bool) -> None:
    record = written()
    before = kept()
    with_keys(f"newer:{'00' * 32}")
    with pytest.raises(CannotBeRead), transaction():
        if is_read_first:
            assert record.health
        record.health = "无"
    assert kept() == before
    with transaction():
        record.child_id = 7
        record.remark = None
        record.habits = "左手"
    assert kept() == before
    with transaction():
        record.health = None
    assert kept() == [None]


def test_a_row_written_without_its_class_names_its_owner() -> None:
    with pytest.raises(StatementError, match="bound to child_id"), transaction() as session:
        session.execute(insert(Record).values(child_id=7, health=NUTS))
    with transaction() as session:
        session.execute(insert(Record).values(child_id=7, health=owned(NUTS, 7), remark="x"))
    [record] = db.session.scalars(select(Record))
    assert (record.health, record.remark) == (NUTS, "x")


@ONE_ENGINE
def test_a_page_can_tell_it_from_a_text(with_keys: Any) -> None:
    record = written()
    with_keys(f"newer:{'00' * 32}")
    page = "{% if it is unreadable %}! {{ it }}{% else %}{{ it or 'none' }}{% endif %}"
    assert render_template_string(page, it=read(record).health) == "! 无法读取：缺少密钥 tests。"
    assert render_template_string(page, it=NUTS) == NUTS


@ONE_ENGINE
def test_every_encrypted_column_has_a_name_of_its_own(app: Flask) -> None:
    names = [kind.name for table in Base.metadata.tables.values() for _column, kind in encrypted_columns(table)]
    assert len(names) == len(set(names))


@ONE_ENGINE
def test_no_key_is_shown_where_it_is_logged(app: Flask) -> None:
    ring = data_keys.store().ring()
    assert "7e7e" not in repr(ring)
    assert "7e7e" not in repr(app.extensions["settings"])
    assert encrypt("x", name="a") != encrypt("x", name="a")
