"""What one may still answer, what one wrote to the director, and writing to them about any organisation."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.feedback import complaints, tickets
from center.feedback.models import Complaint, FeedbackTicket
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.db import db
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.organisations.models import Organisation
from center.people.acting import people_acted_for
from center.web.blueprints import feedback as blueprint
from center.web.feedback.forms import ComplaintForm
from center.web.rendering import render
from center.web.sending import go_on, result_of


@dataclass(frozen=True, kw_only=True)
class OwnFeedbackPage:
    """What waits for an answer, and what was written to the director."""

    tickets: Sequence[FeedbackTicket]
    complaints: Sequence[Complaint]


@blueprint.get("/me/feedback")
@signed_in
def mine() -> ResponseReturnValue:
    """The sessions one may still speak of, for oneself and one's children, and one's complaints."""
    now = clock.now()
    ids = [each.person.id for each in people_acted_for(current_user.person, on=local_date(now))]
    page = OwnFeedbackPage(
        tickets=tickets.open_tickets_of(ids, now=now), complaints=complaints.of_person({current_user.person_id})
    )
    return render("resident/feedback/mine.html", page)


@blueprint.route("/me/feedback/director", methods=["GET", "POST"])
@signed_in
def write_to_director() -> ResponseReturnValue:
    """Write to the director about an organisation, or the centre itself."""
    form = ComplaintForm().fit_to(None, may_be_named=True)

    def send() -> Complaint:
        return complaints.complain(
            db.session.get_one(Organisation, form.organisation_id),
            form.words.data,
            contact=form.contact.data or "",
            person=current_user.person if form.gives_name else None,
            now=clock.now(),
            key=form.key,
        )

    made = result_of(form, send)  # nothing is written down of when the form was sent
    if made is not None:
        return go_on(_("The director will read it, and nobody else."), _answer_page(made))
    return render_template("resident/feedback/write_to_director.html", form=form), form.status


def _answer_page(complaint: Complaint) -> str:
    return url_for("feedback.answer_to_complaint", answer_number=complaint.number)
