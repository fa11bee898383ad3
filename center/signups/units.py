"""People who come alone, and groups who stay together: who is given places, or waits, as one."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import joinedload

from center.kernel.db import db
from center.people.models import Person
from center.signups.models import Roster, SignUp, SignUpState

Unit = Sequence[SignUp]  # one person, or a group that stays together
FEW = 20  # are read at a time where nobody knows how far somebody will ask


def units_in(roster: Roster, state: SignUpState) -> list[Unit]:
    """Those on a roster in one state, in their order, read anew: single people, and groups that stay together."""
    query = _sign_ups(roster, state)
    units: dict[tuple[str, int], list[SignUp]] = {}
    for each in db.session.scalars(query):
        key = ("group", each.group_id) if each.group.stays_together else ("alone", each.id)
        units.setdefault(key, []).append(each)
    return list(units.values())


def each_unit_in(roster: Roster, state: SignUpState, *which: ColumnElement[bool]) -> Iterator[Unit]:
    """The same, read a few at a time as far as somebody asks; those who were asked about may change meanwhile.

    `which` chooses some of the people; with them come the others of their group.
    """
    groups, query = set[int](), _sign_ups(roster, state, *which)
    few = db.session.scalars(query.limit(FEW)).all()
    while few:
        last = (few[-1].queue_order, few[-1].id)
        for each in few:
            if not each.group.stays_together:
                yield [each]
            elif each.group_id not in groups:
                groups.add(each.group_id)
                yield db.session.scalars(_sign_ups(roster, state, SignUp.group_id == each.group_id)).all()
        few = db.session.scalars(query.where(tuple_(SignUp.queue_order, SignUp.id) > last).limit(FEW)).all()


def _sign_ups(roster: Roster, state: SignUpState, *which: ColumnElement[bool]) -> Select[SignUp]:
    return (
        select(SignUp)
        .where(SignUp.roster_id == roster.id, SignUp.state == state, *which)
        .options(joinedload(SignUp.person).joinedload(Person.building), joinedload(SignUp.group))
        .order_by(SignUp.queue_order, SignUp.id)
        .execution_options(populate_existing=True)
    )
