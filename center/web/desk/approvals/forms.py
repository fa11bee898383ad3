"""Forms with which staff decide, and the filter of the list."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import DateField, SelectField
from wtforms.validators import Optional

from center.bookings.approvals.listing import KIND, ORGANISATIONS, PEOPLE, Request, Wanted
from center.bookings.calendars.entries import room_name
from center.bookings.rulebook.facts import Agreement
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import MOST
from center.organisations.words import KIND_NAMES
from center.rooms.models import Room
from center.web.bookings.declining import DeclineForm
from center.web.forms import FilterForm, of_this_century, text_field, with_chosen

WHY_NAMES = {
    Agreement.ACCOUNT: _l("Account not confirmed"),
    Agreement.ROOM: _l("The room always needs approval"),
    Agreement.PEOPLE: _l("Many people"),
    Agreement.HOURS: _l("Time of day"),
    Agreement.PURPOSE: _l("Purpose"),
}


class DecideForm(DeclineForm):
    """One reason for several requests at once: needed for declining and asking, not for approving."""

    reason = text_field(
        _l("Reason, or what should be different"),
        most=MOST,
        required=False,
        hint=_l("For declining and for asking. Everybody who is ticked will read this."),
    )

    def validate_for(self, action: str, picks: Sequence[Any]) -> bool:
        """Whether the action can be tried: something is ticked, it is known, and has the words it needs."""
        valid = bool(self.validate())
        if action not in {"approve", "decline", "ask"}:
            self.form_errors.append(_l("Please press one of the buttons: approve, decline, or ask for a change."))
        elif not picks:
            self.form_errors.append(_l("Please tick at least one request."))
        elif not self.words_for(action) and action != "approve":
            self.reason.errors = [*self.reason.errors, _l("Please write why, or what should be different.")]
        return valid and not self.error_list()

    def words_for(self, action: str) -> str:
        """What the people will read. The reasons that lie ready are for declining."""
        return self.words if action == "decline" else self.reason.data or ""


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
            [("", _l("All rooms")), *((each.code, room_name(each)) for each in _in_order(rooms.values()))],
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

    def wanted(self) -> Wanted:
        """What is asked for. What cannot be read narrows nothing."""
        self.validate()
        why = self.why.data if self.why.data in set(Agreement) else None
        return Wanted(
            room=(self.room.data or "")[:40],
            day=None if self.day.errors else self.day.data,
            who=(self.who.data or "")[:80],
            why=Agreement(why) if why else None,
        )


def _with_whole(room: Room) -> list[Room]:
    return [room, *([room.parent] if room.parent else [])]


def _in_order(rooms: Iterable[Room]) -> list[Room]:
    return sorted(rooms, key=lambda room: (room.position, room.id))
