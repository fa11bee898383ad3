"""Panels at the desk: seated by name or by lot, filled up, their minutes, and the draw to print."""

from collections.abc import Sequence

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.incubator import moves, policy
from center.incubator.models.incubations import Incubation
from center.incubator.models.reviews import IncubationReview
from center.incubator.queries import get_incubation
from center.incubator.reviews import criteria, panels
from center.incubator.reviews.panels import Panel
from center.incubator.reviews.scoring import lot_of
from center.incubator.stages import interests
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.errors import Conflict
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.people.models import Person
from center.people.records import get_person
from center.web.blueprints import desk as blueprint
from center.web.desk.incubator.forms import NAMED, FillForm, MinutesForm, PanelForm, chosen
from center.web.sending import did, form_page, go_on, is_done


@blueprint.route("/desk/incubator/<application>/panel", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def seat_panel(application: str) -> ResponseReturnValue:
    """Seat a panel: drawn by a seed that is published with the list, or named."""
    found, back = _decided_by_me(application), url_for("desk.incubation", application=application)
    free = _free(found)
    form = PanelForm()
    form.people.choices = [(str(each.id), each.name) for each in free]

    def seat() -> IncubationReview:
        named = [each for each in free if str(each.id) in (form.people.data or ())]
        people = named if form.how.data == NAMED else []
        if form.how.data == NAMED and not people:
            raise Conflict(panels.TOO_FEW, field="people")
        panel = Panel(people=people, size=form.size.data or 0, due_on=form.due_on.data)
        return moves.open_review(found, panel, by=current_user.person, now=clock.now())

    if is_done(form, seat, then=back):
        return go_on(_("The panel is seated, and everybody on it is told."), back)
    version = criteria.latest()
    return form_page("desk/incubator/panel.html", form, incubation=found, version=version, pool=len(free), back=back)


@blueprint.route("/desk/incubator/<application>/panel/fill", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def fill_panel(application: str) -> ResponseReturnValue:
    """Let somebody sit where one has left: the next of the draw, or one who is named."""
    found, back = _decided_by_me(application), url_for("desk.incubation", application=application)
    review, form = _latest(found), FillForm()
    seated = {seat.person_id for seat in panels.seats_of(review)}
    rest = [(str(each.id), each.name) for each in _free(found) if each.id not in seated]
    form.person.choices = [*([("", _("The next of the draw"))] if review.seed else []), *rest]

    def fill() -> None:
        number = chosen(form.person)
        person = get_person(number) if number else None
        moves.fill_up(review, person, by=current_user.person, now=clock.now())

    if is_done(form, fill):
        return go_on(_("They sit on the panel now, and are told."), back)
    return form_page("desk/incubator/fill.html", form, incubation=found, back=back)


@blueprint.route("/desk/incubator/<application>/minutes", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def write_minutes(application: str) -> ResponseReturnValue:
    """Write the minutes; from then on nobody scores any more."""
    found, back = _decided_by_me(application), url_for("desk.incubation", application=application)
    review, form = _latest(found), MinutesForm()
    write = lambda: panels.say_minutes(  # noqa: E731
        review, form.minutes.data or "", by=current_user.person, now=clock.now()
    )
    if is_done(form, write):
        return go_on(_("The minutes are written. Now it can be decided."), back)
    return form_page("desk/incubator/minutes.html", form, incubation=found, back=back)


@blueprint.get("/desk/incubator/<application>/panel/print")
@requires(Permission.RUN_INCUBATOR)
def print_panel(application: str) -> ResponseReturnValue:
    """The panel with its seed and the lots of all in the pool, so that anybody can draw it again."""
    found = get_incubation(application)
    review = _latest(found)
    lots = [(each, lot_of(review.seed, each)[:16]) for each in panels.drawn_again(review)]
    return render_template("desk/incubator/print_panel.html", incubation=found, review=review, lots=lots)


@blueprint.post("/desk/incubator/<application>/take")
@requires(Permission.RUN_INCUBATOR)
def take_incubation(application: str) -> ResponseReturnValue:
    """Take an organisation that nobody has."""
    found = get_incubation(application)
    authorise(found.owner_id is None or policy.may_set_up(current_user))
    by = current_user.person
    did(lambda: moves.give_to(found, by, by=by, now=clock.now()), _("It is yours now."))
    return redirect(url_for("desk.incubation", application=application), 303)


def _decided_by_me(application: str) -> Incubation:
    found = get_incubation(application)
    authorise(policy.may_decide(current_user, found))
    return found


def _latest(found: Incubation) -> IncubationReview:
    review = panels.latest_review(found)
    authorise(review is not None)
    assert review is not None
    return review


def _free(found: Incubation) -> Sequence[Person]:
    """Those of the pool who have no interest that is known."""
    today = local_date(clock.now())
    people = [each.person for each in criteria.pool(on=today)]
    bound = interests.bound_among(found, [each.id for each in people], on=today)
    return [each for each in people if each.id not in bound]
