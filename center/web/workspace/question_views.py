"""The questions on the sign-up form, for those who prepare the activity."""

from collections.abc import Callable, Sequence

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.policy import changes_wait
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import refuse_unless_same
from center.signups.details import questions as asking
from center.signups.models import Question, Roster
from center.signups.rosters import rosters_of
from center.web.activities.pages import edited, roster_of
from center.web.activities.proposals import propose_question
from center.web.activities.question_forms import KINDS, QuestionForm
from center.web.blueprints import posting as blueprint
from center.web.sending import did, form_page, go_on, is_done

WAITS = _l("The desk reads it first; until then the form stays as it is.")


@blueprint.route("/workspace/activities/<slug>/rosters/<id:roster_id>/questions", methods=["GET", "POST"])
@signed_in
def questions(slug: str, roster_id: int) -> ResponseReturnValue:
    """What is asked of everybody who signs up, and one question more."""
    activity = edited(slug)
    roster, form = roster_of(activity, roster_id), QuestionForm()
    alike = [each for each in rosters_of(activity) if each.audience is roster.audience]
    waits, then = changes_wait(activity, current_user), url_for("posting.questions", slug=slug, roster_id=roster_id)

    def add() -> None:
        meant = _in_order(alike) if form.is_for_all.data else [roster]
        if waits:
            propose_question(activity, form.facts(), rosters=meant, by=current_user.person, now=clock.now())
        for each in [] if waits else meant:
            asking.add_question(each, form.facts(), by=current_user.person)

    if is_done(form, add, then=then):
        return go_on(str(WAITS) if waits else _("The question is asked from now on."), then)
    return form_page(
        "workspace/posting/questions.html",
        form,
        activity=activity,
        roster=roster,
        answered=asking.count_answers([each.id for each in roster.questions]),
        kinds=KINDS,
        has_more=len(alike) > 1,
        most=asking.MOST_QUESTIONS,
    )


@blueprint.route(
    "/workspace/activities/<slug>/rosters/<id:roster_id>/questions/<id:question_id>", methods=["GET", "POST"]
)
@signed_in
def edit_question(slug: str, roster_id: int, question_id: int) -> ResponseReturnValue:
    """Put a question differently, as long as nobody has answered it."""
    activity, question = edited(slug), _question(slug, roster_id, question_id)
    was = asking.facts_of(question)
    values = {**vars(was), "kind": question.kind.value}
    form = QuestionForm(data=values)
    is_changed = form.compare_values(values)
    waits, me = changes_wait(activity, current_user), current_user.person

    def change() -> None:
        if is_changed:
            refuse_unless_same(was, form.facts())
        if waits:
            propose_question(activity, form.facts(), question=question, by=me, now=clock.now())
        else:
            asking.change_question(question, form.facts(), by=me, was=was)

    if is_done(form, change):
        then = url_for("posting.questions", slug=slug, roster_id=roster_id)
        return go_on(str(WAITS) if waits else _("Saved."), then)
    return form_page("workspace/posting/question.html", form, activity=activity, roster_id=roster_id)


@blueprint.post("/workspace/activities/<slug>/rosters/<id:roster_id>/questions/<id:question_id>/retire")
@signed_in
def retire_question(slug: str, roster_id: int, question_id: int) -> ResponseReturnValue:
    """Ask it of nobody any more."""
    question = _question(slug, roster_id, question_id)
    step = lambda: asking.retire_question(question, by=current_user.person, now=clock.now())  # noqa: E731
    return _take(step, slug, roster_id, _("It is no longer asked. What was answered stays on the roll."))


@blueprint.post("/workspace/activities/<slug>/rosters/<id:roster_id>/questions/<id:question_id>/again")
@signed_in
def ask_again(slug: str, roster_id: int, question_id: int) -> ResponseReturnValue:
    """Ask it once more."""
    question = _question(slug, roster_id, question_id)
    step = lambda: asking.ask_again(question, by=current_user.person)  # noqa: E731
    return _take(step, slug, roster_id, _("It is asked again."))


def _in_order(rosters: Sequence[Roster]) -> list[Roster]:
    """In the order in which rosters are held."""
    return sorted(rosters, key=lambda roster: roster.id)


def _question(slug: str, roster_id: int, question_id: int) -> Question:
    return asking.get_question(roster_of(edited(slug), roster_id), question_id)


def _take(step: Callable[[], None], slug: str, roster_id: int, done: str) -> ResponseReturnValue:
    did(lambda: step(), done)
    return redirect(url_for("posting.questions", slug=slug, roster_id=roster_id), 303)
