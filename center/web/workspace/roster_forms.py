"""Forms with which a roster is changed after it was posted. Shape only."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateTimeLocalField, Field, HiddenField, RadioField, SelectField
from wtforms.validators import Optional

from center.kernel.i18n import centre_zone, format_moment
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Building, Grid
from center.signups.changing.rules import HOW_AND_WHEN, stamp_of
from center.signups.models import Audience, Mode, Pool, PoolKind, Roster, SignUp, SignUpState
from center.signups.posting.words import FOR_WHOM, MODES, ForWhom
from center.signups.rosters import MOST_PLACES, ONE_OF_A_KIND, PoolFacts, RosterFacts
from center.signups.words import POOL_NAMES
from center.web.activities.field_kinds import boxes, number
from center.web.forms import BaseForm, CreatingForm, text_field

KEPT = (
    PoolKind.ELDERS,
    PoolKind.DESK,
    PoolKind.WHEELCHAIR,
    PoolKind.COMPANION,
    PoolKind.BUILDING,
    PoolKind.GRID,
    PoolKind.NAMED,
)
WAYS = {
    SignUpState.WAITING.value: _l("They wait again, at the place in the queue where they came"),
    SignUpState.CANCELLED.value: _l("Their sign-up is cancelled"),
}


def kinds_for(roster: Roster) -> list[PoolKind]:
    """The kinds of places that can still be kept on a roster."""
    if roster.audience is not Audience.PARTICIPANTS:
        return []
    there = {pool.kind for pool in roster.pools}
    return [kind for kind in KEPT if kind not in there or kind not in ONE_OF_A_KIND]


def _moment_field(label: Any, hint: Any) -> Field:
    return DateTimeLocalField(label, format="%Y-%m-%dT%H:%M", description=hint, validators=[Optional()])


class RosterForm(BaseForm):
    """When and how places are given, and to whom."""

    refused_at: ClassVar[Mapping[str, str]] = {"offer_minutes": "offer_hours"}

    mode = RadioField(_l("How places are given"), choices=[(each.value, words) for each, words in MODES.items()])
    opens_at = _moment_field(_l("Sign-up opens"), _l("Leave it empty to open as soon as it is published."))
    closes_at = _moment_field(
        _l("Sign-up closes"), _l("Leave it empty to close when it begins. A lottery is drawn at this time.")
    )
    has_waiting_list = BooleanField(_l("Waiting list"), description=_l("Freed places go to those who wait, in order."))
    cancel_hours = number(
        _l("Until how many hours before may people cancel without a word"), least=0, most=24 * 30, default=24
    )
    release_hours = number(_l("Kept places are for everybody how many hours before"), least=0, most=24 * 30, default=24)
    offer_hours = number(
        _l("For how many waking hours a freed place is held for the next"), least=1, most=24 * 7, default=12
    )
    for_whom = RadioField(_l("Who may sign up"), choices=[(each.value, words) for each, words in FOR_WHOM.items()])
    min_age = number(_l("From which age"), least=0, most=120)
    max_age = number(_l("To which age"), least=0, most=120)
    guardian_below = number(
        _l("A guardian signs up whoever is younger than"), least=1, most=18, hint=_l("Leave it empty if not needed.")
    )
    seen = HiddenField()

    @classmethod
    def of(cls, before: RosterFacts, *, is_drawn: bool, formdata: "MultiDict[str, str] | None" = None) -> "RosterForm":
        """The form with what was typed, filled in as a roster stands.

        After a draw it does not ask how and when places are given.
        """
        whom = ForWhom.RESIDENTS if before.residents_only else ForWhom.EVERYBODY
        form = cls(
            formdata=formdata,
            data={
                "mode": before.mode.value,
                "opens_at": _local(before.opens_at),
                "closes_at": _local(before.closes_at),
                "has_waiting_list": before.has_waiting_list,
                "cancel_hours": before.cancel_minutes // 60,
                "release_hours": before.release_minutes // 60,
                "offer_hours": max(1, before.offer_minutes // 60),
                "for_whom": (ForWhom.ACCESS_NEED if before.access_need_only else whom).value,
                "min_age": before.min_age,
                "max_age": before.max_age,
                "guardian_below": before.guardian_below,
                "seen": stamp_of(before),
            },
        )
        for name in HOW_AND_WHEN if is_drawn else ():
            del form[name]
        return form

    def facts(self, before: RosterFacts) -> RosterFacts:
        """What was asked for, once the form is valid; what it does not ask, or asks less exactly, stays."""
        after = replace(
            before,
            has_waiting_list=self.has_waiting_list.data,
            cancel_minutes=_minutes(self.cancel_hours.data, before.cancel_minutes),
            release_minutes=_minutes(self.release_hours.data, before.release_minutes),
            offer_minutes=_minutes(self.offer_hours.data, before.offer_minutes),
            min_age=self.min_age.data,
            max_age=self.max_age.data,
            guardian_below=self.guardian_below.data,
            residents_only=self.for_whom.data == ForWhom.RESIDENTS,
            access_need_only=self.for_whom.data == ForWhom.ACCESS_NEED,
        )
        if "mode" not in self:
            return after
        return replace(
            after,
            mode=Mode(self.mode.data),
            opens_at=_moment(self.opens_at.data, before.opens_at),
            closes_at=_moment(self.closes_at.data, before.closes_at),
        )


class AddPoolForm(CreatingForm):
    """Places of one more kind."""

    kind = SelectField(_l("Whom they are kept for"))
    building_id = SelectField(_l("Which building"), coerce=int, default=0)
    grid_id = SelectField(_l("Which grid"), coerce=int, default=0)
    name = text_field(
        _l("Name of these places"), most=40, required=False, hint=_l("Such as: guests. You give them by hand.")
    )
    capacity = number(_l("How many places"), least=1, most=MOST_PLACES, default=2)
    from_general = BooleanField(
        _l("Take them from the places for everybody"), description=_l("Else they come on top of the places there are.")
    )

    def offer(self, kinds: Sequence[PoolKind], buildings: Sequence[Building], grids: Sequence[Grid]) -> None:
        """What can be chosen."""
        self.kind.choices = [(kind.value, POOL_NAMES[kind]) for kind in kinds]
        self.building_id.choices = [(0, "–"), *((each.id, each.code) for each in buildings)]
        self.grid_id.choices = [(0, "–"), *((each.id, each.name) for each in grids)]
        self._names = {each.id: each.code for each in buildings}, {each.id: each.name for each in grids}

    def facts(self) -> PoolFacts:
        """What was asked for, once the form is valid; a building or grid gives its places their name."""
        kind, (buildings, grids) = PoolKind(self.kind.data), self._names
        building = self.building_id.data if kind is PoolKind.BUILDING else 0
        grid = self.grid_id.data if kind is PoolKind.GRID else 0
        own = self.name.data or "" if kind is PoolKind.NAMED else ""
        return PoolFacts(
            kind=kind,
            capacity=self.capacity.data,
            name=own or buildings.get(building, "") or grids.get(grid, ""),
            building_id=building or None,
            grid_id=grid or None,
        )


class CapacityForm(BaseForm):
    """How many places there are to be; and where that is fewer than are taken, who gives theirs back."""

    capacity = number(_l("How many places"), least=0, most=MOST_PLACES, default=0)
    back = boxes(_l("Who gives a place back?"), coerce=int, choices=[], validate_choice=False)
    to = RadioField(_l("What becomes of them?"), choices=list(WAYS.items()), default=SignUpState.WAITING.value)
    reason = text_field(_l("Reason"), most=200, required=False, hint=_l("Those you chose will read it."))

    def offer(self, holders: Sequence[SignUp]) -> None:
        """Those who have a place, to choose from."""
        self.back.choices = [(each.id, f"{each.person.name} · {format_moment(each.made_at)}") for each in holders]


class VolunteersForm(CreatingForm):
    """How many volunteers are wanted."""

    refused_at: ClassVar[Mapping[str, str]] = {"capacity": "volunteers"}

    volunteers = number(_l("How many volunteers are wanted"), least=1, most=500, default=2)


def capacity_of(pools: Sequence[Pool]) -> int:
    """How many places these pools have together."""
    return sum(pool.capacity for pool in pools)


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone(centre_zone()).replace(tzinfo=None) if moment else None


def _moment(typed: datetime | None, before: datetime | None) -> datetime | None:
    """The moment that was typed; the one there was, where it is the same minute."""
    if typed is None:
        return None
    moment = typed.replace(tzinfo=centre_zone())
    return before if before and before.replace(second=0, microsecond=0) == moment else moment


def _minutes(hours: int, before: int) -> int:
    return before if max(hours, 1) == max(before // 60, 1) and before % 60 else hours * 60
