"""Everything encrypted anew under another key: killed at any moment, beside those who write, and nothing is lost."""

import json
import stat
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from center.commands import CannotDoError, archive, doctor, encrypted_rows, keys
from center.commands.cli import cli
from center.commands.doctor import Verdict
from center.kernel import data_keys
from center.kernel.config import SettingsError
from center.kernel.data_keys import KeyStore
from center.kernel.db import db, transaction
from center.kernel.encrypted import key_of
from tests.conftest import make_app
from tests.encrypted_records import Own, Record
from tests.engines import ONE_ENGINE, dispose
from tests.processes import Forked

NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)
TABLES = list(Own.metadata.sorted_tables)
KEY = "00" * 32
LATER = NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def store(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyStore]:
    """Keys in a file, and the table of these tests in place of the site's."""
    Own.metadata.create_all(db.engine)
    settings = replace(app.extensions["settings"], data_keys="", data_dir=tmp_path)
    monkeypatch.setitem(app.extensions, "settings", settings)
    monkeypatch.setitem(app.extensions, "data_keys", KeyStore(settings))
    for module in (encrypted_rows, keys):
        monkeypatch.setattr(module, "encrypted_tables", lambda: TABLES)
    monkeypatch.setattr(keys, "PAUSE_SECONDS", 0.01)
    yield data_keys.store()
    db.session.rollback()
    Own.metadata.drop_all(db.engine)


def write(count: int) -> None:
    with transaction() as session:
        session.add_all(Record(child_id=n, health=f"过敏 {n}", remark=f"备注 {n}") for n in range(1, count + 1))


def ids_in_use() -> set[str]:
    db.session.rollback()
    found = db.session.execute(text("SELECT health, remark FROM encrypted_records")).all()
    return {key_of(kept) for row in found for kept in row}


def read() -> list[tuple[Any, Any]]:
    db.session.rollback()
    db.session.expire_all()
    return [(each.health, each.remark) for each in db.session.scalars(select(Record).order_by(Record.id))]


def rotate(**changes: Any) -> keys.Rotated:
    return keys.rotate(**{"now": NOW, "tables": TABLES, "wrote": lambda _rows: None, **changes})


def run(app: Flask, *arguments: str) -> Result:
    db.session.rollback()
    return app.test_cli_runner().invoke(cli, list(arguments))


def test_all_is_encrypted_anew_and_reads_as_before(store: KeyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "BATCH", 3)
    write(10)
    before, old = read(), store.ring().current
    wrote: list[int] = []
    done = rotate(wrote=wrote.append)
    assert (done.rows, done.left, wrote) == (10, {}, [3, 3, 3, 1])
    assert done.key == store.ring().current != old
    assert ids_in_use() == {done.key}
    assert read() == before


def test_a_second_time_is_another_key_and_a_stopped_time_goes_on(
    store: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "BATCH", 2)
    write(5)
    before = read()

    def stop(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(wrote=stop)
    assert len(ids_in_use()) == 2
    assert read() == before
    second = store.ring().current
    assert (rotate().key, rotate().key != second) == (second, True)
    assert len(store.ring().keys) == 3
    assert read() == before


def test_a_killed_rotation_loses_nothing_and_is_run_again(
    app: Flask, store: KeyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "BATCH", 2)
    write(9)
    before, old = read(), store.ring().current
    db.session.rollback()
    sign = tmp_path / "wrote"
    process = Forked(rotate_and_wait, app.extensions["settings"].database_url, str(tmp_path), str(sign))
    until = time.monotonic() + 60
    while not sign.exists() and time.monotonic() < until:
        time.sleep(0.02)
    process.kill()
    process.wait(10)
    assert ids_in_use() == {old, store.ring().current}
    assert read() == before
    done = rotate()
    assert (ids_in_use(), len(store.ring().keys)) == ({done.key}, 2)
    assert read() == before


def rotate_and_wait(url: str, folder: str, sign: str) -> None:
    """In a process of its own: write one batch, and hold the second open until somebody kills this."""
    app = make_app(url, data_dir=Path(folder), data_keys="")
    keys.BATCH = 2

    def wrote(_rows: int) -> None:
        Path(sign).touch()
        time.sleep(60)

    with app.app_context():
        keys.rotate(now=NOW, tables=TABLES, wrote=wrote)
    dispose(app)


def test_nobody_who_writes_meanwhile_loses_anything(
    app: Flask, store: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "BATCH", 2)
    write(12)
    last: dict[int, str] = {}
    is_done = threading.Event()

    def edit(mine: range) -> None:
        with app.app_context():
            n = 0
            while not is_done.is_set() or n < 3:
                n += 1
                for child in mine:
                    with transaction() as session:
                        record = session.scalars(select(Record).where(Record.child_id == child)).one()
                        record.health = last[child] = f"改 {child}.{n}"
            db.session.remove()

    threads = [threading.Thread(target=edit, args=(range(start, 13, 2),)) for start in (1, 2)]
    for thread in threads:
        thread.start()
    for _n in range(4):
        rotate()
    is_done.set()
    for thread in threads:
        thread.join(60)
    done = rotate()
    assert done.left == {}
    assert ids_in_use() == {done.key}
    assert read() == [(last[n], f"备注 {n}") for n in range(1, 13)]


def test_what_cannot_be_read_is_left_as_it_is_and_said(store: KeyStore) -> None:
    write(3)
    with transaction() as session:
        session.execute(text("UPDATE encrypted_records SET health = 'aes1:gone:AAAA' WHERE child_id = 2"))
    done = rotate()
    assert (done.rows, done.left) == (3, {"encrypted_records": 1})
    assert ids_in_use() == {"gone", done.key}
    assert [each.values for each in keys.known_keys(TABLES) if not each.is_here] == [1]


def test_a_row_that_somebody_holds_is_not_waited_for(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite there is one writer at a time, so nobody can hold a row."""
    if db.engine.dialect.name == "sqlite":
        return
    monkeypatch.setattr(keys, "PASSES", 2)
    write(3)
    with db.engine.connect() as other:
        other.execute(text("SELECT 1 FROM encrypted_records WHERE child_id = 2 FOR UPDATE"))
        assert rotate().left == {"encrypted_records": 1}
        other.rollback()
    assert rotate().left == {}


def test_a_key_goes_only_when_nothing_needs_it(store: KeyStore) -> None:
    write(1)
    old = store.ring().current
    new = keys.make_key(now=NOW)
    for key, now, says in [
        ("nosuch", LATER, "There is no key"),
        (new, LATER, "is the current key"),
        (old, LATER, "2 values need the key"),
    ]:
        with pytest.raises(CannotDoError, match=says):
            keys.retire_key(key, now=now, tables=TABLES)
    rotate()
    with pytest.raises(CannotDoError, match="less than an hour old"):
        keys.retire_key(old, now=NOW, tables=TABLES)
    keys.retire_key(old, now=LATER, tables=TABLES)
    assert set(store.ring().keys) == {new}
    assert read() == [("过敏 1", "备注 1")]


@ONE_ENGINE
def test_the_file_is_made_once_for_its_owner_alone_and_read_again_when_it_changes(
    app: Flask, store: KeyStore, tmp_path: Path
) -> None:
    made = at_once(lambda: KeyStore(app.extensions["settings"]).ring().current)
    assert len(set(made)) == 1
    assert stat.S_IMODE(store.file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["data-keys.json"]
    other = KeyStore(app.extensions["settings"])
    assert other.ring().current == made[0]
    key = keys.make_key(now=NOW)
    assert other.ring().current == key
    assert set(other.ring().keys) == {made[0], key}


@ONE_ENGINE
def test_who_make_keys_at_once_lose_none(app: Flask, store: KeyStore) -> None:
    def make() -> str:
        with app.app_context():
            return keys.make_key(now=NOW)

    made = at_once(make)
    assert set(made) < set(store.ring().keys)
    assert len(store.ring().keys) == len(made) + 1


def at_once(task: Callable[[], str], count: int = 8) -> list[str]:
    found: list[str] = []
    gate = threading.Barrier(count)

    def run_it() -> None:
        gate.wait(10)
        found.append(task())

    threads = [threading.Thread(target=run_it) for _n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == count
    return found


@ONE_ENGINE
@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"current": "a", "keys": {}}', '{"current": "a", "keys": {"a": {"key": "00"}}}']
)
def test_a_broken_file_is_said_and_left_alone(store: KeyStore, content: str) -> None:
    store.file.write_text(content)
    with pytest.raises(SettingsError, match=r"data-keys\.json"):
        store.ring()
    assert store.file.read_text() == content


@ONE_ENGINE
@pytest.mark.parametrize(
    "given",
    ["a", "a:00", f"A:{'00' * 32}", f"a:{'zz' * 32}", f"a:{'00' * 32},a:{'11' * 32}", ",", f"{'a' * 33}:{'00' * 32}"],
)
def test_wrong_given_keys_are_refused_and_named(given: str) -> None:
    with pytest.raises(SettingsError, match="CENTER_DATA_KEYS"):
        data_keys.given(given)


@ONE_ENGINE
def test_the_command_lists_makes_rotates_and_retires(app: Flask, store: KeyStore) -> None:
    write(2)
    old = store.ring().current
    assert f"{old:<12} current          4 values" in run(app, "keys", "list").output
    assert "Made " in run(app, "keys", "new").output
    done = run(app, "keys", "rotate")
    assert (done.exit_code, "2 rows were encrypted anew" in done.output) == (0, True)
    assert "less than an hour old" in run(app, "keys", "retire", old).output
    told = json.loads(store.file.read_text())
    told["keys"][told["current"]]["made_at"] = "2026-01-01T00:00:00+00:00"
    store.file.write_text(json.dumps(told))
    assert "is gone" in run(app, "keys", "retire", old).output
    with transaction() as session:
        session.execute(text("UPDATE encrypted_records SET health = 'aes1:gone:AAAA'"))
    for command in ("list", "rotate"):
        failed = run(app, "keys", command)
        assert (failed.exit_code, "Traceback" in failed.output) == (1, False)
    assert "MISSING" in run(app, "keys", "list").output


@ONE_ENGINE
def test_keys_that_are_given_are_changed_where_they_are_given(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(app.extensions["settings"], data_keys=f"first:{'00' * 32}")
    monkeypatch.setitem(app.extensions, "data_keys", KeyStore(settings))
    write(2)
    said = run(app, "keys", "new").output
    front = said.splitlines()[-1]
    assert "Put this key in front" in said
    with pytest.raises(SettingsError, match="CENTER_DATA_KEYS"):
        keys.make_key(now=NOW)
    settings = replace(settings, data_keys=f"{front},{settings.data_keys}")
    monkeypatch.setitem(app.extensions, "data_keys", KeyStore(settings))
    assert run(app, "keys", "rotate").exit_code == 0
    assert ids_in_use() == {front.partition(":")[0]}


def found() -> list[tuple[Verdict, str]]:
    db.session.rollback()
    return [(each.verdict, each.says) for each in doctor._encrypted()]


def test_the_doctor_says_under_which_keys_values_are_and_what_cannot_be_read(store: KeyStore) -> None:
    assert found() == [(Verdict.FINE, "values: none")]
    write(2)
    old = store.ring().current
    assert found() == [(Verdict.FINE, f"values: 4 under {old}")]
    keys.make_key(now=NOW)
    [(verdict, says)] = found()
    assert (verdict, "`center keys rotate`" in says) == (Verdict.LOOK, True)
    rotate()
    with transaction() as session:
        session.execute(text("UPDATE encrypted_records SET child_id = 9, remark = 'aes1:gone:AAAA' WHERE child_id = 1"))
        session.execute(text("UPDATE encrypted_records SET remark = 'plain' WHERE child_id = 2"))
    said = found()
    assert {verdict for verdict, _says in said} == {Verdict.WRONG}
    assert "1 under gone" in said[0][1]
    assert "1 under no key" in said[0][1]
    assert [says for _verdict, says in said[1:]] == [
        "1 values of encrypted_records.health cannot be read",
        "2 values of encrypted_records.remark cannot be read",
    ]


@ONE_ENGINE
def test_the_doctor_finds_keys_that_others_can_read(store: KeyStore) -> None:
    store.ring()
    assert doctor._data_keys().verdict is Verdict.FINE
    store.file.chmod(0o640)
    assert doctor._data_keys().verdict is Verdict.WRONG


@ONE_ENGINE
def test_a_backup_says_which_keys_it_needs_and_has_none_of_them(app: Flask, store: KeyStore, tmp_path: Path) -> None:
    write(1)
    old = store.ring().current
    file = tmp_path / "b.backup"
    said = run(app, "backup", str(file)).output
    assert f"keys that are not in it: {old}" in said
    assert store.ring().keys[old].hex().encode() not in file.read_bytes()
    assert archive.read_manifest(file).keys == [old]
    store.file.unlink()
    db.session.rollback()
    restored = app.test_cli_runner().invoke(cli, ["restore", str(file)], input="n\n")
    assert f"It needs the key {old}, which is not here" in restored.output
