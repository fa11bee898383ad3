"""Builders of activities, rosters and sign-ups. Each acts in its own transaction, as the site itself would."""

import itertools
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from center.activities import actions as activity_actions
from center.activities import sessions as activity_sessions
from center.activities.actions import ActivityFacts
from center.activities.clashes import SessionPlan
from center.activities.models import Activity, ActivityKind, Session
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.people import acting
from center.people.models import DelegationScope, Person
from center.rooms.models import Room
from center.signups import actions, rosters
from center.signups.models import Audience, Channel, Pool, PoolKind, Roster, SignUp
from center.signups.rosters import PoolFacts, RosterFacts
from center.signups.sign_up_request import PlaceRequest, SignUpRequest
from tests.builders import at, make_organisation, make_person

_numbers = itertools.count(1)


def make_kind(**facts: Any) -> ActivityKind:
    """A kind of activity."""
    with transaction() as session:
        kind = ActivityKind(**{"name": f"种类{next(_numbers)}", "name_en": "Kind", **facts})
        session.add(kind)
    return kind


def make_activity(
    *,
    organisation: Organisation | None = None,
    is_published: bool = True,
    starts: Sequence[datetime] = (),
    minutes: int = 60,
    room: Room | None = None,
    now: datetime | None = None,
    **facts: Any,
) -> Activity:
    """An activity with sessions (by default one, in five days at ten, at its own place), published unless told not."""
    now = now or clock.now()
    n = next(_numbers)
    by = make_person()
    organisation = organisation or make_organisation()
    known = {"title": f"第{n}次活动", "title_en": f"Activity {n}", "summary": "来吧", "place": "江边", "expected": 5}
    kind_id = facts.pop("kind_id", None) or make_kind().id
    plans = [
        SessionPlan(span=Span(start, start + timedelta(minutes=minutes)), room=room)
        for start in starts or [at(10, days=5)]
    ]
    with transaction():
        made = ActivityFacts(kind_id=kind_id, **{**known, **facts})
        activity = activity_actions.create(organisation, made, by=by, now=now)
        activity_sessions.add_sessions(activity, plans, by=by, now=now)
        if is_published:
            activity_actions.publish(activity, by=by, now=now, as_staff=True)
    return activity


def make_roster(
    activity: Activity | None = None,
    *,
    capacity: int = 10,
    pools: Sequence[PoolFacts] = (),
    session: Session | None = None,
    audience: Audience = Audience.PARTICIPANTS,
    **facts: Any,
) -> Roster:
    """A roster of the activity given or a new one: a general pool of so many places, and others."""
    activity = activity or make_activity()
    general = PoolFacts(kind=PoolKind.GENERAL, capacity=capacity)
    with transaction():
        return rosters.make_roster(
            activity,
            RosterFacts(**facts),
            [*pools, general],
            by=activity.created_by,
            session=session,
            audience=audience,
        )


def request_for(
    *people: Person, key: str | None = None, channel: Channel = Channel.ONLINE, **more: Any
) -> SignUpRequest:
    """A form for these people; `wish` are facts of each one's wish."""
    wish = more.pop("wish", {})
    places = [PlaceRequest(person_id=person.id, **wish) for person in people]
    return SignUpRequest(places=places, request_key=key or secrets.token_hex(16), channel=channel, **more)


def sign_up(
    roster: Roster,
    *people: Person,
    by: Person | None = None,
    as_staff: bool = False,
    now: datetime | None = None,
    **more: Any,
) -> list[SignUp]:
    """Sign people up, by themselves (the first of them) unless told otherwise."""
    request = request_for(*people, **more)
    with transaction():
        group = actions.sign_up(
            roster,
            request,
            by=by or people[0],
            as_staff=as_staff,
            now=now or clock.now(),
            for_programme=roster.activity.is_confined,
        )
        return sorted(group.sign_ups, key=lambda each: each.queue_order)


def the_pool(roster: Roster, kind: PoolKind = PoolKind.GENERAL) -> Pool:
    """The roster's pool of a kind, read anew."""
    db.session.rollback()
    query = select(Pool).where(Pool.roster_id == roster.id, Pool.kind == kind)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def state_of(sign_up: SignUp) -> str:
    """A sign-up's state, read anew."""
    db.session.rollback()
    db.session.refresh(sign_up)
    return sign_up.state.value


def may_sign_up_for(actor: Person, person: Person, on: date) -> bool:
    """Whether somebody may sign a person up for activities on that day."""
    return acting.ground_to_act(actor, person, scope=DelegationScope.SIGN_UPS, on=on) is not None
