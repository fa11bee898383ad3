"""Mid-term reviews at the desk: begun, read, checked by a call or a visit, and ended with a result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.incubator import policy
from center.incubator.agreements import mid_term, queries
from center.incubator.agreements.rules import Step, step_of
from center.incubator.agreements.words import CHECK_WAYS, RESULTS, STEPS
from center.incubator.models.agreements import CheckWay, MidResult, MidReview
from center.incubator.models.incubations import IncubationStage
from center.incubator.queries import get_incubation
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.web.blueprints import desk as blueprint
from center.web.desk.incubator.house_forms import CheckForm, ResultForm, WordsForm
from center.web.forms import BaseForm
from center.web.sending import did, form_page, go_on, is_done

CAN_BEGIN = (IncubationStage.INCUBATING, IncubationStage.EXTENDED, IncubationStage.MID_REVIEW)


@dataclass(frozen=True)
class MidWords:
    """What the steps, ways and results are called."""

    steps: Mapping[Any, Any]
    ways: Mapping[Any, Any]
    results: Mapping[Any, Any]


MID_WORDS = MidWords(STEPS, CHECK_WAYS, RESULTS)


@blueprint.route("/desk/incubator/<application>/mid-term", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def mid_term_review(application: str) -> ResponseReturnValue:
    """The review that is under way, with the form of its next step, and those that are over."""
    found = get_incubation(application)
    every = queries.reviews_of(found.id)
    review = next((each for each in every if each.closed_at is None), None)
    step = step_of(review) if review else Step.OVER
    may_decide = policy.may_decide(current_user, found)
    form = _form(step)
    is_theirs = step is not Step.REPORT and (step is not Step.RESULT or may_decide)
    if review is not None and is_theirs and is_done(form, lambda: _go_on(review, form)):
        return go_on(_("Saved."), url_for("desk.mid_term_review", application=application))
    return form_page(
        "desk/incubator/mid_term.html",
        form,
        incubation=found,
        review=review,
        step=step,
        over=_over(every),
        may_begin=review is None and may_decide and found.stage in CAN_BEGIN,
        may_decide=may_decide,
        words=MID_WORDS,
    )


@blueprint.post("/desk/incubator/<application>/mid-term/begin")
@requires(Permission.RUN_INCUBATOR)
def begin_mid_term(application: str) -> ResponseReturnValue:
    """Begin a mid-term review; the leads are asked to report."""
    found = get_incubation(application)
    authorise(policy.may_decide(current_user, found))
    step = request.form.get("step", type=int, default=found.step)
    said = _("The review has begun. The organisation is asked to report.")
    did(lambda: mid_term.open_mid_term(found, step=step, by=current_user.person, now=clock.now()), said)
    return redirect(url_for("desk.mid_term_review", application=application), 303)


def _form(step: Step) -> BaseForm:
    if step is Step.CHECK:
        return CheckForm(data={"on": local_date(clock.now())})
    return ResultForm() if step is Step.RESULT else WordsForm()


def _go_on(review: MidReview, form: BaseForm) -> None:
    by, now = current_user.person, clock.now()
    if isinstance(form, CheckForm):
        way, words = CheckWay(form.way.data), form.words.data or ""
        mid_term.check(review, way, words, on=form.on.data, by=by, now=now)
    elif isinstance(form, ResultForm):
        result, reason = MidResult(form.result.data), form.reason.data or ""
        mid_term.close(review, result, reason=reason, step=review.incubation.step, by=by, now=now)
    else:
        mid_term.give_opinion(review, form["words"].data or "", by=by, now=now)


def _over(every: Sequence[MidReview]) -> list[MidReview]:
    return [each for each in every if each.closed_at is not None]
