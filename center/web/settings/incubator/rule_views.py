"""How many working days each stage of the incubator may take, and what becomes of hours beyond an agreement."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import Field, RadioField
from wtforms.validators import InputRequired

from center.incubator.models.house_rules import COLUMNS, MOST_DAYS, OverHours
from center.incubator.stages import house_rules
from center.incubator.stages.words import OVER_HOURS, STAGE_NAMES
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.web.blueprints import incubation as blueprint
from center.web.editing import EditingForm, watch
from center.web.rooms.forms import number_field
from center.web.settings.saving import save

DAYS = (*COLUMNS.values(), "report_days")


class RulesForm(EditingForm):
    """Working days by stage, and the rule for hours."""

    over_hours = RadioField(
        _l("A room beyond the hours that an agreement allows in a month"),
        choices=[(each.value, words) for each, words in OVER_HOURS.items()],
        validators=[InputRequired(_l("Please choose one."))],
        coerce=lambda value: getattr(value, "value", value),
    )

    @property
    def day_fields(self) -> list[Field]:
        """The numbers, in the order of the stages."""
        return [self[name] for name in DAYS]

    def days(self) -> dict[str, int]:
        """What was typed, by the names of the columns."""
        return {name: self[name].data for name in DAYS}


for _stage, _column in COLUMNS.items():
    setattr(RulesForm, _column, number_field(STAGE_NAMES[_stage], least=1, most=MOST_DAYS))
_report: Any = _l("Report for the mid-term review")
setattr(RulesForm, "report_days", number_field(_report, least=1, most=MOST_DAYS))  # noqa: B010  (beside the others)


@blueprint.route("/settings/incubator/days", methods=["GET", "POST"])
@requires(Permission.DECIDE_INCUBATOR)
def edit_rules() -> ResponseReturnValue:
    """The centre's own numbers for the incubator."""
    form = watch(lambda **given: RulesForm(obj=house_rules.house_rules(), **given))

    def change() -> None:
        house_rules.change(form.days(), OverHours(form.over_hours.data), by=current_user.person)

    said = _("Saved. Deadlines that are set already stay as they are.")
    return save(form, "settings/incubator/rules.html", change, then=url_for("incubation.edit_rules"), said=said)
