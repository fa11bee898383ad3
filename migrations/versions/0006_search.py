"""The desk's search reads ranges of indexes in the order in which it lists people."""

import sqlalchemy as sa
from alembic import op

revision = "0006_search"
down_revision = "0005_afterschool"
branch_labels = None
depends_on = None

LETTER = "'abcdefghijklmnopqrstuvwxyz'"
SYLLABLES = f"replace(ltrim(sort_key, {LETTER}), ' ', '')"
SYLLABLES_AFTER = f"replace(ltrim(ltrim(ltrim(sort_key, {LETTER}), ' '), {LETTER}), ' ', '')"
LONG = "length(plain_name) > 3"
BEFORE = {
    "ix_people_door": ("building_id", "unit", "door"),
    "ix_people_phone": ("phone",),
    "ix_people_phone_tail": ("phone_tail",),
    "ix_people_plain_name": ("plain_name", "id"),
    "ix_people_initials": ("initials",),
}
NOW = {
    "ix_people_door": ("building_id", "unit", "door", "sort_key", "id"),
    "ix_people_building_door": ("building_id", "door", "sort_key", "id"),
    "ix_people_phone": ("phone", "sort_key", "id"),
    "ix_people_phone_tail": ("phone_tail", "sort_key", "id", "phone"),
    "ix_people_last_three": ("substr(phone_tail, 2)", "sort_key", "id"),
    "ix_people_plain_name": ("plain_name", "sort_key", "id", "initials"),
    "ix_people_after_first": ("substr(plain_name, 2)", "sort_key", "id", "plain_name", "initials"),
    "ix_people_after_second": ("substr(plain_name, 3)", "sort_key", "id", "plain_name", "initials"),
    "ix_people_long_name": ("plain_name", "sort_key", "id"),
    "ix_people_initials": ("initials", "sort_key", "id"),
    "ix_people_letters": ("replace(sort_key, ' ', '')", "sort_key", "id", "plain_name"),
    "ix_people_after_first_syllable": (SYLLABLES, "sort_key", "id"),
    "ix_people_after_second_syllable": (SYLLABLES_AFTER, "sort_key", "id"),
}


def upgrade() -> None:
    for name in BEFORE:
        op.drop_index(name, table_name="people")
    for name, columns in NOW.items():
        only = sa.text(LONG) if name == "ix_people_long_name" else None
        op.create_index(name, "people", [sa.text(each) for each in columns], sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    for name in NOW:
        op.drop_index(name, table_name="people")
    for name, columns in BEFORE.items():
        op.create_index(name, "people", list(columns))
