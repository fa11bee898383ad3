"""Signing in and out, registering, and what happens to a page that somebody has to sign in for."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import access_log, clock
from center.kernel.access import SignInNeeded, before_second_factor, public, signed_in
from center.kernel.db import transaction
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.i18n import ngettext
from center.kernel.sent import SentBeforeError
from center.people import queries, rules, sessions, sign_ins, throttle
from center.people.registration import Registration, show_login, sign_in_again
from center.people.registration import register as send_registration
from center.people.sign_ins import SignedIn
from center.web import offline_lists_cookie, refreshing, sign_in_cookie
from center.web.blueprints import people as blueprint
from center.web.edge import safe_next
from center.web.people import known_browsers, unsent_form
from center.web.people.forms import ProofForm, RegisterForm, SignInForm
from center.web.people.passkeys import has_passkey_here
from center.web.people.proof import ProofNeeded
from center.web.sending import is_done, result_of, tried
from center.web.unsent_cookie import unsent_here


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The sign-in page; whoever is signed in goes on at once."""
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")))
    return _sign_in_page(SignInForm(formdata=None, next=request.args.get("next", "")))


@blueprint.post("/sign-in")
@public
def send_sign_in() -> ResponseReturnValue:
    """Sign in and go on to where the person was going, with whatever they had typed there."""
    form = SignInForm()
    done = result_of(
        form,
        lambda: sign_ins.sign_in(
            form.login.data,
            form.password.data,
            source=known_browsers.source_for(rules.login_of(form.login.data)),
            now=clock.now(),
            is_kept=form.keep.data,
            device=sign_in_cookie.this_device(),
        ),
        transacts=False,
    )
    if done is None:
        return _sign_in_page(form)
    return _go_on_as(done, next_address=form.next.data, kept_text=form.kept.data)


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's session; a stolen copy of its cookie dies with it."""
    if current_user.is_authenticated:
        access_log.note(access_log.Kind.SIGNED_OUT)
        with transaction():
            sessions.end(current_user.session_id, account_id=current_user.account_id, now=clock.now())
    sign_in_cookie.drop()
    flash(_("You are signed out."), "ok")
    unsent = unsent_here()
    # The page to sign in wipes the lists that a browser keeps beside what is unsent; without scripts they open no more.
    answer = make_response(redirect(url_for("people.sign_in" if unsent else "timetable.home"), 303))
    if unsent:
        words = ngettext(
            "%(num)d check-in of this browser is not uploaded yet. Sign in again and open check-in to upload it.",
            "%(num)d check-ins of this browser are not uploaded yet. Sign in again and open check-in to upload them.",
            unsent,
        )
        flash(words, "error")
    # Not the cookies: language and size of letters stay. Nor what was stored at a door and has not reached us.
    answer.headers["Clear-Site-Data"] = '"cache"' if unsent else '"cache", "storage"'
    offline_lists_cookie.shut(answer)
    return answer


@blueprint.route("/register", methods=["GET", "POST"])
@public
def register() -> ResponseReturnValue:
    """Open an account, as somebody new or with the code that the desk printed."""
    if current_user.is_authenticated:
        sent_again = request.method == "POST"  # by a double press: it has led on already
        return redirect(safe_next(request.form.get("next")) if sent_again else url_for("people.account"), 303)
    asked_for = {"next": request.args.get("next", "")}
    form = RegisterForm(queries.buildings(), data=asked_for)
    done = _registered(form)
    if done is None:
        return render_template("public/people/register.html", form=form), form.exact_status
    answer = _go_on_as(done, next_address=form.next.data)
    _welcome(done, is_confirmed=bool(form.claim_code.data))
    return answer


def _registered(form: RegisterForm) -> SignedIn | None:
    """Register; None where something is wrong with the form. A double press signs in what the first one made."""
    source, device, now = throttle.source_of(request.remote_addr), sign_in_cookie.this_device(), clock.now()
    given: dict[str, Any] = {"source": source, "now": now, "device": device}
    try:
        return result_of(form, lambda: send_registration(_asked_in(form), **given), transacts=False)
    except SentBeforeError:
        done = tried(lambda: sign_in_again(_asked_in(form), **given), transacts=False)
        if isinstance(done, DomainError):
            form.refusal = done
            form.refuse(done)
            return None
        return done


def _asked_in(form: RegisterForm) -> Registration:
    return Registration(
        record=form.record(),
        password=form.password.data,
        login=form.login.data or "",
        claim_code=form.claim_code.data or "",
    )


@blueprint.route("/sign-in/prove", methods=["GET", "POST"])
@before_second_factor
@signed_in
def prove() -> ResponseReturnValue:
    """Type the password once more, then go on."""
    form = ProofForm(data={"next": request.args.get("next", "")})
    given = {"session_id": current_user.session_id, "now": clock.now()}
    prove_again = lambda: sign_ins.prove_again(current_user.account, form.password.data, **given)  # noqa: E731
    if not is_done(form, prove_again, transacts=False):
        return _proof_page(form)
    return _go_on(next_address=form.next.data, kept_text=form.kept.data)


@blueprint.app_errorhandler(SignInNeeded)
def ask_to_sign_in(_error: SignInNeeded) -> ResponseReturnValue:
    """A page needs somebody: come back to it after signing in, with all that was typed where a form was sent."""
    if sign_in_cookie.is_refresh():
        return refreshing.signed_out()
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))
    return _sign_in_page(SignInForm(formdata=None, kept=unsent_form.to_text(unsent_form.of_request())), status=401)


@blueprint.app_errorhandler(ProofNeeded)
def ask_for_proof(_error: ProofNeeded) -> ResponseReturnValue:
    """A page needs the password once more, whoever holds the browser."""
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("people.prove", next=request.full_path.rstrip("?")))
    return _proof_page(ProofForm(formdata=None, kept=unsent_form.to_text(unsent_form.of_request())), status=403)


def _go_on_as(done: SignedIn, *, next_address: str | None, kept_text: str | None = None) -> Response:
    """Put the new session into the browser, and answer with what the person wanted before they had to sign in."""
    sign_in_cookie.carry(done.token, is_short=done.is_short)
    answer = _go_on(next_address=next_address, kept_text=kept_text)
    known_browsers.remember(answer, done.login)
    return answer


def _go_on(*, next_address: str | None, kept_text: str | None) -> Response:
    form = unsent_form.from_text(kept_text)
    if form is None:
        return make_response(redirect(safe_next(next_address), 303))
    return make_response(render_template("shared/people/send_again.html", kept=form))


def _welcome(done: SignedIn, *, is_confirmed: bool) -> None:
    said = _("You are registered. From now on you sign in with %(login)s.", login=show_login(done.login))
    if not is_confirmed:
        next_step = _("You can look around now. To book, please let the desk confirm once who you are.")
        said = _("%(first)s %(second)s", first=said, second=next_step)
    flash(said, "ok")


def _sign_in_page(form: SignInForm, *, status: int | None = None) -> ResponseReturnValue:
    is_kept = unsent_form.from_text(form.kept.data) is not None
    wipes_lists = bool(unsent_here()) and not current_user.is_authenticated
    page = render_template("public/people/sign_in.html", form=form, is_kept=is_kept, wipes_lists=wipes_lists)
    return page, status or form.exact_status


def _proof_page(form: ProofForm, *, status: int | None = None) -> ResponseReturnValue:
    page = render_template("public/people/prove.html", form=form, has_passkey=has_passkey_here())
    return page, status or form.exact_status
