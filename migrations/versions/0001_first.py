"""The database of version 0.1.0. A later migration adds to it; what is written here stays as it is."""

import re

from alembic import op

revision = "0001_first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    from migrations.first import guards, tables  # found while it migrates only: see env.py

    connection = op.get_bind()
    tables.create_all(connection, checkfirst=False)
    for statement in guards(connection.dialect.name):
        op.execute(statement)


def downgrade() -> None:
    from migrations.first import guards, tables

    connection = op.get_bind()
    tables.drop_all(connection, checkfirst=False)
    for statement in guards(connection.dialect.name):
        if function := re.match(r"CREATE FUNCTION (\w+)", statement):  # triggers go with their tables; these do not
            op.execute(f"DROP FUNCTION {function[1]}()")
