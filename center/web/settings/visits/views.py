"""The page of the numbers for missed visits and offers."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings.rulebook.missed_visits import settings
from center.bookings.visits import limits
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.web.blueprints import bookings as blueprint
from center.web.editing import status_of, watch
from center.web.sending import is_done
from center.web.settings.visits.forms import PresenceSettingsForm


@blueprint.route("/settings/presence", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRE)
def presence_settings() -> ResponseReturnValue:
    """The centre's numbers for missed visits and offers of freed time."""
    form = watch(lambda **given: PresenceSettingsForm(obj=settings(), **given))
    act = lambda: limits.change_settings(form.numbers(), by=current_user.person)  # noqa: E731
    if is_done(form, act):
        flash(_("Saved."), "ok")
        return redirect(url_for("bookings.presence_settings"), 303)
    return render_template("settings/bookings/presence_settings.html", form=form), status_of(form)
