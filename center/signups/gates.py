"""Whom an activity is open to: its gates, and which of them somebody does not pass. Pure."""

import enum
from dataclasses import dataclass

from center.people.acting import Ground
from center.signups.models import Channel


class Gate(enum.StrEnum):
    """What can keep a person from a roster."""

    ACCESS_NEED = "access_need"
    AGE_UNKNOWN = "age_unknown"
    GUARDIAN = "guardian"
    MEMBER = "member"
    RESIDENT = "resident"
    TOO_OLD = "too_old"
    TOO_YOUNG = "too_young"


@dataclass(frozen=True, kw_only=True)
class Gates:
    """Whom a roster is for, as plain values."""

    min_age: int | None = None
    max_age: int | None = None
    guardian_below: int | None = None
    residents_only: bool = False
    access_need_only: bool = False
    members_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Who:
    """What the rules need to know of somebody who wants a place. The age is that of the year: only that is known."""

    age: int | None
    is_resident: bool = True
    is_member: bool = False
    building_id: int | None = None
    grid_id: int | None = None
    ground: Ground = Ground.SELF
    channel: Channel = Channel.ONLINE
    uses_wheelchair: bool = False
    wants_companion: bool = False
    has_access_need: bool = False
    pool_id: int | None = None  # a named pool that the lead or the desk chose


@dataclass(frozen=True)
class GateBreach:
    """A gate that a person does not pass, with the limit it sets."""

    gate: Gate
    limit: int | None = None


def age_in(year: int, birth_year: int | None) -> int | None:
    """How old somebody becomes in a year; None where the birth year is not known."""
    return None if birth_year is None else year - birth_year


def gate_breaches(gates: Gates, who: Who) -> list[GateBreach]:
    """Every gate that the person does not pass."""
    return [breach for check in _GATES if (breach := check(gates, who))]


def _age_unknown(gates: Gates, who: Who) -> GateBreach | None:
    asks = (gates.min_age, gates.max_age, gates.guardian_below)
    is_asked = any(limit is not None for limit in asks)
    return GateBreach(Gate.AGE_UNKNOWN) if is_asked and who.age is None else None


def _too_young(gates: Gates, who: Who) -> GateBreach | None:
    if gates.min_age is None or who.age is None or who.age >= gates.min_age:
        return None
    return GateBreach(Gate.TOO_YOUNG, gates.min_age)


def _too_old(gates: Gates, who: Who) -> GateBreach | None:
    if gates.max_age is None or who.age is None or who.age <= gates.max_age:
        return None
    return GateBreach(Gate.TOO_OLD, gates.max_age)


def _guardian(gates: Gates, who: Who) -> GateBreach | None:
    if gates.guardian_below is None or who.age is None or who.age >= gates.guardian_below:
        return None
    return None if who.ground in {Ground.GUARDIAN, Ground.STAFF} else GateBreach(Gate.GUARDIAN, gates.guardian_below)


def _resident(gates: Gates, who: Who) -> GateBreach | None:
    return GateBreach(Gate.RESIDENT) if gates.residents_only and not who.is_resident else None


def _member(gates: Gates, who: Who) -> GateBreach | None:
    return GateBreach(Gate.MEMBER) if gates.members_only and not who.is_member else None


def _access_need(gates: Gates, who: Who) -> GateBreach | None:
    return GateBreach(Gate.ACCESS_NEED) if gates.access_need_only and not who.has_access_need else None


_GATES = (_age_unknown, _too_young, _too_old, _guardian, _resident, _member, _access_need)
