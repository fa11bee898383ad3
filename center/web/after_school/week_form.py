"""The form of a child's fixed week, for a guardian's account and for the desk."""

from collections.abc import Callable, Sequence
from typing import Any

from wtforms import Field, SelectField, TimeField
from wtforms.validators import Optional

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Stay, Way
from center.afterschool.plans import ways, weeks
from center.afterschool.plans.ways import BUS_MOST, AskedWay
from center.afterschool.stays import IN_ORDER
from center.afterschool.words import STAYS
from center.kernel import clock
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.rooms.labels import WEEKDAYS
from center.web.editing import EditingForm
from center.web.forms import id_of, text_field

NOT = "not"
AT = _l("At what time")


def _stay() -> SelectField:
    return SelectField(
        _l("Part of the day"), choices=[(each.value, STAYS[each]) for each in IN_ORDER], default=Stay.WHOLE.value
    )


class WeekForm(EditingForm):
    """For each weekday how the child goes home, and when if they go alone or are usually collected at a time."""

    way_0 = SelectField(WEEKDAYS[0])
    stay_0 = _stay()
    leaves_0 = TimeField(AT, validators=[Optional()])
    way_1 = SelectField(WEEKDAYS[1])
    stay_1 = _stay()
    leaves_1 = TimeField(AT, validators=[Optional()])
    way_2 = SelectField(WEEKDAYS[2])
    stay_2 = _stay()
    leaves_2 = TimeField(AT, validators=[Optional()])
    way_3 = SelectField(WEEKDAYS[3])
    stay_3 = _stay()
    leaves_3 = TimeField(AT, validators=[Optional()])
    way_4 = SelectField(WEEKDAYS[4])
    stay_4 = _stay()
    leaves_4 = TimeField(AT, validators=[Optional()])
    way_5 = SelectField(WEEKDAYS[5])
    stay_5 = _stay()
    leaves_5 = TimeField(AT, validators=[Optional()])
    way_6 = SelectField(WEEKDAYS[6])
    stay_6 = _stay()
    leaves_6 = TimeField(AT, validators=[Optional()])
    bus = text_field(_l("Which bus"), most=BUS_MOST, required=False, hint=_l("Only if the school bus takes them home."))

    def keep(self, weekdays: Sequence[int], choices: Sequence[tuple[str, Any]], *, has_halves: bool) -> None:
        """Ask of these weekdays alone, with these ways; for which part of the day only of whole days."""
        for weekday in range(7):
            if not has_halves or weekday not in weekdays:
                del self[f"stay_{weekday}"]
            if weekday in weekdays:
                self._fields[f"way_{weekday}"].choices = choices
            else:
                del self[f"way_{weekday}"], self[f"leaves_{weekday}"]

    def of_weekdays(self) -> list[Field]:
        """The fields of the week, weekday by weekday, and the bus."""
        return [each for each in self if each.name.partition("_")[0] in {"way", "stay", "leaves", "bus"}]

    def week(self) -> dict[int, AskedWay | None]:
        """What was chosen, by weekday."""
        found: dict[int, AskedWay | None] = {}
        for weekday in range(7):
            if (field := self._fields.get(f"way_{weekday}")) is None:
                continue
            way, _colon, number = str(field.data).partition(":")
            leaves = self._fields[f"leaves_{weekday}"].data if way in {Way.ALONE, Way.COLLECTED} else None
            bus = (self.bus.data or "") if way == Way.BUS else ""
            asked = self._fields.get(f"stay_{weekday}")
            stay = Stay(asked.data) if asked is not None else Stay.WHOLE
            found[weekday] = (
                None
                if way == NOT
                else AskedWay(way=Way(way), leaves=leaves, sibling_id=id_of(number), bus=bus, stay=stay)
            )
        return found


def week_choices(
    enrolment: Enrolment, *, may_walk: bool, called: Callable[[Person], str] = lambda sibling: sibling.name
) -> list[tuple[str, Any]]:
    """The ways that can be chosen; one that is chosen already stays, so that nothing is changed in silence."""
    child = enrolment.child
    on, rows = clock.today(centre_zone()), weeks.week_of(enrolment).values()
    found: list[tuple[str, Any]] = [(NOT, _("Does not come")), (Way.COLLECTED, _("Is collected"))]
    if may_walk or any(each.way is Way.ALONE for each in rows):
        found.append((Way.ALONE, _("Goes home alone")))
    siblings = {each.id: called(each) for each in ways.siblings_of(child, term=enrolment.term, on=on)}
    siblings |= {each.sibling.id: called(each.sibling) for each in rows if each.sibling}
    found += [(f"{Way.SIBLING}:{number}", _("Goes with %(who)s", who=name)) for number, name in siblings.items()]
    return [*found, (Way.BUS, _("Goes with the school bus"))]


def shown_week(enrolment: Enrolment) -> dict[str, Any]:
    """The week as the form shows it."""
    rows = weeks.week_of(enrolment)
    found: dict[str, Any] = {"bus": next((each.bus for each in rows.values() if each.bus), "")}
    for weekday in range(7):
        row = rows.get(weekday)
        way = NOT if row is None else f"{row.way}:{row.sibling_id}" if row.way is Way.SIBLING else str(row.way)
        found |= {f"way_{weekday}": way, f"leaves_{weekday}": row.leaves if row else None}
        found[f"stay_{weekday}"] = (row.stay if row else Stay.WHOLE).value
    return found
