"""Forms of performances: when and where, the programme, the cast, replies."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from wtforms import BooleanField, DateField, DateTimeLocalField, SelectField, TimeField
from wtforms.validators import InputRequired, Optional

from center.activities.actions import ActivityFacts
from center.activities.models import Session
from center.kernel.i18n import centre_zone, format_span, in_language
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import LocalSpan, Span
from center.rooms.models import Room
from center.troupes.models.pieces import Piece
from center.troupes.models.seasons import Season
from center.troupes.performances.models import Performance, ProgrammeItem
from center.troupes.performances.steps import Show
from center.web.editing import EditingForm
from center.web.forms import BaseForm, CreatingForm, text_field
from center.web.rooms.forms import number_field

NEED_DAY = InputRequired(_l("Please choose a day, such as 2026-11-24."))


class StagePart(BaseForm):
    """How long the troupe is on stage, and when its people are to be there."""

    refused_at = {"call_at": "minutes_before"}  # noqa: RUF012

    minutes_before = number_field(_l("How many minutes before it begins everybody is to be there"), least=1, most=600)
    slot = number_field(
        _l("Minutes that the troupe has on stage"), least=1, most=720, hint=_l("Changes between pieces included.")
    )
    change = number_field(_l("Seconds that a change between two pieces takes"), least=0, most=3600)

    def stage(self, session: Session, season: Season | None = None) -> Show:
        """What was typed, of a date."""
        return Show(
            call_at=session.starts_at - timedelta(minutes=self.minutes_before.data),
            slot_seconds=self.slot.data * 60,
            change_seconds=self.change.data,
            season=season,
        )


class NewPerformanceForm(StagePart, CreatingForm):
    """A performance at a date that is there, or at one of a new public activity."""

    session = SelectField(_l("Date"), coerce=int)
    title = text_field(_l("Title"), most=80, required=False, hint=_l("Only for a new date, as everybody reads it."))
    summary = text_field(_l("In a sentence"), most=200, required=False)
    kind = SelectField(_l("Kind"), coerce=int)
    date = DateField(_l("Day"), validators=[Optional()])
    start = TimeField(_l("From"), validators=[Optional()])
    end = TimeField(_l("To"), validators=[Optional()])
    room = SelectField(_l("Room"), coerce=int)
    place = text_field(_l("Place, if not in a room of the centre"), most=120, required=False)
    expected = number_field(_l("How many people may come"), least=1, most=2000)
    season = SelectField(_l("Season"), coerce=int, description=_l("Its roster is asked whether they come."))

    def offer(
        self, dates: Sequence[Session], kinds: Sequence[Any], rooms: Sequence[Room], seasons: Sequence[Season]
    ) -> None:
        """What can be chosen."""
        self.session.choices = [
            (0, _("A new date, as written below")),
            *((each.id, _date_name(each)) for each in dates),
        ]
        self.kind.choices = [(each.id, in_language(each.name, each.name_en)) for each in kinds]
        self.room.choices = [(0, _("At another place")), *((each.id, each.full_name) for each in rooms)]
        everybody = (0, _("No season: everybody in the troupe"))
        self.season.choices = [*((each.id, in_language(each.name, each.name_en)) for each in seasons), everybody]

    def validate(self, extra_validators: Any = None) -> bool:
        """A new date needs a title, a day and times."""
        valid = super().validate(extra_validators)
        if self.session.data == 0:
            for name in ("title", "summary", "date", "start", "end"):
                if not self[name].data and not self[name].errors:
                    self.say_refusal(name, _("Please fill this in."))
            if self.start.data and self.end.data and self.end.data <= self.start.data:
                self.say_refusal("end", _("It must end after it begins."))
            if self.room.data == 0 and not self.place.data:
                self.say_refusal("place", _("Say where it takes place: a room for each session, or a place."))
        return valid and not self.is_wrong

    def span(self) -> Span:
        """The time of a new date."""
        assert self.start.data is not None
        assert self.end.data is not None
        assert self.date.data is not None
        return LocalSpan(self.start.data, self.end.data).on(self.date.data, centre_zone())

    def facts(self) -> ActivityFacts:
        """The new activity."""
        return ActivityFacts(
            kind_id=self.kind.data,
            title=self.title.data,
            summary=self.summary.data,
            place="" if self.room.data else self.place.data,
            expected=self.expected.data,
        )


class EditPerformanceForm(StagePart, EditingForm):
    """A performance that is there."""

    @staticmethod
    def values_of(performance: Performance) -> dict[str, int]:
        """What stands in it."""
        before = performance.session.starts_at - performance.call_at
        return {
            "minutes_before": int(before.total_seconds() // 60),
            "slot": performance.slot_seconds // 60,
            "change": performance.change_seconds,
        }


class PieceForm(BaseForm):
    """One more piece."""

    piece = SelectField(_l("Piece"), coerce=int)

    def offer(self, pieces: Sequence[Piece], length: Any) -> None:
        """The pieces that are not in the programme."""
        self.piece.choices = [
            (each.id, f"{in_language(each.title, each.title_en)} · {length(each.seconds)}") for each in pieces
        ]


class WordsForm(BaseForm):
    """Something that is no piece."""

    title = text_field(_l("What else"), most=80, hint=_l("Such as: a word of welcome, a break."))
    minutes = number_field(_l("How many minutes it takes"), least=1, most=120)


class ItemForm(EditingForm):
    """How long one place lasts, and when its people are to be there."""

    minutes = number_field(_l("It lasts (minutes)"), least=0, most=180)
    seconds = number_field(_l("and seconds"), least=0, most=59)
    change_seconds = number_field(_l("Seconds for the change after it"), least=0, most=3600)
    call_at = DateTimeLocalField(
        _l("Its people are to be there at"),
        validators=[Optional()],
        description=_l("Leave it empty if they come with everybody."),
    )

    @staticmethod
    def values_of(item: ProgrammeItem) -> dict[str, Any]:
        """What stands in it."""
        call = item.call_at.astimezone(centre_zone()).replace(tzinfo=None) if item.call_at else None
        minutes, seconds = divmod(item.seconds, 60)
        return {"minutes": minutes, "seconds": seconds, "change_seconds": item.change_seconds, "call_at": call}

    def call(self) -> datetime | None:
        """When its people are to be there."""
        return self.call_at.data.replace(tzinfo=centre_zone()) if self.call_at.data else None


class AllowForm(BaseForm):
    """Why a programme may be longer than the slot."""

    why = text_field(_l("Who allows it, and why"), most=200)


class AskForm(BaseForm):
    """Until when answers are wanted."""

    until = DateField(_l("Answers by"), validators=[NEED_DAY])
    again = BooleanField(_l("Also those who were asked before and have not answered"))


class CancelForm(BaseForm):
    """Why it does not take place."""

    reason = text_field(_l("Reason"), most=200, hint=_l("Whoever was asked reads it, and whoever wanted to watch."))


def _date_name(session: Session) -> str:
    title = in_language(session.activity.title, session.activity.title_en)
    return f"{format_span(session.starts_at, session.ends_at)} · {title}"
