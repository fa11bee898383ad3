"""Who stands on the registers of a season's rehearsals: those whom the season calls, and nobody else. Never commits.

They have a place on the roster of its activity, so that reminders, calendars, leave and registers are those of every
activity. Whoever joins later, rests or leaves is followed here.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from center.activities.history import Change
from center.activities.models import Activity, ActivityChange, ActivityState
from center.kernel.db import db
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language, local_date
from center.people.models import Person
from center.signups import cancelling
from center.signups.actions import MOST_AT_ONCE, sign_up
from center.signups.models import Channel, PoolKind, Roster
from center.signups.places import set_capacity
from center.signups.roster_state import hold
from center.signups.rosters import PoolFacts, RosterFacts, make_roster
from center.signups.sign_up_request import PlaceRequest, SignUpRequest
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import TroupeMember
from center.troupes.rehearsals import queries
from center.troupes.rehearsals.activity_words import in_both


def make_places(season: Season, activity: Activity, *, by: Person) -> Roster:
    """The places of a season's rehearsals: as many as the smallest of its rooms holds, given to members alone."""
    name, name_en = in_both(lambda: _("Members of the troupe"))
    pool = PoolFacts(kind=PoolKind.NAMED, capacity=_room_for(activity), name=name, name_en=name_en)
    return make_roster(activity, RosterFacts(cancel_minutes=0, has_waiting_list=False), [pool], by=by)


def bring_up_to_date(season: Season, *, by: Person, now: datetime) -> list[Person]:
    """Give a place to everybody whom the season calls, and take those of others; returns for whom there is none.

    Nothing happens before the rehearsals are published, nor once the last of them is over.
    """
    roster = queries.roster_of(season)
    if roster is None or roster.activity.state is not ActivityState.PUBLISHED:
        return []
    if all(each.ends_at <= now for each in roster.activity.sessions if each.is_scheduled):
        return []
    state = hold(roster)
    called = {each.person_id: each.person for each in queries.coming_of(season)}
    there = queries.signed_up(roster)
    for person_id, each in there.items():
        if person_id not in called:
            office = in_language(season.troupe.name, season.troupe.name_en)
            cancelling.cancel(
                each, by=by, now=now, reason=_("No longer on the roster of this season"), as_staff=True,
                channel=Channel.DESK, office=office,
            )  # fmt: skip
    named = next(pool for pool in state.pools if pool.kind is PoolKind.NAMED)
    db.session.refresh(named)
    set_capacity(named, max(named.taken, _room_for(roster.activity)))
    missing = [person for person_id, person in called.items() if person_id not in there]
    seated, left_out = missing[: named.left], missing[named.left :]
    for n in range(0, len(seated), MOST_AT_ONCE):
        _sign_up(roster, named.id, seated[n : n + MOST_AT_ONCE], by=by, now=now)
    return left_out


def follow_member(member: TroupeMember, *, by: Person, now: datetime) -> None:
    """Somebody joins, rests, comes back or leaves: the registers of the seasons that are not over follow."""
    for season in queries.seasons_now([member.troupe_id], local_date(now)):
        bring_up_to_date(season, by=by, now=now)


def follow_publication(change: Change) -> None:
    """Once staff have published rehearsals, their members stand on the registers."""
    if change.what is not ActivityChange.PUBLISHED:
        return
    season = queries.season_of(change.activity.id)
    if season is not None and queries.roster_of(season) is not None:
        bring_up_to_date(season, by=change.by or change.activity.created_by, now=change.now)


def _sign_up(roster: Roster, pool_id: int, people: Sequence[Person], *, by: Person, now: datetime) -> None:
    wanted = SignUpRequest(
        places=[PlaceRequest(person_id=each.id, pool_id=pool_id) for each in people],
        request_key=str(uuid.uuid4()),
        channel=Channel.DESK,
        may_wait=False,
    )
    sign_up(roster, wanted, by=by, as_staff=True, now=now, tells=False)


def _room_for(activity: Activity) -> int:
    rooms = [each.room.capacity for each in activity.sessions if each.room and each.is_scheduled]
    return min(rooms, default=activity.expected)
