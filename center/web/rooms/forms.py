"""Forms of rooms: what a room is, what stands in it, and how it may be booked."""

from typing import Any

from wtforms import BooleanField, Field, IntegerField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import tidy
from center.rooms.labels import APPROVAL, FEATURES, NOISE
from center.rooms.models import AccessFeature, Approval, Noise, Room
from center.rooms.rules import STEPS, BookingRules, Equipment, RoomFacts
from center.rooms.wants import OFF_HOURS, OffHours, Wants
from center.web.editing import EditingForm
from center.web.forms import BaseForm, CreatingForm, long_text_field, no_control_characters, text_field


def number_field(label: Any, *, least: int, most: int, hint: Any = "") -> Field:
    """A whole number in a range."""
    in_range = NumberRange(min=least, max=most, message=_l("A number from %(min)s to %(max)s, please."))
    return IntegerField(label, description=hint, validators=[InputRequired(_l("Please fill this in.")), in_range])


def wanted_field(label: Any) -> Field:
    """How many of something somebody needs; empty for none."""
    in_range = NumberRange(min=0, max=500, message=_l("A number from %(min)s to %(max)s, please."))
    return IntegerField(label, validators=[Optional(), in_range])


class WantsPart(BaseForm):
    """What somebody needs in a room."""

    wheelchair = wanted_field(_l("Wheelchair places you need"))
    companion = wanted_field(_l("Seats for companions beside them"))
    when = SelectMultipleField(
        _l("When you would come"),
        choices=[(each.value, label) for each, label in OFF_HOURS.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    access = SelectMultipleField(
        _l("What you need"),
        choices=[(feature.value, label) for feature, (label, _icon) in FEATURES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    @property
    def wants(self) -> Wants:
        """What is asked of a room; what makes no sense is not."""
        return Wants(
            wheelchair=0 if self.wheelchair.errors else self.wheelchair.data or 0,
            companion=0 if self.companion.errors else self.companion.data or 0,
            when=frozenset(each for each in OffHours if each in (self.when.data or ())),
            features=frozenset(each for each in AccessFeature if each in (self.access.data or ())),
        )


class FindRoomForm(WantsPart):
    """What somebody looks for in a room; sent with GET, so that the answer has an address."""

    class Meta:
        csrf = False

    people = IntegerField(
        _l("How many people"),
        validators=[
            Optional(),
            NumberRange(min=1, max=9999, message=_l("A number from %(min)s to %(max)s, please.")),
        ],
    )

    @property
    def is_asked(self) -> bool:
        """Whether anything is asked of a room."""
        return any(self._fields[name].data for name in ("people", "wheelchair", "companion", "when", "access"))

    def suits(self, room: Room) -> bool:
        """Whether the room has the places, the hours and all the access features asked for."""
        people = 0 if self.people.errors else self.people.data or 0
        return people <= room.capacity and not self.wants.missing_in(room)


class RoomForm(EditingForm):
    """What a room is."""

    name = text_field(_l("Name"), most=60)
    name_en = text_field(_l("Name in English"), most=80, required=False)
    capacity = number_field(_l("How many people it holds"), least=1, most=5000)
    wheelchair_places = number_field(_l("Wheelchair places"), least=0, most=500)
    companion_places = IntegerField(
        _l("Companion places"),
        description=_l("Seats beside the wheelchairs, for who comes along."),
        validators=[Optional(), NumberRange(min=0, max=500, message=_l("A number from %(min)s to %(max)s, please."))],
    )
    access_note = long_text_field(
        _l("What the room lacks, and what helps"), most=300, hint=_l("Such as: two steps at the door; the desk helps.")
    )
    access_note_en = long_text_field(_l("What the room lacks, in English"), most=300)
    floor = number_field(_l("Floor"), least=-5, most=99)
    noise = SelectField(_l("Noise"), choices=[(kind.value, label) for kind, (label, _icon) in NOISE.items()])
    position = number_field(_l("Place in lists"), least=0, most=9999, hint=_l("Rooms are listed by this number."))
    about = long_text_field(_l("About the room"), most=600)
    about_en = long_text_field(_l("About the room in English"), most=600)
    notice = long_text_field(_l("What to know when using it"), most=600, hint=_l("Such as: no food."))
    notice_en = long_text_field(_l("What to know when using it, in English"), most=600)
    is_confidential = BooleanField(
        _l("What happens here is confidential"),
        description=_l("Public pages say that it is in use and nothing else."),
    )

    def facts(self) -> RoomFacts:
        """The room as it was typed."""
        values = {name: self._fields[name].data for name in RoomFacts.__dataclass_fields__}
        places = self.companion_places.data or 0
        return RoomFacts(**{**values, "noise": Noise(self.noise.data), "companion_places": places})


class NewRoomForm(RoomForm, CreatingForm):
    """A new room, with the code that its address will have."""

    code = text_field(_l("Code"), most=12, hint=_l("Letters and digits, such as R06. It stays for good."))


class EquipmentForm(EditingForm):
    """What stands in a room and what makes it usable by everybody."""

    features = SelectMultipleField(
        _l("Access"),
        choices=[(feature.value, label) for feature, (label, _icon) in FEATURES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    equipment = TextAreaField(
        _l("Equipment"),
        description=_l("One thing on each line. The English may follow after a |, such as: 投影仪 | projector"),
        filters=[tidy],
        validators=[no_control_characters, Length(max=4000, message=_l("At most %(max)d characters, please."))],
    )

    def validate_equipment(self, field: Field) -> None:
        if any(len(each.name) > 80 or len(each.name_en) > 80 for each in equipment_lines(field.data or "")):
            raise ValidationError(_l("At most 80 characters on a line, please."))

    @staticmethod
    def shown(room: Room) -> dict[str, Any]:
        """What stands in a room, as the form shows it."""
        return {"equipment": equipment_text(room), "features": [row.feature.value for row in room.features]}

    def chosen(self) -> tuple[list[Equipment], list[AccessFeature]]:
        """What is in the room, and how it can be used with a wheelchair or by ear."""
        return equipment_lines(self.equipment.data or ""), [AccessFeature(each) for each in self.features.data or []]


class RulesForm(EditingForm):
    """How a room may be booked."""

    residents_may_book = BooleanField(_l("Residents may book it"))
    organisations_may_book = BooleanField(_l("Organisations may book it"))
    approval = SelectField(_l("Does the desk approve bookings?"), choices=[(k.value, v) for k, v in APPROVAL.items()])
    approval_from_people = number_field(_l("Approval from how many people on"), least=1, most=5000)
    min_people = number_field(_l("Fewest people"), least=1, most=5000)
    min_minutes = number_field(_l("Shortest booking, in minutes"), least=5, most=1440)
    max_minutes = number_field(_l("Longest booking of a resident, in minutes"), least=5, most=1440)
    org_max_minutes = number_field(_l("Longest booking of an organisation, in minutes"), least=5, most=1440)
    step_minutes = SelectField(
        _l("Bookings start every"),
        coerce=int,
        choices=[(step, _l("%(number)s minutes", number=step)) for step in STEPS],
    )
    buffer_minutes = number_field(_l("Time for clearing up after each use, in minutes"), least=0, most=240)
    notice_minutes = number_field(
        _l("How long before its start a booking must be made, in minutes"),
        least=0,
        most=60 * 24 * 60,
        hint=_l("1440 minutes are a day."),
    )
    horizon_days = number_field(_l("How many days ahead residents can book"), least=1, most=366)
    org_horizon_days = number_field(_l("How many days ahead organisations can book"), least=1, most=366)
    live_limit = number_field(
        _l("How many bookings a resident can have ahead"), least=0, most=100, hint=_l("0 means no limit.")
    )
    org_live_limit = number_field(
        _l("How many bookings an organisation can have ahead"), least=0, most=1000, hint=_l("0 means no limit.")
    )
    cancel_minutes = number_field(
        _l("Until how long before its start a booking can be cancelled, in minutes"), least=0, most=60 * 24 * 60
    )
    series_weeks = number_field(
        _l("How many weeks ahead a series of bookings can reach"), least=1, most=52, hint=_l("A term is about 20.")
    )
    org_series_limit = number_field(
        _l("How many series an organisation can have in this room"), least=0, most=100, hint=_l("0 means no limit.")
    )
    expire_minutes = number_field(
        _l("How long before its start a request that nobody decided is over, in minutes"),
        least=0,
        most=60 * 24 * 60,
        hint=_l("0 means at noon of the day before; what is asked for later, two hours before."),
    )
    release_minutes = number_field(
        _l("How long after its start a room that nobody has claimed at the desk is given to others, in minutes"),
        least=0,
        most=240,
        hint=_l("0 means never. Nobody needs to check in then."),
    )
    set_up_minutes = number_field(
        _l("Further time for clearing up where a booking wants the room set up, in minutes"), least=0, most=240
    )

    def rules(self) -> BookingRules:
        """The room's rules as they were typed."""
        values = {name: self._fields[name].data for name in BookingRules.__dataclass_fields__}
        return BookingRules(**{**values, "approval": Approval(self.approval.data)})


class CopyRulesForm(BaseForm):
    """Take another room's booking rules."""

    source = SelectField(_l("Copy the rules of"))


def equipment_lines(text: str) -> list[Equipment]:
    """One thing a line; its English after a bar."""
    parts = [[piece.strip() for piece in line.split("|", 1)] for line in text.splitlines()]
    return [Equipment(*each) for each in parts if each[0]]


def equipment_text(room: Room) -> str:
    """A room's equipment as staff type it."""
    return "\n".join(f"{row.name} | {row.name_en}" if row.name_en else row.name for row in room.equipment)
