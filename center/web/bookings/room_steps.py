"""The steps of booking a room, once or on many dates: what is asked, for whom, and what the address says of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar

from flask import request

from center.kernel.i18n import in_language, is_elder
from center.rooms.models import Room
from center.web.bookings import flow
from center.web.bookings.forms import BOOKING_QUERY, BookingForm
from center.web.editing import say_value
from center.web.steps.flow import StepFlow
from center.web.steps.keeping import InDraft
from center.web.steps.page import Step

WHOSE = ("channel", "party", "person")  # these stay in the address when the rest is kept
B = TypeVar("B", bound=BookingForm)


class RoomSteps(StepFlow[B]):
    """A form about one room: for oneself, one's organisation, or as staff for anybody."""

    kept_as: str

    def __init__(self, room: Room, who: flow.Applicant, *, now: datetime) -> None:
        self.room, self.who, self.now, self.is_elder = room, who, now, is_elder()
        super().__init__(InDraft(f"{self.kept_as}:{room.id}"), code=room.code)

    @property
    def name(self) -> str:
        """The room's name; a part's after its whole's."""
        return in_language(self.room.name, self.room.name_en)

    def address_values(self) -> dict[str, Any]:
        """Whom it is for; what a link says of the booking, until it is kept."""
        names = WHOSE if self.keeping.is_kept else BOOKING_QUERY
        return {**self._address, **{name: request.args[name] for name in names if name in request.args}}

    def beginning(self) -> dict[str, list[str]]:
        return flow.answers_in_address() if self.is_elder else {}

    def summary(self) -> list[tuple[Step, str, str]]:
        """What was answered at each step, in words, for reading it once more."""
        fields = [(step, self.form[name]) for step in self.steps[:-1] for name in step.fields]
        return [
            (step, str(field.label.text), say_value(field, field.data))
            for step, field in fields
            if field.name not in self._unasked and field.data not in (None, "", [])
        ]

    @property
    def _unasked(self) -> Collection[str]:
        """What is no question, since there is nothing to choose."""
        choices = {"party": len(self.form.party.choices) < 2, "kind": not self.form.kind.choices}
        return {name for name, is_unasked in choices.items() if is_unasked}
