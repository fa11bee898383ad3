"""The day on paper: printed before the connection fails, and typed in afterwards with the times that stand on it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.collectors import bars
from center.afterschool.collectors.listing import Adult, find_listed, may_collect_each
from center.afterschool.custody.ledger import Sent
from center.afterschool.day_list import words
from center.afterschool.day_list.halves import HalfNow
from center.afterschool.day_list.lines import Line, Where, list_of
from center.afterschool.handing_over import arrivals, other_ways
from center.afterschool.handing_over.answers import SAID, Answer
from center.afterschool.handing_over.other_ways import Leaving
from center.afterschool.handing_over.saying import Saying, Verdict, expected_of
from center.afterschool.handing_over.to_adults import Taking, hand_over
from center.afterschool.models.plans import Bar, Way
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.errors import RuleBroken
from center.kernel.i18n import centre_zone, ngettext
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.acting import guardians_of
from center.people.models import Person
from center.web.blueprints import classroom as blueprint
from center.web.classroom.day.parts import Day, colleagues, day_asked
from center.web.forms import BaseForm
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import go_on, result_of


class PaperForm(BaseForm):
    """What stands on paper of each child is typed beside their name."""


@dataclass(frozen=True, kw_only=True)
class PrintedDay:
    """The list as it is printed: who comes, how they go home, who may take them, what to know."""

    day: Day
    lines: Sequence[Line]
    adults: Mapping[int, Sequence[Adult]]
    bars: Mapping[int, Sequence[Bar]]
    halves: Sequence[HalfNow]  # of a whole day in the holidays
    words: Any = words


@dataclass(frozen=True, kw_only=True)
class PaperPage:
    """A line for every child who may have come, to type in what stands on paper."""

    day: Day
    form: PaperForm
    lines: Sequence[Line]
    adults: Mapping[int, Sequence[Adult]]
    staff: Sequence[Person]
    typed: Mapping[str, str]
    words: Any = words


@blueprint.get("/classroom/day/print", endpoint="print_day")
@requires(Permission.CARE_FOR_CHILDREN)
def print_day() -> ResponseReturnValue:
    """The list on paper; that it was printed is written down as a look."""
    day = day_asked()
    found = list_of(day.on, day.day, now=day.now, today=day.today)
    lines = [each for each in found.lines if each.where is not Where.OTHER]
    looks.see(Kind.EXPORT, [each.child for each in lines], subject=_("The day's list on paper"), why="care")
    ids = [each.child.id for each in lines]
    page = PrintedDay(
        day=day,
        lines=lines,
        adults=may_collect_each(ids, day.on) if ids else {},
        bars=bars.bars_of_each(ids, day.now) if ids else {},
        halves=found.halves,
    )
    return render("classroom/day/print.html", page)


@blueprint.route("/classroom/day/paper", methods=["GET", "POST"], endpoint="paper_day")
@requires(Permission.CARE_FOR_CHILDREN)
def paper_day() -> ResponseReturnValue:
    """Type in what stands on the printed list: when each child came, when and with whom they went."""
    day = day_asked()
    authorise(day.day is not None and day.on <= day.today)
    found, form, staff = list_of(day.on, day.day, now=day.now, today=day.today), PaperForm(), colleagues(day)
    made = result_of(form, lambda: [each for line in found.lines for each in _typed(line, day, staff)])
    if made is not None:
        if back := [each for each in made if each.answer is Answer.TAKEN_BACK]:
            names = _(", ").join(each.event.child.name for each in back if each.event)
            flash(_("Taken back before, so not taken from paper again: %(names)s", names=names), "info")
        taken = sum(each.answer in SAID for each in made)
        said = ngettext("%(num)d entry was taken from paper.", "%(num)d entries were taken from paper.", taken)
        return go_on(said, url_for("classroom.day", **day.query))
    lines = [each for each in found.lines if each.where is not Where.OTHER or each.held]
    looks.see(Kind.ROLL, [each.child for each in lines], subject=_("The day's list"), why="care")
    page = PaperPage(
        day=day,
        form=form,
        lines=lines,
        adults=may_collect_each([each.child.id for each in lines], day.on) if lines else {},
        staff=staff,
        typed=request.form,
    )
    return render("classroom/day/paper.html", page), form.status


def _typed(line: Line, day: Day, staff: Sequence[Person]) -> list[Verdict]:
    """What stands on paper of one child; returns what came of each entry."""
    came, went = (_time_of(f"{name}-{line.child.id}", line) for name in ("came", "went"))
    made = [arrivals.arrive(line.child, _from_paper(line.child, day, came, "came"))] if came is not None else []
    if went is None:
        return made
    how = request.form.get(f"how-{line.child.id}", "")
    other = " ".join(request.form.get(f"other-{line.child.id}", "").split())
    saying = _from_paper(line.child, day, went, f"went:{how}:{other}")
    second = next((each for each in staff if str(each.id) == request.form.get(f"by-{line.child.id}")), None)
    if how in {each.value for each in (Way.ALONE, Way.BUS, Way.SIBLING)}:
        plan = expected_of(line.child, saying)
        bus, sibling = (plan.bus, plan.sibling) if plan else ("", None)
        leaving = Leaving(way=Way(how), bus=bus, sibling=sibling)
        return [*made, other_ways.leave(line.child, leaving, saying)]
    adult = find_listed(line.child, how, day.on)
    if second is None:
        raise RuleBroken(_l("%(name)s: say who of the staff handed them over.", name=line.child.name))
    return [*made, hand_over(line.child, _taking(line, day, adult, other, second), saying)]


def _taking(line: Line, day: Day, adult: Adult | None, other: str, second: Person) -> Taking:
    if adult is not None:
        return Taking(adult=adult, child_agreed=True, second=second)
    if not other.strip():
        raise RuleBroken(_l("%(name)s: say who took them.", name=line.child.name))
    rung = request.form.get(f"rung-{line.child.id}", "")
    guardians = (each.guardian for each in guardians_of(line.child, on=day.on))
    guardian = next((each for each in guardians if f"g{each.id}" == rung), None)
    if guardian is None or not guardian.phone:
        raise RuleBroken(_l("%(name)s: say which guardian was rung and agreed.", name=line.child.name))
    return Taking(other_name=other, child_agreed=True, second=second, approved_by=guardian, approved_on=guardian.phone)


def _from_paper(child: Person, day: Day, at: datetime, what: str) -> Saying:
    """Under a number that follows from what stands on paper: typed in twice, it is written down once.

    With whom a child went is a part of it: at the same minute with somebody else is something else.
    """
    if at > day.now:
        raise RuleBroken(_l("%(name)s: this time is still to come.", name=child.name))
    nonce = str(uuid5(NAMESPACE_URL, f"paper:{day.on}:{child.id}:{what}:{at.isoformat()}"))
    return Saying(
        by=current_user.person,
        now=day.now,
        on=day.on,
        day=day.day,
        at=at,
        sent=Sent(nonce=nonce, is_offline=True, digest=hashlib.sha256(what.encode()).hexdigest()),
        is_paper=True,
    )


def _time_of(name: str, line: Line) -> datetime | None:
    typed = request.form.get(name, "").strip()
    if not typed:
        return None
    try:
        clock = time.fromisoformat(typed)
    except ValueError:
        raise RuleBroken(_l("%(name)s: write a time such as 16:30.", name=line.child.name)) from None
    return datetime.combine(line.on, clock, centre_zone())
