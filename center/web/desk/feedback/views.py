"""Feedback at the desk: a sheet is found by its number and typed in; who gave their name is listed for staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from center.activities.models import Session
from center.feedback import answering, complaints, tickets, totals
from center.feedback.models import FeedbackAnswer
from center.feedback.words import FOLLOWING_NAMES, LIKING_NAMES
from center.kernel import clock
from center.kernel.access import Permission, may, requires
from center.kernel.access_log import Kind
from center.kernel.errors import NotFound
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import read_reference
from center.web.activities.pages import own_roles
from center.web.blueprints import feedback as blueprint
from center.web.feedback.forms import AnswerForm
from center.web.forms import BaseForm, text_field
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done


class NumberForm(BaseForm):
    """The number that stands on a sheet."""

    class Meta:
        csrf = False

    number = text_field(_l("Number on the sheet"), most=40, required=False)


@dataclass(frozen=True, kw_only=True)
class DeskFeedbackPage:
    """Where a sheet's number is typed, what people said under their name, and how many complaints wait."""

    form: NumberForm
    named: Sequence[FeedbackAnswer]
    sessions: Mapping[int, Session]
    waiting: int
    liking_names: object
    following_names: object


@blueprint.get("/desk/feedback")
@requires(Permission.SIGN_UP_ANYONE)
def desk() -> ResponseReturnValue:
    """Type in the number of a sheet; read what was said under a name, which is written down of each."""
    form = NumberForm(request.args)
    typed = (form.number.data or "").strip()
    if typed:
        try:
            found = tickets.get_ticket(typed)
            return redirect(url_for("feedback.enter", ticket_number=found.number), 303)
        except NotFound as unknown:
            form.refuse(unknown)
    named = totals.named_answers()
    looks.see(Kind.PERSON, {each.person for each in named}, subject=_("Feedback under a name"))
    reader = own_roles()
    page = DeskFeedbackPage(
        form=form,
        named=named,
        sessions=totals.sessions_of(named),
        waiting=complaints.count_waiting(reader) if may(Permission.READ_COMPLAINTS) else 0,
        liking_names=LIKING_NAMES,
        following_names=FOLLOWING_NAMES,
    )
    return render("desk/feedback/desk.html", page), form.status


@blueprint.route("/desk/feedback/<ticket_number>", methods=["GET", "POST"])
@requires(Permission.SIGN_UP_ANYONE)
def enter(ticket_number: str) -> ResponseReturnValue:
    """Type in what stands on a sheet, or what somebody says who stands at the desk. Never under a name."""
    ticket = tickets.get_ticket(read_reference(ticket_number))
    form = AnswerForm()
    del form.is_named
    if is_done(form, lambda: answering.answer(ticket, form.said, now=clock.now())):
        return go_on(_("The answer is kept. You can put the sheet away."), url_for("feedback.desk"))
    return form_page(
        "desk/feedback/enter.html", form, ticket=ticket, session=ticket.round.session, is_open=ticket.is_spent is False
    )
