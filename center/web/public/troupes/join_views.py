"""Asking to join a troupe."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.troupes import queries
from center.troupes.members import actions
from center.troupes.members.actions import MemberFacts
from center.web.blueprints import troupes as blueprint
from center.web.forms import CreatingForm, long_text_field
from center.web.sending import form_page, go_on, is_done
from center.web.troupes.fields import many, part_choices
from center.web.troupes.pages import rights_in


class JoinForm(CreatingForm):
    """What somebody who asks to join says of themselves."""

    parts = many(
        _l("What would you like to do?"), hint=_l("Choose as many as you like, or none if you do not know yet.")
    )
    words = long_text_field(
        _l("A line to those who lead it"), most=300, hint=_l("What you have sung, played or danced.")
    )


@blueprint.route("/troupes/<slug>/join", methods=["GET", "POST"])
@signed_in
def join(slug: str) -> ResponseReturnValue:
    """Ask to join a troupe; those who lead it decide."""
    troupe = queries.get_troupe(slug)
    form, then = JoinForm(), url_for("troupes.mine")
    form.parts.choices = part_choices(queries.parts_of(troupe.id))

    def ask() -> object:
        facts = MemberFacts(parts=form.parts.data or (), words=form.words.data or "")
        return actions.apply(troupe, facts, by=current_user.person, now=clock.now())

    if is_done(form, ask, then=then):
        return go_on(_("You have asked to join. Those who lead the troupe tell you what they decide."), then)
    return form_page("public/troupes/join.html", form, troupe=troupe, rights=rights_in(troupe))
