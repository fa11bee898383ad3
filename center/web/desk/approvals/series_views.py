"""The page on which staff decide about a series as one thing."""

from datetime import date

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings.series.actions import decide_series
from center.bookings.series.queries import get_series, waiting_dates
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.kernel.i18n import ngettext
from center.web.blueprints import bookings as blueprint
from center.web.bookings.series_forms import DecideSeriesForm
from center.web.bookings.series_page import series_page
from center.web.desk.approvals.views import next_address
from center.web.sending import go_on, result_of


@blueprint.post("/desk/series/<series>/decide")
@requires(Permission.APPROVE_BOOKINGS)
def decide_about_series(series: str) -> ResponseReturnValue:
    """Agree to a series as one thing, perhaps without some of its dates; or decline all of it."""
    now = clock.now()
    found, back = get_series(series), next_address(series)
    form = DecideSeriesForm()
    waiting = {each.on_date for each in waiting_dates(found, now=now)}
    declined = waiting if request.form.get("decision") == "decline" else waiting & _ticked()
    done = result_of(form, lambda: decide_series(found, declined, reason=form.words, by=current_user.person, now=now))
    if done is None:
        return series_page(found, form, ticked=_ticked(), now=now)
    agreed, refused = done
    said = [ngettext("%(num)d date is approved.", "%(num)d dates are approved.", agreed)] if agreed else []
    said += [ngettext("%(num)d date is declined.", "%(num)d dates are declined.", refused)] if refused else []
    return go_on(" ".join(said) or _("Nothing waits any more."), back)


def _ticked() -> set[date]:
    days = set()
    for text in request.form.getlist("declined"):
        try:
            days.add(date.fromisoformat(text))
        except ValueError:
            continue
    return days
