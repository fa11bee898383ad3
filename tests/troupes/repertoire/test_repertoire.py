"""Pieces, who knows which, and their files."""

import io
import wave
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.troupes.models.pieces import FileKind, Level, PieceFile, PieceKind, PieceKnowledge
from center.troupes.models.troupes import MemberState
from center.troupes.repertoire import actions, file_kinds, files, queries
from center.troupes.repertoire.actions import PieceFacts
from center.troupes.repertoire.file_kinds import MB, MOST_FILES, format_of
from tests.builders import make_account
from tests.engines import ONE_ENGINE
from tests.troupes.builders import let_know, make_leader, make_member, make_piece, make_troupe, part_of

PDF = b"%PDF-1.4 score"


def recording() -> bytes:
    """A very short recording."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
        file.writeframes(b"\0\0" * 80)
    return out.getvalue()


@pytest.mark.parametrize(
    ("sent", "kind", "media_type"),
    [
        (PDF, FileKind.SCORE, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", FileKind.SCORE, "image/png"),
        (b"\xff\xd8\xff\xe0....", FileKind.SCORE, "image/jpeg"),
        (b"ID3\x04....", FileKind.RECORDING, "audio/mpeg"),
        (b"\xff\xfb\x90....", FileKind.RECORDING, "audio/mpeg"),
        (b"\0\0\0\x20ftypM4A ....", FileKind.RECORDING, "audio/mp4"),
        (b"OggS....", FileKind.RECORDING, "audio/ogg"),
        (recording(), FileKind.RECORDING, "audio/wav"),
    ],
)
def test_what_a_file_is_is_told_by_how_it_begins(sent: bytes, kind: FileKind, media_type: str) -> None:
    found = format_of(sent)
    assert (found[0], found[1].media_type) == (kind, media_type)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"MZ\x90\x00",
        b"PK\x03\x04",
        b"RIFF1234WEBP",
        b"GIF89a",
        b"\0\0\0\x20ftypavif",
        PDF + b"x" * (10 * MB),
        b"OggS" + b"x" * (25 * MB),
    ],
)
def test_a_file_of_another_kind_or_too_large_is_refused_on_its_field(sent: bytes) -> None:
    with pytest.raises(RuleBroken) as refused:
        format_of(sent)
    assert refused.value.field == "file"


@ONE_ENGINE
def test_a_file_is_kept_once_and_there_are_not_too_many(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    leader = make_leader(make_troupe())
    piece = make_piece(leader.troupe)

    def keep(sent: bytes) -> PieceFile:
        with transaction():
            return files.keep(piece, "谱子", sent, by=leader.person, now=clock.now())

    first = keep(PDF)
    with pytest.raises(Conflict):
        keep(PDF)
    monkeypatch.setattr(files, "MOST_OF_TROUPE", 2 * len(PDF))
    with pytest.raises(RuleBroken):
        keep(PDF + b"and much more")
    monkeypatch.undo()
    for n in range(1, MOST_FILES):
        keep(PDF + bytes([n]))
    with pytest.raises(RuleBroken):
        keep(recording())
    with transaction():
        files.remove(first)
    assert keep(recording()).kind is FileKind.RECORDING
    assert [each.kind for each in queries.files_of(piece.id)][-1] is FileKind.RECORDING
    with pytest.raises(NotFound):
        queries.get_file(make_troupe(), queries.files_of(piece.id)[0].id)
    assert max(file_kinds.MOST_BYTES.values()) < file_kinds.MOST_SENT


@ONE_ENGINE
def test_a_piece_has_a_title_of_its_own_and_needs_a_part_of_its_troupe(app: Flask) -> None:
    troupe, stranger = make_troupe(), part_of(make_troupe())
    known, part = make_piece(troupe, title="茉莉花"), part_of(troupe)
    facts = PieceFacts(title="茉莉花", kind=PieceKind.SONG, seconds=200, heads={part.id: 1})
    for wrong in (facts, replace(facts, title="新歌", heads={}), replace(facts, title="新歌", heads={stranger.id: 2})):
        with pytest.raises((Conflict, RuleBroken)), transaction():
            actions.add_piece(troupe, wrong)
    with transaction():
        actions.edit_piece(known, replace(facts, heads={part.id: 5}, is_retired=True))
    assert queries.pieces_of(troupe.id) == []
    assert [each.heads for each in queries.get_piece(troupe, known.id).parts] == [5]


@ONE_ENGINE
def test_each_says_what_they_know_themselves_and_a_lead_for_who_has_no_account(app: Flask) -> None:
    leader = make_leader(make_troupe())
    troupe = leader.troupe
    piece, part = make_piece(troupe), part_of(troupe)
    with_account, elder = make_member(troupe, make_account().person), make_member(troupe)

    def say(member: object, level: Level, by: object, part_id: int = part.id) -> PieceKnowledge:
        with transaction():
            return actions.say_level(piece, member, part_id, level, by=by, now=clock.now())  # type: ignore[arg-type]

    with pytest.raises(RuleBroken):
        say(with_account, Level.KNOWS, leader.person)
    with pytest.raises(RuleBroken):
        say(with_account, Level.KNOWS, with_account.person, part_of(make_troupe()).id)
    for state in (MemberState.APPLIED, MemberState.LEFT):
        outside = make_member(troupe, state=state)
        with pytest.raises(RuleBroken):
            say(outside, Level.KNOWS, outside.person)
    assert say(with_account, Level.LEARNING, with_account.person).is_by_lead is False
    assert say(elder, Level.KNOWS, leader.person).is_by_lead is True
    assert say(with_account, Level.KNOWS, with_account.person).level is Level.KNOWS
    assert db.session.scalar(select(func.count()).select_from(PieceKnowledge)) == 2
    assert queries.knowing_counts([piece.id]) == {(piece.id, part.id): 2}


@ONE_ENGINE
def test_who_rests_or_has_left_is_not_counted_on(app: Flask) -> None:
    troupe = make_troupe()
    piece = make_piece(troupe)
    for state in (MemberState.ACTIVE, MemberState.RESTING, MemberState.LEFT):
        let_know(make_member(troupe, state=state), piece)
    assert list(queries.knowing_counts([piece.id]).values()) == [1]
    assert len(queries.knowledge_of([piece.id])) == 2
