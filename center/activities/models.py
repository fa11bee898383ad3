"""Activities, their kinds, their sessions, and what happened to them."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, event, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.titles import search_key
from center.kernel.db import Base, UtcDateTime, code_point_text, enum_type
from center.kernel.i18n import local_date
from center.kernel.logs import press_now
from center.kernel.trail import Trailed
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room


class ActivityState(enum.StrEnum):
    """Where an activity stands. The public sees it once it was published: also when it is cancelled or held."""

    CANCELLED = "cancelled"
    DRAFT = "draft"
    HELD = "held"  # over and done with
    PUBLISHED = "published"
    RETURNED = "returned"  # back with the organisation, with a reason
    SUBMITTED = "submitted"  # waits for staff


IN_PREPARATION = (ActivityState.DRAFT, ActivityState.RETURNED, ActivityState.SUBMITTED)


class SessionState(enum.StrEnum):
    """Where a session stands. Scheduled and held ones have their room's time in the ledger, cancelled ones do not."""

    CANCELLED = "cancelled"
    HELD = "held"
    SCHEDULED = "scheduled"


NOT_CANCELLED = (SessionState.HELD, SessionState.SCHEDULED)  # as a list: "anything but" is no range of an index


class ActivityChange(enum.StrEnum):
    """What happened to an activity or to one of its sessions."""

    CANCELLED = "cancelled"
    CREATED = "created"
    DECISION_UNDONE = "decision_undone"  # whoever published or returned it took that back at once
    EDITED = "edited"
    HELD = "held"
    PUBLISHED = "published"
    RETURNED = "returned"
    SESSION_ADDED = "session_added"
    SESSION_CANCELLED = "session_cancelled"
    SESSION_HELD = "session_held"
    SESSION_MOVED = "session_moved"  # to another time or room; the event says from where
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"  # taken back before staff looked at it


class ActivityKind(Trailed, Base):
    """A kind of activity (talk, class, film, outing), as staff list them."""

    __tablename__ = "activity_kinds"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    name_en: Mapped[str] = mapped_column(String(60), default="")
    position: Mapped[int] = mapped_column(default=0)
    is_retired: Mapped[bool] = mapped_column(default=False)  # no new activity is of this kind


class Activity(Base):
    """Something people take part in."""

    __tablename__ = "activities"
    __table_args__ = (
        CheckConstraint("age_from IS NULL OR age_from BETWEEN 0 AND 120", name="age_from"),
        CheckConstraint("age_to IS NULL OR age_to BETWEEN 0 AND 120", name="age_to"),
        CheckConstraint("age_from IS NULL OR age_to IS NULL OR age_to >= age_from", name="ages"),
        CheckConstraint("expected > 0", name="expected"),
        Index("uq_activities_request_key", "created_by_id", "request_key", unique=True),
        Index("ix_activities_organisation_state", "organisation_id", "state", "id"),
        Index("ix_activities_state_changed", "state", "changed_at", "id"),
        Index("ix_activities_published", "published_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("activity_kinds.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    title_en: Mapped[str] = mapped_column(String(120), default="")
    sort_key: Mapped[str] = mapped_column(code_point_text(400), default="")  # pinyin of the title, for sorting
    search_key: Mapped[str] = mapped_column(Text, default="", server_default="")  # kept by `_keep_search_key`
    summary: Mapped[str] = mapped_column(String(200), default="")
    summary_en: Mapped[str] = mapped_column(String(300), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    about_en: Mapped[str] = mapped_column(Text, default="")
    bring: Mapped[str] = mapped_column(String(300), default="")
    fee: Mapped[str] = mapped_column(String(80), default="")  # empty: free of charge
    contact: Mapped[str] = mapped_column(String(120), default="")
    place: Mapped[str] = mapped_column(String(120), default="")  # of sessions outside the centre's rooms
    place_en: Mapped[str] = mapped_column(String(160), default="")
    # Who is on its lists only its programme shows, by rules of its own: children of the after-school programme.
    is_confined: Mapped[bool] = mapped_column(default=False, server_default=false())
    expected: Mapped[int] = mapped_column(default=20)  # how many people the rooms must hold
    age_from: Mapped[int | None]
    age_to: Mapped[int | None]
    is_step_free: Mapped[bool] = mapped_column(default=False)
    is_narrated: Mapped[bool] = mapped_column(default=False)
    has_sign_language: Mapped[bool] = mapped_column(default=False)
    has_companion_seats: Mapped[bool] = mapped_column(default=False)
    has_pick_up: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ActivityState] = mapped_column(enum_type(ActivityState, "activity_state"))
    reason: Mapped[str] = mapped_column(String(200), default="")  # why it was returned or cancelled
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    request_key: Mapped[str | None] = mapped_column(String(36))  # one per form shown: sent twice, it is made once
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship()
    kind: Mapped[ActivityKind] = relationship()
    created_by: Mapped[Person] = relationship()
    sessions: Mapped[list["Session"]] = relationship(
        back_populates="activity", order_by="Session.starts_at, Session.id"
    )

    @property
    def is_public(self) -> bool:
        """Whether people may see it: it was published, whatever became of it."""
        return self.published_at is not None and self.state not in IN_PREPARATION


@event.listens_for(Activity, "before_insert")
@event.listens_for(Activity, "before_update")
def _keep_search_key(_mapper: object, _connection: object, activity: Activity) -> None:
    """What an activity is found by follows its words, whoever writes them."""
    said = (activity.title, activity.title_en, activity.summary, activity.summary_en)
    activity.search_key = search_key(*(words or "" for words in said))  # before its defaults are filled in


class Session(Base):
    """One time at which an activity happens, in a room (then the ledger has it) or at a place of its own.

    The database lets no two of one activity be at the same time.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="span"),
        CheckConstraint("(room_id IS NULL) = (use_id IS NULL)", name="room_use"),
        Index("ix_sessions_activity_starts", "activity_id", "starts_at", "id"),
        Index("ix_sessions_state_starts", "state", "starts_at", "id"),
        Index("ix_sessions_room_starts", "room_id", "starts_at"),
        Index("ix_sessions_state_ends", "state", "ends_at", "activity_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"))
    use_id: Mapped[int | None] = mapped_column(ForeignKey("room_uses.id"), unique=True)
    place: Mapped[str] = mapped_column(String(120), default="")  # where it differs from the activity's
    topic: Mapped[str] = mapped_column(String(120), default="")  # "Lesson 3: colour"
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    was_starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the start before it was moved last
    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when its start was changed last
    state: Mapped[SessionState] = mapped_column(enum_type(SessionState, "session_state"))
    cancel_reason: Mapped[str] = mapped_column(String(200), default="")
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sequence: Mapped[int] = mapped_column(default=0)  # RFC 5545 SEQUENCE: counts changes told to calendars
    # It overlapped another of its activity before the database refused that; nothing new is.
    is_doubled: Mapped[bool] = mapped_column(default=False, server_default=false())

    activity: Mapped[Activity] = relationship(back_populates="sessions")
    room: Mapped[Room | None] = relationship()

    @property
    def local_day(self) -> date:
        """The day on which it starts, on the centre's calendar."""
        return local_date(self.starts_at)

    @property
    def is_scheduled(self) -> bool:
        """Whether it is still to take place: neither cancelled nor held yet."""
        return self.state is SessionState.SCHEDULED


class ActivityEvent(Base):
    """One change of an activity or a session: who, when, how. The database refuses to alter or remove a row."""

    __tablename__ = "activity_events"
    __table_args__ = (
        Index("ix_activity_events_activity_at", "activity_id", "at", "id"),
        Index("ix_activity_events_at", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: the site itself, by a rule
    what: Mapped[ActivityChange] = mapped_column(enum_type(ActivityChange, "activity_change"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    was_room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"))  # of a move: where and when it was before
    was_starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    was_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    press: Mapped[str | None] = mapped_column(String(16), default=press_now, index=True)

    activity: Mapped[Activity] = relationship()
    session: Mapped[Session | None] = relationship()
    by: Mapped[Person | None] = relationship()
    was_room: Mapped[Room | None] = relationship()
