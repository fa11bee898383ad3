"""People who come alone, and groups who stay together: who is given places, or waits, as one."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.db import db
from center.people.models import Person
from center.signups.models import Roster, SignUp, SignUpState

Unit = Sequence[SignUp]  # one person, or a group that stays together


def units_in(roster: Roster, state: SignUpState) -> list[Unit]:
    """Those on a roster in one state, in their order, read anew: single people, and groups that stay together."""
    query = (
        select(SignUp)
        .where(SignUp.roster_id == roster.id, SignUp.state == state)
        .options(joinedload(SignUp.person).joinedload(Person.building), joinedload(SignUp.group))
        .order_by(SignUp.queue_order, SignUp.id)
        .execution_options(populate_existing=True)
    )
    units: dict[tuple[str, int], list[SignUp]] = {}
    for each in db.session.scalars(query):
        key = ("group", each.group_id) if each.group.stays_together else ("alone", each.id)
        units.setdefault(key, []).append(each)
    return list(units.values())
