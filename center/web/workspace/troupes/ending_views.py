"""Ending a troupe, with what becomes of everything in it said before; and taking the end back."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.troupes import ending, queries
from center.web.blueprints import troupes as blueprint
from center.web.forms import BaseForm, text_field
from center.web.sending import did, form_page, go_on, is_done
from center.web.troupes.pages import endable, rights_in


class EndForm(BaseForm):
    """Why the troupe is no more."""

    reason = text_field(_l("Reason"), most=200, hint=_l("All members read it."))


@blueprint.route("/workspace/troupes/<slug>/end", methods=["GET", "POST"])
@signed_in
def end_troupe(slug: str) -> ResponseReturnValue:
    """What stands against the end, what becomes of members, dates and loans; and the end itself."""
    troupe, form, now = endable(slug), EndForm(), clock.now()
    then = url_for("troupes.show", slug=slug)
    if troupe.ended_on is not None:
        return redirect(then, 303)
    if is_done(form, lambda: ending.end(troupe, reason=form.reason.data, by=current_user.person, now=now)):
        return go_on(_("The troupe has ended, and its members are told. You can take that back."), then)
    return form_page(
        "workspace/troupes/end.html",
        form,
        troupe=troupe,
        found=ending.left_in(troupe, now=now),
        may_lead=rights_in(troupe).may_lead,
        offices=len(queries.offices_on(troupe.id, now.date())),
    )


@blueprint.post("/workspace/troupes/<slug>/end/back")
@signed_in
def take_end_back(slug: str) -> ResponseReturnValue:
    """The troupe goes on after all."""
    troupe = endable(slug)
    did(
        lambda: ending.take_back(troupe, by=current_user.person, now=clock.now()),
        _("The troupe goes on, with its members and whoever led it. Plan its rehearsals anew."),
    )
    return redirect(url_for("troupes.show", slug=slug), 303)
