"""People who come alone and groups who stay together: each is given places, or waits, as one.

A group for which there are too few places in all is told. It keeps its number, may part, and blocks nobody behind it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import joinedload

from center.kernel.db import db
from center.kernel.errors import RuleBroken
from center.kernel.i18n import ngettext
from center.people.models import Person
from center.signups import messages, news
from center.signups.models import Mode, Roster, SignUp, SignUpState
from center.signups.queries import in_order
from center.signups.roster_state import RosterState
from center.signups.rules import never_fits
from center.signups.sign_up_request import SignUpRequest

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
    whole = (joinedload(SignUp.person).joinedload(Person.building), joinedload(SignUp.group))
    return in_order(roster.id, state, which=which).options(*whole)


def can_never_fit(unit: Unit, roster_state: RosterState) -> bool:
    """Whether there are not as many places as those of a unit need, even if nobody else came."""
    return never_fits(roster_state.pools, people=len(unit), companions=sum(each.wants_companion for each in unit))


def refuse_what_never_fits(roster_state: RosterState, request: SignUpRequest) -> None:
    """Raises RuleBroken, with the number, where people who stay together can never all have places."""
    if not form_never_fits(roster_state, request):
        return
    words = ngettext(
        "There is %(num)d place here in all, and these are %(people)s. Come one by one, or in smaller groups.",
        "There are %(num)d places here in all, and these are %(people)s. Come one by one, or in smaller groups.",
        roster_state.most,
        people=len(request.places),
    )
    raise RuleBroken(words, field="stays_together")


def form_never_fits(roster_state: RosterState, request: SignUpRequest) -> bool:
    """The same of all on a form."""
    companions = sum(wanted.wants_companion for wanted in request.places)
    return never_fits(roster_state.pools, people=len(request.places), companions=companions)


def group_never_fits(roster_state: RosterState, group_id: int) -> bool:
    """The same of all who wait in a group, read by its id."""
    query = select(func.count(), func.count().filter(SignUp.wants_companion.is_(True))).where(
        SignUp.group_id == group_id, SignUp.roster_id == roster_state.roster.id, SignUp.state == SignUpState.WAITING
    )
    people, companions = db.session.execute(query).one()
    return never_fits(roster_state.pools, people=people, companions=companions)


def tell_who_can_never_fit(roster_state: RosterState, *, now: datetime) -> None:
    """There are fewer places than there were: groups for whom they are too few now hear it, once."""
    states = {SignUpState.WAITING}
    if roster_state.roster.mode is not Mode.APPROVAL:  # there the lead chooses them one by one
        states.add(SignUpState.REQUESTED)
    for state in sorted(states):
        for unit in units_in(roster_state.roster, state):
            if len(unit) > 1 and can_never_fit(unit, roster_state):
                facts: dict[str, Any] = {"most": str(roster_state.most), "people": str(len(unit))}
                messages.tell_together(unit, news.TOO_MANY, now=now, **facts)
