"""The shared edge of all pages: filters, error pages, CSRF, security headers, address converters, health."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2 import Template
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.routing import IntegerConverter

from center.kernel import access, access_log, metrics, schema, sent, site
from center.kernel.access import View
from center.kernel.clock import can_be_shown
from center.kernel.config import Settings
from center.kernel.db import db, is_busy
from center.kernel.errors import Busy, DomainError, Forbidden, NotYours
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.kernel.texts import JOINER
from center.premises.queries import unknown_centre
from center.web import security_headers, style_guide
from center.web.blueprints import web as blueprint

# Attributes have a ">" before the next "<". The words of a choice or a button are short, and looked for by name.
_IN_TEXT = r"(?=[^<>]*<(?!/(?:button|label|option|script|style|text|textarea|title)))"
_YEAR = re.compile(r"年(?<=\d年)" + _IN_TEXT)
_MONTH = re.compile(r"月(?<=\d月)(?:(\d{1,2})日)?" + _IN_TEXT)
_CLOCK = re.compile(r"午(?<=[上下中]午)(?=\d)" + _IN_TEXT)
_PAUSE = re.compile(r"(?<=[。！？；]) (?=[\u2e80-\u9fff“])" + _IN_TEXT)
_WEEKDAY = re.compile(r"周(?:(?<=日 周)|(?<=[^\s>]周))([一二三四五六日])" + _IN_TEXT)

MAX_REQUEST_BYTES = 256 * 1024
LARGEST_ID = 2**31 - 1


class UnbrokenTemplate(Template):
    """A template whose page keeps dates whole: inside 11月, 周二 or 下午2:30 no line breaks. Chinese breaks elsewhere.

    Chinese sentences that a template writes one after the other follow each other without the space of English.

    Done once, where a page leaves its template, whatever a date came from. Only text between tags is touched. What
    leaves the house by other ways (files, feeds, messages, a title) is not: there an invisible character would be found
    again where nobody looks for it.
    """

    def render(self, *args: object, **kwargs: object) -> str:
        """The page, with its dates kept whole."""
        return unbroken(super().render(*args, **kwargs))


def unbroken(page: str) -> str:
    """A page (or a piece of one) whose dates no line breaks; twice is once."""
    page = _YEAR.sub(JOINER + "年", page)
    page = _MONTH.sub(_month, page)
    page = _PAUSE.sub("", page)
    page = _CLOCK.sub(f"{JOINER}午{JOINER}", page)
    return _WEEKDAY.sub(rf"周{JOINER}\1", page)


def _month(found: re.Match[str]) -> str:
    day = found[1]
    return f"{JOINER}月{JOINER}{day}{JOINER}日" if day else f"{JOINER}月"


class IdConverter(IntegerConverter):
    """A database id in an address; anything no database could hold is a 404, not an error."""

    regex = "[0-9]+"

    def __init__(self, map: Any) -> None:
        super().__init__(map, min=1, max=LARGEST_ID)


def init_app(app: Flask, settings: Settings) -> None:
    """Wire the shared edge; called before any blueprint is registered."""
    _configure(app, settings)
    app.url_map.converters["id"] = IdConverter
    metrics.init_app(app)
    security_headers.init_app(app, is_encrypted=settings.secure_cookies)
    app.register_error_handler(DomainError, _show_domain_error)
    app.register_error_handler(sent.SentBeforeError, sent.show_what_it_made)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(OperationalError, _show_database_error)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.template_class = UnbrokenTemplate


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES,
        SESSION_COOKIE_NAME="__Host-center" if settings.secure_cookies else "center",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=4 * 3600,
        WTF_CSRF_SSL_STRICT=False,
    )
    site.init_app(app, settings)


@blueprint.get("/healthz")
@access.public
def healthz() -> ResponseReturnValue:
    """Whether the database answers and its migrations are current."""
    try:
        is_behind = schema.are_behind()
    except DBAPIError:
        return {"database": "unreachable"}, 503
    if is_behind:
        return {"database": "ok", "migrations": "behind"}, 503
    return {"database": "ok", "migrations": "current"}


@blueprint.get("/metrics", endpoint="metrics")
@access.public
def show_metrics() -> ResponseReturnValue:
    """Figures for a Prometheus server: for this machine, or whoever holds the token, and nobody else."""
    if not metrics.is_allowed(current_app.extensions["settings"]):
        raise Forbidden(_l("These figures are for the centre's own machines only."))
    return metrics.page()


@blueprint.get("/style-guide", endpoint="style_guide")
@blueprint.post("/style-guide", endpoint="style_guide")
@access.public
def show_style_guide() -> ResponseReturnValue:
    """Every component in both sizes; posting to it only shows it again. For those who make the site, and staff."""
    access.authorise(current_app.extensions["settings"].is_for_developers or access.may(access.Permission.SEE_DESK))
    form, icons = style_guide.specimen_form(), style_guide.icon_names()
    return render_template("shared/web/style_guide.html", form=form, icons=icons)


def asked_date(name: str = "date", values: MultiDict[str, str] | None = None) -> date | None:
    """A date from the address (or these values), or None where there is none that could be meant."""
    try:
        day = date.fromisoformat((request.args if values is None else values).get(name, ""))
    except ValueError:
        return None
    return day if can_be_shown(day) else None


def id_of(text: str) -> int | None:
    """A database id as it was typed into an address, or None where no database could hold it."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID))
    return int(text) if is_number and 0 < int(text) <= LARGEST_ID else None


def safe_next(address: str | None) -> str:
    """An address on this site to go on to; the home page for anything that would lead elsewhere."""
    try:
        parts = urlsplit(address or "")
    except ValueError:  # such as //[
        return url_for("timetable.home")
    path = parts.path
    if parts.scheme or parts.netloc or not path.startswith("/") or path.startswith("//") or "\\" in (address or ""):
        return url_for("timetable.home")
    return path + (f"?{parts.query}" if parts.query else "")


def accepts_file(most_bytes: int) -> Callable[[View], View]:
    """This endpoint takes a file, so that a request to it may be larger than others."""

    def declare(view: View) -> View:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return declare


def _show_domain_error(error: DomainError) -> ResponseReturnValue:
    if isinstance(error, Forbidden | NotYours):
        access_log.note(access_log.Kind.DENIED)
    return render_template("errors.html", status=error.status, message=error.message), error.status


def _show_http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    messages = {
        403: _l("Your account may not use this page."),
        404: _l("There is no page at this address."),
        405: _l("This page cannot be used that way."),
        413: _l("That is too much to send at once. Please shorten the text, or choose a smaller file."),
    }
    message = messages.get(error.code, _l("Something went wrong on our side. Nothing was changed; please try again."))
    db.session.rollback()
    return render_template("errors.html", status=error.code, message=message), error.code


def _show_database_error(error: OperationalError) -> ResponseReturnValue:
    db.session.rollback()
    g.setdefault("centre", unknown_centre())  # so that this page asks the database nothing
    g.sessions_unreadable = True
    if not is_busy(error):
        log.error("database_failed", kind=type(error.orig).__name__, exc_info=error)
        return _show_http_error(InternalServerError())
    log.warning("database_busy", kind=type(error.orig).__name__)
    return _show_domain_error(Busy(_l("Many people are booking right now. Please try again in a moment.")))
