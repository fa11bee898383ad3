"""Polls for a date: a few times and rooms, what each member says to them, and the session that one of them became."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Session
from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person
from center.rooms.models import Room
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import TroupeMember


class PollState(enum.StrEnum):
    """Where a poll stands. Only an open one takes answers."""

    CALLED_OFF = "called_off"
    DECIDED = "decided"  # one of its times became a session
    OPEN = "open"


class Vote(enum.StrEnum):
    """What somebody says to one of the times."""

    MAYBE = "maybe"
    NO = "no"
    YES = "yes"


class VotedBy(enum.StrEnum):
    """How an answer came."""

    ACCOUNT = "account"
    LEAD = "lead"  # 代答: a leader wrote down what a member said
    LINK = "link"


class DatePoll(Base):
    """A question to the members of a season: which of these times suits you?"""

    __tablename__ = "date_polls"
    __table_args__ = (
        CheckConstraint("(state = 'decided') = (session_id IS NOT NULL)", name="decided"),
        CheckConstraint("(state = 'decided') = (option_id IS NOT NULL)", name="option"),
        UniqueConstraint("session_id"),
        UniqueConstraint("made_by_id", "request_key"),
        Index("ix_date_polls_season", "season_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    season_id: Mapped[int] = mapped_column(ForeignKey("seasons.id"))
    title: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[PollState] = mapped_column(enum_type(PollState, "poll_state"), default=PollState.OPEN)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)  # from then on nobody answers; it may be decided before
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    request_key: Mapped[str] = mapped_column(String(36))  # one per form shown: sent twice, it is made once
    option_id: Mapped[int | None]  # the time that was chosen
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    season: Mapped[Season] = relationship()
    session: Mapped[Session | None] = relationship()
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id])
    options: Mapped[list["PollOption"]] = relationship(
        order_by="(PollOption.starts_at, PollOption.id)", back_populates="poll"
    )

    def is_open_at(self, now: datetime) -> bool:
        """Whether it takes answers at this moment."""
        return self.state is PollState.OPEN and now < self.closes_at


class PollOption(Base):
    """One of the times and rooms that a poll asks about. It holds no room: what is decided is looked at once more."""

    __tablename__ = "date_poll_options"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="span"),
        UniqueConstraint("poll_id", "starts_at", "room_id"),
        UniqueConstraint("id", "poll_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("date_polls.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))

    poll: Mapped[DatePoll] = relationship(back_populates="options")
    room: Mapped[Room] = relationship()


class PollAnswer(Base):
    """What a member says to one of the times, as they said last. The database takes none once the poll is decided."""

    __tablename__ = "date_poll_answers"
    __table_args__ = (
        CheckConstraint("(how = 'link') = (by_id IS NULL)", name="by"),
        UniqueConstraint("option_id", "member_id"),
        ForeignKeyConstraint(["option_id", "poll_id"], ["date_poll_options.id", "date_poll_options.poll_id"]),
        Index("ix_date_poll_answers_poll", "poll_id"),
        Index("ix_date_poll_answers_member", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int]
    option_id: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("troupe_members.id"))
    vote: Mapped[Vote] = mapped_column(enum_type(Vote, "poll_vote"))
    how: Mapped[VotedBy] = mapped_column(enum_type(VotedBy, "poll_how"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: by the link
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    member: Mapped[TroupeMember] = relationship()
