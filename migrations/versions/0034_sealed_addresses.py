"""Outgoing addresses, which hold passwords and keys, are kept encrypted with the site's key."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from center.kernel.sealed import MARK, seal, unseal

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

ADDRESSES = sa.table("outgoing_addresses", sa.column("id", sa.Integer), sa.column("url", sa.Text))


def upgrade() -> None:
    _rewrite(lambda url: url if url.startswith(MARK) else seal(url))


def downgrade() -> None:
    _rewrite(unseal)


def _rewrite(written: Callable[[str], str]) -> None:
    connection = op.get_bind()
    for row_id, url in connection.execute(sa.select(ADDRESSES.c.id, ADDRESSES.c.url)).all():
        connection.execute(sa.update(ADDRESSES).where(ADDRESSES.c.id == row_id).values(url=written(url)))
