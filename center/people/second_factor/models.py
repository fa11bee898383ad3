"""What an account proves itself with beside its password."""

import enum
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from center.kernel.db import Base, UtcDateTime, enum_type


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


class Passkey(Base):
    """A key in a phone, a computer or on a key ring (WebAuthn). It says yes to this site's own name alone."""

    __tablename__ = "passkeys"
    __table_args__ = (CheckConstraint("sign_count >= 0", name="sign_count"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)  # base64url; at most 1023 bytes
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)  # how often it signed, where it counts; never goes back
    site_name: Mapped[str] = mapped_column(String(253))  # for which it was made (RP ID)
    name: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Ceremony(enum.StrEnum):
    """What a passkey is asked for."""

    GIVE = "give"  # the second step of signing in
    PROVE = "prove"  # in place of the password, before what only its owner may do
    REGISTER = "register"  # to be known from now on


class PasskeyChallenge(Base):
    """What a passkey is to sign now: one for each sign-in and ceremony, taken away by the first answer."""

    __tablename__ = "passkey_challenges"

    session_id: Mapped[int] = mapped_column(ForeignKey("user_sessions.id", ondelete="CASCADE"), primary_key=True)
    ceremony: Mapped[Ceremony] = mapped_column(enum_type(Ceremony, "passkey_ceremony"), primary_key=True)
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
