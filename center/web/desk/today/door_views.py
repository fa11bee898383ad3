"""The door calculator: how many helpers or devices a door needs."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from wtforms import DecimalField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from center.attendance import door
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import lazy_gettext as _l
from center.web.blueprints import desk as blueprint
from center.web.forms import FilterForm
from center.web.sending import form_page

USUAL_PEAK = 15
MOST_DIGITS = 9


class CountField(IntegerField):
    """A number of things; more digits than any has are refused before they are reckoned with."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        if len("".join(map(str, valuelist))) > MOST_DIGITS:
            raise ValueError(_l("Please give a smaller number."))
        super().process_formdata(valuelist)


class DoorForm(FilterForm):
    """Who comes, within how long, and how long each takes. Sent with GET."""

    arrivals = CountField(
        _l("How many people come"),
        validators=[InputRequired(_l("Please fill this in.")), NumberRange(1, 5000, _l("From 1 to 5000, please."))],
    )
    peak_minutes = CountField(
        _l("Within how many minutes most of them come"),
        description=_l("Usually the last quarter of an hour before the start."),
        validators=[InputRequired(_l("Please fill this in.")), NumberRange(1, 240, _l("From 1 to 240, please."))],
    )
    seconds_each = DecimalField(
        _l("Seconds for each person"),
        places=1,
        validators=[InputRequired(_l("Please fill this in.")), NumberRange(1, 120, _l("From 1 to 120, please."))],
    )


@blueprint.get("/desk/door-calculator")
@requires(Permission.SEE_DESK)
def door_calculator() -> ResponseReturnValue:
    """How many helpers or devices are needed so that nobody waits long."""
    measured = door.seconds_at_our_door(now=clock.now())
    usual = {"arrivals": 60, "peak_minutes": USUAL_PEAK, "seconds_each": measured or door.USUAL_SECONDS}
    asked = request.args if "arrivals" in request.args else None
    form = DoorForm(formdata=asked, data=usual)
    need = None
    if asked is None or form.validate():
        need = door.helpers_needed(
            form.arrivals.data, peak_minutes=form.peak_minutes.data, seconds_each=float(form.seconds_each.data)
        )
    return form_page("desk/door_calculator.html", form, need=need, measured=measured, usual=door.USUAL_SECONDS)
