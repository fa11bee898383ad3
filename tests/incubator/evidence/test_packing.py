"""The worker makes a pack: whole, once, after a kill anew; nobody's whole name or phone is in it; it ends."""

import hashlib
import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import insert, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from center.incubator.evidence import gathering, packing, packs, pictures, spending, sweeps
from center.incubator.evidence.gathering import Gathered
from center.incubator.models.evidence import EvidenceDownload, EvidencePack, PackState, SpendingEntry
from center.kernel.db import change_rows, db, transaction
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.people.masking import masked_name
from tests.builders import at
from tests.engines import ONE_ENGINE
from tests.feedback.builders import after
from tests.incubator.evidence.builders import (
    PDF,
    Month,
    ask_pack,
    file_of,
    make_month,
    make_picture,
    make_spending,
    read_anew,
)

MAKES, ENDS = sweeps.SWEEPS


@pytest.fixture(autouse=True)
def _own_folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "folder", lambda: tmp_path)


def make(pack: EvidencePack, month: Month) -> None:
    with time_machine.travel(after(month.session, hours=3), tick=False):
        packing.make(pack.id, after(month.session, hours=3))


@ONE_ENGINE
def test_all_that_there_is_is_in_the_pack_with_its_hashes() -> None:
    month = make_month()
    make_picture(month)
    make_spending(month)
    pack = ask_pack(month)
    make(pack, month)
    made = read_anew(pack)
    assert (made.state, made.done == made.total, made.tries) == (PackState.READY, True, 1)
    content = file_of(pack).read_bytes()
    assert hashlib.sha256(content).hexdigest() == made.digest
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert {each.split("/")[0] for each in names} == {
            *("notice", "photographs", "register", "feedback", "spending", "self-evaluation.html"),
            *("index.html", "index.xlsx", "SHA256SUMS.txt"),
        }
        listed = [line.split("  ", 1) for line in archive.read("SHA256SUMS.txt").decode().splitlines()]
        sums = {name: digest for digest, name in listed}
        assert set(sums) == set(names) - {"SHA256SUMS.txt"}
        for name, digest in sums.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        assert PDF in [archive.read(each) for each in names if "receipts" in each]
        index = archive.read("index.html").decode()
        assert all(name in index for name in names if "/" in name)


@ONE_ENGINE
def test_nobodys_whole_name_or_phone_is_in_it() -> None:
    month = make_month()
    pack = ask_pack(month)
    make(pack, month)
    with zipfile.ZipFile(file_of(pack)) as archive:
        page = load_workbook(io.BytesIO(archive.read("register/register.xlsx"))).active
        assert page is not None
        written = str([cell.value for row in page.iter_rows() for cell in row])
        assert masked_name(month.lesson.people[0].name) in written
        everything = written + "".join(archive.read(each).decode() for each in archive.namelist() if "html" in each)
    for person in month.lesson.people:
        assert person.name not in everything
        assert str(person.phone) not in everything


@ONE_ENGINE
def test_what_a_maker_who_was_killed_left_is_made_anew_once_its_lease_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    month = make_month()
    pack, now = ask_pack(month), after(month.session, hours=3)
    real = packing._close
    monkeypatch.setattr(packing, "_close", lambda *_all: (_ for _ in ()).throw(SystemExit))
    with time_machine.travel(now, tick=False), pytest.raises(SystemExit):
        packing.make(pack.id, now)
    (packs.folder() / f"{pack.id}-dead.part").write_bytes(b"half")
    assert read_anew(pack).state is PackState.MAKING
    assert list(MAKES.due(now)) == []
    later = now + timedelta(minutes=3)
    assert list(MAKES.due(later)) == [pack.id]
    monkeypatch.setattr(packing, "_close", real)
    with time_machine.travel(later, tick=False):
        packing.make(pack.id, later)
        packing.make(pack.id, later)
    assert (read_anew(pack).state, read_anew(pack).tries) == (PackState.READY, 2)
    assert [each.name for each in packs.folder().iterdir()] == [read_anew(pack).file]


@ONE_ENGINE
def test_a_maker_who_was_slow_writes_nothing_once_another_one_has_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    month = make_month()
    pack, now = ask_pack(month), after(month.session, hours=3)
    real = packing._digest_of

    def slowly(path: Path) -> str:
        with transaction():
            assert packs.claim(pack.id, now=now + timedelta(minutes=3))
        return real(path)

    monkeypatch.setattr(packing, "_digest_of", slowly)
    with time_machine.travel(now, tick=False):
        packing.make(pack.id, now)
    assert read_anew(pack).state is PackState.MAKING
    assert list(packs.folder().iterdir()) == []


@ONE_ENGINE
def test_after_three_tries_it_is_given_up_and_another_can_be_asked_for() -> None:
    month = make_month()
    pack, now = ask_pack(month), after(month.session, hours=3)
    for n in range(4):
        with transaction():
            packs.claim(pack.id, now=now + timedelta(minutes=3 * n))
    assert read_anew(pack).state is PackState.FAILED
    assert list(MAKES.due(now + timedelta(days=1))) == []
    assert ask_pack(month).id != pack.id


def test_one_pack_of_an_organisation_is_made_at_a_time_and_the_database_holds_it() -> None:
    month = make_month(1)
    pack = ask_pack(month)
    with pytest.raises(Conflict):
        ask_pack(month)
    row = {"organisation_id": month.organisation.id, "first_on": pack.first_on, "last_on": pack.last_on, "locale": "zh"}
    second = insert(EvidencePack).values(state="waiting", asked_by_id=month.lead.id, asked_at=at(12), **row)
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(second)
    with transaction():
        change_rows(update(EvidencePack).values(state="failed"))
    with transaction() as session:  # the first one being over, the same is taken: the index is what refused
        session.execute(second)


@ONE_ENGINE
def test_a_fetch_is_written_down_and_after_two_weeks_the_file_is_gone() -> None:
    month = make_month()
    pack = ask_pack(month)
    with pytest.raises(NotFound), transaction():
        packs.fetch(read_anew(pack), by=month.lead, now=at(13))
    make(pack, month)
    with transaction():
        assert packs.fetch(read_anew(pack), by=month.lead, now=at(14)).is_file()
    assert [each.by_id for each in packs.downloads_of(pack)] == [month.lead.id]
    over = after(month.session) + timedelta(days=15)
    for _twice in range(2):
        for each in ENDS.due(over):
            ENDS.settle(each, over)
    assert read_anew(pack).state is PackState.EXPIRED
    assert list(packs.folder().iterdir()) == []
    with pytest.raises(NotFound), transaction():
        packs.fetch(read_anew(pack), by=month.lead, now=over)


@ONE_ENGINE
def test_files_of_which_the_database_knows_nothing_go_by_their_age(tmp_path: Path) -> None:
    """Such as after a backup from before they were made was brought back."""
    month = make_month()
    now = after(month.session, hours=3)
    old, young = tmp_path / "977-of-a-database-before.zip", tmp_path / "978-of-yesterday.zip"
    for each, days in ((old, 16), (young, 1)):
        each.write_bytes(b"PK")
        then = (now - timedelta(days=days)).timestamp()
        os.utime(each, (then, then))
    pack = ask_pack(month)
    make(pack, month)
    assert (old.exists(), young.exists()) == (False, True)
    assert read_anew(pack).state is PackState.READY


@ONE_ENGINE
def test_a_photograph_taken_away_meanwhile_leaves_the_pack_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    month = make_month()
    kept, gone = make_picture(month), make_picture(month, b"\xff\xd8\xff two")
    real = gathering.gather

    def gather_and_remove(*args: Any, **facts: Any) -> Gathered:
        found = real(*args, **facts)
        with transaction():
            pictures.remove(db.session.merge(gone))
        return found

    monkeypatch.setattr(packing, "gather", gather_and_remove)
    pack = ask_pack(month)
    make(pack, month)
    with zipfile.ZipFile(file_of(pack)) as archive:
        assert len([each for each in archive.namelist() if each.startswith("photographs/")]) == 1
    assert kept.id != gone.id


def test_what_was_spent_is_altered_by_nobody_and_struck_once() -> None:
    month = make_month(1)
    entry = make_spending(month)
    with pytest.raises(Conflict):
        make_spending(month)
    with pytest.raises(RuleBroken), transaction():
        spending.strike(entry, reason=" ", by=month.lead, now=at(13))
    with transaction():
        spending.strike(db.session.merge(entry), reason="记错了", by=month.lead, now=at(13))
    changes = ({"fen": 1}, {"struck_reason": "别的"}, {"receipt_digest": "x"})
    for change in changes:
        with pytest.raises(DBAPIError, match="spending_entries_stay"), transaction():
            change_rows(update(SpendingEntry).values(**change))
    make_spending(month)  # struck, it may be entered anew
    assert spending.sum_of(spending.entries_of(month.organisation.id)) == 3050


def test_that_a_pack_was_fetched_stays() -> None:
    month = make_month(1)
    pack = ask_pack(month)
    with transaction() as session:
        session.add(EvidenceDownload(pack_id=pack.id, by_id=month.lead.id, at=at(13)))
    with pytest.raises(DBAPIError, match="evidence_downloads_stay"), transaction():
        change_rows(update(EvidenceDownload).values(at=at(14)))


@ONE_ENGINE
def test_receipts_are_told_by_what_is_in_them() -> None:
    assert spending.read_receipt(b"") is None
    for sent in (b"#!/bin/sh", b"\xff\xd8\xff no picture", b"RIFF....AVI "):
        with pytest.raises(RuleBroken) as refused:
            spending.read_receipt(sent)
        assert refused.value.field == "receipt"
    kept = spending.read_receipt(PDF)
    assert kept is not None
    assert kept.content == PDF
