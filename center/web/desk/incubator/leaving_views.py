"""An organisation leaves: what it still has, what becomes of each, and the end once nothing is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.incubator import policy
from center.incubator.agreements import leaving, queries
from center.incubator.agreements.leaving import Left
from center.incubator.agreements.words import LEFT_KINDS, SEAT_KINDS, WAYS
from center.incubator.models.agreements import HandOverAct, LeftKind
from center.incubator.models.incubations import Incubation, IncubationStage
from center.incubator.queries import get_incubation
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.organisations.models import Organisation
from center.organisations.queries import all_organisations
from center.premises.working_days import count_working_days
from center.web.blueprints import desk as blueprint
from center.web.desk.incubator.house_forms import HAND, SeeToForm
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done


@dataclass(frozen=True, kw_only=True)
class LeavingPage:
    """What is left, what was seen to, and how many working days there are."""

    incubation: Incubation
    is_leaving: bool
    left: Left
    acts: Sequence[HandOverAct]
    days_left: int | None
    may_decide: bool
    kinds: Mapping[Any, Any]
    ways: Mapping[Any, Any]
    seat_kinds: Mapping[Any, Any]


@blueprint.get("/desk/incubator/<application>/hand-over")
@requires(Permission.RUN_INCUBATOR)
def hand_over(application: str) -> ResponseReturnValue:
    """Everything that an organisation still has; it has left once nothing is."""
    found, now = get_incubation(application), clock.now()
    due = found.due_on
    page = LeavingPage(
        incubation=found,
        is_leaving=found.stage is IncubationStage.WITHDRAWING,
        left=leaving.what_is_left(found, now=now),
        acts=queries.acts_of(found.id),
        days_left=count_working_days(local_date(now), due) if due else None,
        may_decide=policy.may_decide(current_user, found),
        kinds=LEFT_KINDS,
        ways=WAYS,
        seat_kinds=SEAT_KINDS,
    )
    return render("desk/incubator/hand_over.html", page)


@blueprint.route("/desk/incubator/<application>/hand-over/<kind>/<name>", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def see_to(application: str, kind: str, name: str) -> ResponseReturnValue:
    """Call off a booking, a series or an activity of an organisation that leaves, or hand it to another."""
    found, back = get_incubation(application), url_for("desk.hand_over", application=application)
    authorise(found.stage is IncubationStage.WITHDRAWING and kind in set(LeftKind))
    form, others = SeeToForm(), _others(found)
    form.offer(others)

    def see() -> None:
        by, now = current_user.person, clock.now()
        if form.way.data != HAND:
            leaving.call_off(found, LeftKind(kind), name, reason=form.reason.data or "", by=by, now=now)
            return
        to = next((each for each in others if each.id == form.to.data), None)
        if to is None:
            raise RuleBroken(_l("Please choose who takes it."), field="to")
        leaving.hand_to(found, LeftKind(kind), name, to=to, by=by, now=now)

    if is_done(form, see):
        return go_on(_("That is seen to."), back)
    return form_page(
        "desk/incubator/see_to.html", form, incubation=found, kind=LEFT_KINDS[LeftKind(kind)], name=name, back=back
    )


@blueprint.post("/desk/incubator/<application>/hand-over/finish")
@requires(Permission.RUN_INCUBATOR)
def finish_leaving(application: str) -> ResponseReturnValue:
    """Nothing is left: the organisation has left."""
    found = get_incubation(application)
    authorise(policy.may_decide(current_user, found))
    done = did(
        lambda: leaving.finish(found, step=found.step, by=current_user.person, now=clock.now()),
        _("The organisation has left."),
    )
    to = "desk.incubation" if done else "desk.hand_over"
    return redirect(url_for(to, application=application), 303)


def _others(found: Incubation) -> list[Organisation]:
    return [each for each in all_organisations() if each.id != found.organisation_id]
