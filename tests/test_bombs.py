"""Files cannot stop the site: whatever is sent, reading it ends within two seconds and two hundred megabytes."""

import fcntl
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from flask import Flask

from center.activities.photos import images
from center.kernel import apart
from center.kernel.apart import ReaderEndedError, command_of, read_apart
from center.kernel.config import ROOT
from center.kernel.errors import Busy, RuleBroken
from tests import bombs
from tests.engines import ONE_ENGINE
from tests.pictures import picture

WEIGHING = Path(__file__).with_name("weighing.py")
ROOMS = ROOT / "center" / "rooms"
READERS: dict[str, tuple[Mapping[str, Callable[[], bytes]], Callable[[bytes], list[str]]]] = {
    "picture": (bombs.PICTURES, lambda sent: command_of(images.READER, images.kind_of(sent))),
    "calendar": (bombs.CALENDARS, lambda _sent: command_of(ROOMS / "calendar_file.py", "Asia/Shanghai", "2026-11-23")),
    "table": (bombs.TABLES, lambda _sent: command_of(ROOMS / "table_file.py")),
}


@pytest.mark.parametrize(
    ("kind", "name"), [pytest.param(kind, name, id=f"{kind}: {name}") for kind in READERS for name in READERS[kind][0]]
)
def test_a_bomb_costs_less_than_two_seconds_and_two_hundred_megabytes(kind: str, name: str) -> None:
    made, command = READERS[kind]
    sent = made[name]()
    assert len(sent) <= images.MOST_BYTES
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(WEIGHING), *command(sent)], input=sent, capture_output=True, check=True
    )
    took = json.loads(done.stderr)
    assert took["seconds"] < 2, took
    assert took["megabytes"] < 200, took
    answer = json.loads(done.stdout.partition(b"\n")[0]) if took["code"] == 0 else {"ended": took["code"]}
    assert answer.keys() & {"refused", "ended", "width", "lines"}


@pytest.mark.parametrize("name", ["the same scan four thousand times", "long and low", "large and progressive"])
@ONE_ENGINE
def test_a_picture_that_would_take_too_long_is_refused_in_words(app: Flask, name: str) -> None:
    with app.test_request_context("/?lang=en"), pytest.raises(RuleBroken, match="smaller") as refused:
        images.draw(bombs.PICTURES[name]())
    assert refused.value.field == "photo"


def test_a_sound_picture_comes_back_from_its_own_process() -> None:
    drawn = images.draw(picture(900, 600))
    assert (drawn.width, drawn.height, drawn.large[:2], drawn.small[:2]) == (900, 600, b"\xff\xd8", b"\xff\xd8")


@pytest.fixture
def reader(tmp_path: Path) -> Path:
    """A reader of files; the test says what it does."""
    return tmp_path / "reader.py"


@pytest.mark.parametrize(
    "does",
    [
        pytest.param("while True: pass", id="never ends"),
        pytest.param("bytearray(400 * 2**20)", id="takes much memory"),
        pytest.param("raise SystemExit(1)", id="stumbles"),
        pytest.param("file = open(__file__ + '.left', 'w'); file.write('x'); file.flush()", id="writes a file"),
    ],
)
def test_a_reader_that_does_what_it_should_not_is_ended(reader: Path, does: str) -> None:
    reader.write_text(does)
    with pytest.raises(ReaderEndedError):
        read_apart(reader, content=b"")


def test_a_reader_is_told_nothing_secret(reader: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CENTER_SECRET_KEY", "s" * 40)
    reader.write_text("import os, sys; print(os.environ, sys.stdin.read(), sys.argv[1:])")
    said = read_apart(reader, "word", content=b"content").decode()
    assert "s" * 40 not in said
    assert "content ['word']" in said


def test_files_of_one_kind_are_read_one_at_a_time_by_all_processes(
    reader: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.write_text("print(1)")
    monkeypatch.setattr(apart, "WAIT", 0.2)
    with reader.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Busy):
            read_apart(reader, content=b"")
    assert read_apart(reader, content=b"") == b"1\n"


def test_files_that_wait_hold_no_more_than_two_threads(reader: Path) -> None:
    reader.write_text("print(1)")
    found: list[bytes] = []
    waiting = [threading.Thread(target=lambda: found.append(read_apart(reader, content=b""))) for _ in range(2)]
    with reader.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        for thread in waiting:
            thread.start()
        while apart._lines[reader].acquire(blocking=False):  # until both are in line
            apart._lines[reader].release()
        with pytest.raises(Busy):
            read_apart(reader, content=b"")
    for thread in waiting:
        thread.join()
    assert found == [b"1\n", b"1\n"]
