"""One's own card: reporting that it is lost."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.attendance import cards
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.i18n import gettext as _
from center.web.blueprints import people as blueprint
from center.web.sending import did


@blueprint.post("/me/account/card/lost")
@signed_in
def report_card_lost() -> ResponseReturnValue:
    """My card is lost: nobody checks in with it any more."""
    me = current_user.person
    lose = lambda: cards.revoke(me, by=me, now=clock.now())  # noqa: E731
    said = lambda had_one: _("Your card counts no more. The desk prints you a new one.") if had_one else ""  # noqa: E731
    did(lose, said)
    return redirect(url_for("people.account"), 303)
