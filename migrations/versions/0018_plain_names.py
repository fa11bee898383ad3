"""People and activities are found whatever characters and accents they are written and sought with.

Also: a date that was moved before its activity was public is not called moved any more.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

from center.activities.titles import search_key
from center.kernel.db import code_point_text
from center.people import names

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

PEOPLE = sa.table(
    "people",
    sa.column("id", sa.Integer),
    *(sa.column(n, sa.Text) for n in ("name", "plain_name", "sort_key", "initials")),
)
ACTIVITIES = sa.table(
    "activities",
    sa.column("id", sa.Integer),
    *(sa.column(name, sa.Text) for name in ("title", "title_en", "summary", "summary_en", "search_key")),
)
NOT_MOVED_SINCE = """
UPDATE sessions SET was_starts_at = NULL
WHERE was_starts_at IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM activity_events e JOIN activities a ON a.id = e.activity_id
  WHERE e.session_id = sessions.id AND e.what = 'session_moved' AND e.was_starts_at IS NOT NULL
    AND a.published_at IS NOT NULL AND e.at >= a.published_at
)
"""


def upgrade() -> None:
    op.add_column("people", sa.Column("plain_name", code_point_text(60), nullable=False, server_default=""))
    _read_names()
    op.create_index("ix_people_plain_name", "people", ["plain_name", "id"])
    _say_what_activities_are_found_by()
    op.execute(NOT_MOVED_SINCE)


def downgrade() -> None:
    op.drop_index("ix_people_plain_name", table_name="people")
    op.drop_column("people", "plain_name")


def _read_names() -> None:
    connection = op.get_bind()
    columns = (PEOPLE.c.id, PEOPLE.c.name, PEOPLE.c.sort_key, PEOPLE.c.initials)
    values = []
    for person_id, name, key, initials in connection.execute(sa.select(*columns)).all():
        if key == _key_before(name):  # else staff corrected it, and it stays as they wrote it
            key, initials = names.sort_key(name), names.initials(name)
        values.append({"of": person_id, "plain": names.plain_name(name), "key": key, "short": initials})
    if values:
        told = sa.update(PEOPLE).where(PEOPLE.c.id == sa.bindparam("of"))
        new = {n: sa.bindparam(by) for n, by in (("plain_name", "plain"), ("sort_key", "key"), ("initials", "short"))}
        connection.execute(told.values(**new), values)


def _key_before(name: str) -> str | None:
    """The key that such a name was given until now; None where it is the same as now."""
    tidy = names.tidy_name(name)
    if "\u0308" not in unicodedata.normalize("NFD", tidy) and names.simplified(tidy) == tidy:
        return None
    return names.key_as_written(tidy, _letters_before)


def _letters_before(word: str) -> str:
    lowered = unicodedata.normalize("NFD", word.casefold()).replace("u\u0308", "v")
    return "".join(c for c in lowered if not unicodedata.combining(c))


def _say_what_activities_are_found_by() -> None:
    connection = op.get_bind()
    columns = (ACTIVITIES.c.title, ACTIVITIES.c.title_en, ACTIVITIES.c.summary, ACTIVITIES.c.summary_en)
    known = connection.execute(sa.select(ACTIVITIES.c.id, *columns)).all()
    if known:
        keyed = sa.update(ACTIVITIES).where(ACTIVITIES.c.id == sa.bindparam("of"))
        values = [{"of": activity_id, "key": search_key(*words)} for activity_id, *words in known]
        connection.execute(keyed.values(search_key=sa.bindparam("key")), values)
