"""What the page of an activity shows beside its rosters: its photo, its dates by month, and what machines read."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask_login import current_user

from center.activities.models import Activity, Session
from center.activities.photos.actions import find_photo
from center.activities.photos.models import ActivityPhoto
from center.kernel import clock
from center.kernel.i18n import local_date
from center.people.acting import ActedFor, people_acted_for
from center.signups import queries, rules
from center.signups.lottery.queries import draws_of
from center.signups.models import Audience, Mode, Pool, Roster, SignUp, SignUpState
from center.signups.models.lottery import Draw
from center.signups.places_left import Left, left_on
from center.signups.queries import count_on
from center.signups.refusals import for_whom_each, kept_out
from center.signups.roster_state import RosterState, read_all
from center.signups.rosters import rosters_of
from center.troupes.performances.public import PublicProgramme, programmes_at
from center.web.activities.structured import address_of, event_of, json_ld, share_text
from center.web.sign_ups.pages import acted_for


@dataclass(frozen=True)
class Way:
    """How the places of rosters are given that are all alike; `dates` names theirs where others differ."""

    rosters: Sequence[Roster]
    pools: Sequence[Pool]  # of the first of them, those with places
    dates: Sequence[Session]


@dataclass(frozen=True, kw_only=True)
class ActivityPage:
    """What the page of an activity shows, and its poster."""

    activity: Activity
    photo: ActivityPhoto | None
    next_session: Session | None
    roster_for_next: Roster | None
    roster_on: Mapping[int, Roster]  # by session
    ahead: int  # sessions that take place
    has_many: bool
    called_off: bool
    months: Sequence[tuple[date, Sequence[Session]]]
    past: Sequence[Session]
    ways: Sequence[Way]
    address: str
    share_text: str
    event: str  # as machines read it
    programmes: Sequence[PublicProgramme]  # of troupes that perform

    rosters: Sequence[Roster]
    volunteers: Sequence[Roster]
    draws: Mapping[int, Draw]
    awaiting: Collection[int]  # lotteries that are not drawn yet
    entries: Mapping[int, int]
    standings: Mapping[int, RosterState]
    shut: Mapping[int, rules.Shut | None]
    for_whom: Mapping[int, str]
    kept_out: Mapping[int, str]
    left: Mapping[int, Left]
    own: Mapping[int, SignUp]  # of whoever is signed in, by roster
    family: Mapping[int, Sequence[SignUp]]  # of those they act for
    joinable: Mapping[int, int]  # how many more of these could join
    Shut: type[rules.Shut] = rules.Shut


def ways_of(standings: Sequence[RosterState]) -> list[Way]:
    """How places are given on these rosters, each way once."""
    alike: dict[tuple[Audience, Hashable, Hashable], list[RosterState]] = {}
    for each in standings:
        kept = tuple((pool.kind, pool.name, pool.capacity) for pool in each.pools if pool.capacity)
        alike.setdefault((each.roster.audience, each.roster.mode, kept), []).append(each)
    several = {audience for audience, n in Counter(key[0] for key in alike).items() if n > 1}
    return [
        Way(
            rosters=[each.roster for each in group],
            pools=[pool for pool in group[0].pools if pool.capacity],
            dates=[each.roster.session for each in group if each.roster.session and each.roster.audience in several],
        )
        for group in alike.values()
    ]


def _public_face(
    activity: Activity,
    *,
    standings: Sequence[RosterState],
    left: Mapping[int, Left],
    whom: Mapping[int, str],
    now: datetime,
) -> dict[str, Any]:
    """The part of the page that is the same for everybody who reads it."""
    photo = find_photo(activity.id)
    rosters = [each.roster for each in standings]
    ahead = [each for each in activity.sessions if each.ends_at > now]
    scheduled = [each for each in ahead if each.is_scheduled]
    of_session = {roster.session_id: roster for roster in rosters}
    for_all = of_session.get(None)
    nearest = of_session.get(scheduled[0].id, for_all) if scheduled else None
    months = groupby(ahead, key=lambda each: local_date(each.starts_at).replace(day=1))
    return {
        "photo": photo,
        "next_session": scheduled[0] if scheduled else None,
        "roster_for_next": nearest or (rosters[-1] if rosters and not scheduled else None),
        "roster_on": {each.id: of_session[each.id] for each in ahead if each.id in of_session},
        "ahead": len(scheduled),
        "has_many": len(scheduled) > 1,
        "called_off": len(ahead) > len(scheduled),
        "months": [(month, list(of_month)) for month, of_month in months],
        "past": [each for each in activity.sessions if each.ends_at <= now],
        "ways": ways_of([each for each in standings if each.ends_at is not None and each.ends_at > now]),
        "address": address_of(activity),
        "share_text": share_text(
            activity,
            roster=nearest,
            left=left.get(nearest.id) if nearest else None,
            whom=whom.get(nearest.id, "") if nearest else "",
            now=now,
        ),
        "programmes": programmes_at(activity.id) if activity.is_public else [],
        "event": json_ld(event_of(activity, rosters=rosters, left=left, photo=photo)),
    }


def page_of(activity: Activity) -> ActivityPage:
    """What the page of an activity shows."""
    now = clock.now()
    rosters = rosters_of(activity)
    standings = read_all(activity, rosters)
    person = current_user.person if current_user.is_authenticated else None
    anybody = left_on(standings, now=now)
    lotteries = [roster.id for roster in rosters if roster.mode is Mode.LOTTERY]
    draws = draws_of(lotteries)
    for_all = [roster for roster in rosters if roster.audience is Audience.PARTICIPANTS]
    whom = for_whom_each(standings)
    shut = {key: rules.shut_because(each.window, now=now, as_staff=False) for key, each in standings.items()}
    return ActivityPage(
        activity=activity,
        rosters=for_all,
        volunteers=[roster for roster in rosters if roster.audience is Audience.VOLUNTEERS],
        draws=draws,
        awaiting={each for each in lotteries if not (each in draws and draws[each].is_drawn)},
        entries=count_on(lotteries, SignUpState.REQUESTED),
        standings=standings,
        shut=shut,
        for_whom=whom,
        kept_out=kept_out(standings, _people(), now=now),
        left=left_on(standings, now=now, person=person) if person else anybody,
        **_ours(rosters),
        **_public_face(activity, standings=[standings[each.id] for each in for_all], left=anybody, whom=whom, now=now),
    )


def _people() -> list[ActedFor]:
    """For whom whoever looks could sign up; of a visitor nothing is known."""
    if not current_user.is_authenticated:
        return []
    return people_acted_for(current_user.person, on=local_date(clock.now()))


def _ours(rosters: Sequence[Roster]) -> dict[str, Any]:
    """Of whoever is signed in, on each roster: their own sign-up, those of others they act for, who could join them."""
    if not current_user.is_authenticated:
        return {"own": {}, "family": {}, "joinable": {}}
    people = acted_for() - {current_user.person_id}
    found = queries.live_sign_ups([each.id for each in rosters], {current_user.person_id, *people})
    family: dict[int, list[SignUp]] = {each.id: [] for each in rosters}
    for each in found:
        if each.person_id in people:
            family[each.roster_id].append(each)
    return {
        "own": {each.roster_id: each for each in found if each.person_id == current_user.person_id},
        "family": family,
        "joinable": {key: len(people) - len(there) for key, there in family.items()},
    }
