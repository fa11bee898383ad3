"""The dates of an activity as a form plans them, and a new activity once its form is complete."""

from collections.abc import Mapping
from datetime import date

from flask_login import current_user

from center.activities.models import Activity
from center.activities.photos import actions as photos
from center.activities.photos.images import Picture
from center.activities.sessions import SessionsClash
from center.kernel import clock
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import gettext as _
from center.organisations.models import Organisation
from center.rooms.models import Room
from center.rooms.queries import all_rooms
from center.signups.posting import actions as posting
from center.signups.posting.plans import Preview, preview
from center.web.activities.form_parts import WhenPart
from center.web.activities.forms import PostForm


class OpenDates(RuleBroken):
    """Some dates cannot be as they were planned, and nobody chose what to do with them."""


def room_of(form: WhenPart) -> Room | None:
    """The room that was chosen; None for a place outside."""
    return next((room for room in all_rooms() if room.code == form.room.data), None) if form.room.data else None


def look(form: PostForm, organisation: Organisation, choices: Mapping[date, str], *, is_final: bool) -> Preview:
    """How every date of a new activity stands; raises RuleBroken where there are none or too many."""
    plan = form.places()
    return preview(
        form.spans(),
        room_of(form),
        choices,
        expected=plan.people,
        organisation=organisation,
        by=current_user.person,
        now=clock.now(),
        is_final=is_final,
        people_sum=plan.made_of.added_up,
    )


def refuse_open(shown: Preview) -> None:
    """Raises OpenDates where a date is not settled, or none is left."""
    if shown.problems and len(shown.dates) == 1:
        only = shown.dates[0]
        raise OpenDates(only.words or only.problem, field="date")
    if shown.problems:
        raise OpenDates(_("Some dates cannot be as planned. Choose for each what to do."))
    if not shown.chosen:
        raise OpenDates(_("Every date is skipped. Please keep at least one."))


def again(
    error: DomainError,
    shown: Preview | None,
    form: WhenPart,
    organisation: Organisation,
    expected: int,
    people_sum: str,
) -> Preview | None:
    """The dates as they are now, where somebody was faster by a moment."""
    if not isinstance(error, SessionsClash) or shown is None:
        return shown
    spans = [each.place.span for each in shown.dates]
    wished = {"expected": expected, "organisation": organisation, "by": current_user.person, "now": clock.now()}
    return preview(spans, room_of(form), {}, is_final=True, people_sum=people_sum, **wished)


def save(
    form: PostForm, organisation: Organisation, shown: Preview, *, picture: Picture | None, model: Activity | None
) -> Activity:
    """Save a new activity as a draft, with the photo that was sent, else that of the activity which is copied."""
    plan, given = form.places(), {"by": current_user.person, "now": clock.now()}
    key = form.request_key.data
    made = posting.post(organisation, form.facts(plan.people), shown.chosen, plan, request_key=key, **given)
    if picture is not None:
        photos.put(made, picture, alt=form.photo_alt.data, alt_en=form.photo_alt_en.data or "", **given)
    elif model is not None and form.keeps_photo():
        photos.copy_to(made, model, **given)
    return made
