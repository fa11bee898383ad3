"""A filing lists the dates that it is of, and each date of an activity has a summary and reminders of its own.

A filing that is there is of every date from the first that was filed; a summary is of the last date before it was
written. Of the dates before that nobody is reminded any more.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0035_filing_dates"
down_revision = "0034_agreement_papers"
branch_labels = None
depends_on = None

SESSIONS = sa.table(
    "sessions", sa.column("activity_id"), sa.column("starts_at", UtcDateTime()), sa.column("state", sa.String())
)
FILINGS = sa.table("activity_filings", sa.column("id"), sa.column("activity_id"), sa.column("first_on", sa.Date()))
DATES = sa.table("filing_dates", sa.column("filing_id"), sa.column("on_date", sa.Date()))
SUMMARIES = sa.table(
    "activity_summaries",
    sa.column("id"),
    sa.column("activity_id"),
    sa.column("written_at", UtcDateTime()),
    sa.column("on_date", sa.Date()),
)
REMINDERS = sa.table(
    "filing_reminders",
    sa.column("id"),
    sa.column("activity_id"),
    sa.column("step", sa.String()),
    sa.column("at", UtcDateTime()),
    sa.column("on_date", sa.Date()),
)


def upgrade() -> None:
    op.create_table(
        "filing_dates",
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["filing_id"], ["activity_filings.id"], name=op.f("fk_filing_dates_filing_id")),
        sa.PrimaryKeyConstraint("filing_id", "on_date", name=op.f("pk_filing_dates")),
    )
    for table in ("activity_summaries", "filing_reminders"):
        op.add_column(table, sa.Column("on_date", sa.Date(), nullable=True))
    _fill_in()
    with op.batch_alter_table("activity_summaries") as batch:
        batch.alter_column("on_date", existing_type=sa.Date(), nullable=False)
        batch.drop_constraint("uq_activity_summaries_activity_id", type_="unique")
        batch.create_unique_constraint("uq_activity_summaries_activity_id_on_date", ["activity_id", "on_date"])
    with op.batch_alter_table("filing_reminders") as batch:
        batch.alter_column("on_date", existing_type=sa.Date(), nullable=False)
        batch.drop_constraint("uq_filing_reminders_activity_id_step", type_="unique")
        batch.create_unique_constraint(
            "uq_filing_reminders_activity_id_on_date_step", ["activity_id", "on_date", "step"]
        )


def downgrade() -> None:
    """Of several summaries of an activity the last is kept, as there was one; of reminders one of each kind."""
    for table, same in (("activity_summaries", ""), ("filing_reminders", " AND o.step = {0}.step")):
        op.execute(
            f"DELETE FROM {table} WHERE EXISTS (SELECT 1 FROM {table} o"  # noqa: S608
            f" WHERE o.activity_id = {table}.activity_id AND o.id > {table}.id{same.format(table)})"
        )
    with op.batch_alter_table("activity_summaries") as batch:
        batch.drop_constraint("uq_activity_summaries_activity_id_on_date", type_="unique")
        batch.create_unique_constraint("uq_activity_summaries_activity_id", ["activity_id"])
        batch.drop_column("on_date")
    with op.batch_alter_table("filing_reminders") as batch:
        batch.drop_constraint("uq_filing_reminders_activity_id_on_date_step", type_="unique")
        batch.create_unique_constraint("uq_filing_reminders_activity_id_step", ["activity_id", "step"])
        batch.drop_column("on_date")
    op.drop_table("filing_dates")


def _fill_in() -> None:
    bind = op.get_bind()
    name = bind.scalar(sa.text("SELECT zone_name FROM centre_facts WHERE id = 1")) or "Asia/Shanghai"
    zone = ZoneInfo(name)
    days: dict[int, list[date]] = {}
    held = sa.select(SESSIONS.c.activity_id, SESSIONS.c.starts_at).where(SESSIONS.c.state != "cancelled")
    for activity_id, starts_at in bind.execute(held.order_by(SESSIONS.c.starts_at)):
        known, day = days.setdefault(activity_id, []), starts_at.astimezone(zone).date()
        if day not in known:
            known.append(day)
    for filing_id, activity_id, first_on in bind.execute(sa.select(FILINGS)).all():
        of = {first_on, *(day for day in days.get(activity_id, ()) if day >= first_on)}
        bind.execute(sa.insert(DATES), [{"filing_id": filing_id, "on_date": day} for day in sorted(of)])
    columns = (SUMMARIES.c.id, SUMMARIES.c.activity_id, SUMMARIES.c.written_at)
    _date_reminders(days)
    for number, activity_id, written_at in bind.execute(sa.select(*columns)).all():
        written_on = written_at.astimezone(zone).date()
        before = [day for day in days.get(activity_id, ()) if day <= written_on] or [written_on]
        bind.execute(sa.update(SUMMARIES).where(SUMMARIES.c.id == number).values(on_date=before[-1]))
        _remind_no_more(activity_id, before[:-1])


def _date_reminders(days: dict[int, list[date]]) -> None:
    """Of the filing one was reminded for the first date, of the summary for the last."""
    bind = op.get_bind()
    columns = (REMINDERS.c.id, REMINDERS.c.activity_id, REMINDERS.c.step, REMINDERS.c.at)
    for number, activity_id, step, at in bind.execute(sa.select(*columns)).all():
        known = days.get(activity_id) or [at.date()]
        on = known[-1] if step.startswith("summary") else known[0]
        bind.execute(sa.update(REMINDERS).where(REMINDERS.c.id == number).values(on_date=on))


def _remind_no_more(activity_id: int, days: Iterable[date]) -> None:
    known = sa.select(REMINDERS.c.on_date, REMINDERS.c.step).where(REMINDERS.c.activity_id == activity_id)
    there = {tuple(row) for row in op.get_bind().execute(known)}
    for day in days:
        for step in ("summary", "summary_late"):
            if (day, step) not in there:
                said = {"activity_id": activity_id, "on_date": day, "step": step, "at": datetime.now(UTC)}
                op.get_bind().execute(sa.insert(REMINDERS).values(said))
