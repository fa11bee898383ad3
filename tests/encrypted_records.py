"""A table with encrypted columns for tests, apart from the site's own tables."""

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from center.kernel.encrypted import EncryptedText
from center.kernel.unreadable import Unreadable


class Own(DeclarativeBase):
    """Tables of these tests alone."""


class Record(Own):
    """Something of a child."""

    __tablename__ = "encrypted_records"
    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int]
    health: Mapped[str | Unreadable | None] = mapped_column(EncryptedText("encrypted_records.health", "child_id"))
    habits: Mapped[str | Unreadable | None] = mapped_column(EncryptedText("encrypted_records.habits", "child_id"))
    remark: Mapped[str | Unreadable | None] = mapped_column(EncryptedText("encrypted_records.remark"))
