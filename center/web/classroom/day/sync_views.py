"""What a device keeps of a day for when it has no connection, and what it sends once it has one again."""

from dataclasses import replace
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.collectors import bars
from center.afterschool.collectors.listing import Adult
from center.afterschool.day_list import words
from center.afterschool.day_list.lines import Line
from center.afterschool.day_list.snapshots import ChildKnown, DaySnapshot, snapshot_of
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.access_log import Kind
from center.kernel.i18n import format_clock, in_language
from center.kernel.i18n import gettext as _
from center.kernel.unreadable import Unreadable
from center.web import batches
from center.web.blueprints import classroom as blueprint
from center.web.browser_rights import accepts_little, sent_by_script
from center.web.classroom.day import items
from center.web.classroom.day.parts import Day, colleagues, day_asked
from center.web.device_cookie import who_asks
from center.web.people import looks


@blueprint.get("/classroom/day/snapshot")
@requires(Permission.CARE_FOR_CHILDREN)
def day_snapshot() -> ResponseReturnValue:
    """What a device keeps of a day: sealed by the browser, and gone the next morning."""
    asked = day_asked()
    days = [replace(asked, day=each) for each in asked.of_date] or [asked]
    found = [(each, snapshot_of(each.on, each.day, now=each.now, today=each.today)) for each in days]
    children = {each.line.child.id: each.line.child for _day, one in found for each in one.children}
    looks.see(Kind.ROLL, list(children.values()), subject=_("The day's list"), why="care")
    told = {
        "on": asked.on.isoformat(),
        "expires_at": max(one.expires_at for _day, one in found).isoformat(),
        "made_at": asked.now.isoformat(),
        "who": who_asks(),
        "me": current_user.person.name,
        "lists": [_list(each, one) for each, one in found],
    }
    return batches.private(jsonify(told))


def _list(day: Day, found: DaySnapshot) -> dict[str, Any]:
    """What is kept of one term of the date: whoever looks after several has them all on the device."""
    term = day.day.term if day.day else None
    return {
        "term": term.id if term else None,
        "title": in_language(term.name, term.name_en) if term else "",
        "staff": [{"id": each.id, "name": each.name} for each in colleagues(day)],
        "children": [_child(each, day) for each in found.children],
    }


@blueprint.post("/classroom/day/items")
@sent_by_script
@accepts_little(batches.MOST_BYTES)
@requires(Permission.CARE_FOR_CHILDREN)
def take_items() -> ResponseReturnValue:
    """Take what a device has stored: each item is answered, and none spoils the others."""
    batches.refuse_other_names()
    now = clock.now()
    answers = items.take(batches.items_sent(), by=current_user.person, user=current_user, now=now)
    return batches.answered(answers, now=now)


def _child(each: ChildKnown, day: Day) -> dict[str, Any]:
    line, plan = each.line, each.line.plan
    enrolment = line.enrolment
    event = line.held.event if line.held and not line.is_from_before else None
    return {
        "id": line.child.id,
        "name": line.child.name,
        "of": " · ".join(filter(None, (enrolment.school_class, enrolment.mark))) if enrolment else "",
        "alike": line.is_named_alike,
        "where": line.where.value,
        "since": line.held.since_at.isoformat() if line.held else None,
        "said": _other_term(line) or (words.say_event(event) if event else ""),
        "missing_at": each.missing_at.isoformat() if each.missing_at else None,
        "until_at": each.until_at.isoformat() if each.until_at else None,
        "due": format_clock(plan.due_at) if plan and plan.due_at else "",
        "plan": words.say_plan(plan) if plan and plan.way else "",
        "way": plan.way.value if plan and plan.way else "",
        "leaves": plan.leaves_at.isoformat() if plan and plan.leaves_at else None,
        "doubt": str(words.DOUBTS[plan.doubt]) if plan and plan.doubt else "",
        "health": [_health(note) for note in line.health],
        "bars": [{"level": bar.level.value, "name": bar.name, "looks": bar.looks} for bar in each.bars],
        "adults": [_adult(adult, each, named=plan.collector if plan else None) for adult in each.adults],
        "callers": [
            {"id": one.guardian.id, "name": one.guardian.name, "relation": one.relation, "phone": one.guardian.phone}
            for one in each.callers
        ],
        "code": {"salt": each.code.salt, "digest": each.code.slow_hash} if each.code and each.tries_left else None,
        "tries": each.tries_left,
    }


def _other_term(line: Line) -> str:
    """With which other term a child is."""
    term = line.elsewhere.term if line.elsewhere else None
    return in_language(term.name, term.name_en) if term else ""


def _health(note: Any) -> dict[str, str]:
    if isinstance(note.trigger, Unreadable) or isinstance(note.what_to_do, Unreadable):
        return {
            "level": "emergency",
            "trigger": _("Health: cannot be read. Ask a guardian before giving anything."),
            "what": "",
        }
    return {"level": str(note.level), "trigger": note.trigger, "what": f"{note.reaction} {note.what_to_do}".strip()}


def _adult(adult: Adult, each: ChildKnown, *, named: object) -> dict[str, Any]:
    bar = bars.bar_against(each.bars, bars.as_wanted(adult))
    return {
        "key": adult.key,
        "name": adult.name,
        "relation": adult.relation,
        "may": adult.may_collect,
        "named": named is not None and adult.collector == named,
        "unseen": adult.standing.value == "unverified",
        "standing": str(words.STANDINGS.get(adult.standing, "")),
        "bar": bar.level.value if bar else "",
    }
