"""Entering a resident whom the centre knows and who does not belong to the organisation: by what they show or tell."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.attendance.walk_ins import known_by_code
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.access_log import Kind
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.people.models import Person
from center.troupes import queries
from center.troupes.members import actions, finding_residents
from center.troupes.members.actions import MemberFacts
from center.troupes.models.troupes import TroupeMember
from center.web.blueprints import troupes as blueprint
from center.web.own_hosts import read_here
from center.web.people import looks
from center.web.sending import form_page, go_on, result_of, tried
from center.web.troupes.fields import part_choices
from center.web.troupes.pages import led
from center.web.workspace.troupes.forms import KnownForm


@blueprint.route("/workspace/troupes/<slug>/members/known", methods=["GET", "POST"])
@signed_in
def enter_known(slug: str) -> ResponseReturnValue:
    """Enter somebody by their card, or by their full name and phone number; nobody is listed to choose from."""
    troupe, form = led(slug), KnownForm()
    form.parts.choices = part_choices(queries.parts_of(troupe.id))
    then = url_for("troupes.lead", slug=slug)
    if form.validate_on_submit():
        found = tried(lambda: _look_up(form), transacts=False)
        if isinstance(found, DomainError):
            form.refuse(found)
            return form_page("workspace/troupes/known.html", form, troupe=troupe)
        looks.see(Kind.ROLL, [found], subject=troupe.name)
        facts = MemberFacts(parts=form.parts.data or (), words=form.words.data or "")
        by, now, is_trial = current_user.person, clock.now(), form.how.data == "trial"

        def enter() -> TroupeMember:
            return actions.enter(troupe, found, facts, on_trial=is_trial, by=by, now=now)

        if made := result_of(form, enter, then=then):
            return go_on(_("%(name)s is entered, and told.", name=made.person.name), then)
    return form_page("workspace/troupes/known.html", form, troupe=troupe)


def _look_up(form: KnownForm) -> Person:
    code, name, phone = (form[each].data or "" for each in ("code", "name", "phone"))
    shown = known_by_code(read_here(code)) if code.strip() else None
    return finding_residents.look_up(name, phone, shown, by=current_user.person, now=clock.now())
