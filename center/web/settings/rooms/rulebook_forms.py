"""Forms of what staff set beside rooms' own rules: quotas, groups, kinds of use, kept hours, hours without approval."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Field, IntegerField, SelectField, SelectMultipleField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from center.kernel.errors import RuleBroken
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import Organisation
from center.rooms.labels import PERIODS, PURPOSE_RULES, WEEKDAYS, WHOSE
from center.rooms.models import Room
from center.rooms.rule_models import (
    EVERY_DAY,
    ApprovalHours,
    PeopleGroup,
    PeopleGroupMember,
    Period,
    PriorityWindow,
    Purpose,
    PurposeRule,
    Quota,
    RoomGroup,
    Whose,
    weekday_bits,
    weekday_set,
)
from center.web.editing import EditingForm
from center.web.forms import BaseForm, CreatingForm, text_field
from center.web.rooms.forms import number_field
from center.web.settings.centre.forms import DayField

ALL_ROOMS = ""


def optional_number(label: Any, *, most: int, hint: Any = "") -> Field:
    """A whole number from 0, or nothing."""
    in_range = NumberRange(min=0, max=most, message=_l("A number from %(min)s to %(max)s, please."))
    return IntegerField(label, description=hint, validators=[Optional(), in_range])


def boxes(label: Any, *, hint: Any = "", coerce: Any = str) -> Field:
    """Some of several things."""
    look = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
    return SelectMultipleField(label, description=hint, coerce=coerce, **look)


class WeekdaysForm(EditingForm, CreatingForm):
    """Some weekdays."""

    weekdays = boxes(_l("On which days"), coerce=int, hint=_l("A make-up working day counts as a Monday."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weekdays.choices = list(enumerate(WEEKDAYS))

    def validate_weekdays(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_l("Please choose at least one day."))

    @property
    def bits(self) -> int:
        """The weekdays as the database keeps them, Monday the lowest bit."""
        return weekday_bits(frozenset(self.weekdays.data or ()))


class QuotaForm(WeekdaysForm):
    """How much somebody may use rooms in a day, a week or a month."""

    whose = SelectField(_l("Whose use is added up"), choices=[(each.value, label) for each, label in WHOSE.items()])
    most_bookings = optional_number(
        _l("At most so many bookings"), most=1000, hint=_l("Leave it empty for any number.")
    )
    most_minutes = optional_number(
        _l("At most so many minutes"), most=60_000, hint=_l("120 minutes are 2 hours. Leave it empty for any length.")
    )
    per = SelectField(_l("In"), choices=[(each.value, label) for each, label in PERIODS.items()])
    place = SelectField(_l("In which rooms"))
    opens = TimeField(_l("Only time from"), validators=[Optional()], description=_l("Leave both empty for all day."))
    closes = TimeField(_l("Only time until"), validators=[Optional()], description=_l("00:00 is midnight."))

    def offer(self, rooms: Sequence[Room], groups: Sequence[RoomGroup]) -> None:
        """Fill in which rooms a quota can be on."""
        self.place.choices = [
            (ALL_ROOMS, _l("All rooms together")),
            *(
                (f"group-{each.id}", _l("Group: %(name)s", name=in_language(each.name, each.name_en)))
                for each in groups
            ),
            *((f"room-{each.id}", f"{each.code} {in_language(each.name, each.name_en)}") for each in rooms),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """A quota needs a number of bookings, of minutes, or both, and hours that end after they begin."""
        valid = super().validate(extra_validators)
        if self.most_minutes.data is None and self.most_bookings.data is None and not self.most_bookings.errors:
            self.refuse(
                RuleBroken(_l("Please give a number of bookings, or of minutes, or both."), field="most_bookings")
            )
        try:
            check_hours(self.opens.data, self.closes.data)
        except ValidationError as error:
            self.refuse(RuleBroken(error.args[0], field="closes"))
        return valid and not self.error_list()

    def values(self) -> dict[str, Any]:
        kind, _dash, number = (self.place.data or "").partition("-")
        return {
            "whose": Whose(self.whose.data),
            "per": Period(self.per.data),
            "most_bookings": self.most_bookings.data,
            "most_minutes": self.most_minutes.data,
            "weekdays": self.bits,
            "opens": self.opens.data,
            "closes": self.closes.data,
            "room_id": int(number) if kind == "room" else None,
            "room_group_id": int(number) if kind == "group" else None,
        }

    @staticmethod
    def shown(quota: Quota | None) -> dict[str, Any]:
        """A quota as the form shows it; what a new one begins with."""
        if quota is None:
            return {"weekdays": list(weekday_set(EVERY_DAY)), "per": Period.WEEK.value}
        names = ("whose", "per", "most_bookings", "most_minutes", "opens", "closes")
        group, room = quota.room_group_id, quota.room_id
        place = f"group-{group}" if group else f"room-{room}" if room else ALL_ROOMS
        values = {name: getattr(quota, name) for name in names}
        return {**values, "place": place, "weekdays": sorted(weekday_set(quota.weekdays))}


class RoomGroupForm(EditingForm, CreatingForm):
    """Some rooms that a quota counts together."""

    name = text_field(_l("Name"), most=40, hint=_l("Such as: loud rooms."))
    name_en = text_field(_l("Name in English"), most=60, required=False)
    rooms = boxes(_l("Rooms"), coerce=int)

    @staticmethod
    def shown(group: RoomGroup | None) -> dict[str, Any]:
        """A group as the form shows it."""
        return {"name": group.name, "name_en": group.name_en, "rooms": [r.id for r in group.rooms]} if group else {}

    def offer(self, rooms: Sequence[Room]) -> None:
        self.rooms.choices = [(each.id, f"{each.code} {in_language(each.name, each.name_en)}") for each in rooms]

    def validate_rooms(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_l("Please choose at least one room."))


class PeopleGroupForm(EditingForm, CreatingForm):
    """Some people and organisations for whom a room or its best hours are kept; people are added one by one."""

    name = text_field(_l("Name"), most=40, hint=_l("Such as: the after-school programme."))
    name_en = text_field(_l("Name in English"), most=60, required=False)
    organisations = boxes(_l("Organisations that belong to it"), coerce=int)

    def offer(self, organisations: Sequence[Organisation]) -> None:
        named = [(each.id, in_language(each.name, each.name_en)) for each in organisations]
        self.organisations.choices = named

    @staticmethod
    def shown(group: PeopleGroup | None) -> dict[str, Any]:
        """A group as the form shows it."""
        if group is None:
            return {}
        members: list[PeopleGroupMember] = group.members
        chosen = [each.organisation_id for each in members if each.organisation_id]
        return {"name": group.name, "name_en": group.name_en, "organisations": chosen}


class PurposeForm(EditingForm, CreatingForm):
    """A kind of use that people choose from."""

    name = text_field(_l("Name"), most=40, hint=_l("Such as: rehearsal, birthday, selling."))
    name_en = text_field(_l("Name in English"), most=60, required=False)
    rule = SelectField(
        _l("In all rooms it is"),
        choices=[(each.value, label) for each, label in PURPOSE_RULES.items()],
        description=_l("Single rooms can have a rule of their own, in their settings."),
    )
    position = number_field(_l("Place in lists"), least=0, most=9999)
    is_retired = BooleanField(_l("No longer offered"))

    @staticmethod
    def shown(purpose: Purpose | None, *, position: int = 0) -> dict[str, Any]:
        """A kind of use as the form shows it."""
        if purpose is None:
            return {"position": position}
        return {name: getattr(purpose, name) for name in ("name", "name_en", "rule", "position", "is_retired")}


class KeptHoursForm(WeekdaysForm):
    """Hours in which a room is kept for a group of people."""

    name = text_field(_l("What the time is kept for"), most=40, hint=_l("Everybody reads this when they cannot book."))
    name_en = text_field(_l("The same in English"), most=60, required=False)
    group = SelectField(_l("Who can book it then"))
    opens = TimeField(_l("From"), validators=[InputRequired(_l("Please choose a time."))])
    closes = TimeField(_l("Until"), validators=[InputRequired(_l("Please choose a time."))])
    release_days = optional_number(
        _l("For everybody from so many days before"), most=365, hint=_l("Leave it empty to keep it until the end.")
    )
    starts_on = DayField(_l("First day"), validators=[Optional()], description=_l("Leave it empty for at once."))
    ends_on = DayField(_l("Last day"), validators=[Optional()], description=_l("Leave it empty for no end."))

    def offer(self, groups: Sequence[PeopleGroup]) -> None:
        named = [(str(each.id), in_language(each.name, each.name_en)) for each in groups]
        self.group.choices = [("", _l("Only the desk, for others")), *named]

    def validate_closes(self, field: Field) -> None:
        check_hours(self.opens.data, field.data)

    def validate_ends_on(self, field: Field) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_l("The last day is before the first day."))

    def values(self) -> dict[str, Any]:
        names = ("name", "opens", "closes", "release_days", "starts_on", "ends_on")
        group = int(self.group.data) if self.group.data else None
        chosen = {name: self._fields[name].data for name in names}
        return {**chosen, "name_en": self.name_en.data or "", "weekdays": self.bits, "group_id": group}

    @staticmethod
    def shown(window: PriorityWindow | None) -> dict[str, Any]:
        """Kept hours as the form shows them."""
        if window is None:
            return {"weekdays": list(range(5))}
        names = ("name", "name_en", "opens", "closes", "release_days", "starts_on", "ends_on")
        chosen = {name: getattr(window, name) for name in names}
        return {**chosen, "weekdays": sorted(weekday_set(window.weekdays)), "group": str(window.group_id or "")}


class ApprovalHoursForm(WeekdaysForm):
    """Hours inside which bookings need no approval for their time."""

    opens = TimeField(_l("From"), validators=[InputRequired(_l("Please choose a time."))])
    closes = TimeField(_l("Until"), validators=[InputRequired(_l("Please choose a time."))])

    def validate_closes(self, field: Field) -> None:
        check_hours(self.opens.data, field.data)

    def values(self) -> dict[str, Any]:
        return {"opens": self.opens.data, "closes": self.closes.data, "weekdays": self.bits}

    @staticmethod
    def shown(row: ApprovalHours | None) -> dict[str, Any]:
        """Such hours as the form shows them."""
        if row is None:
            return {"weekdays": list(weekday_set(EVERY_DAY))}
        return {"opens": row.opens, "closes": row.closes, "weekdays": sorted(weekday_set(row.weekdays))}


class AudienceForm(EditingForm):
    """For which groups of people a room is, and what it may be used for."""

    groups = boxes(_l("Only for members of"), coerce=int, hint=_l("Choose none if everybody may book it."))

    def offer(self, groups: Sequence[PeopleGroup]) -> None:
        self.groups.choices = [(each.id, in_language(each.name, each.name_en)) for each in groups]


def purposes_form(purposes: Sequence[Purpose], own: dict[int, PurposeRule], **given: Any) -> EditingForm:
    """A form with a choice for each kind of use: as usual, or otherwise in this room."""
    fields: dict[str, Any] = {"__doc__": "What a room may be used for."}
    for each in purposes:
        usual = _l("As usual: %(rule)s", rule=PURPOSE_RULES[each.rule])
        choices = [("", usual), *((rule.value, label) for rule, label in PURPOSE_RULES.items())]
        fields[f"purpose_{each.id}"] = SelectField(in_language(each.name, each.name_en), choices=choices)
    kind: type[EditingForm] = type("RoomPurposesForm", (EditingForm,), fields)
    return kind(data={f"purpose_{purpose_id}": rule.value for purpose_id, rule in own.items()}, **given)


def chosen_rules(form: BaseForm) -> dict[int, PurposeRule]:
    """What was chosen otherwise than usual, by purpose id."""
    named = [(name, field.data) for name, field in form._fields.items() if name.startswith("purpose_")]
    return {int(name.removeprefix("purpose_")): PurposeRule(rule) for name, rule in named if rule}


def check_hours(opens: Any, closes: Any) -> None:
    """Hours end after they begin, within one day. Raises ValidationError."""
    if (opens is None) != (closes is None):
        raise ValidationError(_l("Please give both times, or none."))
    if opens is not None and closes <= opens and closes.isoformat() != "00:00:00":
        raise ValidationError(_l("It must end after it starts; 00:00 is midnight."))
