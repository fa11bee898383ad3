"""Posting in elder mode: one question a page, then everything once more. What was typed travels along, back and forth.

The questions are those of the posting form. What is not asked keeps its default, or what it was on the activity that
is copied; companion seats and kept places can be changed from the page that shows everything once more.
"""

from collections.abc import Iterator, Sequence
from datetime import date, time

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, DateField, Field, FileField, HiddenField, SelectMultipleField, TimeField
from wtforms.fields.choices import SelectFieldBase

from center.kernel.i18n import format_clock, format_day
from center.kernel.i18n import gettext as _
from center.organisations.models import Organisation
from center.signups.posting.words import Pattern
from center.web.activities.forms import PostForm
from center.web.activities.kept_forms import KEPT_NAMES
from center.web.bookings.series_forms import CHOICE

Step = tuple[str, ...]
FIRST: tuple[Step, ...] = (("kind_id",), ("title",), ("summary",), ("room",))
LAST: tuple[Step, ...] = (("start", "end"), ("capacity",), ("mode",), ("for_whom",), ("has_waiting_list",))
SEATS: Step = ("companions", "wheelchair", "desk", "elders")  # never asked, but shown at the end and changed from there
DAYS: dict[str, tuple[Step, ...]] = {
    Pattern.LIST: (("dates",),),
    Pattern.ONE: (("date",),),
    Pattern.WEEKLY: (("weekdays",), ("every_weeks",), ("date",), ("until",)),
}


def steps_of(form: PostForm) -> tuple[Step, ...]:
    """The questions in order; some depend on the answers before."""
    place: tuple[Step, ...] = () if form.room.data else (("place",),)
    return (*FIRST, *place, ("pattern",), *DAYS.get(form.pattern.data or "", ()), *LAST)


def question(form: PostForm, organisation: Organisation) -> ResponseReturnValue | None:
    """The page with the question that comes now; None once all are answered, and for a copy, where all are."""
    if request.method == "GET":
        return None if request.args.get("copy") else _page(form, organisation, steps_of(form)[0])
    change, at = request.form.get("change", ""), request.form.get("at", "")
    if not change and not at:
        return None
    steps = (*steps_of(form), SEATS)
    if change:
        return _page(form, organisation, _step(steps, change), is_change=True)
    now = _step(steps, at)
    place = steps.index(now)
    if request.form.get("go") == "back":
        return _page(form, organisation, steps[max(0, place - 1)])
    if not _is_answered(form, now):
        return _page(form, organisation, now, is_change=_is_change())
    if now != steps[-1] and steps[place + 1] != SEATS and not (_is_change() and _are_answered(form, steps)):
        return _page(form, organisation, steps[place + 1])
    return None


def answers(form: PostForm) -> list[tuple[str, Field, str]]:
    """What was answered to each question, in words: (the question's name, its field, the answer)."""
    asked = [(step[0], form[name], said(form[name])) for step in steps_of(form) for name in step]
    seats = [form[name] for name in SEATS if form[name].data or name == SEATS[0]]
    return [*asked, *((SEATS[0], field, said(field)) for field in seats)]


def copied_along(form: PostForm) -> list[tuple[str, str]]:
    """What else is set, though it was not asked: from the activity that is copied."""
    asked = {name for step in (*steps_of(form), SEATS) for name in step} | {
        "pattern",
        "date",
        "dates",
        "weekdays",
        "until",
    }
    asked |= {"csrf_token", "request_key"} | KEPT_NAMES
    others = [field for name, field in form._fields.items() if name not in asked and not isinstance(field, HiddenField)]
    default = {"opens_at", "every_weeks", "per_session", "cancel_hours", "release_hours"}
    unasked = {
        f"{field.name.removesuffix('_words')}_kind"
        for field in others
        if field.name.endswith("_words") and not field.data
    }
    named = [
        field for field in others if field.name not in default | unasked and field.data not in (None, "", 0, False, [])
    ]
    kept = [(_("Kept places"), f"{pool.name}{_(': ')}{pool.capacity}") for pool in form.kept()]
    return [*((str(field.label.text), said(field)) for field in named), *kept]


def said(field: Field) -> str:
    """An answer in words."""
    if isinstance(field, BooleanField):
        return _("Yes") if field.data else _("No")
    if isinstance(field, SelectFieldBase):
        chosen = {str(each) for each in (field.data if isinstance(field.data, list) else [field.data])}
        labels = [str(label) for value, label, *_more in field.iter_choices() if str(value) in chosen]
        return _(", ").join(labels)
    if isinstance(field.data, date):
        return format_day(field.data)
    if isinstance(field.data, time):
        return format_clock(field.data)
    return "" if field.data is None else str(field.data)


def typed(form: PostForm, *, without: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Everything that was typed or stands there, but for these, for carrying along."""
    pairs = [pair for field in form if field.name not in without for pair in _pairs(field)]
    return pairs + [(name, value) for name, value in request.form.items() if name.startswith(CHOICE)]


def _pairs(field: Field) -> Iterator[tuple[str, str]]:
    if isinstance(field, (FileField, HiddenField)) or field.name == "csrf_token":
        return
    if isinstance(field, BooleanField):
        yield from [(field.name, "y")] if field.data else []
    elif isinstance(field, SelectMultipleField):
        yield from ((field.name, str(each)) for each in field.data or ())
    elif isinstance(field, SelectFieldBase):
        yield from [(field.name, str(field.data))] if field.data is not None else []
    elif isinstance(field, TimeField) and isinstance(field.data, time):
        yield field.name, field.data.strftime("%H:%M")
    elif isinstance(field, DateField) and isinstance(field.data, date):
        yield field.name, field.data.strftime(field.format[0])
    elif value := field._value():
        yield field.name, str(value)


def _step(steps: Sequence[Step], name: str) -> Step:
    """The question of this name; the first one where there is no such."""
    return next((step for step in steps if name in step), steps[0])


def _is_change() -> bool:
    return request.form.get("is_change") == "1"


def _is_answered(form: PostForm, names: Step) -> bool:
    """Whether these fields make sense, whatever the others say."""
    checks = [
        field.validate(form, [check] if (check := getattr(type(form), f"validate_{name}", None)) else [])
        for name, field in form._fields.items()
        if name in names
    ]
    wrong = [(field, words) for field, words in form.faults() if field.name in names and not field.errors]
    for field, words in wrong:
        field.errors = [*field.errors, words]
    return all(checks) and not wrong


def _are_answered(form: PostForm, steps: Sequence[Step]) -> bool:
    """Whether nothing is left to ask. What is wrong is said when its question comes."""
    answered = [_is_answered(form, step) for step in steps]
    for field in form:
        field.errors = []
    return all(answered)


def _page(form: PostForm, organisation: Organisation, names: Step, *, is_change: bool = False) -> ResponseReturnValue:
    steps = steps_of(form)
    page = render_template(
        "workspace/posting/step.html",
        organisation=organisation,
        form=form,
        names=names,
        number=steps.index(names) + 1 if names in steps else 0,
        count=len(steps),
        carried=typed(form, without=names),
        is_change=is_change,
    )
    return page, 422 if form.errors else 200
