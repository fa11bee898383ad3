"""Pages on which the desk writes down what people ask about their data, and decides about it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, may, requires
from center.kernel.db import transaction
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.sent import once
from center.notices import data_asks
from center.notices.models import AskedFor
from center.people.records import get_person
from center.web.blueprints import notices as blueprint
from center.web.notices.forms import DataAskForm, DecideAskForm, DoNotEraseForm
from center.web.people import looks


@blueprint.route("/desk/people/<id:person_id>/asks", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def write_down_ask(person_id: int) -> ResponseReturnValue:
    """What somebody asks about their data at the desk, on the phone or by letter."""
    person, form = get_person(person_id), DataAskForm()
    if form.validate_on_submit():
        what, words, by = AskedFor(form.what.data), form.note.data or "", current_user.person
        try:
            with transaction(), once() as sending:
                made = data_asks.ask(person, what, words=words, by=by, now=clock.now())
                sending.then = url_for(".decide_ask", data_ask_id=made.id)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Written down. It stands on the list until somebody has decided."), "ok")
            return redirect(sending.then, 303)
    page = render_template("desk/notices/write_down_ask.html", form=form, person=person)
    return page, 422 if form.error_list() else 200


@blueprint.route("/desk/data-asks/<id:data_ask_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def decide_ask(data_ask_id: int) -> ResponseReturnValue:
    """What somebody asks about their data: correct it, or say why it stays as it is."""
    asked = data_asks.get_ask(data_ask_id)
    assert asked.person is not None
    is_erasure = asked.what is AskedFor.ERASURE
    may_decide = not is_erasure or may(Permission.GRANT_ROLES)
    form = DoNotEraseForm() if is_erasure else DecideAskForm()
    if may_decide and form.validate_on_submit():
        answer, is_refused = form.answer.data or "", is_erasure or form.outcome.data == "refused"
        try:
            with transaction():
                data_asks.settle(asked, is_refused=is_refused, answer=answer, by=current_user.person, now=clock.now())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Done. %(name)s is told.", name=asked.person.name), "ok")
            return redirect(url_for(".calls"), 303)
    looks.see_doors([asked.person])
    shown = {"form": form, "ask": asked, "is_erasure": is_erasure, "may_decide": may_decide}
    return render_template("desk/notices/decide_ask.html", **shown), 422 if form.error_list() else 200
