"""The second factor or a passkey, given after the password or when a page asks for it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import HiddenField

from center.kernel import clock
from center.kernel.access import SecondFactorNeeded, before_second_factor, signed_in
from center.kernel.i18n import lazy_gettext as _l
from center.people.second_factor import attempts, passkeys
from center.people.second_factor.models import Ceremony
from center.web import refreshing, sign_in_cookie
from center.web.blueprints import people as blueprint
from center.web.edge import safe_next
from center.web.forms import BaseForm, text_field
from center.web.people import unsent_form
from center.web.people.passkeys import answered, has_passkey_here
from center.web.sending import is_done


class CodeForm(BaseForm):
    """The code that the phone shows, or a printed one. `next` and `kept` say how to go on."""

    code = text_field(
        _l("Code for signing in"), most=40, hint=_l("The six digits on your phone, or one of your printed codes.")
    )
    next = HiddenField()
    kept = HiddenField()


@blueprint.app_errorhandler(SecondFactorNeeded)
def ask_for_second_factor(_error: SecondFactorNeeded) -> ResponseReturnValue:
    """A page needs the second factor: come back to it afterwards, with all that was typed where a form was sent."""
    if sign_in_cookie.is_refresh():
        return refreshing.signed_out()
    going_on = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else ""
    if not attempts.has_one(current_user.account_id):
        return redirect(url_for("people.set_up_second_factor", next=going_on), 303)
    if going_on:
        return redirect(url_for("people.second_factor", next=going_on), 303)
    form = CodeForm(formdata=None, kept=unsent_form.to_text(unsent_form.of_request()))
    return _code_page(form), 403


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@before_second_factor
@signed_in
def second_factor() -> ResponseReturnValue:
    """Type the code that the phone shows, then go on."""
    form = CodeForm(data={"next": request.args.get("next", "")})
    given = {"session_id": current_user.session_id, "now": clock.now()}
    if not is_done(form, lambda: attempts.give(current_user.account, form.code.data, **given), transacts=False):
        return _code_page(form), form.exact_status
    sent = unsent_form.from_text(form.kept.data)
    if sent is not None:
        return render_template("shared/people/send_again.html", kept=sent)
    return redirect(safe_next(form.next.data), 303)


def _code_page(form: CodeForm) -> str:
    return render_template("public/people/second_factor.html", form=form, has_passkey=has_passkey_here())


@blueprint.route("/sign-in/passkey", methods=["GET", "POST"])
@before_second_factor
@signed_in
def give_passkey() -> ResponseReturnValue:
    """A passkey in place of the code of the phone."""
    return answered(Ceremony.GIVE, passkeys.give, without="people.second_factor")


@blueprint.route("/sign-in/prove/passkey", methods=["GET", "POST"])
@before_second_factor
@signed_in
def prove_by_passkey() -> ResponseReturnValue:
    """A passkey in place of the password that is asked for again."""
    return answered(Ceremony.PROVE, passkeys.prove, without="people.prove")
