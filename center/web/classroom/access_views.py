"""Whom the director lets see the children's records, for a reason and a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import DateField, SelectField
from wtforms.validators import DataRequired

from center.afterschool.models.staff import ChildAccess
from center.afterschool.records import accesses
from center.afterschool.records.accesses import Grant
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.errors import RuleBroken
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.web.blueprints import classroom as blueprint
from center.web.forms import CreatingForm, text_field
from center.web.rendering import render
from center.web.sending import did, is_done


class AccessForm(CreatingForm):
    """Who sees the records, why, and from when until when."""

    person = SelectField(_l("Who is let"), validators=[DataRequired()])
    reason = text_field(_l("For what reason"), most=200)
    starts_on = DateField(_l("From"), validators=[DataRequired()])
    ends_on = DateField(_l("Until (and including)"), validators=[DataRequired()])


@dataclass(frozen=True, kw_only=True)
class AccessesPage:
    """Those that count, those that are over, and the form for a new one."""

    current: Sequence[ChildAccess]
    over: Sequence[ChildAccess]
    form: AccessForm
    today: date


@blueprint.route("/classroom/accesses", methods=["GET", "POST"], endpoint="accesses")
@requires(Permission.RUN_AFTER_SCHOOL)
def child_accesses() -> ResponseReturnValue:
    """Who is let without being on duty, and letting somebody."""
    today = clock.today(centre_zone())
    form = AccessForm(data={"starts_on": today, "ends_on": today})
    people = accesses.who_may_be_let(today)
    form.person.choices = [("", _("Choose somebody")), *((str(each.id), each.name) for each in people)]

    def give() -> ChildAccess:
        person = next((each for each in people if str(each.id) == form.person.data), None)
        if person is None:
            raise RuleBroken(_l("Choose somebody."), field="person")
        grant = Grant(reason=form.reason.data or "", starts_on=form.starts_on.data, ends_on=form.ends_on.data)
        return accesses.give(person, grant, by=current_user.person, now=clock.now(), today=today)

    back = url_for("classroom.accesses")
    if is_done(form, give, then=back):
        return redirect(back, 303)
    page = AccessesPage(current=accesses.current(today), over=accesses.over(today), form=form, today=today)
    return render("classroom/accesses.html", page), form.status


@blueprint.post("/classroom/accesses/<id:access_id>/revoke")
@requires(Permission.RUN_AFTER_SCHOOL)
def revoke_access(access_id: int) -> ResponseReturnValue:
    """End it at once."""
    found = accesses.get(access_id)
    did(lambda: accesses.revoke(found, by=current_user.person, now=clock.now()), _("Ended."))
    return redirect(url_for("classroom.accesses"), 303)
