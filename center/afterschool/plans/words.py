"""How a child goes home, and what is different on a day, in words for pages and messages."""

from center.afterschool import words
from center.afterschool.collectors.listing import ListState
from center.afterschool.models.plans import Different, PlanChange, Way, WayHome
from center.afterschool.models.terms import TermMode
from center.afterschool.plans.day_plans import Expected
from center.afterschool.plans.rules import Doubt, WhyNot
from center.kernel.i18n import format_clock
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l

WHY_NOT = {
    WhyNot.ENDED: _l("The place has ended"),
    WhyNot.LEAVE: _l("On leave"),
    WhyNot.NO_PLACE: _l("Has no place yet"),
    WhyNot.NO_SCHOOL: _l("No school that day"),
    WhyNot.NOT_THEIR_DAY: _l("Not one of their days"),
    WhyNot.PAUSED: _l("The place rests"),
}
DOUBTS = {
    Doubt.COLLECTOR_OVER: _l("Whoever was named may not collect any more: anybody on the list collects."),
    Doubt.NO_CONSENT: _l("No signed form stands for going home alone: the child is collected."),
    Doubt.SIBLING_TOO_YOUNG: _l("The brother or sister is too young by the rules: the child is collected."),
    Doubt.TOO_YOUNG: _l("Too young by the rules to go home alone: the child is collected."),
}
STANDINGS = {
    ListState.VALID: _l("May collect"),
    ListState.UNVERIFIED: _l("Not checked yet: shows an identity card at the door"),
    ListState.NOT_YET: _l("Not yet"),
    ListState.EXPIRED: _l("Their time is over"),
    ListState.REVOKED: _l("Taken off the list"),
}


def say_change(change: PlanChange) -> str:
    """What is different, in a line: 李奶奶 collects."""
    if change.stay is not None:
        return _("Comes: %(part)s", part=words.STAYS[change.stay])
    if change.what is Different.COLLECTOR and change.collector:
        return _("%(who)s collects", who=change.collector.name)
    if change.what is Different.ALONE and change.leaves:
        return _("Goes home alone at %(clock)s", clock=format_clock(change.leaves))
    if change.what is Different.SIBLING and change.sibling:
        return _("Goes with %(who)s", who=change.sibling.name)
    if change.what is Different.BUS:
        return _("Goes with the bus: %(bus)s", bus=change.bus)
    return str(words.DIFFERENT[change.what])


def say_weekday(row: WayHome | None) -> str:
    """The fixed plan of a weekday, in a line: for which part of a whole day the child comes, and how they go home."""
    if row is None:
        return _("Does not come")
    is_whole = row.enrolment.term.mode is TermMode.FULL_DAY
    return f"{words.STAYS[row.stay]} · {say_way(row)}" if is_whole else say_way(row)


def say_way(row: WayHome) -> str:
    """How a child goes home on a weekday by the fixed plan, in a line."""
    if row.way is Way.ALONE and row.leaves:
        return _("Goes home alone at %(clock)s", clock=format_clock(row.leaves))
    if row.way is Way.SIBLING and row.sibling:
        return _("Goes with %(who)s", who=row.sibling.name)
    if row.way is Way.BUS:
        return _("Goes with the bus: %(bus)s", bus=row.bus)
    if row.leaves:
        return _("Is collected at about %(clock)s", clock=format_clock(row.leaves))
    return str(words.WAYS[row.way])


def say_expected(expected: Expected) -> str:
    """What is expected of a child on a day, in a line."""
    if expected.why_not is not None:
        return str(WHY_NOT[expected.why_not])
    if expected.stay is not None:
        return f"{words.STAYS[expected.stay]} · {_say_way_of(expected)}"
    return _say_way_of(expected)


def _say_way_of(expected: Expected) -> str:
    if expected.way is Way.COLLECTED:
        if expected.collector is not None:
            return _("%(who)s collects", who=expected.collector.name)
        return str(words.WAYS[Way.COLLECTED])
    if expected.way is Way.ALONE and expected.leaves_at:
        return _("Goes home alone at %(clock)s", clock=format_clock(expected.leaves_at))
    if expected.way is Way.SIBLING and expected.sibling:
        return _("Goes with %(who)s", who=expected.sibling.name)
    return _("Goes with the bus: %(bus)s", bus=expected.bus)
