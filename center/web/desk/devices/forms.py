"""Forms about devices."""

from collections.abc import Sequence
from typing import TypeVar

from wtforms import DateField, Field, RadioField, SelectField
from wtforms.validators import Optional

from center.activities.models import Session
from center.attendance.devices import Post
from center.attendance.models.devices import Duty
from center.kernel.errors import RuleBroken
from center.kernel.i18n import format_clock, format_day, in_language, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.rooms.models import Room
from center.web.forms import CreatingForm, text_field

T = TypeVar("T", Session, Room)


class DeviceForm(CreatingForm):
    """A device that is expected: what it is called, and the one thing it may do."""

    name = text_field(
        _l("Name"), most=60, hint=_l("So that everybody knows which one it is, such as: tablet at the entrance.")
    )
    duty = RadioField(
        _l("What is it for?"),
        choices=[
            (Duty.SESSION.value, _l("One session")),
            (Duty.ROOM.value, _l("The door of a room: whatever is on there")),
            (Duty.ENTRANCE.value, _l("The entrance: whatever is on that day")),
        ],
    )
    session = SelectField(
        _l("Session"),
        validators=[Optional()],
        description=_l("For one session: it may be used until two hours after the end."),
    )
    room = SelectField(_l("Room"), validators=[Optional()], description=_l("For the door of a room."))
    until = DateField(
        _l("Until the end of this day"),
        validators=[Optional()],
        description=_l("For the door of a room or the entrance: 30 days at most."),
    )

    def offer(self, sessions: Sequence[Session], rooms: Sequence[Room]) -> None:
        """What can be chosen."""
        self.session.choices = [("", _l("Please choose")), *((str(each.id), _said(each)) for each in sessions)]
        for each in (self.session, self.room, self.until):
            each.flags.optional = False  # each is asked for by one duty, which its hint says
        self.room.choices = [("", _l("Please choose")), *((str(each.id), each.full_name) for each in rooms)]

    def post(self, sessions: Sequence[Session], rooms: Sequence[Room]) -> Post:
        """What it is to do; raises RuleBroken where it is not said for which one."""
        duty = Duty(self.duty.data)
        if duty is Duty.SESSION:
            return Post(session=_chosen(sessions, self.session))
        return Post(room=_chosen(rooms, self.room) if duty is Duty.ROOM else None, until=self.until.data)


def _chosen(offered: Sequence[T], choice: Field) -> T:
    for each in offered:
        if str(each.id) == choice.data:
            return each
    raise RuleBroken(_l("Please choose one of these."), field=choice.name)


def _said(session: Session) -> str:
    day, title = local_date(session.starts_at), in_language(session.activity.title, session.activity.title_en)
    return f"{format_day(day, with_year=False)} {format_clock(session.starts_at)} {title}"
