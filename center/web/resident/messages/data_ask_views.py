"""Pages on which people say what is wrong about them, or ask to be erased."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.notices import data_asks
from center.notices.models import AskedFor
from center.web.blueprints import notices as blueprint
from center.web.notices.forms import WrongForm
from center.web.people.erasing_forms import EraseForm
from center.web.people.erasing_page import what_it_does
from center.web.people.proof import require_recent_proof
from center.web.sending import form_page, go_on, is_done


@blueprint.route("/me/account/wrong", methods=["GET", "POST"])
@signed_in
def say_what_is_wrong() -> ResponseReturnValue:
    """Something that the centre knows of me is wrong."""
    form, me = WrongForm(), current_user.person
    if is_done(
        form,
        lambda: data_asks.ask(me, AskedFor.CORRECTION, words=form.note.data, by=me, now=clock.now()),
        then=url_for(".say_what_is_wrong"),
    ):
        return go_on(_("Thank you. The desk looks at it and tells you what came of it."), url_for(".say_what_is_wrong"))
    return form_page("resident/notices/say_what_is_wrong.html", form, asks=data_asks.latest_of(me))


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
        return go_on(
            _("The desk has your wish. You can take it back until it is carried out."), url_for(".ask_to_be_erased")
        )
    asks = [each for each in data_asks.open_asks_of(me) if each.what is AskedFor.ERASURE]
    return form_page("resident/notices/ask_to_be_erased.html", form, person=me, asks=asks, erasing=what_it_does(me))


@blueprint.post("/me/account/asks/<id:data_ask_id>/take-back")
@signed_in
def take_back_ask(data_ask_id: int) -> ResponseReturnValue:
    """I do not ask for it any more."""
    made = data_asks.get_ask(data_ask_id)
    authorise(made.person_id == current_user.person_id)
    with transaction():
        data_asks.take_back(made)
    return go_on(_("Taken back."), url_for("people.account"))
