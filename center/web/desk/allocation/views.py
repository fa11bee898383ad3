"""Making a round of allocation: what it is, which times it offers, what counts; and opening it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.allocation.matching.points import sum_of
from center.allocation.models import AllocationRound, RoundState, TermWish, WeeklyTime
from center.allocation.publishing.explaining import Result, result_of
from center.allocation.rounds import actions, queries
from center.allocation.swaps.queries import waiting_for_staff
from center.allocation.words import BECAUSE, CRITERIA, STATES
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.i18n import centre_zone, in_language, ngettext
from center.kernel.i18n import gettext as _
from center.rooms.models import Room
from center.rooms.queries import all_rooms
from center.web.blueprints import allocation as blueprint
from center.web.desk.allocation.forms import (
    EditRoundForm,
    NewRoundForm,
    ReasonForm,
    TimesForm,
    WeightsForm,
    shown_round,
    shown_weights,
    usual_round,
)
from center.web.editing import watch
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done
from center.web.sending import result_of as made_by

FORM = "desk/allocation/form.html"


@blueprint.get("/desk/allocation")
@requires(Permission.ALLOCATE_ROOMS)
def rounds() -> ResponseReturnValue:
    """Every round, and how many swaps wait for staff."""
    found = queries.all_rounds()
    return render_template(
        "desk/allocation/rounds.html",
        rounds=found,
        states=STATES,
        wishes=queries.count_wishes([each.id for each in found]),
        swaps=len(waiting_for_staff(clock.now())),
    )


@blueprint.route("/desk/allocation/new", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_ROOMS)
def new_round() -> ResponseReturnValue:
    """A new round, seen by nobody before it is opened."""
    form = NewRoundForm(data=usual_round(clock.today(centre_zone())))

    def make() -> AllocationRound:
        return actions.make_round(form.facts(), by=current_user.person, now=clock.now())

    made = made_by(form, make, then=lambda each: url_for(".times", term=each.slug))
    if made is not None:
        return go_on(_("The round is made. Offer its times next."), url_for(".times", term=made.slug))
    return form_page(FORM, form, title=_("New round"), lead="", back=url_for(".rounds"))


@dataclass(frozen=True, kw_only=True)
class RoundPage:
    """A round for staff: what it offers, what was wished, and how it stands."""

    found: AllocationRound
    times: Sequence[WeeklyTime]
    result: Result | None
    wishes: Sequence[TermWish]
    is_open: bool
    is_closed: bool
    fingerprint: str
    state: tuple[Any, str]
    criteria: Mapping[Any, Any] = field(default_factory=lambda: CRITERIA)
    because: Mapping[Any, Any] = field(default_factory=lambda: BECAUSE)


@blueprint.get("/desk/allocation/<term>")
@requires(Permission.ALLOCATE_ROOMS)
def show_round(term: str) -> ResponseReturnValue:
    """One round: what can be done with it next stands on top."""
    found, now = queries.get_round(term), clock.now()
    result = result_of(found)
    return render(
        "desk/allocation/round.html",
        RoundPage(
            found=found,
            times=list(result.times.values()),
            result=result if found.state in {RoundState.MATCHED, RoundState.PUBLISHED} else None,
            wishes=list(result.wishes.values()),
            is_open=found.takes_wishes(now),
            is_closed=found.is_closed(now),
            fingerprint=sum_of(found.seed),
            state=STATES[found.state],
        ),
    )


@blueprint.route("/desk/allocation/<term>/edit", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_ROOMS)
def edit_round(term: str) -> ResponseReturnValue:
    """What a round is, while it is being prepared."""
    found = queries.get_round(term)
    if answer := _unless_draft(found):
        return answer
    form = watch(lambda **given: EditRoundForm(data=shown_round(found), **given))
    act = lambda: actions.edit_round(found, form.facts(), by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, act):
        return go_on(_("The round is changed."), url_for(".show_round", term=found.slug))
    return form_page(FORM, form, title=_("Change the round"), lead="", back=url_for(".show_round", term=term))


@blueprint.route("/desk/allocation/<term>/times", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_ROOMS)
def times(term: str) -> ResponseReturnValue:
    """The weekly times that a round offers; more of them, and fewer."""
    found, rooms = queries.get_round(term), all_rooms()
    if answer := _unless_draft(found):
        return answer
    form = TimesForm(data={"minutes": 120}).offer(rooms)
    here = url_for(".times", term=term)

    def offer() -> int:
        return len(actions.offer_times(found, _room(form, rooms), form.times(), by=current_user.person))

    made = made_by(form, offer, then=here)
    if made is not None:
        return go_on(ngettext("%(num)d time is offered.", "%(num)d times are offered.", made), here)
    return form_page("desk/allocation/times.html", form, found=found, times=queries.times_of(found))


@blueprint.post("/desk/allocation/<term>/times/<id:time_id>/remove")
@requires(Permission.ALLOCATE_ROOMS)
def remove_time(term: str, time_id: int) -> ResponseReturnValue:
    """Offer a time no longer."""
    found = queries.get_round(term)
    time = next((each for each in queries.times_of(found) if each.id == time_id), None)
    authorise(time is not None)
    assert time is not None
    did(lambda: actions.withdraw_time(time, by=current_user.person), _("The time is offered no longer."))
    return redirect(url_for(".times", term=term), 303)


@blueprint.route("/desk/allocation/<term>/criteria", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_ROOMS)
def weights(term: str) -> ResponseReturnValue:
    """What counts, and how much."""
    found, back = queries.get_round(term), url_for(".show_round", term=term)
    if answer := _unless_draft(found):
        return answer
    form = watch(lambda **given: WeightsForm(data=shown_weights(found), **given))
    act = lambda: actions.set_weights(found, form.weights(), by=current_user.person)  # noqa: E731
    if is_done(form, act):
        return go_on(_("The criteria are saved."), back)
    lead = _("A wish has from 0 to 100 of each; times its weight, added up. 0 means that it does not count.")
    return form_page(FORM, form, title=_("Which wish comes first"), lead=lead, back=back)


@blueprint.post("/desk/allocation/<term>/open")
@requires(Permission.ALLOCATE_ROOMS)
def open_round(term: str) -> ResponseReturnValue:
    """Publish what is offered and what counts, and tell the organisations."""
    found = queries.get_round(term)
    said = _("The round is open, and the organisations are told.")
    did(lambda: actions.open_round(found, by=current_user.person, now=clock.now()), said)
    return redirect(url_for(".show_round", term=term), 303)


@blueprint.route("/desk/allocation/<term>/withdraw", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_ROOMS)
def withdraw_round(term: str) -> ResponseReturnValue:
    """Call a round off, with a reason."""
    found, form, back = queries.get_round(term), ReasonForm(), url_for(".show_round", term=term)

    def act() -> None:
        actions.withdraw_round(found, reason=form.reason.data or "", by=current_user.person, now=clock.now())

    if is_done(form, act):
        return go_on(_("The round is called off, and who had wished is told."), back)
    lead = _("No room time is given out this way then. Who has wished already reads the reason.")
    return form_page(
        FORM,
        form,
        title=_("Call off: %(name)s", name=in_language(found.name, found.name_en)),
        lead=lead,
        back=back,
        press=_("Call it off"),
    )


def _unless_draft(found: AllocationRound) -> ResponseReturnValue | None:
    """Back to the round where nothing of this can be changed any more; what is sent meanwhile the action answers."""
    if found.state is RoundState.DRAFT or request.method == "POST":
        return None
    flash(_("The round is open: what is offered and what counts stay as they were published."), "error")
    return redirect(url_for(".show_round", term=found.slug), 303)


def _room(form: TimesForm, rooms: Sequence[Room]) -> Room:
    return next(each for each in rooms if each.id == form.room_id.data)
