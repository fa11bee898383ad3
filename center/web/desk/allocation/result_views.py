"""The result of a round: working it out, adjusting it with a reason, publishing it, printing it."""

from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.allocation.models import AllocationRound, RoundState, TermWish, WeeklyTime
from center.allocation.publishing import deciding, publishing
from center.allocation.publishing.checking import lines
from center.allocation.publishing.explaining import left_for, result_of
from center.allocation.publishing.publishing import FuturePlan
from center.allocation.rounds.queries import get_round
from center.allocation.wishes.queries import get_wish
from center.allocation.words import say_wish
from center.kernel import clock, tables
from center.kernel.access import Permission, authorise, requires
from center.kernel.i18n import gettext as _
from center.kernel.i18n import ngettext
from center.web.blueprints import allocation as blueprint
from center.web.desk.allocation.forms import AdjustForm, PublishForm
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done


@blueprint.post("/desk/allocation/<term>/work-out")
@requires(Permission.ALLOCATE_ROOMS)
def work_out(term: str) -> ResponseReturnValue:
    """Give each time to a wish by the published criteria; only staff see it yet."""
    found = get_round(term)
    did(
        lambda: deciding.work_out(found, by=current_user.person, now=clock.now()),
        lambda n: ngettext("%(num)d wish has a time. Look at it, then publish.",
                           "%(num)d wishes have a time. Look at them, then publish.", n),
    )  # fmt: skip
    return redirect(url_for(".show_round", term=term), 303)


@blueprint.get("/desk/allocation/<term>/table")
@requires(Permission.ALLOCATE_ROOMS)
def result_table(term: str) -> ResponseReturnValue:
    """The result as a table to keep."""
    found = get_round(term)
    if found.state not in {RoundState.MATCHED, RoundState.PUBLISHED}:
        return _back_to(found)
    rows = lines(result_of(found))
    return tables.download(tables.workbook_of([(found.slug, rows)]), name=f"allocation-{found.slug}.xlsx")


@blueprint.route("/desk/allocation/<term>/wishes/<wish_number>/adjust", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_ROOMS)
def adjust(term: str, wish_number: str) -> ResponseReturnValue:
    """Give a wish another time, or none, for a reason that everybody reads."""
    found, wish, back = get_round(term), get_wish(wish_number), url_for(".show_round", term=term)
    authorise(wish.round_id == found.id)
    if request.method == "GET" and found.state is not RoundState.MATCHED:
        return _back_to(found)
    result, now = result_of(found), clock.now()
    own = result.award_of(result.wishes[wish.reference]) if wish.reference in result.wishes else None
    free: list[WeeklyTime] = left_for(result, wish, now=now)
    mine = [result.times[own.time_id]] if own else []
    form = AdjustForm(data={"time_id": own.time_id if own else 0}).offer([*mine, *free])

    def act() -> None:
        to = result.times.get(form.time_id.data)
        deciding.adjust(wish, to, reason=form.reason.data or "", by=current_user.person, now=now)

    if is_done(form, act):
        return go_on(_("It is changed, and the reason stands beside it."), back)
    lead = _("Only times that nobody has and that suit the wish can be chosen. Free one first to give it to another.")
    return form_page("desk/allocation/form.html", form, title=say_wish(wish), lead=lead, back=back)


@dataclass(frozen=True, kw_only=True)
class PublishPage:
    """What publishing would come to."""

    found: AllocationRound
    form: PublishForm
    plans: list[FuturePlan]
    without: list[TermWish]
    is_unready: bool


@blueprint.route("/desk/allocation/<term>/publish", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_ROOMS)
def publish(term: str) -> ResponseReturnValue:
    """Every series that would be made, date by date; and making them, with the result for everybody to read."""
    found, form, back = get_round(term), PublishForm(), url_for(".show_round", term=term)

    def act() -> None:
        publishing.publish(found, seen=form.seen.data or "", by=current_user.person, now=clock.now())

    if is_done(form, act, then=back):
        return go_on(_("The result is published, the rooms are booked, and the organisations are told."), back)
    if found.state is not RoundState.MATCHED and not form.is_wrong:
        return _back_to(found)
    plans = publishing.look_ahead(found, now=clock.now()) if found.state is RoundState.MATCHED else []
    form.seen.data = publishing.digest(plans)
    result = result_of(found)
    page = PublishPage(
        found=found,
        form=form,
        plans=plans,
        without=[wish for reference, wish in result.wishes.items() if reference not in result.given],
        is_unready=any(not each.booked for each in plans),
    )
    return render("desk/allocation/publish.html", page), form.status


def _back_to(found: AllocationRound) -> ResponseReturnValue:
    """Nothing of this can be done now: to the round, which says what can."""
    flash(_("There is no result to change or publish at the moment."), "error")
    return redirect(url_for(".show_round", term=found.slug), 303)
