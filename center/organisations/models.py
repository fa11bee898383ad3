"""Organisations and their members."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime, code_point_text, enum_type
from center.kernel.trail import Trailed
from center.people.models import Person


class OrganisationKind(enum.StrEnum):
    """What an organisation does (the register's four kinds, and two that are not incubated)."""

    CENTRE = "centre"
    CHARITY = "charity"  # 公益慈善
    COMMUNITY_AFFAIRS = "community_affairs"  # 社区事务
    CULTURE_SPORTS = "culture_sports"  # 文体活动
    DEPARTMENT = "department"
    LIVING_SERVICES = "living_services"  # 生活服务


class Origin(enum.StrEnum):
    """Whether it grew here (培育) or was brought in (引进)."""

    INCUBATED = "incubated"
    INTRODUCED = "introduced"


class Stage(enum.StrEnum):
    """Where it stands in the incubator."""

    APPLIED = "applied"
    EXTENDED = "extended"
    GRADUATED = "graduated"
    INCUBATING = "incubating"
    MID_REVIEW = "mid_review"
    WITHDRAWN = "withdrawn"


class LegalForm(enum.StrEnum):
    """Filed with the subdistrict (备案) or registered with civil affairs (登记)."""

    FILED = "filed"
    REGISTERED = "registered"


class MemberRole(enum.StrEnum):
    """What a member may do for the organisation."""

    CHECK_IN = "check_in"  # sees who comes, and nothing else
    EDITOR = "editor"  # writes activities and submits them
    LEAD = "lead"
    MEMBER = "member"


class Organisation(Trailed, Base):
    """A social organisation, the centre itself, or a visiting department."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    name_en: Mapped[str] = mapped_column(String(120), default="")
    sort_key: Mapped[str] = mapped_column(code_point_text(200), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    about_en: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[OrganisationKind] = mapped_column(enum_type(OrganisationKind, "organisation_kind"))
    origin: Mapped[Origin | None] = mapped_column(enum_type(Origin, "organisation_origin"))
    stage: Mapped[Stage | None] = mapped_column(enum_type(Stage, "organisation_stage"))
    legal_form: Mapped[LegalForm | None] = mapped_column(enum_type(LegalForm, "organisation_legal_form"))
    contact: Mapped[str] = mapped_column(String(120), default="", server_default="")  # how to reach it, as all may read
    publishes_directly: Mapped[bool] = mapped_column(default=False)  # its activities need no review by staff
    # False: it has only applied, and the public pages do not name it
    is_listed: Mapped[bool] = mapped_column(default=True, server_default=true())
    # It leaves, or has left: it uses no room after this moment. The database refuses it what ends later.
    uses_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    memberships: Mapped[list["Membership"]] = relationship(back_populates="organisation", order_by="Membership.id")


class Membership(Trailed, Base):
    """That a person belongs to an organisation from one date until (and including) another, or without end."""

    __tablename__ = "memberships"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    role: Mapped[MemberRole] = mapped_column(enum_type(MemberRole, "member_role"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    organisation: Mapped[Organisation] = relationship(back_populates="memberships")
    person: Mapped[Person] = relationship()
