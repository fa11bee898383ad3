"""A file of each sort that lies encrypted: a paper, a photograph, a receipt, a score."""

from sqlalchemy import select, text

from center.incubator.models.evidence import EvidencePicture, SpendingEntry
from center.incubator.models.incubations import IncubationDocument
from center.kernel import clock
from center.kernel.db import Base, db, transaction
from center.troupes.models.pieces import PieceFile
from center.troupes.repertoire import files
from tests.incubator.builders import PDF, make_document, make_incubation
from tests.incubator.evidence.builders import make_month, make_picture, make_spending
from tests.troupes.builders import make_leader, make_piece, make_troupe

COLUMNS: dict[type[Base], str] = {
    IncubationDocument: "content",
    EvidencePicture: "picture",
    SpendingEntry: "receipt",
    PieceFile: "content",
}


def write_every_file() -> None:
    """One of each."""
    month = make_month(1)
    make_document(make_incubation())
    make_picture(month, content=b"%PDF-")
    make_spending(month, receipt=PDF)
    leader = make_leader(make_troupe())
    piece = make_piece(leader.troupe)
    with transaction():
        files.keep(piece, "谱子", PDF, by=leader.person, now=clock.now())


def as_kept() -> dict[str, bytes]:
    """Each as it lies in the database, by its table."""
    db.session.rollback()
    tables = {model.__tablename__: column for model, column in COLUMNS.items()}
    with db.engine.connect() as connection:
        return {
            table: bytes(connection.scalars(text(f"SELECT {column} FROM {table}")).one())
            for table, column in tables.items()
        }


def as_read() -> dict[str, object]:
    """Each as its class reads it."""
    db.session.rollback()
    db.session.expunge_all()
    found = {
        model.__tablename__: getattr(db.session.scalars(select(model)).one(), column)
        for model, column in COLUMNS.items()
    }
    db.session.rollback()
    return found
