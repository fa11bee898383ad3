"""The sheet of one child on a day: who may take them, how that is made sure, and what else is said of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.alarms.ringing import Rung, to_ring
from center.afterschool.collectors import bars
from center.afterschool.collectors.listing import Adult, find_listed, may_collect
from center.afterschool.day_list import words
from center.afterschool.day_list.guardians import said_of_day
from center.afterschool.day_list.lines import Line, list_of
from center.afterschool.handing_over import arrivals, decisions, other_ways, undoing
from center.afterschool.handing_over.answers import ANSWER_NAMES, HINTS, SAID
from center.afterschool.handing_over.other_ways import Leaving
from center.afterschool.handing_over.saying import Verdict, expected_of
from center.afterschool.handing_over.to_adults import Taking, hand_over
from center.afterschool.models.custody import BarDecision, CustodyEvent
from center.afterschool.models.plans import Bar, Way
from center.afterschool.places import child_photos, collector_photos
from center.afterschool.plans import codes, collecting
from center.afterschool.policy import may_run
from center.kernel.access import Permission, authorise, requires
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.people.records import get_person
from center.web.blueprints import classroom as blueprint
from center.web.browser_rights import kept_page
from center.web.classroom.day import events
from center.web.classroom.day.parts import Day, colleagues, day_asked
from center.web.classroom.day.sheet_form import SheetForm
from center.web.classroom.day.views import say_verdict
from center.web.forms import id_of
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import result_of


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An adult who may be named with one tap; a bar against them; whether they were named for today."""

    key: str
    adult: Adult
    bar: Bar | None
    is_named: bool
    has_photo: bool


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The sheet of a child."""

    day: Day
    child: Person
    line: Line
    form: SheetForm
    shown: Verdict | None
    choices: Sequence[Choice]
    bars: Sequence[Bar]
    is_locked: bool  # three wrong codes
    callers: Sequence[Rung]
    shows_numbers: bool
    said: Sequence[CustodyEvent]
    asked: Sequence[CustodyEvent]
    decided: Sequence[BarDecision]
    may_decide: bool
    answers: Mapping[Any, Any]
    hints: Mapping[Any, Any]
    has_photo: bool
    words: Any = words


@blueprint.get("/classroom/day/<id:person_id>/photo.jpg", endpoint="child_photo")
@requires(Permission.CARE_FOR_CHILDREN)
def child_photo(person_id: int) -> ResponseReturnValue:
    """The child's photo, while a guardian agrees to one: so that the right child is handed over."""
    day, child = day_asked(), get_person(person_id)
    events.check_seen(child, day)
    looks.say_why("care")
    return _picture(child_photos.find_jpeg(child))


@blueprint.get("/classroom/day/<id:person_id>/collectors/<id:collector_id>/photo.jpg")
@requires(Permission.CARE_FOR_CHILDREN)
def collector_photo(person_id: int, collector_id: int) -> ResponseReturnValue:
    """The photo of whoever may collect this child on this day, while they agree to one."""
    day, child = day_asked(), get_person(person_id)
    events.check_seen(child, day)
    looks.say_why("care")
    collector = collecting.get_collector(collector_id)
    authorise(any(each.collector == collector and each.may_collect for each in may_collect(child, day.on)))
    return _picture(collector_photos.find_jpeg(collector))


def _picture(jpeg: bytes | None) -> Response:
    authorise(jpeg is not None)
    return Response(jpeg, mimetype="image/jpeg", headers={"Cache-Control": "no-store"})


@blueprint.route("/classroom/day/<id:person_id>", methods=["GET", "POST"], endpoint="child_day")
@kept_page
@requires(Permission.CARE_FOR_CHILDREN)
def child_sheet(person_id: int) -> ResponseReturnValue:
    """Hand a child over, or say what else is so of them."""
    day, child = day_asked(), get_person(person_id)
    events.check_seen(child, day)
    looks.say_why("care")
    callers = to_ring(child, day.day, on=day.on)
    form, shown = SheetForm(), None
    authorise(day.is_today or not form.is_submitted())
    form.offer(colleagues(day), callers)
    authorise(may_run(current_user) or not (form.act.data or "").startswith("decide"))
    made = result_of(form, lambda: _said(form, child, day))
    if isinstance(made, Verdict) and made.answer not in SAID:
        shown = made
    elif made is not None:
        if isinstance(made, Verdict):
            say_verdict(made)
        return redirect(_on(made, child, day), 303)
    return render("classroom/day/child.html", _sheet(form, shown, child, day, callers)), form.status


def _on(made: object, child: Person, day: Day) -> str:
    """After a hand-over the list comes next; after a word of the director's the sheet."""
    if isinstance(made, Verdict):
        return url_for("classroom.day", **day.query) + f"#c{child.id}"
    return url_for("classroom.child_day", person_id=child.id, **day.query)


def _said(form: SheetForm, child: Person, day: Day) -> object:
    act, _colon, key = (form.act.data or "").partition(":")
    if act not in ACTS:
        raise RuleBroken(_l("Ask the child who has come, then press the adult's name."))
    return ACTS[act](form, child, day, key)


def _hand(form: SheetForm, child: Person, day: Day, key: str) -> Verdict:
    return hand_over(child, _taking(form, child, day, key, agrees=True), day.saying(form.sent()))


def _no(form: SheetForm, child: Person, day: Day, key: str) -> Verdict:
    return hand_over(child, _taking(form, child, day, key, agrees=False), day.saying(form.sent()))


def _taking(form: SheetForm, child: Person, day: Day, key: str, *, agrees: bool) -> Taking:
    adult = find_listed(child, key, day.on)
    return Taking(
        adult=adult,
        other_name="" if adult else form.other_name.data or "",
        child_agreed=agrees,
        code=form.code.data or "",
        second=form.chosen(form.second),
        approved_by=form.chosen(form.approved_by),
        approved_on=form.number(),
    )


def _leave(form: SheetForm, child: Person, day: Day, key: str) -> Verdict:
    authorise(key in {each.value for each in (Way.ALONE, Way.BUS, Way.SIBLING)})
    plan = expected_of(child, day.saying())
    leaving = Leaving(
        way=Way(key),
        sibling=plan.sibling if plan else None,
        bus=plan.bus if plan else "",
        approved_by=form.chosen(form.approved_by),
        approved_on=form.number(),
    )
    return other_ways.leave(child, leaving, day.saying(form.sent()))


def _guardian(form: SheetForm, child: Person, day: Day, _key: str) -> Verdict:
    guardian = form.chosen(form.approved_by)
    if guardian is None:
        raise RuleBroken(_l("Say which guardian said so."), field="approved_by")
    return arrivals.with_guardian(child, guardian, form.number(), day.saying(form.sent()))


def _arrive(form: SheetForm, child: Person, day: Day, _key: str) -> Verdict:
    return arrivals.arrive(child, day.saying(form.sent()))


def _undo(form: SheetForm, child: Person, day: Day, key: str) -> CustodyEvent:
    event = events.get_event(id_of(key) or 0, day)
    authorise(event.child_id == child.id)
    return undoing.undo(event, by=current_user.person, now=day.now, sent=form.sent())


def _decide(form: SheetForm, child: Person, day: Day, key: str) -> BarDecision:
    said, _dash, number = key.partition("-")
    event = events.get_event(id_of(number) or 0, day)
    authorise(event.child_id == child.id)
    return decisions.decide(
        event, is_allowed=said == "yes", why=form.why.data or "", by=current_user.person, now=day.now
    )


def _sheet(form: SheetForm, shown: Verdict | None, child: Person, day: Day, callers: Sequence[Rung]) -> Sheet:
    found = list_of(day.on, day.day, now=day.now, today=day.today)
    line = next(each for each in found.lines if each.child.id == child.id)
    barred = bars.bars_of(child, day.now)
    row = codes.find(child.id, day.on)
    shows_numbers = "ring" in request.args or form.is_wrong or shown is not None
    if shows_numbers:
        for each in callers:
            looks.see_phone(each.guardian, purpose="ring")
    return Sheet(
        day=day,
        child=child,
        line=line,
        form=form,
        shown=shown,
        choices=_choices(child, line, barred, day),
        bars=barred,
        is_locked=row is not None and row.tries >= codes.MOST_TRIES,
        callers=callers,
        shows_numbers=shows_numbers,
        said=said_of_day(child, day.on),
        asked=decisions.asked(child, day.on),
        decided=decisions.decided(child, day.on),
        may_decide=may_run(current_user),
        answers=ANSWER_NAMES,
        hints=HINTS,
        has_photo=child_photos.find(child) is not None,
    )


def _choices(child: Person, line: Line, barred: Sequence[Bar], day: Day) -> list[Choice]:
    """The adults of the list, whoever was named for today first; whose time is over only where they may be rung for."""
    named = line.plan.collector if line.plan else None
    listed = may_collect(child, day.on)
    shown = collector_photos.with_photo([each.collector.id for each in listed if each.collector and each.may_collect])
    found = [
        Choice(
            key=each.key,
            adult=each,
            bar=bars.bar_against(barred, bars.as_wanted(each)),
            is_named=named is not None and each.collector == named,
            has_photo=each.collector is not None and each.collector.id in shown,
        )
        for each in listed
    ]
    return sorted(found, key=lambda each: (not each.is_named, not each.adult.may_collect))


ACTS: Mapping[str, Callable[[SheetForm, Person, Day, str], object]] = {
    "arrive": _arrive,
    "decide": _decide,
    "guardian": _guardian,
    "hand": _hand,
    "leave": _leave,
    "no": _no,
    "other": _hand,
    "undo": _undo,
}
