"""Scores and recordings of pieces: kept, and taken away. Called inside one `transaction()`; never commits."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.troupes.models.pieces import Piece, PieceFile
from center.troupes.repertoire.file_kinds import MB, MOST_FILES, MOST_OF_TROUPE, format_of


def keep(piece: Piece, name: str, sent: bytes, *, by: Person, now: datetime) -> PieceFile:
    """Keep a file for the members of the piece's troupe.

    Raises RuleBroken where it is of no kind that is kept, or too large, Conflict where the piece has it already.
    """
    (kind, sort), digest = format_of(sent), sha256(sent).hexdigest()
    lock(piece.troupe)
    sizes = select(PieceFile.sha256, PieceFile.piece_id, PieceFile.size).join(PieceFile.piece)
    rows = db.session.execute(sizes.where(Piece.troupe_id == piece.troupe_id)).all()
    own = [row for row in rows if row.piece_id == piece.id]
    if any(row.sha256 == digest for row in own):
        raise Conflict(_l("This piece has this very file already."), field="file")
    if len(own) >= MOST_FILES:
        raise RuleBroken(_l("A piece has at most %(most)s files. Take one away first.", most=MOST_FILES), field="file")
    if sum(row.size for row in rows) + len(sent) > MOST_OF_TROUPE:
        most = MOST_OF_TROUPE // MB
        raise RuleBroken(_l("The files of a troupe are %(most)s MB at most together.", most=most), field="file")
    file = PieceFile(
        piece_id=piece.id,
        kind=kind,
        name=name,
        media_type=sort.media_type,
        size=len(sent),
        sha256=digest,
        content=sent,
        added_by_id=by.id,
        added_at=now,
    )
    db.session.add(file)
    db.session.flush()
    return file


def remove(file: PieceFile) -> None:
    """Take a file away: nobody can fetch it any more."""
    db.session.delete(file)
    db.session.flush()
