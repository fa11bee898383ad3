"""Sale days that studios ask for: staff approve or decline them, and can take that back at once."""

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.undoing import may_undo
from center.troupes.models.works import SaleDay, Work
from center.troupes.works import days, queries
from center.web.blueprints import desk as blueprint
from center.web.forms import BaseForm, text_field
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done
from center.web.troupes.work_words import WORDS, WorkWords


class DeclineForm(BaseForm):
    """Why the studio may not sell."""

    reason = text_field(_l("Reason"), most=200, hint=_l("The studio reads it."))


@dataclass(frozen=True, kw_only=True)
class RequestPage:
    """What a studio asks for: when, where, what for, and with which works."""

    day: SaleDay
    works: list[Work]
    may_undo: bool
    is_own: bool
    now: datetime
    words: WorkWords = WORDS


@blueprint.get("/desk/sale-days")
@requires(Permission.EDIT_ACTIVITIES)
def sale_days() -> ResponseReturnValue:
    """What waits, and what was decided and lies ahead."""
    found = queries.days_for_staff(now=clock.now())
    return render_template("desk/sale_days/index.html", days=found, words=WORDS)


@blueprint.get("/desk/sale-days/<id:sale_day_id>")
@requires(Permission.EDIT_ACTIVITIES)
def sale_day(sale_day_id: int) -> ResponseReturnValue:
    """What a studio asks for."""
    day, now = queries.get_day(sale_day_id), clock.now()
    is_mine = day.decided_by_id == current_user.person_id
    page = RequestPage(
        day=day,
        works=list(queries.works_on(day)),
        may_undo=bool(is_mine and day.decided_at and may_undo(day.decided_at, now=now)),
        is_own=day.requested_by_id == current_user.person_id,
        now=now,
    )
    return render("desk/sale_days/day.html", page)


@blueprint.post("/desk/sale-days/<id:sale_day_id>/approve")
@requires(Permission.EDIT_ACTIVITIES)
def approve_sale_day(sale_day_id: int) -> ResponseReturnValue:
    """The studio may sell."""
    day = queries.get_day(sale_day_id)
    did(
        lambda: days.approve(day, by=current_user.person, now=clock.now()),
        _("Approved. The studio is told, and its works are on sale."),
    )
    return redirect(url_for("desk.sale_day", sale_day_id=day.id), 303)


@blueprint.route("/desk/sale-days/<id:sale_day_id>/decline", methods=["GET", "POST"])
@requires(Permission.EDIT_ACTIVITIES)
def decline_sale_day(sale_day_id: int) -> ResponseReturnValue:
    """The studio may not sell, and hears why."""
    day, form = queries.get_day(sale_day_id), DeclineForm()
    decline = lambda: days.decline(day, reason=form.reason.data, by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, decline):
        return go_on(_("Declined. The studio is told why."), url_for("desk.sale_days"))
    return form_page("desk/sale_days/decline.html", form, day=day)


@blueprint.post("/desk/sale-days/<id:sale_day_id>/undo")
@requires(Permission.EDIT_ACTIVITIES)
def undo_sale_day(sale_day_id: int) -> ResponseReturnValue:
    """Take back one's own decision."""
    day = queries.get_day(sale_day_id)
    did(lambda: days.undo(day, by=current_user.person, now=clock.now()), _("It waits for a decision again."))
    return redirect(url_for("desk.sale_day", sale_day_id=day.id), 303)
