"""Activities with all that their pages and rules need, kept by each process while nobody changes an activity.

All requests share these objects, so they are shown and judged, never changed: they belong to no session. Whoever
changes an activity takes it from `center.activities.queries`. An action holds what it contends for before it asks.
"""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm.attributes import set_committed_value

from center.activities.models import Activity, ActivityKind, Session
from center.kernel.caching.read_cache import Readings, versions_of
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import Organisation
from center.rooms.known_rooms import detached, known_rooms

_activities = Readings()


def known_activity(slug: str) -> Activity:
    """The activity at this address as it is now, with its sessions and their rooms; raises NotFound."""
    return must_find(_known("slug", slug), _l("There is no activity at this address."))


def known_activity_by_id(activity_id: int) -> Activity:
    """The activity with this id as it is now, which there is."""
    return must_find(_known("id", activity_id), _l("There is no activity at this address."))


def _known(name: str, value: Any) -> Activity | None:
    versions = versions_of("activities", "organisations", "settings")
    found = _activities.find((name, value), versions, lambda: _read(name, value))
    if found is not None and name != "id":  # so that an action need not read it again
        _activities.find(("id", found.id), versions, lambda: found)
    return found


def _read(name: str, value: Any) -> Activity | None:
    connection = db.session.connection()
    row = connection.execute(_one_of(Activity, name), {"value": value}).one_or_none()
    if row is None:
        return None
    activity, rooms = detached(Activity, row), known_rooms()
    owner = connection.execute(_one_of(Organisation, "id"), {"value": row.organisation_id}).one()
    kind = connection.execute(_one_of(ActivityKind, "id"), {"value": row.kind_id}).one()
    set_committed_value(activity, "organisation", detached(Organisation, owner))
    set_committed_value(activity, "kind", detached(ActivityKind, kind))
    dates = connection.execute(_one_of(Session, "activity_id"), {"value": row.id})
    sessions = sorted((detached(Session, each) for each in dates), key=lambda each: (each.starts_at, each.id))
    for each in sessions:
        set_committed_value(each, "activity", activity)
        set_committed_value(each, "room", rooms.get(each.room_id) if each.room_id is not None else None)
    set_committed_value(activity, "sessions", sessions)
    return activity


@cache
def _one_of(kind: type[Any], name: str) -> Select[*tuple[Any, ...]]:
    return select(*kind.__table__.c).where(kind.__table__.c[name] == bindparam("value"))
