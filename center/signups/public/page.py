"""What the page of an activity shows beside its rosters: its photo, its dates by month, and what machines read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from center.activities.models import Activity
from center.activities.photos.actions import find_photo
from center.i18n import local_date
from center.signups.models import Roster
from center.signups.public.structured import address_of, event_of, json_ld, share_text
from center.signups.queries import Left


def public_face(
    activity: Activity, *, rosters: Sequence[Roster], left: Mapping[int, Left], now: datetime
) -> dict[str, Any]:
    """The part of the page that is the same for everybody who reads it."""
    photo = find_photo(activity.id)
    ahead = [each for each in activity.sessions if each.ends_at > now]
    scheduled = [each for each in ahead if each.is_scheduled]
    by_session = {roster.session_id: left.get(roster.id) for roster in rosters}
    of_session = {roster.session_id: roster for roster in rosters}
    nearest = of_session.get(scheduled[0].id if scheduled else -1) or of_session.get(None)
    months = groupby(ahead, key=lambda each: local_date(each.starts_at).replace(day=1))
    return {
        "photo": photo,
        "next_session": scheduled[0] if scheduled else None,
        "months": [(month, list(of_month)) for month, of_month in months],
        "past": [each for each in activity.sessions if each.ends_at <= now],
        "left_on": by_session,
        "address": address_of(activity),
        "share_text": share_text(activity, roster=nearest, left=left.get(nearest.id) if nearest else None, now=now),
        "event": json_ld(event_of(activity, rosters=rosters, left=left, photo=photo)),
    }
