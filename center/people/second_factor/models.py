"""What an account proves itself with beside its password."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from center.db import Base, UtcDateTime


class SecondFactor(Base):
    """An app on a phone that shows a code every half minute (TOTP). Its key is made of `nonce` and the site's key."""

    __tablename__ = "second_factors"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(40))
    last_step: Mapped[int]  # of the code that was used last: no code counts twice
    set_up_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """A printed code for the day on which the phone is lost; each counts once."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
