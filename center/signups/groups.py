"""Groups that stay together: whether all of them can ever have places, and what becomes of those who cannot.

Such a group is told, keeps its number, may part, and keeps no place from anybody behind it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from center.kernel.db import db
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import ngettext
from center.signups import messages, news
from center.signups.models import Mode, SignUp, SignUpState
from center.signups.roster_state import RosterState
from center.signups.rules import never_fits
from center.signups.sign_up_request import PlaceRequest
from center.signups.units import Unit, units_in


def can_never_fit(unit: Unit, roster_state: RosterState) -> bool:
    """Whether there are not as many places as those of a unit need, even if nobody else came."""
    return never_fits(roster_state.pools, people=len(unit), companions=sum(each.wants_companion for each in unit))


def refuse_what_never_fits(roster_state: RosterState, places: Sequence[PlaceRequest]) -> None:
    """Raises RuleBroken, with the number, where these people can never all have places."""
    companions = sum(each.wants_companion for each in places)
    if never_fits(roster_state.pools, people=len(places), companions=companions):
        raise _too_many(roster_state, len(places))


def group_never_fits(group_id: int, roster_state: RosterState) -> bool:
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


def _too_many(roster_state: RosterState, people: int) -> DomainError:
    most = roster_state.most
    words = ngettext(
        "There is %(num)d place here in all, and these are %(people)s. Come one by one, or in smaller groups.",
        "There are %(num)d places here in all, and these are %(people)s. Come one by one, or in smaller groups.",
        most,
        people=people,
    )
    return RuleBroken(words, field="stays_together")
