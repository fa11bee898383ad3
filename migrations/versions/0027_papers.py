"""Papers of organisations, photographs and receipts kept as evidence, and files of pieces are encrypted where they lie.

A paper's content may be written anew, as keys are changed; all else of it stays as it was, its digest too. Who opened
such a file is written among who looked.
"""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from alembic import op

from center.kernel.encrypted import decrypt, encrypt, owned
from center.kernel.guards_aside import guards_aside
from center.kernel.unreadable import file_of

revision = "0027_papers"
down_revision = "0026_agreements"
branch_labels = None
depends_on = None

# table, column, whom the row belongs to
FILES = (
    ("incubation_documents", "content", "incubation_id"),
    ("evidence_pictures", "picture", "session_id"),
    ("spending_entries", "receipt", "organisation_id"),
    ("piece_files", "content", "piece_id"),
)
LOOKS = (
    *("care", "child", "door", "export", "person", "phone", "roll"),
    *("code_failed", "denied", "signed_in", "signed_out", "sign_in_failed"),
)
OF_DOCUMENTS = "id, incubation_id, kind, version, name, media_type, size, sha256, by_id, by_staff, at"
OF_SPENDING = (
    "id, organisation_id, spent_on, what, payee, fen, receipt_kind, receipt_size, receipt_digest, {receipt}added_at"
)
DOCUMENTS = """
CREATE TRIGGER incubation_documents_no_update BEFORE UPDATE {of}ON incubation_documents
BEGIN SELECT RAISE(ABORT, 'incubation_documents_append_only'); END
"""
DOCUMENTS_POSTGRESQL = """
CREATE TRIGGER incubation_documents_append_only BEFORE UPDATE {of}OR DELETE ON incubation_documents
FOR EACH ROW EXECUTE FUNCTION incubation_documents_append_only()
"""
SPENDING = """
CREATE TRIGGER spending_entries_stay BEFORE UPDATE OF {of} ON spending_entries
BEGIN SELECT RAISE(ABORT, 'spending_entries_stay'); END
"""
SPENDING_POSTGRESQL = """
CREATE TRIGGER spending_entries_stay BEFORE UPDATE OF {of} ON spending_entries
FOR EACH ROW EXECUTE FUNCTION spending_entries_stay()
"""


def upgrade() -> None:
    _let_looks_be((*LOOKS, "paper"))
    _guard(documents=f"OF {OF_DOCUMENTS} ", spending=OF_SPENDING.format(receipt=""))
    for table, column, owner in FILES:
        name = f"{table}.{column}"
        _rewrite(table, column, owner, lambda kept, whose, name=name: encrypt(owned(kept, whose), name=name))


def downgrade() -> None:
    """Looks at papers are called exports: nobody's look is forgotten."""
    for table, column, owner in FILES:
        name = f"{table}.{column}"
        _rewrite(table, column, owner, lambda kept, _whose, name=name: bytes(file_of(decrypt(kept, name=name))))
    _guard(documents="", spending=OF_SPENDING.format(receipt="receipt, "))
    _let_looks_be(LOOKS)


def _let_looks_be(kinds: Sequence[str]) -> None:
    """Let a look be of one of these kinds; one of another is called an export."""
    allowed = ", ".join(f"'{each}'" for each in kinds)
    rename = f"UPDATE access_events SET kind = 'export' WHERE kind NOT IN ({allowed})"  # noqa: S608
    if op.get_bind().dialect.name != "sqlite":
        op.execute("ALTER TABLE access_events DISABLE TRIGGER USER")
        op.execute("ALTER TABLE access_events DROP CONSTRAINT ck_access_events_kind")
        op.execute(rename)
        op.execute(f"ALTER TABLE access_events ADD CONSTRAINT ck_access_events_kind CHECK (kind IN ({allowed}))")
        op.execute("ALTER TABLE access_events ENABLE TRIGGER USER")
        return
    with guards_aside("access_events"):
        with op.batch_alter_table("access_events") as batch:
            batch.drop_constraint(op.f("ck_access_events_kind"), type_="check")
        op.execute(rename)
        with op.batch_alter_table("access_events") as batch:
            batch.create_check_constraint(op.f("ck_access_events_kind"), f"kind IN ({allowed})")


def _guard(*, documents: str, spending: str) -> None:
    """Make anew the triggers that say what of a row stays as it is."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER incubation_documents_no_update")
        op.execute("DROP TRIGGER spending_entries_stay")
        op.execute(DOCUMENTS.format(of=documents))
        op.execute(SPENDING.format(of=spending))
    else:
        op.execute("DROP TRIGGER incubation_documents_append_only ON incubation_documents")
        op.execute("DROP TRIGGER spending_entries_stay ON spending_entries")
        op.execute(DOCUMENTS_POSTGRESQL.format(of=documents))
        op.execute(SPENDING_POSTGRESQL.format(of=spending))


def _rewrite(table: str, column: str, owner: str, anew: Callable[[bytes, int], bytes]) -> None:
    """Write every file anew, one at a time: they may be large."""
    files = sa.table(table, sa.column("id"), sa.column(owner), sa.column(column, sa.LargeBinary))
    bind, kept = op.get_bind(), files.c[column]
    for number in bind.scalars(sa.select(files.c.id).where(kept.is_not(None)).order_by(files.c.id)).all():
        here = files.c.id == number
        content, whose = bind.execute(sa.select(kept, files.c[owner]).where(here)).one()
        bind.execute(sa.update(files).where(here).values({column: anew(bytes(content), whose)}))
