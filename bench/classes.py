"""Classes that are about to begin, with hundreds of people who have a place and a card: what a door has to cope with.

Written straight into the tables, past the site's actions, but not past what the database checks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from center.attendance import cards
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.texts import new_reference
from center.people.acting import Ground
from center.people.models import Person
from center.signups.models import Channel, Pool, Roster, SignUp, SignUpGroup, SignUpState
from center.signups.models.attendee_lists import PlaceHeld
from tests.activity_builders import make_activity, make_roster

BEGINS_IN = timedelta(minutes=10)


@dataclass(frozen=True)
class Class:
    """A session by its number and its activity's name, and the number on everybody's slip."""

    session_id: int
    slug: str
    references: Sequence[str]


def some_people(number: int) -> list[int]:
    """So many people whom the centre knows."""
    query = select(Person.id).where(Person.is_double.is_(False), Person.erased_at.is_(None))
    return list(db.session.scalars(query.order_by(Person.id).limit(number)))


def make_class(people: Sequence[int]) -> Class:
    """A session in a moment, with a place for each of them."""
    activity = make_activity(starts=[clock.now() + BEGINS_IN])
    roster = make_roster(activity, capacity=len(people))
    references = [new_reference() for _person in people]
    now, by_id = clock.now(), activity.created_by_id
    with transaction() as session:
        group = SignUpGroup(roster_id=roster.id, signed_by_id=by_id, request_key=f"class-{roster.id}", made_at=now)
        session.add(group)
        session.flush()
        pool_id = session.scalars(select(Pool.id).where(Pool.roster_id == roster.id)).one()
        of: dict[str, Any] = {"roster_id": roster.id, "group_id": group.id, "pool_id": pool_id, "signed_by_id": by_id}
        of |= {"state": SignUpState.CONFIRMED, "ground": Ground.STAFF, "channel": Channel.DESK}
        of |= {"made_at": now, "changed_at": now}
        numbered = enumerate(zip(people, references, strict=True), start=1)
        rows = [{"person_id": who, "reference": word, "queue_order": n, **of} for n, (who, word) in numbered]
        session.execute(update(Pool).where(Pool.id == pool_id).values(taken=len(people)))
        session.execute(update(Roster).where(Roster.id == roster.id).values(last_order=len(people)))
        session.execute(insert(SignUp), rows)
        signed = session.scalars(select(SignUp.id).where(SignUp.roster_id == roster.id)).all()
        session.execute(insert(PlaceHeld), [{"sign_up_id": each, "from_at": now} for each in signed])
    return Class(activity.sessions[0].id, activity.slug, references)


def give_cards(people: Sequence[int], by: Person) -> list[str]:
    """A card for each; returns what is in their codes."""
    with transaction() as session:
        return [f"QH1:{cards.issue(session.get_one(Person, each), by=by, now=clock.now())}" for each in people]
