"""Homework, snack and a remark of every child who was here, on one page with one button."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.day_list import notes
from center.afterschool.day_list.lines import Line, Where, list_of
from center.afterschool.models.care import DayNoteKind
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.kernel.i18n import ngettext
from center.web.blueprints import classroom as blueprint
from center.web.classroom.day.parts import Day, day_asked
from center.web.forms import BaseForm
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import go_on, result_of


class NotesForm(BaseForm):
    """What is typed of each child stands beside their name; here is only what makes it ours."""


@dataclass(frozen=True, kw_only=True)
class NotesPage:
    """The children who were here, and what is noted of each."""

    day: Day
    form: NotesForm
    lines: Sequence[Line]


@blueprint.route("/classroom/day/notes", methods=["GET", "POST"], endpoint="day_notes")
@requires(Permission.CARE_FOR_CHILDREN)
def day_notes() -> ResponseReturnValue:
    """Tick and type, then write all of it down."""
    day = day_asked()
    authorise(day.day is not None and day.on <= day.today)
    found, form = list_of(day.on, day.day, now=day.now, today=day.today), NotesForm()
    lines = [each for each in found.lines if each.where in {Where.HERE, Where.GONE} and each.enrolment]
    made = result_of(form, lambda: sum(_write(each, day) for each in lines))
    if made is not None:
        said = ngettext("Written down of %(num)d child.", "Written down of %(num)d children.", made)
        return go_on(said, url_for("classroom.day_notes", **day.query))
    looks.see(Kind.ROLL, [each.child for each in lines], subject=_("The day's list"), why="care")
    return render("classroom/day/notes.html", NotesPage(day=day, form=form, lines=lines)), form.status


def _write(line: Line, day: Day) -> bool:
    """Write down what was typed of a child, if their line was on the page; whether anything is other than it was."""
    assert line.enrolment is not None
    if request.form.get(f"line-{line.child.id}") is None:
        return False
    changed = False
    for kind in DayNoteKind:
        is_done = request.form.get(f"{kind.value}-{line.child.id}") is not None
        words = request.form.get(f"words-{line.child.id}", "") if kind is DayNoteKind.NOTE else ""
        before = line.notes.get(kind)
        was = (before.is_done, before.words) if before else (False, "")
        note = notes.write(
            line.enrolment, day.on, kind, is_done=is_done, words=words, by=current_user.person, now=day.now
        )
        changed |= note is not None and (note.is_done, note.words) != was
    return changed
