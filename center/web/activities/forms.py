"""The form with which an activity is posted: what it is, when and where, and its places. Shape only."""

import uuid
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, HiddenField, SelectField, TimeField
from wtforms.validators import InputRequired, Length, StopValidation

from center.activities.actions import ActivityFacts
from center.activities.models import Activity, Session
from center.activities.words import ACCESS_NAMES
from center.kernel.errors import DomainError
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import LocalSpan, Span
from center.signups.posting.actions import Places
from center.web.activities.field_kinds import ends_before
from center.web.activities.form_parts import AboutPart, PlacesPart, WhenPart
from center.web.activities.photo_forms import PhotoPart
from center.web.activities.question_forms import QuestionsPart
from center.web.editing import SealedForm
from center.web.forms import BaseForm, CreatingForm, no_control_characters, text_field


class PostForm(AboutPart, WhenPart, PlacesPart, QuestionsPart, PhotoPart):
    """Everything about a new activity on one page."""

    request_key = HiddenField(
        validators=[InputRequired(), Length(max=36), no_control_characters], default=lambda: str(uuid.uuid4())
    )

    def places(self) -> Places:
        """What was asked for, with the questions on the form."""
        return replace(super().places(), questions=self.questions())


class EditForm(AboutPart, SealedForm):
    """What an activity is, said anew; where people must hear of it, with the reason."""

    reason = text_field(_l("Reason"), most=200, required=False, hint=_l("Those who signed up will read it."))


class DatesForm(WhenPart, CreatingForm):
    """More dates of an activity."""


class MoveForm(BaseForm):
    """Where and when a session is to be instead."""

    date = DateField(_l("Day"), validators=[InputRequired(_l("Please choose a day, such as 2026-11-24."))])
    start = TimeField(_l("From"), validators=[InputRequired(_l("Please write a time such as 14:30."))])
    end = TimeField(_l("To"), validators=[InputRequired(_l("Please write a time such as 14:30."))])
    room = SelectField(_l("Room"))
    place = text_field(_l("Place, if not in a room of the centre"), most=120, required=False)
    reason = text_field(_l("Reason"), most=200, required=False, hint=_l("Those who signed up will read it."))
    seen = HiddenField()

    offer_rooms = WhenPart.offer_rooms

    @classmethod
    def of(cls, session: Session, formdata: "MultiDict[str, str] | None") -> "MoveForm":
        """The form with what was typed, filled in with where the session is."""
        zone = centre_zone()
        data = {
            "date": local_date(session.starts_at),
            "start": session.starts_at.astimezone(zone).time(),
            "end": session.ends_at.astimezone(zone).time(),
            "room": session.room.code if session.room else "",
            "place": session.place,
            "seen": str(session.sequence),
        }
        return cls(formdata=formdata, data=data)

    def validate_end(self, field: Field) -> None:
        """An end before its start stands beside the end."""
        if ends_before(self.start.data, field.data):
            raise StopValidation(_l("It must end after it begins."))

    def span(self) -> Span:
        """The time that is meant, once the form is valid."""
        return LocalSpan(self.start.data, self.end.data).on(self.date.data, centre_zone())


def rename_fields(error: DomainError) -> None:
    """Let a domain error name its fields as the form does."""
    names = {"closes_at": "closes_hours", "min_age": "age_from", "max_age": "age_to", "expected": "capacity"}
    for each in error.every:
        each.field = names.get(each.field or "", each.field)


def refuse_all(form: BaseForm, error: DomainError) -> None:
    """Put a domain error on the form's fields."""
    rename_fields(error)
    form.refuse(error)


def values_of(activity: Activity) -> dict[str, Any]:
    """What the form shows of an activity that is there: all but its dates and places."""
    names = set(ActivityFacts.__dataclass_fields__) - set(ACCESS_NAMES) - {"expected"}
    ticked = [name for name in ACCESS_NAMES if getattr(activity, name)]
    return {**{name: getattr(activity, name) for name in sorted(names)}, "access": ticked}
