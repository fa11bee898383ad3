"""Pages on which the desk prints somebody's card, and ends one that was lost."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.attendance import cards
from center.attendance.codes import CARD_PREFIX, in_groups
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.people import records
from center.people.models import Person
from center.web import slips
from center.web.blueprints import desk as blueprint
from center.web.forms import BaseForm
from center.web.qr import qr_code
from center.web.sending import did, result_of

SLIP = "slip"  # in large print, instead of a card


@blueprint.route("/desk/people/<id:person_id>/card", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def card(person_id: int) -> ResponseReturnValue:
    """Whether somebody has a card; print a new one, which ends it."""
    person, form = records.get_person(person_id), BaseForm()
    code = result_of(form, lambda: cards.issue(person, by=current_user.person, now=clock.now()))
    if code is None:
        page = render_template("desk/people/card.html", form=form, person=person, card=cards.card_of(person))
        return page, form.status
    return _printed(person, code, is_slip=request.form.get("paper") == SLIP)


@blueprint.post("/desk/people/<id:person_id>/card/end")
@requires(Permission.EDIT_PEOPLE)
def end_card(person_id: int) -> ResponseReturnValue:
    """The card was lost: it counts no more."""
    person = records.get_person(person_id)
    end = lambda: cards.revoke(person, by=current_user.person, now=clock.now())  # noqa: E731
    said = lambda had_one: _("The card counts no more.") if had_one else _("There was no card.")  # noqa: E731
    did(end, said)
    return redirect(url_for("desk.card", person_id=person_id), 303)


def _printed(person: Person, code: str, *, is_slip: bool) -> str:
    return slips.slip(
        "desk/people/card_slip.html" if is_slip else "desk/people/card_printed.html",
        person,
        person=person,
        code=in_groups(code),
        picture=qr_code(CARD_PREFIX + code, is_sized=False),
    )
