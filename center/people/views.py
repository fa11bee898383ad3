"""Signing in and out, and what happens to a page that somebody has to sign in for."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug import Response

from center import clock
from center.access import SignInNeeded, public
from center.db import transaction
from center.errors import DomainError
from center.i18n import gettext as _
from center.people import devices, kept, rules, sessions, sign_ins
from center.people.blueprint import blueprint
from center.people.forms import SignInForm
from center.web import safe_next

__all__ = ["blueprint"]


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The sign-in page; whoever is signed in goes on at once."""
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")))
    return _sign_in_page(SignInForm(next=request.args.get("next", "")))


@blueprint.post("/sign-in")
@public
def send_sign_in() -> ResponseReturnValue:
    """Sign in and go on to where the person was going, with whatever they had typed there."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form)
    typed, password = form.login.data, form.password.data
    source = devices.source_for(rules.login_of(typed))
    try:
        done = sign_ins.sign_in(typed, password, source=source, now=clock.now())
    except DomainError as error:
        form.refuse(error)
        return _sign_in_page(form, status=error.status)
    return go_on(done, next_address=form.next.data, kept_text=form.kept.data)


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's session; a stolen copy of its cookie dies with it."""
    if current_user.is_authenticated:
        with transaction():
            sessions.end(current_user.session_id, account_id=current_user.account_id, now=clock.now())
    sessions.drop()
    flash(_("You are signed out."), "ok")
    return redirect(url_for("timetable.home"), 303)


@blueprint.app_errorhandler(SignInNeeded)
def ask_to_sign_in(_error: SignInNeeded) -> ResponseReturnValue:
    """A page needs somebody: come back to it after signing in, with all that was typed where a form was sent."""
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))
    form = SignInForm(formdata=None, kept=kept.to_text(kept.of_request()))
    return _sign_in_page(form, status=401)


def go_on(done: sign_ins.SignedIn, *, next_address: str | None, kept_text: str | None) -> Response:
    """Put the new session into the browser, and answer with what the person wanted before they had to sign in."""
    sessions.carry(done.token, is_staff=done.is_staff)
    form = kept.from_text(kept_text)
    if form is None:
        answer = make_response(redirect(safe_next(next_address), 303))
    else:
        answer = make_response(render_template("people/send_again.html", kept=form))
    devices.remember(answer, done.login)
    return answer


def _sign_in_page(form: SignInForm, *, status: int | None = None) -> ResponseReturnValue:
    is_kept = kept.from_text(form.kept.data) is not None
    page = render_template("people/sign_in.html", form=form, is_kept=is_kept)
    return page, status or (422 if form.errors or form.form_errors else 200)
