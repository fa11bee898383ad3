"""The page of the numbers for missed visits and offers."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings.rulebook.missed_visits import settings
from center.bookings.visits import limits
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.web.blueprints import bookings as blueprint
from center.web.editing import watch
from center.web.sending import form_page, go_on, is_done
from center.web.settings.visits.forms import PresenceSettingsForm


@blueprint.route("/settings/presence", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRE)
def presence_settings() -> ResponseReturnValue:
    """The centre's numbers for missed visits and offers of freed time."""
    form = watch(lambda **given: PresenceSettingsForm(obj=settings(), **given))
    if is_done(form, lambda: limits.change_settings(form.numbers(), by=current_user.person)):
        return go_on(_("Saved."), url_for("bookings.presence_settings"))
    return form_page("settings/bookings/presence_settings.html", form)
