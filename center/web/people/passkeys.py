"""Asking the browser for a passkey: what the pages that sign in, and those of one's own account, share."""

from collections.abc import Callable

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import HiddenField

from center.kernel import clock
from center.kernel.config import Settings
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import centre, in_language
from center.kernel.i18n import lazy_gettext as _l
from center.people.second_factor import passkeys, rules
from center.people.second_factor.models import Ceremony
from center.people.second_factor.passkeys import Asker
from center.web.edge import safe_next
from center.web.forms import BaseForm
from center.web.people import unsent_form
from center.web.sending import is_done, tried


class AnswerForm(BaseForm):
    """What the browser answered; empty at first. `next` and `kept` say how to go on."""

    answer = HiddenField()
    name = HiddenField()
    next = HiddenField()
    kept = HiddenField()


def has_passkey_here() -> bool:
    """Whether whoever is signed in has a passkey that works under the name of the site just asked for."""
    return bool(passkeys.usable_at(site_here(), current_user.account_id))


def site_here() -> rules.Site | None:
    """The site as passkeys know it; None where they do not work."""
    settings: Settings = current_app.extensions["settings"]
    return rules.site_at(
        request.host,
        site_url=settings.site_url,
        hosts=settings.hosts,
        is_https=settings.secure_cookies,
        own_port=settings.port if settings.is_for_developers else None,
    )


def answered(ceremony: Ceremony, use: Callable[..., None], *, without: str) -> ResponseReturnValue:
    """Ask for a key, and go on once its answer is right. `without` is the page of those who have no answer to send."""
    if request.method != "POST":  # another language was chosen, or the page was opened again
        return redirect(url_for(without), 303)
    form = AnswerForm()
    if form.answer.data and is_done(form, lambda: use(who_asks(), form.answer.data, now=clock.now()), transacts=False):
        return _go_on(form)
    return ask_page(form, ceremony)


def who_asks() -> Asker:
    site = site_here()
    if site is None:
        raise RuleBroken(_l("Passkeys work only where the site is opened under its own name and by HTTPS."))
    return Asker(current_user.account, current_user.session_id, site)


def ask_page(form: AnswerForm, ceremony: Ceremony) -> ResponseReturnValue:
    """Ask the browser for a key, with a new question each time."""

    def ask() -> str:
        name = in_language(centre().name, centre().name_en)
        return passkeys.ask(who_asks(), ceremony, centre=name, now=clock.now())

    status, options = form.status, tried(ask)
    if isinstance(options, DomainError):
        form.refuse(options)
        status, options = options.status, ""
    form.answer.data = ""
    return render_template("shared/people/passkey.html", form=form, ceremony=ceremony, options=options), status


def _go_on(form: AnswerForm) -> ResponseReturnValue:
    sent = unsent_form.from_text(form.kept.data)
    if sent is not None:
        return render_template("shared/people/send_again.html", kept=sent)
    return redirect(safe_next(form.next.data), 303)
