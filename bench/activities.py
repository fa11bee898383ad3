"""Thousands of activities over a year, half of it gone, with their places and whoever is signed up: more than a centre
has in its life.

Written straight into the tables, past the site's actions, but not past what the database checks.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Table, func, insert, select, text

from bench.scenes import Scene
from center.activities.models import Activity, ActivityKind, ActivityState, Session, SessionState
from center.activities.titles import search_key
from center.kernel import clock
from center.kernel.db import Base, db, transaction
from center.organisations.models import Organisation
from center.people.acting import Ground
from center.people.models import Person
from center.signups.models import (
    Audience,
    Channel,
    Mode,
    Pool,
    PoolKind,
    Roster,
    SignUp,
    SignUpGroup,
    SignUpState,
)
from center.signups.models.attendee_lists import PlaceHeld

NUMBERS = (50, 5000)
FIRST = 1_000_000  # their ids, and those of all that belongs to them, are far from others'
YEAR = timedelta(days=364)
WEEKS = 2  # of sessions each
SEATED, WAITING = 10, 3
SHOWN = 12  # activities whose pages are asked for in turn


def fill(app: Flask, number: int) -> int:
    """Let there be so many activities; returns how many there are, which may be more."""
    with app.app_context(), transaction() as session:
        connection = session.connection()
        there = connection.execute(select(func.count()).select_from(Activity)).scalar_one()
        missing = range(FIRST + there, FIRST + number)
        rows = list(_rows(connection, missing, clock.now()))
        for model in (Activity, Session, Roster, Pool, SignUpGroup, SignUp, PlaceHeld):
            if values := [row for kind, row in rows if kind is model]:
                connection.execute(insert(_table(model)), values)
        connection.execute(text("ANALYZE"))
        return max(int(there), number)


def activity_scenes(app: Flask, number: int) -> list[Scene]:
    """The list as people look through it, and pages of activities that are still to come."""
    with app.app_context():
        ahead = select(Activity.slug).join(Session, Session.activity_id == Activity.id)
        ahead = ahead.where(Session.starts_at > clock.now(), Activity.state == ActivityState.PUBLISHED)
        ahead = ahead.where(Activity.is_confined.is_(False))  # the others have no page for everybody
        slugs = db.session.scalars(ahead.group_by(Activity.slug).order_by(Activity.slug).limit(SHOWN)).all()
    among = f"of {number:,}"
    lists = ["", "?page=2", "?when=week", "?when=weekend", "?places=y", "?access=is_step_free", "?whom=elders"]
    return [
        Scene(f"list of activities, {among}", [f"/activities{asked}" for asked in lists]),
        Scene(
            f"search for activities, {among}", [f"/activities?q={asked}" for asked in ("pai%20lian", "hj", "Rehearsal")]
        ),
        Scene(f"an activity, {among}", [f"/activities/{slug}" for slug in slugs]),
    ]


def _rows(connection: Connection, numbers: range, now: datetime) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    stays = Organisation.uses_until.is_(None)  # who leaves has no sessions after that
    teams = connection.execute(select(Organisation.id).where(stays).order_by(Organisation.id)).scalars().all()
    kinds = connection.execute(select(ActivityKind.id).order_by(ActivityKind.id)).scalars().all()
    people = connection.execute(select(Person.id).order_by(Person.id).limit(SEATED + WAITING)).scalars().all()
    for n in numbers:
        share = (n - numbers.start) / len(numbers)
        first = (now + YEAR * (share - 0.5)).replace(minute=0, second=0, microsecond=0)
        said = {
            "title": f"合唱排练{n}",
            "title_en": f"Rehearsal {n}",
            "summary": "来唱歌",
            "summary_en": "Come and sing",
        }
        yield (
            Activity,
            {
                "id": n,
                "slug": f"rehearsal-{n}",
                "organisation_id": teams[n % len(teams)],
                "kind_id": kinds[n % len(kinds)],
                **said,
                "search_key": search_key(*said.values()),
                "place": "江边",
                "is_step_free": n % 3 == 0,
                "age_from": 60 if n % 5 == 0 else None,
                "state": ActivityState.PUBLISHED,
                "created_by_id": people[0],
                **dict.fromkeys(("created_at", "published_at", "changed_at"), now - YEAR),
            },
        )
        yield from _sessions(n, first, now)
        yield from _places(n, list(people), has_queue=n % 2 == 0, at=min(now, first) - timedelta(days=7))


def _sessions(n: int, first: datetime, now: datetime) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    for week in range(WEEKS):
        starts_at = first + timedelta(weeks=week)
        ends_at, state = starts_at + timedelta(hours=2), SessionState.SCHEDULED
        when = {"starts_at": starts_at, "ends_at": ends_at, "changed_at": now - YEAR}
        yield Session, {"id": n * WEEKS + week, "activity_id": n, "state": state, **when}


def _places(n: int, people: list[int], *, has_queue: bool, at: datetime) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    capacity = SEATED if has_queue else SEATED * 2
    signed = people if has_queue else people[:SEATED]
    whole = {"audience": Audience.PARTICIPANTS, "mode": Mode.FIRST_COME, "last_order": len(signed)}
    yield Roster, {"id": n, "activity_id": n, **whole}
    yield Pool, {"id": n, "roster_id": n, "kind": PoolKind.GENERAL, "capacity": capacity, "taken": SEATED}
    yield SignUpGroup, {"id": n, "roster_id": n, "signed_by_id": people[0], "request_key": f"bench-{n}", "made_at": at}
    for order, person_id in enumerate(signed, start=1):
        is_seated, sign_up_id = order <= SEATED, n * (SEATED + WAITING) + order
        yield (
            SignUp,
            {
                "id": sign_up_id,
                "reference": f"B{n}-{order:02}",
                "roster_id": n,
                "person_id": person_id,
                "group_id": n,
                "pool_id": n if is_seated else None,
                "state": SignUpState.CONFIRMED if is_seated else SignUpState.WAITING,
                "queue_order": order,
                "signed_by_id": people[0],
                "ground": Ground.STAFF,
                "channel": Channel.DESK,
                **dict.fromkeys(("made_at", "changed_at"), at),
            },
        )
        if is_seated:
            yield PlaceHeld, {"id": sign_up_id, "sign_up_id": sign_up_id, "from_at": at}


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
