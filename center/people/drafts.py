"""What somebody has answered so far in a form of several pages: kept for a few days, for their account alone.

It is encrypted (`center.kernel.sealed`), belongs to one account, and is emptied once it has led to something. What
stays then is where it led: going back leads there, and nothing is asked for twice.
"""

import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from center.kernel.db import Base, UtcDateTime, db
from center.kernel.sealed import Encrypted
from center.kernel.sweeps import forgetting

LASTS = timedelta(days=3)
MOST = 20  # of one account


class Draft(Base):
    """The answers of one account in one form, under the key that its address carries."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("account_id", "form", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    form: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(36))
    said: Mapped[str] = mapped_column(Encrypted, default="")
    leads_to: Mapped[str] = mapped_column(String(300), default="")
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


_FOUND = select(Draft.said, Draft.leads_to).where(
    Draft.account_id == bindparam("account_id"),
    Draft.form == bindparam("form"),
    Draft.key == bindparam("key"),
    Draft.kept_at >= bindparam("oldest"),
)

_newest = select(Draft.id).where(Draft.account_id == bindparam("owner_id"))
_newest = _newest.order_by(Draft.kept_at.desc(), Draft.id.desc()).offset(MOST)
_TOO_MANY = delete(Draft).where(Draft.account_id == bindparam("owner_id"), Draft.id.in_(_newest))


def find_draft(account_id: int, form: str, key: str, *, now: datetime) -> Any:
    """What this account has answered in this form under this key, as a row; None where it has answered nothing."""
    asked = {"account_id": account_id, "form": form, "key": key, "oldest": now - LASTS}
    return db.session.connection().execute(_FOUND, asked).one_or_none()


def said_in(draft: Any) -> dict[str, Any]:
    """What was answered; nothing where it cannot be read any more."""
    try:
        found = json.loads(draft.said or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def keep_draft(
    account_id: int,
    form: str,
    key: str,
    said: dict[str, Any],
    *,
    leads_to: str = "",
    is_kept: bool = False,
    now: datetime,
) -> None:
    """Write down what was answered, or where it has led, which stays. Of one account the last few are kept: whoever
    knows that this one is there already (`is_kept`) makes none too many, and what has led to something is not many."""
    text = json.dumps(said, ensure_ascii=False) if said else ""
    values = {"account_id": account_id, "form": form, "key": key, "said": text, "leads_to": leads_to, "kept_at": now}
    connection = db.session.connection()
    connection.execute(_keeping(connection.dialect.name), values)
    if is_kept or leads_to:
        return
    connection.execute(_TOO_MANY, {"owner_id": account_id})


@cache
def _keeping(dialect: str) -> Any:
    """Made once for each engine, since every step of every form asks it."""
    row = (sqlite if dialect == "sqlite" else postgresql).insert(Draft.__table__)
    values = {name: row.excluded[name] for name in ("said", "leads_to", "kept_at")}
    return row.on_conflict_do_update(
        index_elements=["account_id", "form", "key"], set_=values, where=Draft.leads_to == ""
    )


SWEEPS = (forgetting("drafts of long ago", Draft, Draft.kept_at, LASTS),)
