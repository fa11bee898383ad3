"""How the pages of a day say what is so."""

from center.afterschool.collectors.listing import ListState
from center.afterschool.custody.messages import say_how
from center.afterschool.day_list.lines import Line, Where
from center.afterschool.models.custody import CustodyEvent, Holder
from center.afterschool.models.plans import Different, PlanChange, Stay, Way
from center.afterschool.plans.day_plans import Expected
from center.afterschool.plans.rules import Doubt, WhyNot
from center.afterschool.words import ALERT_LEVELS, DAY_NOTES, DIFFERENT, FLAGS, HALVES, OUTCOMES, STAYS, WAYS
from center.kernel.i18n import format_clock
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l

BROUGHT_BY = {
    "": _l("Not said"),
    "staff": _l("Our staff, from school"),
    "guardian": _l("A guardian"),
    "other": _l("Another adult"),
    "alone": _l("Came alone"),
}
SECTIONS = {
    Where.WAITING: _l("Still expected"),
    Where.ON_THE_WAY: _l("On the way"),
    Where.HERE: _l("Here"),
    Where.GONE: _l("Gone home"),
    Where.ELSEWHERE: _l("With another term today"),
    Where.LEAVE: _l("On leave"),
    Where.OTHER: _l("Not expected today"),
}
ICONS = {
    Where.WAITING: "hourglass",
    Where.ON_THE_WAY: "people",
    Where.HERE: "home",
    Where.GONE: "check",
    Where.ELSEWHERE: "signpost",
    Where.LEAVE: "calendar-x",
    Where.OTHER: "minus",
}
LEAVES = {
    Way.ALONE: _l("Goes home alone now"),
    Way.BUS: _l("Handed to the school bus"),
    Way.SIBLING: _l("Goes with the brother or sister now"),
}
STANDINGS = {
    ListState.EXPIRED: _l("Their time is over"),
    ListState.NOT_YET: _l("Not from today on"),
    ListState.REVOKED: _l("Taken off the list"),
    ListState.UNVERIFIED: _l("Never seen yet"),
    ListState.VALID: _l("On the list"),
}
WHY_NOT = {
    WhyNot.ENDED: _l("Their place has ended"),
    WhyNot.LEAVE: _l("On leave"),
    WhyNot.NO_PLACE: _l("They have no place"),
    WhyNot.NO_SCHOOL: _l("No school today"),
    WhyNot.NOT_THEIR_DAY: _l("Not one of their days"),
    WhyNot.PAUSED: _l("Their place rests"),
}
DOUBTS = {
    Doubt.COLLECTOR_OVER: _l("The collector named for today may not collect any more"),
    Doubt.NO_CONSENT: _l("No form for walking home alone stands"),
    Doubt.SIBLING_TOO_YOUNG: _l("The brother or sister is too young"),
    Doubt.TOO_YOUNG: _l("Too young to go home alone"),
}


def say_event(event: CustodyEvent) -> str:
    """Who holds a child by this, as staff read it."""
    if event.holder is Holder.ROOM:
        return _("is with us")
    if event.holder is Holder.ON_THE_WAY and event.with_person is not None:
        return _("on the way with %(who)s", who=event.with_person.name)
    return say_how(event)


def say_brought(event: CustodyEvent) -> str:
    """Who came along with a child."""
    return str(BROUGHT_BY.get(event.brought_by, event.brought_by)) if event.brought_by else ""


def say_plan(plan: Expected) -> str:
    """For which part of a whole day a child comes, and how they go home today, in a few words."""
    return " · ".join(filter(None, (str(STAYS[plan.stay]) if plan.stay else "", _say_way(plan))))


def _say_way(plan: Expected) -> str:
    if plan.way is Way.ALONE and plan.leaves_at is not None:
        return _("goes alone at %(time)s", time=format_clock(plan.leaves_at))
    if plan.way is Way.BUS:
        return _("school bus %(bus)s", bus=plan.bus)
    if plan.way is Way.SIBLING and plan.sibling is not None:
        return _("with %(who)s, brother or sister", who=plan.sibling.name)
    if plan.collector is not None:
        return _("today: %(who)s (%(relation)s)", who=plan.collector.name, relation=plan.collector.relation)
    return str(WAYS[plan.way]) if plan.way else ""


def say_unlike(plan: Expected) -> str:
    """The same, but nothing where a child is there all day and simply collected: most are, and what differs is seen."""
    stay = str(STAYS[plan.stay]) if plan.stay not in {None, Stay.WHOLE} else ""
    way = "" if plan.way is Way.COLLECTED and plan.collector is None else _say_way(plan)
    return " · ".join(filter(None, (stay, way)))


def say_why_here(line: Line) -> str:
    """What a line says of where a child is: since when, with whom; or why nobody expects them."""
    if line.held is not None and line.where in {Where.HERE, Where.ON_THE_WAY, Where.GONE}:
        return say_event(line.held.event)
    return str(WHY_NOT[line.plan.why_not]) if line.plan and line.plan.why_not else ""


def say_change(change: PlanChange) -> str:
    """What is different today, in a few words."""
    if change.stay is not None:
        return _("comes: %(part)s", part=STAYS[change.stay])
    if change.what is Different.COLLECTOR and change.collector is not None:
        return _("%(who)s (%(relation)s) collects", who=change.collector.name, relation=change.collector.relation)
    if change.what is Different.ALONE and change.leaves is not None:
        return _("goes alone at %(time)s", time=format_clock(change.leaves))
    return str(DIFFERENT[change.what])


__all__ = ["ALERT_LEVELS", "DAY_NOTES", "FLAGS", "HALVES", "OUTCOMES"]
