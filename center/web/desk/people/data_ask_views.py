"""Pages on which the desk writes down what people ask about their data, and decides about it."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, may, requires
from center.kernel.i18n import gettext as _
from center.notices import data_asks
from center.notices.models import Ask, AskedFor
from center.people.records import get_person
from center.web.blueprints import notices as blueprint
from center.web.notices.forms import DataAskForm, DecideAskForm, DoNotEraseForm
from center.web.people import looks
from center.web.sending import form_page, go_on, is_done, result_of


@blueprint.route("/desk/people/<id:person_id>/asks", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def write_down_ask(person_id: int) -> ResponseReturnValue:
    """What somebody asks about their data at the desk, on the phone or by letter."""
    person, form = get_person(person_id), DataAskForm()

    def ask() -> Ask:
        words, by = form.note.data or "", current_user.person
        return data_asks.ask(person, AskedFor(form.what.data), words=words, by=by, now=clock.now())

    if made := result_of(form, ask, then=_page_of):
        return go_on(_("Written down. It stands on the list until somebody has decided."), _page_of(made))
    return form_page("desk/notices/write_down_ask.html", form, person=person)


def _page_of(asked: Ask) -> str:
    return url_for(".decide_ask", data_ask_id=asked.id)


@blueprint.route("/desk/data-asks/<id:data_ask_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def decide_ask(data_ask_id: int) -> ResponseReturnValue:
    """What somebody asks about their data: correct it, or say why it stays as it is."""
    asked = data_asks.get_ask(data_ask_id)
    assert asked.person is not None
    is_erasure = asked.what is AskedFor.ERASURE
    may_decide = not is_erasure or may(Permission.GRANT_ROLES)
    form = DoNotEraseForm() if is_erasure else DecideAskForm()

    def settle() -> None:
        answer, is_refused = form.answer.data or "", is_erasure or form.outcome.data == "refused"
        data_asks.settle(asked, is_refused=is_refused, answer=answer, by=current_user.person, now=clock.now())

    if may_decide and is_done(form, settle):
        return go_on(_("Done. %(name)s is told.", name=asked.person.name), url_for(".calls"))
    looks.see_doors([asked.person])
    return form_page("desk/notices/decide_ask.html", form, ask=asked, is_erasure=is_erasure, may_decide=may_decide)
