"""What came in and could not be taken as it was (待核): listed, adopted or rejected, with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import RadioField, SelectField

from center.activities.models import Session
from center.attendance import queries, reviews
from center.attendance.models import AttendanceEvent, Review
from center.kernel import clock
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.people.records import get_person
from center.people.search import find_people
from center.web.activities.pages import not_confined
from center.web.forms import BaseForm, id_of, text_field
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done

MOST_FOUND = 20


class ReviewForm(BaseForm):
    """What somebody decides of an entry."""

    decision = RadioField(
        _l("What was it?"),
        choices=[("adopt", _l("It was so: it counts")), ("reject", _l("It was not so, or nobody can say"))],
    )
    person = SelectField(_l("Who it was"), coerce=int)
    reason = text_field(_l("Reason"), most=200, hint=_l("Such as: I saw them; the card was lent to somebody else."))


@dataclass(frozen=True, kw_only=True)
class InboxPage:
    """What waits, of one session or of all."""

    events: Sequence[AttendanceEvent]
    session: Session | None
    form: BaseForm
    seen_reason: str


def inbox(session: Session | None) -> str:
    """What waits for a decision: of this session, or at the desk of all."""
    events = queries.to_review([session.id] if session else None)
    for each in events:
        looks.see(Kind.ROLL, [each.person], subject=each.session.activity.title)
    page = InboxPage(events=events, session=session, form=BaseForm(), seen_reason=_("I saw them there"))
    return render("shared/attendance/to_review.html", page)


def review_page(event_id: int, session: Session | None) -> ResponseReturnValue:
    """Decide about one entry: of this session, or at the desk of any."""
    event = queries.get_event(session, event_id) if session else queries.get_any_event(event_id)
    not_confined(event.session.activity)
    text = request.args.get("q", "").strip()[:100] if session is None else ""
    form = ReviewForm()
    unknown = [] if event.person else [(0, _("Please choose"))]
    people = _people(event, text, is_desk=session is None)
    form.person.choices = [*unknown, *((each.id, each.name) for each in people)]
    if event.person and not form.is_submitted():
        form.person.data = event.person.id
    if is_done(form, lambda: _decide(event, form)):
        back = _inbox_of(session)
        said = _("It counts now.") if form.decision.data == "adopt" else _("It does not count, and stays where it is.")
        return go_on(said, back)
    looks.see(Kind.ROLL, [event.person], subject=event.session.activity.title)
    return form_page(
        "shared/attendance/review.html",
        form,
        event=event,
        session=session,
        text=text,
        back=_inbox_of(session),
        address=request.path,
    )


def _decide(event: AttendanceEvent, form: ReviewForm) -> Review:
    by, now = current_user.person, clock.now()
    if form.decision.data == "reject":
        return reviews.reject(event, reason=form.reason.data, by=by, now=now)
    person = get_person(form.person.data) if form.person.data else None
    return reviews.adopt(event, person, reason=form.reason.data, by=by, now=now)


def _people(event: AttendanceEvent, text: str, *, is_desk: bool) -> list[Person]:
    """Who it may have been: whom the entry names, who is on the roll, and at the desk whoever was searched for."""
    on_roll = [each.person for each in queries.roll_of(event.session)]
    found = find_people(text, limit=MOST_FOUND) if text else []
    if is_desk and (chosen := id_of(request.form.get("person", ""))):
        found = [*found, get_person(chosen)]
    every = [*([event.person] if event.person else []), *found, *on_roll]
    return list({each.id: each for each in every}.values())


def _inbox_of(session: Session | None) -> str:
    if session is None:
        return url_for("desk.to_review")
    return url_for("posting.to_review", slug=session.activity.slug, date_id=session.id)
