"""A roll taken on paper, entered on one page in the order of the sheet, by keyboard alone if one likes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from functools import partial

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import Session
from center.attendance import paper, queries, walk_ins
from center.attendance.models import Register
from center.attendance.paper import PaperLine
from center.attendance.policy import is_desk
from center.attendance.taking import Press
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.access_log import Kind
from center.kernel.errors import DomainError, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import ngettext
from center.people.models import Person
from center.people.search import find_people
from center.web.attendance import lines as rolls
from center.web.attendance.access import taken
from center.web.attendance.lines import RollLine
from center.web.attendance.times import moment_of
from center.web.blueprints import posting as blueprint
from center.web.forms import BaseForm
from center.web.own_hosts import read_here
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import go_on, result_of, tried

WALK_INS = 8
ABSENT = "absent"
MARKS = {Press.HERE.value: Press.HERE, Press.LATE.value: Press.LATE, Press.LEAVE.value: Press.LEAVE, ABSENT: None}


@dataclass(frozen=True, kw_only=True)
class PaperPage:
    """The roll in the order of the sheet, with what was typed of each line and what is wrong with it."""

    session: Session
    register: Register | None
    lines: Sequence[RollLine]
    form: BaseForm
    typed: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    walk_ins: Sequence[int] = tuple(range(WALK_INS))


@blueprint.route("/workspace/activities/<slug>/sessions/<id:date_id>/register/enter", methods=["GET", "POST"])
@signed_in
def enter_paper(slug: str, date_id: int) -> ResponseReturnValue:
    """Enter a sheet of paper: all of it at once, or nothing; what was typed stays where it is wrong."""
    session, now = taken(slug, date_id), clock.now()
    lines = rolls.lines_of(session, is_open=True, is_early=False, now=now)
    looks.see(Kind.ROLL, [each.person for each in lines], subject=session.activity.title)
    form, typed = BaseForm(), request.form.to_dict()

    def enter() -> int:
        return paper.enter(session, _said(session, lines, typed), by=current_user.person, now=now)

    count = result_of(form, enter)
    if count is not None:
        said = ngettext("%(num)d line of the sheet is entered.", "%(num)d lines of the sheet are entered.", count)
        return go_on(said, url_for("posting.register", slug=slug, date_id=date_id))
    refused = form.refusal.every if form.refusal else ()
    page = PaperPage(
        session=session,
        register=queries.find_register(session.id),
        lines=lines,
        form=form,
        typed=typed,
        wrong={each.field or "": str(each) for each in refused},
    )
    return render("workspace/register/enter.html", page), form.status


def _said(session: Session, lines: Sequence[RollLine], typed: Mapping[str, str]) -> list[PaperLine]:
    """What was typed, read; raises what cannot be, each at its line."""
    said: list[PaperLine] = []
    wrong: list[DomainError] = []
    on_roll: list[tuple[Person | str, str]] = [(line.person, str(line.person.id)) for line in lines]
    for whom, key in [*on_roll, *_walk_ins(typed)]:
        read = tried(partial(_line, session, whom, key, typed), transacts=False)
        if isinstance(read, DomainError):
            read.field = f"line-{key}"
            wrong.append(read)
        else:
            said.append(read)
    broken_rules(wrong)
    return said


def _line(session: Session, whom: Person | str, key: str, typed: Mapping[str, str]) -> PaperLine:
    is_walk_in = isinstance(whom, str)
    person = _named(session, whom) if isinstance(whom, str) else whom
    return PaperLine(
        person=person,
        press=Press.HERE if is_walk_in else MARKS.get(typed.get(f"mark-{key}", "")),
        arrived_at=moment_of(session, _time(typed.get(f"came-{key}", ""))),
        left_at=moment_of(session, _time(typed.get(f"left-{key}", ""))),
        is_absent=typed.get(f"mark-{key}") == ABSENT,
        is_walk_in=is_walk_in,
        field=f"line-{key}",
    )


def _walk_ins(typed: Mapping[str, str]) -> list[tuple[Person | str, str]]:
    names = ((typed.get(f"walkin-{n}", "").strip()[:100], f"w{n}") for n in range(WALK_INS))
    return [(name, key) for name, key in names if name]


def _named(session: Session, text: str) -> Person:
    """Whoever is meant by a name or number on the sheet; raises RuleBroken where that is not one person."""
    known = walk_ins.known_by_code(read_here(text))
    if known is not None:
        return known
    found = find_people(text, limit=2) if is_desk(current_user) else walk_ins.members_called(session, text)
    if len(found) == 1:
        return found[0]
    if found:
        raise RuleBroken(_l("Several people are called so. Please write the number of their sign-up or card."))
    raise RuleBroken(_l("Nobody was found by this. The desk finds everybody, and writes down who is new."))


def _time(text: str) -> time | None:
    if not text.strip():
        return None
    try:
        return time.fromisoformat(text.strip().replace("：", ":").zfill(5))
    except ValueError:
        raise RuleBroken(_l("Please write a time such as 14:30.")) from None
