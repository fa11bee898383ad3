"""Why somebody cannot be signed up, in plain words: the reason, and the next step.

The gates of a roster say whom it is open to. Some of what they ask is known before people sign up, and is said then.
"""

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import format_moment, in_language, local_date, ngettext
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.queries import by_ids, members_among
from center.people.acting import ActedFor, Ground
from center.people.models import Person
from center.signups.answers import refusals_of_answers
from center.signups.places import AlreadySignedUp
from center.signups.roster_state import RosterState, who_is
from center.signups.rules import Gates, Shut, Who, Window, shut_because
from center.signups.sign_up_request import PlaceRequest

OPEN = Gates()


class Gate(enum.StrEnum):
    """What can keep a person from a roster."""

    ACCESS_NEED = "access_need"
    AGE_UNKNOWN = "age_unknown"
    GUARDIAN = "guardian"
    MEMBER = "member"
    RESIDENT = "resident"
    TOO_OLD = "too_old"
    TOO_YOUNG = "too_young"


@dataclass(frozen=True)
class GateBreach:
    """A gate that a person does not pass, with the limit it sets."""

    gate: Gate
    limit: int | None = None


class GateShut(RuleBroken):
    """Somebody cannot have a place: it is not for such people."""

    def __init__(self, message: object, gate: Gate) -> None:
        super().__init__(message, field="person")
        self.gate = gate


def gate_breaches(gates: Gates, who: Who) -> list[GateBreach]:
    """Every gate that the person does not pass. Pure."""
    age, low, high, below = who.age, gates.min_age, gates.max_age, gates.guardian_below
    is_led = who.ground in {Ground.GUARDIAN, Ground.STAFF}
    checks = (
        (age is None and (low, high, below) != (None, None, None), Gate.AGE_UNKNOWN, None),
        (age is not None and low is not None and age < low, Gate.TOO_YOUNG, low),
        (age is not None and high is not None and age > high, Gate.TOO_OLD, high),
        (age is not None and below is not None and age < below and not is_led, Gate.GUARDIAN, below),
        (gates.residents_only and not who.is_resident, Gate.RESIDENT, None),
        (gates.members_only and not who.is_member, Gate.MEMBER, None),
        (gates.access_need_only and not who.has_access_need, Gate.ACCESS_NEED, None),
    )
    return [GateBreach(gate, limit) for is_breached, gate, limit in checks if is_breached]


def reasons_of(
    roster_state: RosterState, wanted: PlaceRequest, person: Person, who: Who, *, is_signed_up: bool
) -> list[DomainError]:
    """Everything that keeps somebody from a place, or from what they want with it."""
    errors = [gate_refusal(breach) for breach in gate_breaches(roster_state.gates, who)]
    if is_signed_up:
        errors.insert(0, AlreadySignedUp(_l("This person is signed up already."), field="person"))
    return [*errors, *refusals_of_answers(roster_state, wanted, person)]


def kept_out(roster_states: Mapping[int, RosterState], people: Sequence[ActedFor], *, now: datetime) -> dict[int, str]:
    """Why none of these people can have a place, in words about the first of them, by the roster's id.

    What they only say on the form, such as a need of access, keeps nobody out before they were asked.
    """
    gated = {key: each for key, each in roster_states.items() if each.gates != OPEN}
    members = _members(gated.values(), people, now=now)
    found = {}
    for key, roster_state in gated.items():
        breaches = [_known_breaches(roster_state, each, members, now=now) for each in people]
        if breaches and all(breaches):
            found[key] = str(gate_refusal(breaches[0][0]))
    return found


def reasons_against(
    roster_state: RosterState, people: Sequence[ActedFor], *, signed: Collection[int], now: datetime
) -> dict[int, list[str]]:
    """Of those who cannot be signed up: why, by the ids of the people. `signed` are the ids of those who are."""
    members = _members([roster_state], people, now=now)
    breaches = {each.person.id: _known_breaches(roster_state, each, members, now=now) for each in people}
    said = {person_id: [str(gate_refusal(each)) for each in all_of] for person_id, all_of in breaches.items() if all_of}
    return said | {person_id: [_("Is signed up already.")] for person_id in signed}


def for_whom(*, members_of: str = "", residents_only: bool = False) -> str:
    """For whom alone it is, in words; nothing where it is for everybody. Ages are said elsewhere."""
    said = [_("For members of %(name)s", name=members_of)] if members_of else []
    if residents_only:
        said.append(_("For residents of the estate"))
    return " · ".join(said)


def for_whom_each(roster_states: Mapping[int, RosterState]) -> dict[int, str]:
    """The same of rosters, by their ids."""
    gated = [each for each in roster_states.values() if each.members_of_id]
    own = {each.activity.organisation_id: each.activity.organisation for each in gated}  # these are known already
    others = {each.members_of_id for each in gated if each.members_of_id} - own.keys()
    known = {
        each.id: in_language(each.name, each.name_en) for each in (*own.values(), *(by_ids(others) if others else ()))
    }
    return {
        key: for_whom(members_of=known.get(each.members_of_id or 0, ""), residents_only=each.roster.residents_only)
        for key, each in roster_states.items()
    }


def gate_refusal(breach: GateBreach) -> DomainError:
    """The error that says to somebody why a person cannot have a place, and what to do."""
    return GateShut(_gate_words(breach), breach.gate)


def shut_refusal(shut: Shut, *, opens_at: datetime | None = None) -> DomainError:
    """The error that says why nobody can sign up now."""
    return RuleBroken(_shut_words(shut, opens_at))


def refuse_once_over(window: Window, *, now: datetime) -> None:
    """Raises RuleBroken once all of it is over or called off: then nobody gets or loses a place any more."""
    if (shut := shut_because(window, now=now, as_staff=True)) in {Shut.CALLED_OFF, Shut.OVER}:
        raise shut_refusal(shut)


def _known_breaches(
    roster_state: RosterState, each: ActedFor, members: Collection[tuple[int, int]], *, now: datetime
) -> list[GateBreach]:
    is_member = (each.person.id, roster_state.members_of_id or 0) in members
    who = who_is(each.person, roster_state, ground=each.ground, is_member=is_member, now=now)
    return gate_breaches(roster_state.gates, replace(who, has_access_need=True))


def _members(
    roster_states: Iterable[RosterState], people: Sequence[ActedFor], *, now: datetime
) -> set[tuple[int, int]]:
    wanted = {each.members_of_id for each in roster_states if each.members_of_id is not None}
    return members_among([each.person.id for each in people], wanted, on=local_date(now)) if wanted else set()


def _gate_words(breach: GateBreach) -> str:
    limit = breach.limit or 0
    match breach.gate:
        case Gate.AGE_UNKNOWN:
            return _("It is for a certain age, and the birth year is not known. Please tell the desk.")
        case Gate.TOO_YOUNG:
            return ngettext(
                "It is for people of %(num)d year and older.", "It is for people of %(num)d years and older.", limit
            )
        case Gate.TOO_OLD:
            return ngettext("It is for people up to %(num)d year.", "It is for people up to %(num)d years.", limit)
        case Gate.GUARDIAN:
            return ngettext(
                "Children under %(num)d year are signed up by a guardian. The desk can help.",
                "Children under %(num)d years are signed up by a guardian. The desk can help.",
                limit,
            )
        case Gate.RESIDENT:
            return _(
                "It is for residents of the estate whose door the desk has verified. If you live here,"
                " please show the desk something with the address on it."
            )
        case Gate.MEMBER:
            return _("It is for members of the organisation. Please ask its lead.")
        case Gate.ACCESS_NEED:
            return _("It is for people who need its access services. If that is you, please say so on the form.")


def _shut_words(shut: Shut, opens_at: datetime | None) -> str:
    match shut:
        case Shut.CALLED_OFF:
            return _("It has been called off, so nobody can sign up.")
        case Shut.CLOSED:
            return _("Sign-up is closed. Please ask the desk whether there is still a place.")
        case Shut.NOT_OPEN_YET:
            when = format_moment(opens_at) if opens_at else ""
            return _("Sign-up opens %(when)s. Please come back then.", when=when)
        case Shut.NOT_PUBLIC:
            return _("It has not been published yet, so nobody can sign up.")
        case Shut.OVER:
            return _("It is over.")
        case Shut.WALK_IN:
            return _("Nobody needs to sign up: just come.")
