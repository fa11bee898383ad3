"""What is said of changing a roster: why not, and what was changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from center.kernel.i18n import format_moment, ngettext
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.queries import by_ids
from center.signups.changing.rules import Obstacle
from center.signups.history import details_of
from center.signups.models import Mode, PoolKind, Roster
from center.signups.models.history import RosterChange, RosterEvent
from center.signups.words import MODE_NAMES, POOL_NAMES

FIELDS = {
    "mode": _l("How places are given"),
    "opens_at": _l("Sign-up opens"),
    "closes_at": _l("Sign-up closes"),
    "cancel_minutes": _l("Cancelling without a word, until before the start"),
    "release_minutes": _l("Kept places are for everybody before the start"),
    "offer_minutes": _l("How long an offer stands, in waking hours"),
    "has_waiting_list": _l("Waiting list"),
    "min_age": _l("From which age"),
    "max_age": _l("To which age"),
    "guardian_below": _l("A guardian signs up whoever is younger than"),
    "residents_only": _l("Only for residents of the estate"),
    "access_need_only": _l("Only for people with an access need"),
    "members_of_id": _l("Only for members of"),
    "capacity": _l("How many places"),
    "entries": _l("Took part in the draw"),
}
EVENTS = {
    RosterChange.CAPACITY_CHANGED: _l("Number of places changed"),
    RosterChange.DRAWN: _l("Drawn by lot"),
    RosterChange.EDITED: _l("Sign-up changed"),
    RosterChange.POOL_ADDED: _l("Places kept for some people"),
    RosterChange.REMOVED: _l("Volunteers no longer wanted"),
    RosterChange.WANTED_AGAIN: _l("Volunteers wanted"),
}
WHY_NOT = {
    Obstacle.CLOSES_TOO_SOON: _l("A lottery needs time to sign up: choose a closing time that is still to come."),
    Obstacle.DRAWN: _l(
        "The places were drawn already, so how they are given and when sign-up opens and closes stays as it was. "
        "Everything else can be changed; free places go to those who wait, in the order drawn."
    ),
    Obstacle.HAS_PLACES: _l(
        "Some people have a place or wait for one already, and a lottery would take it away from them. "
        "Keep the way places are given, or cancel with them first."
    ),
    Obstacle.NO_PLACE_FOR_ALL: _l(
        "More people asked than there are places, and there is no waiting list. "
        "Allow a waiting list, add places, or decide on those who asked first."
    ),
    Obstacle.SIGNED_UP: _l(
        "People have signed up. Where people just come nobody is on a list: cancel with them first."
    ),
}
FIELD_OF = {
    Obstacle.CLOSES_TOO_SOON: "closes_at",
    Obstacle.NO_PLACE_FOR_ALL: "has_waiting_list",
}


def say_value(name: str, value: Any) -> str:
    """A setting of a roster, in words. Moments may be written out, as the history keeps them."""
    if name in {"opens_at", "closes_at"}:
        nothing = _("As soon as it is published") if name == "opens_at" else _("When it begins")
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return format_moment(moment) if moment else nothing
    if name == "mode":
        return str(MODE_NAMES[Mode(value)])
    if name.endswith("_minutes"):
        return _hours(value)
    if name == "members_of_id":
        return next((each.name for each in by_ids([value])), "") if value else _("Everybody")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "–" if value is None else str(value)


def say_changes(changed: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Each change: what, as it was, as it is."""
    return [(_label(name), say_value(name, was), say_value(name, now_is)) for name, (was, now_is) in changed.items()]


def said_of(roster: Roster) -> list[tuple[str, str]]:
    """How places are given, and to whom: each setting with its value, those that ask nothing left out."""
    if roster.mode is Mode.WALK_IN:
        return [(_label("mode"), say_value("mode", roster.mode.value))]
    values = {name: getattr(roster, name) for name in FIELDS if hasattr(roster, name)}
    always = {"mode", "opens_at", "closes_at", "has_waiting_list"}
    return [(_label(name), say_value(name, value)) for name, value in values.items() if name in always or value]


def _label(name: str) -> str:
    if name.startswith("pool."):
        return str(POOL_NAMES[PoolKind(name.removeprefix("pool."))])
    return str(FIELDS.get(name, name))


def changes_of(event: RosterEvent) -> list[tuple[str, str, str]]:
    """What an event of the history changed."""
    return say_changes(details_of(event))


def _hours(minutes: int) -> str:
    if minutes % 60:
        return ngettext("%(num)d minute", "%(num)d minutes", minutes)
    return ngettext("%(num)d hour", "%(num)d hours", minutes // 60)
