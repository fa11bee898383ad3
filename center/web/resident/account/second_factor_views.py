"""Pages of one's own second factor: set up, printed codes."""

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import HiddenField

from center.kernel import clock
from center.kernel.access import SecondFactorNeeded, before_second_factor, signed_in
from center.kernel.db import transaction
from center.kernel.i18n import centre
from center.kernel.i18n import lazy_gettext as _l
from center.people.claims import in_groups
from center.people.second_factor import attempts, totp
from center.web.blueprints import people as blueprint
from center.web.edge import safe_next
from center.web.forms import BaseForm, text_field
from center.web.people.passkeys import site_here
from center.web.people.proof import require_recent_proof
from center.web.qr import qr_code
from center.web.sending import result_of


class SetUpForm(BaseForm):
    """The first code that the phone shows; `seal` carries the key that it was told."""

    code = text_field(_l("Code for signing in"), most=20, hint=_l("The six digits that the app shows now."))
    seal = HiddenField()
    next = HiddenField()


@blueprint.route("/me/account/second-factor", methods=["GET", "POST"])
@before_second_factor
@signed_in
def set_up_second_factor() -> ResponseReturnValue:
    """Tell a phone its key, and prove that it knows it; the printed codes are shown once."""
    me = current_user
    if me.owes_second and attempts.has_one(me.account_id):
        raise SecondFactorNeeded
    require_recent_proof()
    form = SetUpForm(data={"next": request.args.get("next", "")})
    nonce = _nonce_of(form.seal.data)
    given = {"session_id": me.session_id, "now": clock.now()}
    if nonce and (
        codes := result_of(form, lambda: attempts.set_up(me.account, nonce, form.code.data, **given), transacts=False)
    ):
        return codes_page(codes, next_address=safe_next(form.next.data))
    return _set_up_page(form, nonce or totp.new_nonce())


@blueprint.post("/me/account/second-factor/codes")
@signed_in
def renew_recovery_codes() -> ResponseReturnValue:
    """New printed codes; those before no longer count."""
    require_recent_proof()
    if not attempts.has_one(current_user.account_id):
        return redirect(url_for("people.set_up_second_factor"), 303)
    with transaction():
        codes = attempts.renew_codes(current_user.account, now=clock.now())
    return codes_page(codes, next_address=url_for("people.account"))


def _set_up_page(form: SetUpForm, nonce: str) -> ResponseReturnValue:
    key = attempts.key_for(nonce)
    form.seal.data, form.code.data = _seals().dumps([current_user.account_id, nonce]), ""
    address = totp.address_of(key, login=current_user.account.signs_in_with, centre=centre().name)
    page = render_template(
        "resident/people/second_factor_set_up.html",
        form=form,
        key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        picture=qr_code(address, is_sized=False),
        has_one=attempts.find_factor(current_user.account_id) is not None,
        may_have_passkey=site_here() is not None,
    )
    return page, form.status


def codes_page(codes: list[str], *, next_address: str) -> ResponseReturnValue:
    """The page that shows new printed codes this once."""
    shown = [in_groups(code) for code in codes]
    return render_template("resident/people/recovery_codes.html", codes=shown, next_address=next_address)


def _nonce_of(seal: str | None) -> str | None:
    """The key that this account's phone was told; None for anything else."""
    try:
        account_id, nonce = _seals().loads(seal or "")
    except (BadSignature, TypeError, ValueError):
        return None
    return str(nonce) if account_id == current_user.account_id else None


def _seals() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="second factor")
