"""What people said of an activity, for those who decide about it; and sheets in large print."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup
from wtforms import IntegerField
from wtforms.validators import NumberRange

from center.activities.models import Activity, Session
from center.attendance.queries import roll_of
from center.feedback import tickets, totals
from center.feedback.models import FeedbackTicket
from center.feedback.totals import Heard
from center.feedback.words import FOLLOWING_NAMES, LIKING_NAMES
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.i18n import lazy_gettext as _l
from center.web.activities.pages import decided, not_confined, session_of
from center.web.blueprints import feedback as blueprint
from center.web.forms import BaseForm
from center.web.qr import qr_code
from center.web.rendering import render
from center.web.sending import is_done

MOST_SHEETS = 200


class SheetsForm(BaseForm):
    """How many sheets are to be printed."""

    sheets = IntegerField(
        _l("How many sheets"),
        validators=[NumberRange(min=1, max=MOST_SHEETS)],
        description=_l("Each has a number of its own and is for one answer."),
    )


@dataclass(frozen=True, kw_only=True)
class FeedbackPage:
    """The sessions of an activity that people were asked about, and those of which sheets may be printed."""

    activity: Activity
    heard: Sequence[Heard]
    recent: Sequence[Session]
    liking_names: object = None
    following_names: object = None


@dataclass(frozen=True, kw_only=True)
class SheetsPage:
    """How many sheets of a session are wanted."""

    activity: Activity
    session: Session
    form: SheetsForm
    people: int
    blank: int


@dataclass(frozen=True, kw_only=True)
class PrintedSheets:
    """The sheets, each with its number and a code that leads to the same questions."""

    session: Session
    sheets: Sequence[tuple[FeedbackTicket, Markup]]
    liking_names: object
    following_names: object


@blueprint.get("/workspace/activities/<slug>/feedback")
@signed_in
def of_activity(slug: str) -> ResponseReturnValue:
    """Totals of each session from five answers on, and what people wrote, without names."""
    activity, now = _asked_about(slug), clock.now()
    heard = totals.heard_of(activity)
    begun = [each for each in activity.sessions if each.starts_at <= now < tickets.closes_at(each) and _stands(each)]
    page = FeedbackPage(
        activity=activity,
        heard=heard,
        recent=begun[::-1],
        liking_names=LIKING_NAMES,
        following_names=FOLLOWING_NAMES,
    )
    return render("workspace/feedback/activity.html", page)


@blueprint.route("/workspace/activities/<slug>/sessions/<id:date_id>/feedback", methods=["GET", "POST"])
@signed_in
def sheets(slug: str, date_id: int) -> ResponseReturnValue:
    """Say how many sheets of a session are wanted; they are shown to be printed."""
    activity = _asked_about(slug)
    session, form = session_of(activity, date_id), SheetsForm()
    act = lambda: tickets.print_sheets(session, form.sheets.data, by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, act):
        return redirect(url_for("feedback.print_sheets", slug=slug, date_id=date_id), 303)
    page = SheetsPage(
        activity=activity,
        session=session,
        form=form,
        people=len(roll_of(session)),
        blank=len(tickets.blank_sheets(session)),
    )
    return render("workspace/feedback/sheets.html", page), form.status


@blueprint.get("/workspace/activities/<slug>/sessions/<id:date_id>/feedback/print")
@signed_in
def print_sheets(slug: str, date_id: int) -> ResponseReturnValue:
    """The blank sheets of a session, in large print, one a page."""
    session = session_of(_asked_about(slug), date_id)
    found = [(each, _code_of(each)) for each in tickets.blank_sheets(session)]
    page = PrintedSheets(session=session, sheets=found, liking_names=LIKING_NAMES, following_names=FOLLOWING_NAMES)
    return render("workspace/feedback/print.html", page)


def _asked_about(slug: str) -> Activity:
    activity = decided(slug)
    not_confined(activity)
    return activity


def _stands(session: Session) -> bool:
    return session.state != "cancelled"


def _code_of(ticket: FeedbackTicket) -> Markup:
    return qr_code(url_for("feedback.answer", ticket_number=ticket.number, _external=True), is_sized=False)
