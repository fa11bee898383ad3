"""Applying for a place with one's account, one question a page."""

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from center.kernel.access import authorise, signed_in
from center.web.blueprints import children as blueprint
from center.web.rendering import render
from center.web.resident.children.enrol_steps import EnrolSteps


@dataclass(frozen=True, kw_only=True)
class CannotEnrolPage:
    """Why nobody can be enrolled now."""

    has_child: bool


@blueprint.get("/children/enrol")
@signed_in
def enrol() -> ResponseReturnValue:
    """Lead to the first question; or say what is lacking: a child known to the desk, or a term that is open."""
    steps = EnrolSteps()
    if not steps.is_possible:
        return render("resident/children/cannot_enrol.html", CannotEnrolPage(has_child=bool(steps.children)))
    return steps.start()


@blueprint.route("/children/enrol/<step>", methods=["GET", "POST"])
@signed_in
def enrol_step(step: str) -> ResponseReturnValue:
    """One question of an application."""
    steps = EnrolSteps()
    authorise(steps.knows(step))
    if not steps.is_possible:
        return render("resident/children/cannot_enrol.html", CannotEnrolPage(has_child=bool(steps.children)))
    return steps.answer(step)
