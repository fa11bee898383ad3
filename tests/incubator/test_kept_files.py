"""Papers, photographs, receipts and scores lie encrypted, are encrypted anew with the keys, and nobody swaps them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from center.commands import encrypted_rows, keys
from center.incubator.models.incubations import DocumentKind
from center.incubator.stages import papers
from center.kernel import clock
from center.kernel.data_keys import KeyStore
from center.kernel.db import Base, db, transaction
from center.kernel.encrypted import key_of
from center.kernel.unreadable import CannotBeRead, Unreadable
from tests.incubator.builders import PDF, make_document, make_incubation
from tests.incubator.kept_files import COLUMNS, as_kept, as_read, write_every_file

TABLES = [Base.metadata.tables[model.__tablename__] for model in COLUMNS]


@pytest.fixture(autouse=True)
def _keys_in_a_file(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings = replace(app.extensions["settings"], data_keys="", data_dir=tmp_path)
    monkeypatch.setitem(app.extensions, "settings", settings)
    monkeypatch.setitem(app.extensions, "data_keys", KeyStore(settings))
    yield
    db.session.rollback()


def test_a_file_lies_encrypted_and_is_encrypted_anew_under_another_key(app: Flask) -> None:
    write_every_file()
    was, before = as_read(), as_kept()
    assert all(content.startswith(b"aes1:") and b"%PDF" not in content for content in before.values())
    assert set(was.values()) == {PDF, b"%PDF-"}
    done = keys.rotate(now=clock.now(), tables=TABLES, wrote=lambda _rows: None)
    assert (done.rows, done.left) == (len(COLUMNS), {})
    assert {key_of(content) for content in as_kept().values()} == {done.key}
    assert as_read() == was
    with db.engine.connect() as connection:
        assert encrypted_rows.unreadable_by_column(connection, TABLES) == {}
        counted = encrypted_rows.values_by_key(connection, TABLES)
    assert {name: dict(values) for name, values in counted.items()} == {
        f"{model.__tablename__}.{column}": {done.key: 1} for model, column in COLUMNS.items()
    }


def test_what_a_paper_says_beside_its_content_is_altered_by_nobody(app: Flask) -> None:
    make_document(make_incubation())
    for change in ("sha256 = 'x'", "name = 'other.pdf'", "version = 9"):
        with pytest.raises(IntegrityError), transaction() as session:
            session.execute(text(f"UPDATE incubation_documents SET {change}"))


def test_a_paper_in_place_of_another_is_not_given_out(app: Flask) -> None:
    made = make_incubation()
    first, second = make_document(made, DocumentKind.PLAN), make_document(made, DocumentKind.PLAN, content=PDF + b"2")
    stranger = make_document(make_incubation())
    swap = "UPDATE incubation_documents SET content = (SELECT content FROM incubation_documents WHERE id = :by) "
    with transaction() as session:
        session.execute(text(swap + "WHERE id = :id"), {"id": second.id, "by": first.id})
    db.session.rollback()
    db.session.expire_all()
    with pytest.raises(CannotBeRead, match="改动过"):
        papers.get_with_content(made, second.id)
    with transaction() as session:
        session.execute(text(swap + "WHERE id = :id"), {"id": first.id, "by": stranger.id})
    db.session.rollback()
    db.session.expire_all()
    assert isinstance(db.session.get_one(type(first), first.id).content, Unreadable)
    with pytest.raises(CannotBeRead, match="另一条记录"):
        papers.get_with_content(made, first.id)
