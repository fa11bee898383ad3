"""Who looks after the children, in words."""

from collections.abc import Mapping
from datetime import date

from center.afterschool.models.staff import CheckKind
from center.afterschool.models.terms import Half
from center.afterschool.staff.rules import CheckState, Shortage
from center.afterschool.words import DUTY_ROLES, HALVES
from center.kernel.i18n import format_day, ngettext
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l

STATE_NAMES = {
    CheckState.MISSING: _l("Missing"),
    CheckState.OVER: _l("Run out"),
    CheckState.RUNS_OUT: _l("Runs out soon"),
    CheckState.VALID: _l("Valid"),
}
OFF_REASONS = {"off_duty": _l("Off duty"), "other_duty": _l("Other duty")}
STATE_TONES = {
    CheckState.MISSING: "stop",
    CheckState.OVER: "stop",
    CheckState.RUNS_OUT: "wait",
    CheckState.VALID: "ok",
}
# Why somebody is not with the children for a while, as the log keeps it.
GONE_REASONS = {
    "gate": _l("To the gate"),
    "school": _l("To fetch children from school"),
    "home": _l("Goes home"),
    "break": _l("Break"),
    "other": _l("Something else"),
}


def say_reason(why: str) -> str:
    """Why somebody went, in the language now spoken."""
    return str(GONE_REASONS.get(why, OFF_REASONS.get(why, why)))


def say_lack(kind: CheckKind, until: date | None) -> str:
    """Why somebody cannot be on duty: what is missing, and since when."""
    if kind is CheckKind.FIRST_AID:
        if until is None:
            return _("No first-aid course is recorded.")
        return _("First aid is valid until %(day)s only.", day=format_day(until, with_weekday=False))
    if until is None:
        return _("No record check is recorded.")
    return _("The record check is valid until %(day)s only.", day=format_day(until, with_weekday=False))


def say_shortage(short: Shortage) -> str:
    """What is missing in a class, in one line; empty where nothing is."""
    said = [_("%(role)s: %(n)d missing", role=DUTY_ROLES[role], n=count) for role, count in short.roles.items()]
    if short.adults:
        said.append(
            ngettext(
                "%(num)d adult more for so many children", "%(num)d adults more for so many children", short.adults
            )
        )
    return _("; ").join(said)


def say_shortages(short: Mapping[Half | None, Shortage]) -> str:
    """The same of a whole day in the holidays: of which half it is so, where it is not so all day."""
    said = [
        _("%(half)s (%(what)s)", half=HALVES[half], what=say_shortage(each)) if half else say_shortage(each)
        for half, each in short.items()
    ]
    return _(", ").join(said)
