"""Ordered reads of pieces, of who knows which, and of their files."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.pieces import FileKind, Level, Piece, PieceFile, PieceKnowledge, PiecePart
from center.troupes.models.troupes import MemberState, Troupe, TroupeMember

NO_FILE = _l("There is no such file (any more).")


def pieces_of(troupe_id: int, *, with_retired: bool = False) -> Sequence[Piece]:
    """The pieces of a troupe by title, with the parts they need."""
    query = select(Piece).where(Piece.troupe_id == troupe_id)
    if not with_retired:
        query = query.where(Piece.is_retired.is_(False))
    query = query.options(selectinload(Piece.parts).joinedload(PiecePart.part))
    return db.session.scalars(query.order_by(Piece.is_retired, Piece.title, Piece.id)).all()


def get_piece(troupe: Troupe, piece_id: int) -> Piece:
    """One piece of this troupe; raises NotFound."""
    query = select(Piece).where(Piece.troupe_id == troupe.id, Piece.id == piece_id)
    found = db.session.scalar(query.options(selectinload(Piece.parts).joinedload(PiecePart.part)))
    return must_find(found, _l("There is no such piece."))


def knowledge_of(piece_ids: Collection[int]) -> Sequence[PieceKnowledge]:
    """Who knows what of these pieces, as far as they are in their troupe."""
    query = (
        select(PieceKnowledge)
        .join(TroupeMember, TroupeMember.id == PieceKnowledge.member_id)
        .where(PieceKnowledge.piece_id.in_(sorted(piece_ids)), TroupeMember.state != MemberState.LEFT)
    )
    return db.session.scalars(query.order_by(PieceKnowledge.id)).all()


def knowing_counts(piece_ids: Collection[int]) -> Mapping[tuple[int, int], int]:
    """How many who are in the troupe now know a part of these pieces, by piece and part."""
    query = (
        select(PieceKnowledge.piece_id, PieceKnowledge.part_id, func.count())
        .join(TroupeMember, TroupeMember.id == PieceKnowledge.member_id)
        .where(
            PieceKnowledge.piece_id.in_(sorted(piece_ids)),
            PieceKnowledge.level == Level.KNOWS,
            TroupeMember.state.in_([MemberState.ACTIVE, MemberState.TRIAL]),
        )
        .group_by(PieceKnowledge.piece_id, PieceKnowledge.part_id)
    )
    return {(row.piece_id, row.part_id): row[2] for row in db.session.execute(query)}


def known_by(member_id: int) -> Mapping[tuple[int, int], PieceKnowledge]:
    """What a member knows, by piece and part."""
    query = select(PieceKnowledge).where(PieceKnowledge.member_id == member_id)
    return {(each.piece_id, each.part_id): each for each in db.session.scalars(query)}


def files_of(piece_id: int) -> Sequence[PieceFile]:
    """The files of a piece, scores first, without their bytes."""
    query = select(PieceFile).where(PieceFile.piece_id == piece_id).options(joinedload(PieceFile.added_by))
    found = db.session.scalars(query.order_by(PieceFile.id)).all()
    return sorted(found, key=lambda each: (each.kind is not FileKind.SCORE, each.id))


def file_counts(piece_ids: Collection[int]) -> Mapping[int, int]:
    """How many files each of these pieces has."""
    query = select(PieceFile.piece_id, func.count()).where(PieceFile.piece_id.in_(sorted(piece_ids)))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(PieceFile.piece_id))}


def get_file(troupe: Troupe, file_id: int, *, whole: bool = False) -> PieceFile:
    """One file of this troupe, with its bytes where the `whole` is asked for; raises NotFound."""
    query = select(PieceFile).join(PieceFile.piece).where(Piece.troupe_id == troupe.id, PieceFile.id == file_id)
    query = query.options(joinedload(PieceFile.piece))
    return must_find(db.session.scalar(query.options(undefer(PieceFile.content)) if whole else query), NO_FILE)
