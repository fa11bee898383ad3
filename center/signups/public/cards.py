"""A session as lists show it, with its activity, its room and how many places are left: all in one statement."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from center.activities.models import Activity, ActivityKind, ActivityState, Session, SessionState
from center.activities.photos.models import ActivityPhoto
from center.kernel.caching.json_rows import Listing
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language, local_date
from center.organisations.models import Organisation
from center.rooms.models import Room, with_whole
from center.signups.models import Audience, Mode, Pool, PoolKind, Roster, SignUp, SignUpState
from center.signups.places_left import KeptPlaces, Left
from center.signups.refusals import for_whom

KEPT = (PoolKind.ELDERS, PoolKind.DESK, PoolKind.WHEELCHAIR)  # what a card says of what is kept for whom
ACCESS = ("is_step_free", "is_narrated", "has_sign_language", "has_companion_seats", "has_pick_up")


class Card(NamedTuple):
    """One session in a list. Equal cards look the same, so that what was drawn from one can be shown for the other."""

    id: int
    slug: str
    title: str
    title_en: str
    summary: str
    summary_en: str
    fee: str
    age_from: int | None
    age_to: int | None
    is_step_free: bool
    is_narrated: bool
    has_sign_language: bool
    has_companion_seats: bool
    has_pick_up: bool
    kind: str
    kind_en: str
    organisation: str
    organisation_en: str
    starts_at: datetime
    ends_at: datetime
    was_starts_at: datetime | None
    topic: str
    place: str
    place_en: str
    room_id: int | None
    room: str | None
    room_en: str | None
    whole: str | None
    whole_en: str | None
    photo: str | None
    photo_alt: str | None
    photo_alt_en: str | None
    roster_id: int | None
    mode: Mode | None
    opens_at: datetime | None
    closes_at: datetime | None
    capacity: int | None
    taken: int | None
    open_left: int | None
    elders_left: int | None
    desk_left: int | None
    wheelchair_left: int | None
    other_left: int | None
    waiting: int | None
    before: int | None
    has_waiting_list: bool | None
    residents_only: bool | None
    members_of: str | None
    members_of_en: str | None

    @property
    def whom(self) -> str:
        """For whom alone it is; nothing where for everybody."""
        return for_whom(
            members_of=in_language(self.members_of or "", self.members_of_en),
            residents_only=bool(self.residents_only),
        )

    @property
    def local_day(self) -> date:
        """The day on which it starts, on the centre's calendar."""
        return local_date(self.starts_at)

    @property
    def left(self) -> Left | None:
        """How many places are left; None where nobody signs up."""
        if self.roster_id is None or self.mode is Mode.WALK_IN:
            return None
        open_left = self.open_left or 0
        kept = ((kind, getattr(self, f"{kind.value}_left") or 0) for kind in KEPT)
        others = KeptPlaces(PoolKind.NAMED, self.other_left or 0, _("others"), _("others"))
        return Left(
            roster_id=self.roster_id,
            capacity=self.capacity or 0,
            taken=self.taken or 0,
            mine=0 if self.before else open_left,
            free=open_left,
            kept=tuple(each for each in (*(KeptPlaces(*one) for one in kept), others) if each.left > 0),
            waiting=self.waiting or 0,
            has_waiting_list=bool(self.has_waiting_list),
        )

    @property
    def where(self) -> str:
        """Its room, a part by the name of its whole too, else its own place, else the activity's."""
        if self.room is None:
            return in_language(self.place, self.place_en)
        return with_whole(in_language(self.room, self.room_en), in_language(self.whole or "", self.whole_en))


@dataclass(frozen=True, slots=True)
class _Tables:
    """The rosters, and the whole of a room, under names of their own."""

    own: Any
    of_all: Any
    roster: Any
    whole: Any
    members_of: Any


_T = _Tables(own=aliased(Roster), of_all=aliased(Roster), roster=aliased(Roster), whole=aliased(Room),
             members_of=aliased(Organisation))  # fmt: skip
SHOWN_ON_BOARDS = (Session.state != SessionState.CANCELLED, Activity.published_at.is_not(None),
                   Activity.state.in_((ActivityState.PUBLISHED, ActivityState.HELD)))  # fmt: skip


def coming(now: ColumnElement[datetime] | datetime, since: ColumnElement[datetime] | datetime) -> tuple[Any, ...]:
    """Sessions that have not ended; `since` is a moment after which they began all, so that an index finds them."""
    return (
        Session.state == SessionState.SCHEDULED,
        Session.starts_at > since,
        Session.ends_at > now,
        Activity.state == ActivityState.PUBLISHED,
    )


def chosen(*where: ColumnElement[bool]) -> Select[int, int]:
    """The sessions that fit, with the roster that whoever comes to each is on: its own, or its whole activity's."""
    for_participants = (_T.own.audience == Audience.PARTICIPANTS, _T.of_all.audience == Audience.PARTICIPANTS)
    of_all = (_T.of_all.activity_id == Session.activity_id, _T.of_all.session_id.is_(None))
    return (
        select(Session.id.label("session_id"), func.coalesce(_T.own.id, _T.of_all.id).label("roster_id"))
        .join(Activity, Activity.id == Session.activity_id)
        .outerjoin(_T.own, (_T.own.session_id == Session.id) & for_participants[0])
        .outerjoin(_T.of_all, of_all[0] & of_all[1] & for_participants[1])
        .where(*where)
        .order_by(Session.starts_at, Session.id)
    )


def cards_of(sessions: Select[int, int]) -> Select[Any]:
    """The cards of `chosen` sessions (some of them, where it has a limit), soonest first."""
    which = sessions.subquery()
    members_only = case((_T.roster.mode == Mode.MEMBERS_ONLY, Activity.organisation_id))
    wide = (
        select(*_columns(which.c.roster_id))
        .select_from(which)
        .join(Session, Session.id == which.c.session_id)
        .join(Activity, Activity.id == Session.activity_id)
        .join(Organisation, Organisation.id == Activity.organisation_id)
        .join(ActivityKind, ActivityKind.id == Activity.kind_id)
        .outerjoin(Room, Room.id == Session.room_id)
        .outerjoin(_T.whole, _T.whole.id == Room.parent_id)
        .outerjoin(_T.roster, _T.roster.id == which.c.roster_id)
        .outerjoin(_T.members_of, _T.members_of.id == func.coalesce(_T.roster.members_of_id, members_only))
        .outerjoin(ActivityPhoto, ActivityPhoto.activity_id == Activity.id)
    )
    return wide.order_by(Session.starts_at, Session.id)


def cards_in(listing: Listing, text: str) -> list[Card]:
    """The cards in the text of a listing of them, soonest first."""
    return sorted((Card(*row) for row in listing.rows(text)), key=lambda card: (card.starts_at, card.id))


def _columns(roster_id: ColumnElement[int]) -> list[Any]:
    own_place = Session.place != ""
    named = {
        "id": Session.id,
        **{name: getattr(Activity, name) for name in ("slug", "title", "title_en", "summary", "summary_en", "fee")},
        **{name: getattr(Activity, name) for name in ("age_from", "age_to", *ACCESS)},
        "kind": ActivityKind.name,
        "kind_en": ActivityKind.name_en,
        "organisation": Organisation.name,
        "organisation_en": Organisation.name_en,
        **{name: getattr(Session, name) for name in ("starts_at", "ends_at", "was_starts_at", "topic")},
        "place": case((own_place, Session.place), else_=Activity.place),
        "place_en": case((own_place, ""), else_=Activity.place_en),
        "room_id": Session.room_id,
        "room": Room.name,
        "room_en": Room.name_en,
        "whole": _T.whole.name,
        "whole_en": _T.whole.name_en,
        "photo": ActivityPhoto.name,
        "photo_alt": ActivityPhoto.alt,
        "photo_alt_en": ActivityPhoto.alt_en,
        "roster_id": _T.roster.id,
        "mode": _T.roster.mode,
        "opens_at": _T.roster.opens_at,
        "closes_at": _T.roster.closes_at,
        **_counts(roster_id),
        "has_waiting_list": _T.roster.has_waiting_list,
        "residents_only": _T.roster.residents_only,
        "members_of": _T.members_of.name,
        "members_of_en": _T.members_of.name_en,
    }
    assert tuple(named) == Card._fields
    return [column.label(name) for name, column in named.items()]


def _counts(roster_id: ColumnElement[int]) -> dict[str, ColumnElement[int]]:
    """Places in all, taken, free for anybody and kept for whom (companion seats are none), and how many wait.

    Of those who wait all come before whoever comes now, but for those who wait for a seat beside them only.
    """

    def summed(what: ColumnElement[int]) -> ColumnElement[int]:
        query = select(func.coalesce(func.sum(what), 0)).where(
            Pool.roster_id == roster_id, Pool.kind != PoolKind.COMPANION
        )
        return query.correlate(roster_id.table, _T.roster).scalar_subquery()

    def count(*which: ColumnElement[bool]) -> ColumnElement[int]:
        query = select(func.count()).where(SignUp.roster_id == roster_id, SignUp.state == SignUpState.WAITING, *which)
        return query.correlate(roster_id.table).scalar_subquery()

    left = Pool.capacity - Pool.taken
    released = _T.roster.released_at.is_not(None)
    is_open = or_(Pool.kind == PoolKind.GENERAL, released)
    rest = Pool.kind.not_in((PoolKind.GENERAL, *KEPT))
    has_seats = exists().where(
        Pool.roster_id == SignUp.roster_id, Pool.kind == PoolKind.COMPANION, Pool.taken < Pool.capacity
    )
    return {
        "capacity": summed(Pool.capacity.expression),
        "taken": summed(Pool.taken.expression),
        "open_left": summed(case((is_open, left), else_=0)),
        **{f"{kind.value}_left": summed(case((and_(Pool.kind == kind, ~released), left), else_=0)) for kind in KEPT},
        "other_left": summed(case((and_(rest, ~released), left), else_=0)),
        "waiting": count(),
        "before": count(or_(SignUp.wants_companion.is_(False), has_seats)),
    }
