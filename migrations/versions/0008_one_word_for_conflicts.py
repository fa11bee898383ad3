"""That two say they took a child is an outcome, a conflict, and an alarm; the flag that would say it again goes."""

from alembic import op

from center.kernel.guards_aside import guards_aside

revision = "0008_one_word_for_conflicts"
down_revision = "0007_leave_ahead"
branch_labels = None
depends_on = None

NAME = "ck_custody_events_custody_flag"
FLAGS = ("against_plan", "barred_meanwhile", "changed_meanwhile", "expired", "on_leave", "paper")


def upgrade() -> None:
    _let_be(FLAGS)


def downgrade() -> None:
    _let_be((*FLAGS, "two_collectors"))


def _let_be(flags: tuple[str, ...]) -> None:
    """Let a flag be one of these."""
    allowed = ", ".join(f"'{each}'" for each in flags)
    with guards_aside("custody_events"), op.batch_alter_table("custody_events") as batch:
        batch.drop_constraint(op.f(NAME), type_="check")
        batch.create_check_constraint(op.f(NAME), f"flag IN ({allowed})")
