"""Objections at the desk: entered from paper, and answered with a reason."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.incubator import moves, policy
from center.incubator.publication import publishing
from center.incubator.publication.publishing import Objecting
from center.incubator.queries import get_incubation
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.i18n import gettext as _
from center.web.blueprints import desk as blueprint
from center.web.desk.incubator.forms import AnswerForm, PaperObjectionForm
from center.web.sending import form_page, go_on, is_done


@blueprint.route("/desk/incubator/<application>/objections/new", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def enter_objection(application: str) -> ResponseReturnValue:
    """Enter what somebody objects on paper or in person."""
    found, form = get_incubation(application), PaperObjectionForm()
    back = url_for("desk.incubation", application=application)
    publication = publishing.latest_of(found)
    authorise(publication is not None)
    assert publication is not None

    def enter() -> None:
        texts = {name: form[name].data or "" for name in ("name", "contact", "words", "paper")}
        moves.object_to(publication, Objecting(**texts), person=None, at_desk_by=current_user.person, now=clock.now())

    if is_done(form, enter, then=back):
        return go_on(_("The objection is entered."), back)
    return form_page("desk/incubator/new_objection.html", form, incubation=found, publication=publication, back=back)


@blueprint.route("/desk/incubator/objections/<id:objection_id>", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def answer_objection(objection_id: int) -> ResponseReturnValue:
    """Read an objection, and answer it with a reason."""
    objection, form = publishing.get_objection(objection_id), AnswerForm()
    incubation = objection.publication.incubation
    authorise(policy.may_decide(current_user, incubation))
    back = url_for("desk.incubation", application=incubation.number)
    say = {"by": current_user.person, "now": clock.now()}
    if is_done(
        form,
        lambda: moves.answer_objection(objection, form.answer.data or "", is_upheld=bool(form.is_upheld.data), **say),
    ):
        return go_on(_("Answered."), back)
    return form_page("desk/incubator/objection.html", form, objection=objection, incubation=incubation, back=back)
