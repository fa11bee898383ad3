"""The page of the numbers for missed visits and offers."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings.rulebook.missed_visits import settings
from center.bookings.visits import limits
from center.kernel.access import Permission, requires
from center.kernel.i18n import lazy_gettext as _l
from center.web.blueprints import bookings as blueprint
from center.web.editing import EditingForm, watch
from center.web.rooms.forms import number_field
from center.web.settings.saving import save


class PresenceSettingsForm(EditingForm):
    """The centre's numbers for missed visits and offers of freed time."""

    missed_visits = number_field(_l("How many missed visits propose a limit"), least=1, most=20)
    within_days = number_field(_l("Within how many days"), least=1, most=366)
    limit_days = number_field(
        _l("How many days a limit lasts"), least=1, most=366, hint=_l("It can be lifted at any time.")
    )
    wish_limit = number_field(_l("For how many taken times one person may wait at once"), least=1, most=50)
    offer_minutes = number_field(
        _l("How many minutes freed time is held for whoever waits"),
        least=1,
        most=720,
        hint=_l("Only the time from 8:00 to 21:00 counts."),
    )

    def numbers(self) -> dict[str, int]:
        """What was typed, by the names of the columns."""
        return {name: field.data for name, field in self._fields.items() if name not in {"csrf_token", "seen"}}


@blueprint.route("/settings/presence", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRE)
def presence_settings() -> ResponseReturnValue:
    """The centre's numbers for missed visits and offers of freed time."""
    form = watch(lambda **given: PresenceSettingsForm(obj=settings(), **given))
    change = lambda: limits.change_settings(form.numbers(), by=current_user.person)  # noqa: E731
    return save(form, "settings/bookings/presence_settings.html", change, then=url_for("bookings.presence_settings"))
