"""What the form of a new activity begins with: sensible defaults, or all but the dates of an activity to copy.

A copy starts from what was planned: every pool with its own number, and opening and closing as long before the first
date as they were.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from center.activities import kinds
from center.activities.models import Activity
from center.activities.photos.actions import find_photo
from center.activities.queries import find_activity
from center.kernel import clock
from center.kernel.i18n import centre_zone, local_date
from center.kernel.recurrence import next_day_like
from center.organisations.models import Organisation
from center.people.queries import buildings, grids
from center.rooms.queries import all_rooms
from center.signups.changing.dates import Step
from center.signups.models import Audience, Mode, PoolKind, Roster
from center.signups.posting.words import ForWhom
from center.signups.rosters import rosters_of
from center.web.activities.forms import PostForm, values_of
from center.web.activities.kept_forms import kept_values
from center.web.activities.photo_forms import photo_values
from center.web.activities.question_forms import question_values

HOUR, MOST_HOURS = timedelta(hours=1), 24 * 60


def find_model(organisation: Organisation, slug: str) -> Activity | None:
    """The activity that is copied, if it is this organisation's."""
    model = find_activity(slug) if slug else None
    return model if model and model.organisation_id == organisation.id else None


def new_form(organisation: Organisation, model: Activity | None, **given: Any) -> PostForm:
    """The form of a new activity with what was answered, and with what it begins with."""
    photo = find_photo(model.id) if model else None
    begins: dict[str, Any] = {"contact": organisation.contact, "has_waiting_list": True}
    if model is not None:
        begins = {**copy_of(model, now=clock.now()), **photo_values(model, photo)}
    form = PostForm(**given, data=begins)
    form.offer_photo(photo)
    form.offer_kinds(kinds.all_kinds())
    form.offer_rooms(all_rooms())
    form.offer_kept(buildings(), grids())
    return form


def copy_of(model: Activity, *, now: datetime) -> dict[str, Any]:
    """Everything but the dates of an activity, with the day on which it would come again."""
    days = [local_date(each.starts_at) for each in model.sessions]
    when = {**when_of(model), "date": next_day_like(days, today=local_date(now))}
    return {**values_of(model), **when, **_places_of(rosters_of(model), when, now=now)}


def when_of(activity: Activity) -> dict[str, Any]:
    """The room and the hours of the last session, for the next ones."""
    if not activity.sessions:
        return {}
    last = activity.sessions[-1]
    zone = centre_zone()
    hours = {"start": last.starts_at.astimezone(zone).time(), "end": last.ends_at.astimezone(zone).time()}
    return {"room": last.room.code if last.room and not last.room.is_retired else "", **hours}


def _places_of(rosters: Sequence[Roster], when: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """The places of an activity as the form asks for them."""
    model, wanted = _model(rosters, Audience.PARTICIPANTS), _model(rosters, Audience.VOLUNTEERS)
    if model is None:  # to which people just came
        return {"has_waiting_list": True, "mode": Mode.WALK_IN.value}
    whom = ForWhom.RESIDENTS if model.residents_only else ForWhom.EVERYBODY
    whom = ForWhom.ACCESS_NEED if model.access_need_only else whom
    return {
        "mode": model.mode.value,
        "for_whom": whom.value,
        "ages_bind": model.min_age is not None or model.max_age is not None,
        "guardian_below": model.guardian_below,
        **_times_of(model, when, now=now),
        "has_waiting_list": model.has_waiting_list,
        "per_session": "1" if model.session_id is not None else "0",
        **_numbers_of(model),
        "volunteers": sum(pool.capacity for pool in wanted.pools) if wanted else 0,
        **kept_values(model.pools),
        **question_values(model.asked),
    }


def _model(rosters: Sequence[Roster], audience: Audience) -> Roster | None:
    """The last roster for an audience whose date was not called off, else the last one."""
    found = [roster for roster in rosters if roster.audience is audience]
    live = [roster for roster in found if roster.session is None or roster.session.cancelled_at is None]
    return next(reversed(live or found), None)


def _times_of(model: Roster, when: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Opening and deadlines, each as far from the first date as they were."""
    hours: dict[str, Any] = {"cancel_hours": model.cancel_minutes // 60, "release_hours": model.release_minutes // 60}
    first = model.first_at
    if first is None:
        return hours
    if model.closes_at is not None:
        hours["closes_hours"] = min(MOST_HOURS, max(0, (first - model.closes_at) // HOUR))
    if model.opens_at is not None and when.get("date") and when.get("start"):
        again = datetime.combine(when["date"], when["start"], centre_zone())
        opens_at = Step(was=first, is_now=again, zone=centre_zone()).along(model.opens_at)
        hours["opens_at"] = opens_at.replace(tzinfo=None) if opens_at > now else None
    return hours


def _numbers_of(model: Roster) -> dict[str, Any]:
    """How many places, and of which kinds; what the form has no row for is among those for everybody."""
    by_kind = {kind: sum(pool.capacity for pool in model.pools if pool.kind is kind) for kind in PoolKind}
    return {
        "capacity": sum(n for kind, n in by_kind.items() if kind is not PoolKind.COMPANION),
        "elders": by_kind[PoolKind.ELDERS],
        "desk": by_kind[PoolKind.DESK],
        "wheelchair": by_kind[PoolKind.WHEELCHAIR],
        "companions": by_kind[PoolKind.COMPANION],
    }
