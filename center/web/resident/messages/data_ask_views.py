"""Pages on which people say what is wrong about them, and on which the desk decides about it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, authorise, may, requires, signed_in
from center.kernel.db import transaction
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.sent import once
from center.notices import data_asks
from center.notices.models import AskedFor
from center.people.records import get_person
from center.web.blueprints import notices as blueprint
from center.web.notices.forms import DataAskForm, DecideAskForm, DoNotEraseForm, WrongForm
from center.web.people import looks
from center.web.people.erasing_forms import EraseForm
from center.web.people.erasing_page import what_it_does
from center.web.people.proof import require_recent_proof


@blueprint.route("/me/account/wrong", methods=["GET", "POST"])
@signed_in
def say_what_is_wrong() -> ResponseReturnValue:
    """Something that the centre knows of me is wrong."""
    form, me = WrongForm(), current_user.person
    if form.validate_on_submit():
        try:
            with transaction(), once(then=url_for(".say_what_is_wrong")):
                data_asks.ask(me, AskedFor.CORRECTION, words=form.note.data, by=me, now=clock.now())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Thank you. The desk looks at it and tells you what came of it."), "ok")
            return redirect(url_for(".say_what_is_wrong"), 303)
    page = render_template("notices/say_what_is_wrong.html", form=form, asks=data_asks.latest_of(me))
    return page, 422 if form.error_list() else 200


@blueprint.route("/me/account/erase", methods=["GET", "POST"])
@signed_in
def ask_to_be_erased() -> ResponseReturnValue:
    """The centre is to forget me: what that does, and my name, so that it is no slip."""
    require_recent_proof()
    me = current_user.person
    form = EraseForm(me)
    if form.validate_on_submit():
        with transaction():
            data_asks.ask(me, AskedFor.ERASURE, words="", by=me, now=clock.now())
        flash(_("The desk has your wish. You can take it back until it is carried out."), "ok")
        return redirect(url_for(".ask_to_be_erased"), 303)
    asks = [each for each in data_asks.open_asks_of(me) if each.what is AskedFor.ERASURE]
    shown = {"form": form, "person": me, "asks": asks, **what_it_does(me)}
    return render_template("notices/ask_to_be_erased.html", **shown), 422 if form.error_list() else 200


@blueprint.post("/me/account/asks/<id:data_ask_id>/take-back")
@signed_in
def take_back_ask(data_ask_id: int) -> ResponseReturnValue:
    """I do not ask for it any more."""
    made = data_asks.get_ask(data_ask_id)
    authorise(made.person_id == current_user.person_id)
    with transaction():
        data_asks.take_back(made)
    flash(_("Taken back."), "ok")
    return redirect(url_for("people.account"), 303)


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
    page = render_template("notices/write_down_ask.html", form=form, person=person)
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
    return render_template("notices/decide_ask.html", **shown), 422 if form.error_list() else 200
