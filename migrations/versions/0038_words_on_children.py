"""What a guardian says to staff of a child's school and photo is kept as all else that they say."""

from alembic import op

from center.kernel.guards_aside import guards_aside

revision = "0038_words_on_children"
down_revision = "0037_last_days"
branch_labels = None
depends_on = None

TABLE = "guardian_words"
WHAT = "ck_guardian_words_guardian_word_what"
KNOWN = (
    "collector_named", "collector_revoked", "consent_given", "consent_revoked", "left", "order", "paused",
    "reason_named", "reason_withdrawn", "resumed", "week",
)  # fmt: skip
NEW = ("child_photo_deleted", "child_photo_kept", "school")


def upgrade() -> None:
    _may_be_about(KNOWN + NEW)


def downgrade() -> None:
    """What was said of a school or a photo is forgotten: there is no place for it before this."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
    with guards_aside(TABLE):
        op.execute("DELETE FROM guardian_words WHERE what IN ('child_photo_deleted', 'child_photo_kept', 'school')")
    if not is_sqlite:
        op.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")
    _may_be_about(KNOWN)


def _may_be_about(what: tuple[str, ...]) -> None:
    with guards_aside(TABLE), op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(op.f(WHAT), type_="check")
        batch.create_check_constraint(op.f(WHAT), f"what IN ({_listed(what)})")


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{each}'" for each in sorted(values))
