"""Forms of rounds of allocation."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    TimeField,
)
from wtforms.validators import InputRequired, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from center.allocation.matching.points import Criterion
from center.allocation.models import AllocationRound, WeeklyTime
from center.allocation.rounds.actions import NewTime, RoundFacts
from center.allocation.words import CRITERIA, say_place
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.rooms.labels import WEEKDAYS
from center.rooms.models import Room
from center.web.editing import EditingForm
from center.web.forms import BaseForm, CreatingForm, text_field
from center.web.rooms.forms import number_field

NEED_DAY = InputRequired(_l("Please choose a day, such as 2026-11-24."))
NEED_MOMENT = InputRequired(_l("Please write a day and a time such as 2026-11-24 14:30."))
NEED_TIME = InputRequired(_l("Please write a time such as 14:30."))
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NOT_SLUGS = frozenset({"new", "swaps"})


class RoundPart(BaseForm):
    """What a round is."""

    name = text_field(_l("Name"), most=60, hint=_l("Such as: room times of spring 2027."))
    name_en = text_field(_l("Name in English"), most=80, required=False)
    slug = text_field(
        _l("Last part of its address"), most=40, hint=_l("Small letters, numbers and hyphens, such as spring-2027.")
    )
    starts_on = DateField(_l("First day of the term"), validators=[NEED_DAY])
    ends_on = DateField(_l("Last day of the term"), validators=[NEED_DAY])
    opens_at = DateTimeLocalField(_l("Wishes from"), validators=[NEED_MOMENT])
    closes_at = DateTimeLocalField(_l("Wishes until"), validators=[NEED_MOMENT])

    def validate_slug(self, field: Field) -> None:
        """What an address can be."""
        if field.data in NOT_SLUGS or not SLUG.fullmatch(field.data or ""):
            raise ValidationError(_l("Small letters, numbers and hyphens only, and neither “new” nor “swaps”."))

    def facts(self) -> RoundFacts:
        """What was typed; times are of the centre."""
        return RoundFacts(
            slug=self.slug.data,
            name=self.name.data,
            name_en=self.name_en.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            opens_at=_moment(self.opens_at.data),
            closes_at=_moment(self.closes_at.data),
        )


class NewRoundForm(RoundPart, CreatingForm):
    """A new round."""


class EditRoundForm(RoundPart, EditingForm):
    """A round that is being prepared."""


def shown_round(found: AllocationRound) -> dict[str, Any]:
    """What a round is, as the form shows it."""
    zone = centre_zone()
    return {
        "name": found.name,
        "name_en": found.name_en,
        "slug": found.slug,
        "starts_on": found.starts_on,
        "ends_on": found.ends_on,
        "opens_at": found.opens_at.astimezone(zone).replace(tzinfo=None),
        "closes_at": found.closes_at.astimezone(zone).replace(tzinfo=None),
    }


def usual_round(today: date) -> dict[str, Any]:
    """What a round usually is, to begin with: two weeks for wishes, then a term of half a year."""
    closes = datetime.combine(today + timedelta(days=14), datetime.min.time()).replace(hour=18)
    return {"opens_at": datetime.combine(today, datetime.min.time()).replace(hour=8), "closes_at": closes}


class TimesForm(CreatingForm):
    """Weekly times of a room that are offered, on several weekdays at once."""

    room_id = SelectField(_l("Room"), coerce=int)
    weekdays = SelectMultipleField(
        _l("Weekdays"),
        coerce=int,
        choices=list(enumerate(WEEKDAYS)),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired(_l("Please choose at least one weekday."))],
    )
    starts = TimeField(_l("From"), validators=[NEED_TIME])
    minutes = number_field(_l("For how many minutes"), least=15, most=720)

    def offer(self, rooms: Sequence[Room]) -> "TimesForm":
        """The rooms there are."""
        self.room_id.choices = [(each.id, each.full_name) for each in rooms]
        return self

    def times(self) -> list[NewTime]:
        """What was typed, a time for each weekday."""
        return [
            NewTime(weekday=day, starts=self.starts.data, minutes=self.minutes.data)
            for day in sorted(set(self.weekdays.data or ()))
        ]


def _weight(criterion: Criterion) -> Field:
    words, hint = CRITERIA[criterion]
    bounds = NumberRange(min=0, max=100, message=_l("A number from %(min)s to %(max)s, please."))
    return IntegerField(words, description=hint, validators=[InputRequired(_l("Please fill this in.")), bounds])


class WeightsForm(EditingForm):
    """What counts, and how much."""

    charity = _weight(Criterion.CHARITY)
    less_last_term = _weight(Criterion.LESS_LAST_TERM)
    people = _weight(Criterion.PEOPLE)
    equipment = _weight(Criterion.EQUIPMENT)
    kept = _weight(Criterion.KEPT)

    def weights(self) -> dict[Criterion, int]:
        """What was typed."""
        return {each: self[each.value].data for each in Criterion}


def shown_weights(found: AllocationRound) -> dict[str, int]:
    """What counts, as the form shows it."""
    return {each.value: found.weights.get(each, 0) for each in Criterion}


class ReasonForm(BaseForm):
    """Why something is refused, or called off."""

    reason = text_field(_l("Reason"), most=200, hint=_l("The organisations read it."))


class AdjustForm(BaseForm):
    """Another time for a wish, or none."""

    time_id = SelectField(_l("Time"), coerce=int)
    reason = text_field(_l("Reason"), most=200, hint=_l("Everybody reads it on the public page."))

    def offer(self, times: Sequence[WeeklyTime]) -> "AdjustForm":
        """The times that are free and suit; 0 is none."""
        self.time_id.choices = [(0, _("No time")), *((each.id, say_place(each)) for each in times)]
        return self


class PublishForm(CreatingForm):
    """Publishing what was seen."""

    seen = HiddenField()


def _moment(local: datetime) -> datetime:
    return local.replace(tzinfo=centre_zone())
