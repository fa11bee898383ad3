"""Costumes and props of a troupe: what there is, and what becomes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.access_log import Kind
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.kernel.spans import Span
from center.troupes.lending import promises, queries, stock, words
from center.troupes.models.lending import LineState, Loan, LoanLine, Thing, ThingEvent
from center.troupes.models.troupes import Troupe
from center.web.blueprints import troupes as blueprint
from center.web.editing import watch
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done, result_of
from center.web.troupes.pages import led
from center.web.workspace.lending.forms import (
    CountForm,
    Free,
    MoreForm,
    NewThingForm,
    ThingForm,
    WhyForm,
    labels_in,
    last_moment,
)

WORDS: Mapping[str, Mapping[Any, Any]] = {
    "kinds": words.THING_KINDS,
    "units": words.UNIT_STATES,
    "lines": words.LINE_STATES,
    "changes": words.STOCK_CHANGES,
}


@dataclass(frozen=True, kw_only=True)
class ThingsPage:
    """What a troupe has, what of it is with whom, and what is late."""

    troupe: Troupe
    things: Sequence[Free]
    late: Sequence[Loan]
    loans: Sequence[Loan]
    words: Mapping[str, Mapping[Any, Any]] = field(default_factory=lambda: WORDS)


@dataclass(frozen=True, kw_only=True)
class ThingPage:
    """One thing: its pieces, who has and had it, and what became of it."""

    troupe: Troupe
    thing: Thing
    lines: Sequence[LoanLine]
    with_whom: Mapping[int, LoanLine]  # by the piece
    events: Sequence[ThingEvent]
    form: CountForm
    words: Mapping[str, Mapping[Any, Any]] = field(default_factory=lambda: WORDS)


@blueprint.get("/workspace/troupes/<slug>/things")
@signed_in
def things(slug: str) -> ResponseReturnValue:
    """All costumes and props with how many are there now, and who has the others."""
    troupe, now = led(slug), clock.now()
    loans = queries.open_loans(troupe)
    looks.see(Kind.ROLL, [loan.person for loan in loans], subject=troupe.name)
    late = [loan for loan in loans if is_late(loan)]
    today = Span(now, last_moment(local_date(now)))
    page = ThingsPage(
        troupe=troupe,
        things=free_of(troupe, today, now=now),
        late=late,
        loans=[loan for loan in loans if loan not in late],
    )
    return render("workspace/lending/things.html", page)


@blueprint.route("/workspace/troupes/<slug>/things/new", methods=["GET", "POST"])
@signed_in
def new_thing(slug: str) -> ResponseReturnValue:
    """One more costume or prop."""
    troupe, form = led(slug), NewThingForm()
    del form.is_retired

    def add() -> Thing:
        labels, by = labels_in(form.labels.data), current_user.person
        quantity = form.quantity.data or 0
        return stock.add_thing(troupe, form.facts(), labels=labels, quantity=quantity, by=by, now=clock.now())

    if made := result_of(form, add, then=_page_of):
        return go_on(_("It is on the list."), _page_of(made))
    return form_page("workspace/lending/edit.html", form, troupe=troupe, thing=None)


@blueprint.get("/workspace/troupes/<slug>/things/<id:thing_id>")
@signed_in
def thing(slug: str, thing_id: int) -> ResponseReturnValue:
    """One thing."""
    troupe = led(slug)
    return _show(troupe, queries.get_thing(troupe, thing_id), CountForm(formdata=None))


@blueprint.post("/workspace/troupes/<slug>/things/<id:thing_id>/counted")
@signed_in
def count_things(slug: str, thing_id: int) -> ResponseReturnValue:
    """Pieces of a kind are repaired, found, or there no more."""
    troupe = led(slug)
    found, form = queries.get_thing(troupe, thing_id), CountForm()

    def change() -> None:
        given: dict[str, Any] = {"count": form.count.data, "by": current_user.person, "now": clock.now()}
        if form.what.data == "gone":
            return stock.take_out(found, why=form.why.data or "", **given)
        return (stock.mend if form.what.data == "repaired" else stock.find_again)(found, **given)

    if is_done(form, change):
        return go_on(_("Saved."), _page_of(found))
    return _show(troupe, found, form), form.status


@blueprint.route("/workspace/troupes/<slug>/things/<id:thing_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_thing(slug: str, thing_id: int) -> ResponseReturnValue:
    """Call a thing otherwise, or lend it no more."""
    troupe = led(slug)
    found = queries.get_thing(troupe, thing_id)
    form = watch(lambda **given: ThingForm(data=ThingForm.values_of(found), **given))
    if is_done(form, lambda: stock.edit_thing(found, form.facts(), is_retired=form.is_retired.data)):
        return go_on(_("Saved."), _page_of(found))
    return form_page("workspace/lending/edit.html", form, troupe=troupe, thing=found)


@blueprint.route("/workspace/troupes/<slug>/things/<id:thing_id>/more", methods=["GET", "POST"])
@signed_in
def more_things(slug: str, thing_id: int) -> ResponseReturnValue:
    """More pieces of a thing."""
    troupe = led(slug)
    found, form = queries.get_thing(troupe, thing_id), MoreForm()
    form.fit(found)

    def add() -> None:
        labels = labels_in(form.labels.data) if form.labels else []
        quantity = (form.quantity.data or 0) if form.quantity else 0
        stock.add_pieces(found, labels=labels, quantity=quantity, by=current_user.person, now=clock.now())

    if is_done(form, add, then=_page_of(found)):
        return go_on(_("Saved."), _page_of(found))
    return form_page("workspace/lending/more.html", form, troupe=troupe, thing=found)


@blueprint.post("/workspace/troupes/<slug>/things/<id:thing_id>/units/<id:unit_id>/mend")
@signed_in
def mend_thing(slug: str, thing_id: int, unit_id: int) -> ResponseReturnValue:
    """A numbered piece is repaired or found: it can be lent again."""
    troupe = led(slug)
    found = queries.get_thing(troupe, thing_id)
    unit = queries.get_unit(found, unit_id)
    did(
        lambda: stock.mend(found, unit=unit, by=current_user.person, now=clock.now()),
        _("No. %(label)s can be lent again.", label=unit.label),
    )
    return redirect(_page_of(found), 303)


@blueprint.route("/workspace/troupes/<slug>/things/<id:thing_id>/units/<id:unit_id>/remove", methods=["GET", "POST"])
@signed_in
def remove_unit(slug: str, thing_id: int, unit_id: int) -> ResponseReturnValue:
    """A numbered piece is there no more."""
    troupe = led(slug)
    found = queries.get_thing(troupe, thing_id)
    unit, form = queries.get_unit(found, unit_id), WhyForm()

    def remove() -> None:
        if unit.state.value == "retired":
            raise RuleBroken(_("This piece is off the list already."))
        stock.take_out(found, unit=unit, why=form.why.data, by=current_user.person, now=clock.now())

    if is_done(form, remove):
        return go_on(_("No. %(label)s is off the list.", label=unit.label), _page_of(found))
    return form_page("workspace/lending/remove.html", form, troupe=troupe, thing=found, unit=unit)


def free_of(troupe: Troupe, span: Span, *, now: datetime) -> list[Free]:
    """What can be promised of each thing for a time."""
    listed = queries.things_of(troupe)
    live = promises.promises_of([each.id for each in listed])
    found = []
    for each in listed:
        lines = live[each.id]
        units = promises.free_units(each, lines, span, now=now)
        count = len(units) if each.is_numbered else promises.free_pieces(each, lines, span, now=now)
        late = promises.late_pieces(lines, now=now)
        found.append(Free(thing=each, count=count, units=units, here=promises.pieces_here(each, lines), late=late))
    return found


def is_late(loan: Loan) -> bool:
    """Whether something of a loan is out beyond its time."""
    return any(line.state is LineState.OUT and line.ends_at <= clock.now() for line in loan.lines)


def _show(troupe: Troupe, found: Thing, form: CountForm) -> str:
    lines = queries.lines_of(found)
    looks.see(Kind.ROLL, [line.loan.person for line in lines], subject=troupe.name)
    page = ThingPage(
        troupe=troupe,
        thing=found,
        lines=lines,
        with_whom={line.unit_id: line for line in lines if line.unit_id and line.state is LineState.OUT},
        events=queries.events_of(found),
        form=form,
    )
    return render("workspace/lending/thing.html", page)


def _page_of(found: Thing) -> str:
    return url_for("troupes.thing", slug=found.troupe.slug, thing_id=found.id)
