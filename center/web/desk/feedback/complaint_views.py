"""Complaints, which directors alone read: never those of the organisation that one is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.feedback import complaints as kept
from center.feedback import policy
from center.feedback.models import Complaint
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.db import db
from center.kernel.i18n import gettext as _
from center.organisations.models import Organisation
from center.web.activities.pages import own_roles
from center.web.blueprints import feedback as blueprint
from center.web.feedback.forms import ComplaintAnswerForm, ComplaintForm
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done, result_of


@dataclass(frozen=True, kw_only=True)
class ComplaintsPage:
    """What one may read, and how many another director must read."""

    complaints: Sequence[Complaint]
    of_others: int


@blueprint.get("/desk/feedback/complaints")
@requires(Permission.READ_COMPLAINTS)
def complaints() -> ResponseReturnValue:
    """Those that wait first, then the latest."""
    own = set(own_roles())
    page = ComplaintsPage(complaints=kept.complaints_for(own), of_others=kept.count_of_others(own))
    return render("desk/feedback/complaints.html", page)


@blueprint.route("/desk/feedback/complaints/new", methods=["GET", "POST"])
@requires(Permission.READ_COMPLAINTS)
def enter_complaint() -> ResponseReturnValue:
    """A complaint that came on paper, typed in by the director."""
    form = ComplaintForm().fit_to(None, may_be_named=False)

    def enter() -> Complaint:
        organisation = db.session.get_one(Organisation, form.organisation_id)
        contact = form.contact.data or ""
        by = current_user.person
        known = {"contact": contact, "person": None, "by": by, "key": form.key}
        return kept.complain(organisation, form.words.data, **known, now=clock.now())

    made = result_of(form, enter)
    if made is not None:
        return go_on(_("It is kept. Its number: %(number)s", number=made.number), _page_of(made))
    return form_page("desk/feedback/enter_complaint.html", form)


@blueprint.route("/desk/feedback/complaints/<id:complaint_id>", methods=["GET", "POST"])
@requires(Permission.READ_COMPLAINTS)
def complaint(complaint_id: int) -> ResponseReturnValue:
    """Read a complaint and answer it, once."""
    found = kept.get(complaint_id)
    authorise(policy.may_read(found, current_user, set(own_roles())))
    looks.see(Kind.PERSON, [found.person], subject=_("A complaint"))
    form = ComplaintAnswerForm()
    act = lambda: kept.answer(found, form.words.data, by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, act):
        return go_on(_("Your answer can be read now."), url_for("feedback.complaints"))
    return form_page("desk/feedback/complaint.html", form, complaint=found)


def _page_of(complaint: Complaint) -> str:
    return url_for("feedback.complaint", complaint_id=complaint.id)
