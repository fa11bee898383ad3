"""Whom the places of a roster are for, and why somebody can have none: said before they ask, not when they have."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language, local_date
from center.organisations.models import Organisation
from center.organisations.queries import by_ids, members_among
from center.people import households
from center.people.acting import ActedFor
from center.signups.gates import Gates, Who, age_in, gate_breaches
from center.signups.refusals import gate_refusal
from center.signups.roster_state import RosterState

OPEN = Gates()


def for_whom(*, members_of: str = "", residents_only: bool = False) -> str:
    """For whom alone it is, in words; nothing where it is for everybody. Ages are said elsewhere."""
    said = [_("For members of %(name)s", name=members_of)] if members_of else []
    if residents_only:
        said.append(_("For residents of the estate"))
    return " · ".join(said)


def for_whom_each(standings: Mapping[int, RosterState]) -> dict[int, str]:
    """The same of rosters, by their ids."""
    known = _organisations(standings.values())
    return {
        key: for_whom(
            members_of=known.get(each.members_of_id or 0, ""),
            residents_only=each.roster.residents_only,
        )
        for key, each in standings.items()
    }


def kept_out(standings: Mapping[int, RosterState], people: Sequence[ActedFor], *, now: datetime) -> dict[int, str]:
    """Why none of these people can have a place, in words about the first of them, by the roster's id.

    What they only say on the form, such as a need of access, keeps nobody out before they were asked.
    """
    gated = {key: each for key, each in standings.items() if each.gates != OPEN}
    members = _members(gated.values(), people, now=now)
    found = {}
    for key, roster_state in gated.items():
        breaches = [gate_breaches(roster_state.gates, _who(roster_state, each, members, now=now)) for each in people]
        if breaches and all(breaches):
            found[key] = str(gate_refusal(breaches[0][0]))
    return found


def reasons_against(
    roster_state: RosterState, people: Sequence[ActedFor], *, signed: Collection[int], now: datetime
) -> dict[int, list[str]]:
    """Of those who cannot be signed up: why, by the ids of the people. `signed` are the ids of those who are."""
    members = _members([roster_state], people, now=now)
    who = {each.person.id: _who(roster_state, each, members, now=now) for each in people}
    breaches = {person_id: gate_breaches(roster_state.gates, facts) for person_id, facts in who.items()}
    said = {person_id: [str(gate_refusal(each)) for each in all_of] for person_id, all_of in breaches.items() if all_of}
    return said | {person_id: [_("Is signed up already.")] for person_id in signed}


def _who(roster_state: RosterState, each: ActedFor, members: Collection[tuple[int, int]], *, now: datetime) -> Who:
    return Who(
        age=age_in(roster_state.year(now), each.person.birth_year),
        is_resident=households.is_verified(each.person),
        is_member=(each.person.id, roster_state.members_of_id or 0) in members,
        ground=each.ground,
        has_access_need=True,
    )


def _members(standings: Iterable[RosterState], people: Sequence[ActedFor], *, now: datetime) -> set[tuple[int, int]]:
    wanted = {each.members_of_id for each in standings if each.members_of_id is not None}
    return members_among([each.person.id for each in people], wanted, on=local_date(now)) if wanted else set()


def _organisations(standings: Iterable[RosterState]) -> dict[int, str]:
    """The names of the organisations whose members these are for; that of the activity is known already."""
    gated = [each for each in standings if each.members_of_id]
    own = {each.activity.organisation_id: each.activity.organisation for each in gated}
    others = {each.members_of_id for each in gated if each.members_of_id} - own.keys()
    known: list[Organisation] = [*own.values(), *(by_ids(others) if others else ())]
    return {each.id: in_language(each.name, each.name_en) for each in known}
