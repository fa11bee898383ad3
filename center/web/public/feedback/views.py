"""Answering the three questions by a link, writing to the director, and reading the director's answer."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from center.feedback import answering, complaints
from center.feedback.models import Complaint, FeedbackTicket
from center.feedback.tickets import get_ticket
from center.kernel import clock
from center.kernel.access import public
from center.kernel.i18n import gettext as _
from center.web.blueprints import feedback as blueprint
from center.web.browser_rights import accepts_little
from center.web.feedback.forms import AnswerForm, ComplaintForm
from center.web.sending import go_on, is_done, result_of

PRIVATE = {"Cache-Control": "private, no-store"}
FEW_BYTES = 32 * 1024


@blueprint.route("/feedback/<ticket_number>", methods=["GET", "POST"])
@public
@accepts_little(FEW_BYTES)
def answer(ticket_number: str) -> ResponseReturnValue:
    """Three questions about a session. Whether somebody has answered, the page says to whoever has the link."""
    ticket = get_ticket(ticket_number)
    form = AnswerForm().fit_to(ticket)
    if is_done(form, lambda: answering.answer(ticket, form.said, now=clock.now())):
        return go_on(_("Thank you. Your answer is kept."), url_for("feedback.answer", ticket_number=ticket.number))
    page = render_template(
        "public/feedback/answer.html", form=form, ticket=ticket, session=ticket.round.session, is_open=_is_open(ticket)
    )
    return page, form.status, PRIVATE


@blueprint.route("/feedback/<ticket_number>/director", methods=["GET", "POST"])
@public
@accepts_little(FEW_BYTES)
def complain(ticket_number: str) -> ResponseReturnValue:
    """Write to the director alone about this session; the link is not spent by it."""
    ticket = get_ticket(ticket_number)
    session = ticket.round.session
    form = ComplaintForm().fit_to(session, may_be_named=ticket.person_id is not None)

    def send() -> Complaint:
        person = ticket.person if form.gives_name else None
        return complaints.complain(
            session, form.words.data, contact=form.contact.data or "", person=person, now=clock.now(), key=form.key
        )

    made = result_of(form, send)  # nothing is written down of when the form was sent
    if made is not None:
        return go_on(_("The director will read it, and nobody else."), address_of(made))
    page = render_template("public/feedback/complain.html", form=form, session=session, ticket=ticket)
    return page, form.status, PRIVATE


@blueprint.get("/feedback/answers/<answer_number>")
@public
def answer_to_complaint(answer_number: str) -> ResponseReturnValue:
    """What the director answered, for whoever has the number."""
    complaint = complaints.get_by_number(answer_number)
    return render_template("public/feedback/complaint.html", complaint=complaint), PRIVATE


def address_of(complaint: Complaint) -> str:
    """Where the answer to a complaint will be read."""
    return url_for("feedback.answer_to_complaint", answer_number=complaint.number)


def _is_open(ticket: FeedbackTicket) -> bool:
    found = ticket.round
    return ticket.is_spent is False and found.closed_at is None and clock.now() < found.closes_at
