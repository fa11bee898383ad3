"""The list of waiting requests, as its address narrows it, and what was decided from it this minute."""

from collections.abc import Iterable, Sequence

from flask import request
from flask_login import current_user
from wtforms import DateField, SelectField
from wtforms.validators import Optional

from center.bookings.approvals import undoing
from center.bookings.approvals.listing import KIND, ORGANISATIONS, PEOPLE, Request, RequestFilter
from center.bookings.rulebook.facts import Agreement
from center.kernel import clock
from center.kernel.access import Permission, may
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.words import KIND_NAMES
from center.rooms.models import Room
from center.web.forms import FilterForm, of_this_century, with_chosen

WHY_NAMES = {
    Agreement.ACCOUNT: _l("Account not confirmed"),
    Agreement.ROOM: _l("The room always needs approval"),
    Agreement.PEOPLE: _l("Many people"),
    Agreement.ALLOWANCE: _l("Agreed hours"),
    Agreement.HOURS: _l("Time of day"),
    Agreement.PURPOSE: _l("Purpose"),
}


class RequestsForm(FilterForm):
    """Which requests to list."""

    room = SelectField(_l("Room"), validators=[Optional()], validate_choice=False)
    day = DateField(_l("Day"), validators=[Optional(), of_this_century])
    who = SelectField(_l("From whom"), validators=[Optional()], validate_choice=False)
    why = SelectField(
        _l("Why it waits"),
        choices=[("", _l("Whatever the reason")), *((each.value, words) for each, words in WHY_NAMES.items())],
        validators=[Optional()],
    )

    def offer(self, requests: Sequence[Request]) -> None:
        """Let them choose among the rooms and the askers of what waits."""
        rooms = {each.code: each for one in requests for booking in one.bookings for each in _with_whole(booking.room)}
        organisations = {
            each.first.organisation.slug: each.first.organisation for each in requests if each.first.organisation
        }
        kinds = sorted({each.kind for each in organisations.values()})
        self.room.choices = with_chosen(
            self.room.data,
            [("", _l("All rooms")), *((each.code, each.full_name) for each in _in_order(rooms.values()))],
        )
        self.who.choices = with_chosen(
            self.who.data,
            [
                ("", _l("Everybody")),
                (PEOPLE, _l("People for themselves")),
                (ORGANISATIONS, _l("All organisations")),
                *((f"{KIND}{kind}", KIND_NAMES[kind]) for kind in kinds),
                *(
                    (each.slug, in_language(each.name, each.name_en))
                    for each in sorted(organisations.values(), key=lambda each: (each.name, each.slug))
                ),
            ],
        )

    def wanted(self) -> RequestFilter:
        """What is asked for. What cannot be read narrows nothing."""
        self.validate()
        why = self.why.data if self.why.data in set(Agreement) else None
        return RequestFilter(
            room=(self.room.data or "")[:40],
            day=None if self.day.errors else self.day.data,
            who=(self.who.data or "")[:80],
            why=Agreement(why) if why else None,
        )


def wanted() -> RequestFilter:
    """What the filters in the address ask for."""
    return RequestsForm(request.args).wanted()


def just_decided() -> list[undoing.Decision]:
    """What whoever looks has decided this minute, and can take back."""
    if not may(Permission.APPROVE_BOOKINGS):
        return []
    return undoing.just_decided(current_user.person, now=clock.now())


def _with_whole(room: Room) -> list[Room]:
    return [room, *([room.parent] if room.parent else [])]


def _in_order(rooms: Iterable[Room]) -> list[Room]:
    return sorted(rooms, key=lambda room: (room.position, room.id))
