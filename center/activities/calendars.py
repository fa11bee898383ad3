"""Sessions as calendars: what everybody may subscribe to. Read in one statement, however many there are."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from center.activities.models import IN_PREPARATION, Activity, Session, SessionState
from center.bookings.calendars.entries import Entry, placed, uid_of
from center.bookings.calendars.feeds import BACK, Feed, feed_span
from center.kernel.caching.json_rows import AnySelect
from center.kernel.db import db
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language
from center.rooms.models import Room, with_whole

Address = Callable[[str], str]  # from an activity's slug to its page
IS_PUBLIC = (Activity.published_at.is_not(None), Activity.state.not_in(IN_PREPARATION))

whole = aliased(Room)
COLUMNS = (
    Session.id,
    Session.state,
    Session.starts_at,
    Session.ends_at,
    Session.topic,
    Session.place.label("own_place"),
    Session.sequence,
    Session.changed_at,
    Activity.changed_at.label("activity_changed_at"),
    Activity.slug,
    Activity.title,
    Activity.title_en,
    Activity.summary,
    Activity.summary_en,
    Activity.place,
    Activity.place_en,
    Room.name.label("room"),
    Room.name_en.label("room_en"),
    Room.is_confidential,
    whole.name.label("whole"),
    whole.name_en.label("whole_en"),
    whole.is_confidential.label("whole_is_confidential"),
)


def with_rooms(query: AnySelect) -> AnySelect:
    """The rooms of sessions, with the whole that each is a part of."""
    return query.outerjoin(Room, Room.id == Session.room_id).outerjoin(whole, whole.id == Room.parent_id)


def public_sessions(*where: ColumnElement[bool], now: datetime, back: timedelta = BACK) -> Sequence[Any]:
    """The sessions of public activities on the days that calendars hold, called off or not, by time."""
    within = feed_span(now, back=back)
    during = (Session.starts_at >= within.start, Session.starts_at < within.end)
    return _read(*during, *IS_PUBLIC, *where)


def sessions_of(activity: Activity) -> Sequence[Any]:
    """All sessions of one activity, by time."""
    return _read(Session.activity_id == activity.id)


def feed_of(rows: Iterable[Any], *, address_of: Address, is_by_room: bool = False) -> Feed | None:
    """The calendar of these sessions; None where there is none. By room, it says as little as the boards do."""
    listed = list(rows)
    if not listed:
        return None
    entries = tuple(_entry(row, address_of(row.slug), is_by_room=is_by_room) for row in listed)
    return Feed(entries, max(max(row.changed_at, row.activity_changed_at) for row in listed))


def entry_words(row: Any) -> dict[str, Any]:
    """What every calendar says of a session, besides what it is called."""
    return {
        "stamp": max(row.changed_at, row.activity_changed_at),
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "location": location(row),
    }


def called(row: Any) -> str:
    """What a session is called: its activity's title, and its own topic."""
    title = in_language(row.title, row.title_en)
    return f"{title} · {row.topic}" if row.topic else title


def location(row: Any) -> str:
    """Where a session is, as a programme that finds the way needs it."""
    if row.room is not None:
        return placed(_room(row))
    return row.own_place or in_language(row.place, row.place_en)


def _entry(row: Any, address: str, *, is_by_room: bool) -> Entry:
    is_off = row.state is SessionState.CANCELLED
    is_hidden = is_by_room and bool(row.is_confidential or row.whole_is_confidential)
    summary = _("In use") if is_hidden else called(row)
    if is_by_room and row.room is not None:
        summary = f"{summary} · {_room(row)}"
    return Entry(
        uid=uid_of(f"session:{row.id}"),
        sequence=row.sequence,
        status="CANCELLED" if is_off else "CONFIRMED",
        summary=_("Called off: %(what)s", what=summary) if is_off else summary,
        description="" if is_hidden else in_language(row.summary, row.summary_en),
        address=address,
        **entry_words(row),
    )


def _room(row: Any) -> str:
    return with_whole(in_language(row.room, row.room_en), in_language(row.whole or "", row.whole_en))


def _read(*where: ColumnElement[bool]) -> Sequence[Any]:
    query = with_rooms(select(*COLUMNS).select_from(Session).join(Activity, Activity.id == Session.activity_id))
    return db.session.execute(query.where(*where).order_by(Session.starts_at, Session.id)).all()
