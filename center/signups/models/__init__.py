"""Rosters, their pools of places, sign-ups and answers, and what happened to a sign-up.

The database holds what matters: no pool gives more places than it has, nobody is on a roster twice, and a sign-up names
a pool exactly while it has a place there.
"""

import enum
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from center.activities.models import Activity, Session
from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.acting import Ground
from center.people.models import Person

if TYPE_CHECKING:
    from center.signups.models.attendee_lists import PlaceHeld


class Audience(enum.StrEnum):
    """Whom a roster is for."""

    PARTICIPANTS = "participants"
    VOLUNTEERS = "volunteers"


class Mode(enum.StrEnum):
    """How places are given."""

    APPROVAL = "approval"  # the lead chooses among those who asked
    FIRST_COME = "first_come"
    LOTTERY = "lottery"  # all who asked until the window closes are drawn
    MEMBERS_ONLY = "members_only"  # first come, for members of the organisation
    WALK_IN = "walk_in"  # no sign-up before the day; the desk writes down who comes


class PoolKind(enum.StrEnum):
    """Whom a pool's places are kept for."""

    BUILDING = "building"  # who lives in one building
    COMPANION = "companion"  # seats beside somebody who needs one; not counted among the places
    DESK = "desk"  # signed up at the desk or on the phone
    ELDERS = "elders"  # 60 and older
    GENERAL = "general"
    GRID = "grid"  # who lives in one grid
    NAMED = "named"  # given by the lead or the desk only, under a name of its own
    WHEELCHAIR = "wheelchair"


class SignUpState(enum.StrEnum):
    """Where a sign-up stands."""

    CANCELLED = "cancelled"
    CONFIRMED = "confirmed"
    DECLINED = "declined"  # by the lead, or not drawn and not waiting
    EXPIRED = "expired"  # an offer that nobody answered in time
    OFFERED = "offered"  # a place is held until the offer expires
    REQUESTED = "requested"  # waits for the lead or for the draw; holds no place
    TURNED_DOWN = "turned_down"  # an offer the person did not want
    WAITING = "waiting"


HOLDING = (SignUpState.CONFIRMED, SignUpState.OFFERED)  # these, and no others, have a place in a pool
LIVE = (*HOLDING, SignUpState.REQUESTED, SignUpState.WAITING)
_LIVE_SQL = text("state IN ('confirmed', 'offered', 'requested', 'waiting')")


class Channel(enum.StrEnum):
    """How a sign-up came."""

    DESK = "desk"
    ONLINE = "online"
    PHONE = "phone"
    WALK_IN = "walk_in"


class QuestionKind(enum.StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    SHORT_TEXT = "short_text"
    YES_NO = "yes_no"


class Roster(Base):
    """The places of a whole activity (`session_id` NULL) or of one of its sessions, for one audience."""

    __tablename__ = "rosters"
    __table_args__ = (
        CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR closes_at > opens_at", name="window"),
        CheckConstraint("min_age IS NULL OR max_age IS NULL OR max_age >= min_age", name="ages"),
        CheckConstraint("cancel_minutes >= 0 AND release_minutes >= 0 AND offer_minutes > 0", name="minutes"),
        UniqueConstraint("session_id", "audience"),
        Index(
            "uq_rosters_of_activity",
            "activity_id",
            "audience",
            unique=True,
            sqlite_where=text("session_id IS NULL"),
            postgresql_where=text("session_id IS NULL"),
        ),
        Index("ix_rosters_activity", "activity_id", "session_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"))
    audience: Mapped[Audience] = mapped_column(enum_type(Audience, "roster_audience"))
    mode: Mapped[Mode] = mapped_column(enum_type(Mode, "roster_mode"))
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: as soon as it is published
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: when it starts
    cancel_minutes: Mapped[int] = mapped_column(default=1440)  # how long before the start one may still cancel oneself
    release_minutes: Mapped[int] = mapped_column(default=1440)  # kept places are for all so long before the start
    offer_minutes: Mapped[int] = mapped_column(default=720)  # how long an offer stands, counted in waking hours
    has_waiting_list: Mapped[bool] = mapped_column(default=True)
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    guardian_below: Mapped[int | None]  # who is younger than this is signed up by a guardian
    residents_only: Mapped[bool] = mapped_column(default=False)
    access_need_only: Mapped[bool] = mapped_column(default=False)
    members_of_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    first_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the first date, from which its times are counted
    last_order: Mapped[int] = mapped_column(default=0)  # the number that was given to the latest arrival
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # since when kept places are everybody's
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # nobody is wanted any more

    activity: Mapped[Activity] = relationship()
    session: Mapped[Session | None] = relationship()
    pools: Mapped[list["Pool"]] = relationship(back_populates="roster", order_by="Pool.position, Pool.id")
    questions: Mapped[list["Question"]] = relationship(order_by="Question.position, Question.id")

    @property
    def asked(self) -> list["Question"]:
        """What is asked of whoever signs up now."""
        return [question for question in self.questions if question.retired_at is None]

    @property
    def sessions(self) -> list[Session]:
        """The sessions that somebody on this roster comes to, cancelled ones too."""
        return [self.session] if self.session else list(self.activity.sessions)


class Pool(Base):
    """Some of a roster's places, kept for some of the people. The database lets no more be taken than there are."""

    __tablename__ = "pools"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= capacity", name="taken"),
        CheckConstraint("(kind = 'building') = (building_id IS NOT NULL)", name="building"),
        CheckConstraint("(kind = 'grid') = (grid_id IS NOT NULL)", name="grid"),
        Index("ix_pools_roster", "roster_id", "position", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    roster_id: Mapped[int] = mapped_column(ForeignKey("rosters.id", ondelete="CASCADE"))
    kind: Mapped[PoolKind] = mapped_column(enum_type(PoolKind, "pool_kind"))
    name: Mapped[str] = mapped_column(String(40), default="")
    name_en: Mapped[str] = mapped_column(String(60), default="")
    building_id: Mapped[int | None] = mapped_column(ForeignKey("buildings.id"))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grids.id"))
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)

    roster: Mapped[Roster] = relationship(back_populates="pools")

    @property
    def left(self) -> int:
        """How many places of this kind nobody has."""
        return self.capacity - self.taken


class SignUpGroup(Base):
    """Who was signed up in one go: one form, sent once or several times."""

    __tablename__ = "sign_up_groups"
    __table_args__ = (UniqueConstraint("signed_by_id", "request_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    roster_id: Mapped[int] = mapped_column(ForeignKey("rosters.id"), index=True)
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    request_key: Mapped[str] = mapped_column(String(36))
    stays_together: Mapped[bool] = mapped_column(default=False)  # all get a place, or all wait
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    sign_ups: Mapped[list["SignUp"]] = relationship(back_populates="group", order_by="SignUp.queue_order, SignUp.id")


class SignUp(Base):
    """That a person wants a place on a roster, and what became of it."""

    __tablename__ = "sign_ups"
    __table_args__ = (
        CheckConstraint("(state IN ('confirmed', 'offered')) = (pool_id IS NOT NULL)", name="place"),
        CheckConstraint("companion_pool_id IS NULL OR pool_id IS NOT NULL", name="companion_place"),
        CheckConstraint("(state = 'offered') <= (offer_expires_at IS NOT NULL)", name="offer"),
        Index(
            "uq_sign_ups_live",
            "roster_id",
            "person_id",
            unique=True,
            sqlite_where=_LIVE_SQL,
            postgresql_where=_LIVE_SQL,
        ),
        Index("ix_sign_ups_roster_state", "roster_id", "state", "queue_order"),
        Index("ix_sign_ups_person", "person_id", "state"),
        Index(
            "ix_sign_ups_requested",
            "roster_id",
            sqlite_where=text("state = 'requested'"),
            postgresql_where=text("state = 'requested'"),
        ),
        # Of offers alone: for any other state it would be the wrong way in, and SQLite takes it.
        Index(
            "ix_sign_ups_offers",
            "state",
            "offer_expires_at",
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)  # what people read out: K7QM-2F9D
    roster_id: Mapped[int] = mapped_column(ForeignKey("rosters.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("sign_up_groups.id"), index=True)
    pool_id: Mapped[int | None] = mapped_column(ForeignKey("pools.id"), index=True)
    companion_pool_id: Mapped[int | None] = mapped_column(ForeignKey("pools.id"), index=True)
    state: Mapped[SignUpState] = mapped_column(enum_type(SignUpState, "sign_up_state"))
    queue_order: Mapped[int]  # in which order people came, or were drawn
    precedence: Mapped[int] = mapped_column(default=0, server_default="0")  # the higher are drawn before the others
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ground: Mapped[Ground] = mapped_column(enum_type(Ground, "sign_up_ground"))  # by what right somebody signed
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, "sign_up_channel"))
    uses_wheelchair: Mapped[bool] = mapped_column(default=False)
    wants_companion: Mapped[bool] = mapped_column(default=False)
    wants_pick_up: Mapped[bool] = mapped_column(default=False)
    has_access_need: Mapped[bool] = mapped_column(default=False)  # says so themselves, where a roster asks
    note: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offer_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    roster: Mapped[Roster] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    signed_by: Mapped[Person] = relationship(foreign_keys=[signed_by_id])
    group: Mapped[SignUpGroup] = relationship(back_populates="sign_ups")
    pool: Mapped[Pool | None] = relationship(foreign_keys=[pool_id])
    answers: Mapped[list["Answer"]] = relationship(order_by="Answer.question_id")
    held: WriteOnlyMapped["PlaceHeld"] = relationship(cascade="save-update, merge", passive_deletes="all")

    @property
    def is_live(self) -> bool:
        """Whether somebody has a place, waits for one or asks for one."""
        return self.state in LIVE


class Question(Base):
    """Something a roster asks of everybody who signs up."""

    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    roster_id: Mapped[int] = mapped_column(ForeignKey("rosters.id", ondelete="CASCADE"), index=True)
    kind: Mapped[QuestionKind] = mapped_column(enum_type(QuestionKind, "question_kind"))
    words: Mapped[str] = mapped_column(String(120))
    words_en: Mapped[str] = mapped_column(String(160), default="")
    choices: Mapped[str] = mapped_column(Text, default="")  # one a line
    is_required: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # no longer asked; what was answered stays


class Answer(Base):
    """What somebody answered."""

    __tablename__ = "answers"

    sign_up_id: Mapped[int] = mapped_column(ForeignKey("sign_ups.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    says: Mapped[str] = mapped_column(String(500))
    question: Mapped[Question] = relationship()
