"""Pages of the director: an account is closed, and opened again."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.people import actions, queries, records
from center.people.models import Account
from center.web.blueprints import people as blueprint
from center.web.people.forms import CloseForm
from center.web.sending import form_page, go_on, is_done


@blueprint.route("/desk/people/<id:person_id>/account/close", methods=["GET", "POST"])
@requires(Permission.GRANT_ROLES)
def close_account(person_id: int) -> ResponseReturnValue:
    """Nobody signs in with it any more."""
    account, form = _account_of(person_id), CloseForm()
    if is_done(
        form, lambda: actions.close_account(account, reason=form.reason.data, by=current_user.person, now=clock.now())
    ):
        return go_on(
            _("The account is closed. Whoever was signed in with it is signed out."),
            url_for("desk.person", person_id=person_id),
        )
    return form_page("desk/people/close_account.html", form, person=account.person)


@blueprint.post("/desk/people/<id:person_id>/account/open")
@requires(Permission.GRANT_ROLES)
def open_account_again(person_id: int) -> ResponseReturnValue:
    """Its owner may sign in again."""
    account = _account_of(person_id)
    with transaction():
        actions.open_account_again(account, by=current_user.person)
    return go_on(_("The account is open again."), url_for("desk.person", person_id=person_id))


def _account_of(person_id: int) -> Account:
    account = queries.account_of(records.get_person(person_id).id)
    authorise(account is not None)
    assert account is not None
    return account
