"""People, where they live, and the accounts some of them have.

A person need not have an account, a phone or an e-mail, and several people may share one phone.
"""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value

from center.kernel.db import Base, UtcDateTime, code_point_text, enum_type
from center.kernel.i18n import gettext
from center.kernel.trail import Trailed
from center.people.names import plain_name

LOGIN_MARK = "~"  # between a phone and what tells its further accounts apart; no sign-in name has one


class Role(enum.StrEnum):
    """What somebody is at the centre, beside being a resident. Leads are members of an organisation with that role."""

    AUDITOR = "auditor"
    CLERK = "clerk"
    DIRECTOR = "director"
    GRID_WORKER = "grid_worker"
    RESIDENT = "resident"
    TUTOR = "tutor"


class Grid(Base):
    """A grid (网格): a few buildings looked after by one grid worker and a door-knock team."""

    __tablename__ = "grids"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)


class Building(Base):
    """A building (栋) of the estate; `code` is what people say, such as 3栋."""

    __tablename__ = "buildings"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grids.id"), index=True)
    grid: Mapped[Grid | None] = relationship()


# Of somebody who was erased nothing is known, whichever code path writes.
NOTHING_LEFT = (
    "erased_at IS NULL OR (name = '' AND plain_name = '' AND sort_key = '' AND initials = '' AND phone IS NULL"
    " AND phone_tail IS NULL AND email IS NULL AND building_id IS NULL AND unit = '' AND door = ''"
    " AND birth_year IS NULL AND NOT lives_alone)"
)


class Person(Base):
    """Someone the centre knows; or the number of somebody who was erased, who is called that wherever they stand."""

    __tablename__ = "people"
    __table_args__ = (
        Index("ix_people_name", "name", "id"),
        Index("ix_people_sort_key", "sort_key", "id"),
        CheckConstraint("birth_year IS NULL OR birth_year BETWEEN 1900 AND 2100", name="birth_year"),
        CheckConstraint(NOTHING_LEFT, name="erased"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(code_point_text(60))
    plain_name: Mapped[str] = mapped_column(code_point_text(60), default="", server_default="")  # by `_keep_plain_name`
    sort_key: Mapped[str] = mapped_column(code_point_text(200), default="")  # pinyin, editable: "li xiu ying"
    initials: Mapped[str] = mapped_column(code_point_text(60), default="")  # "lxy"
    phone: Mapped[str | None] = mapped_column(String(20))  # national digits: 19900000001, 02700000000
    phone_tail: Mapped[str | None] = mapped_column(String(4))
    phone_is_relatives: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str | None] = mapped_column(String(254))  # its owner has shown that they read it
    building_id: Mapped[int | None] = mapped_column(ForeignKey("buildings.id"))
    unit: Mapped[str] = mapped_column(String(10), default="")
    door: Mapped[str] = mapped_column(code_point_text(10), default="")
    birth_year: Mapped[int | None]
    # Whether the desk knows that they live there; what somebody says of themselves proves nothing.
    door_verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    door_verified_by_id: Mapped[int | None]  # a person, who may be gone by now
    lives_alone: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_double: Mapped[bool] = mapped_column(default=False)  # its account was matched with somebody known already
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    building: Mapped[Building | None] = relationship()
    account: Mapped["Account | None"] = relationship(back_populates="person", foreign_keys="Account.person_id")
    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="person", foreign_keys="RoleGrant.person_id", order_by="RoleGrant.id"
    )


@event.listens_for(Person, "before_insert")
@event.listens_for(Person, "before_update")
def _keep_plain_name(_mapper: object, _connection: object, person: Person) -> None:
    """What somebody is found by follows their name, whoever writes it."""
    person.plain_name = "" if person.erased_at else plain_name(person.name)


@event.listens_for(Person, "load")
@event.listens_for(Person, "refresh")
def _call_the_erased(person: Person, _context: object, _attributes: object = None) -> None:
    """Whoever was erased has no name, and is called so in the reader's language."""
    if person.__dict__.get("erased_at") is not None:
        set_committed_value(person, "name", erased_name())


def erased_name() -> str:
    """What somebody is called who was erased."""
    return gettext("Erased person")


class Guardianship(Base):
    """Who answers for a child (监护人), from when until when."""

    __tablename__ = "guardianships"
    __table_args__ = (
        UniqueConstraint("child_id", "guardian_id"),
        CheckConstraint("child_id <> guardian_id", name="not_oneself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    guardian_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    child: Mapped[Person] = relationship(foreign_keys=[child_id])
    guardian: Mapped[Person] = relationship(foreign_keys=[guardian_id])


class DelegationScope(enum.StrEnum):
    """What somebody may do for another."""

    EVERYTHING = "everything"
    SIGN_UPS = "sign_ups"  # sign up for activities, cancel, answer offers


class Consent(enum.StrEnum):
    """How a person said that somebody may act for them."""

    AT_THE_DESK = "at_the_desk"
    AT_THEIR_DOOR = "at_their_door"
    BY_PHONE = "by_phone"
    IN_WRITING = "in_writing"
    OWN_ACCOUNT = "own_account"


class Delegation(Base):
    """That a person agreed to somebody's acting for them, for what, from when until (and including) when."""

    __tablename__ = "delegations"
    __table_args__ = (
        CheckConstraint("person_id <> delegate_id", name="not_oneself"),
        CheckConstraint("ends_on >= starts_on", name="dates"),
        Index("ix_delegations_delegate", "delegate_id", "ends_on", "person_id"),
        Index("ix_delegations_person", "person_id", "ends_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    delegate_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    scope: Mapped[DelegationScope] = mapped_column(enum_type(DelegationScope, "delegation_scope"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    consent: Mapped[Consent] = mapped_column(enum_type(Consent, "consent"))
    consent_note: Mapped[str] = mapped_column(String(200), default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # the person, or staff
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    delegate: Mapped[Person] = relationship(foreign_keys=[delegate_id])
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])


class RoleGrant(Trailed, Base):
    """A role that a person holds from one date until (and including) another, or without end."""

    __tablename__ = "role_grants"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(enum_type(Role, "role"))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grids.id"))  # a grid worker's own grid
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    grid: Mapped[Grid | None] = relationship()
    person: Mapped[Person] = relationship(back_populates="grants", foreign_keys=[person_id])


class Account(Trailed, Base):
    """A person's sign-in. `login` is the phone, or a name of their own where a phone is shared."""

    trail_only = frozenset({"person_id", "confirmed_at", "disabled_at", "disabled_reason"})
    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)  # casefolded; see shared_phones
    password_hash: Mapped[str] = mapped_column(String(200))
    password_tag: Mapped[int | None]
    password_changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_reason: Mapped[str] = mapped_column(String(200), default="")
    locale: Mapped[str | None] = mapped_column(String(8))
    elder_mode: Mapped[bool | None]
    person: Mapped[Person] = relationship(back_populates="account", foreign_keys=[person_id])

    @property
    def signs_in_with(self) -> str:
        """What its owner types to sign in."""
        return self.login.partition(LOGIN_MARK)[0]

    @property
    def is_confirmed(self) -> bool:
        """Whether the desk knows who this is; until then the account can look but not book."""
        return self.confirmed_at is not None


class AccountMatch(Base):
    """That the desk took a new account for that of a person known already, and all it needs to be undone."""

    __tablename__ = "account_matches"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    double_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    matched_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    matched_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    kept: Mapped[str] = mapped_column(Text)  # what both records said before, and which rows moved
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    double: Mapped[Person] = relationship(foreign_keys=[double_id])
    matched_by: Mapped[Person] = relationship(foreign_keys=[matched_by_id])


class ClaimCode(Base):
    """A one-time code that the desk prints for a person it knows; whoever registers with it gets their account."""

    __tablename__ = "claim_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class HelperCode(Base):
    """A short-lived code that somebody tells to whoever wants them as a helper; it names them in that account."""

    __tablename__ = "helper_codes"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person: Mapped[Person] = relationship()
