"""The shared edge of all pages: filters, error pages, CSRF, security headers, address converters, health."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound
from werkzeug.routing import IntegerConverter

from center.kernel import access, access_log, clock, front, i18n, metrics, ready_reasons, schema, sent
from center.kernel.access import View
from center.kernel.caching import fragment_cache
from center.kernel.config import Settings
from center.kernel.db import db, is_busy
from center.kernel.errors import Busy, DomainError, Forbidden, NotYours
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.premises.queries import unknown_centre
from center.web import security_headers, style_guide
from center.web.blueprints import web as blueprint
from center.web.unbroken import UnbrokenTemplate

csrf = CSRFProtect()
MAX_REQUEST_BYTES = 256 * 1024
BOOKING_QUERY = ("channel", "date", "minutes", "party", "people", "person", "start")
LARGEST_ID = 2**31 - 1


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
    csrf.init_app(app)
    app.before_request(_refuse_nul)
    app.before_request(_allow_file)
    app.before_request(_check_csrf)
    app.before_request(access.guard)
    security_headers.init_app(app, is_encrypted=settings.secure_cookies)
    app.register_error_handler(DomainError, _show_domain_error)
    app.register_error_handler(sent.SentBeforeError, sent.show_what_it_made)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(OperationalError, _show_database_error)
    _give_templates_their_words(app)


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
    front.init_app(app, settings)


def _give_templates_their_words(app: Flask) -> None:
    app.jinja_env.filters.update(
        day=i18n.format_day,
        weekday=i18n.format_weekday,
        clock=i18n.format_clock,
        clocks=i18n.format_clocks,
        moment=i18n.format_moment,
        month=i18n.format_month,
        minutes=i18n.format_minutes,
        lunar=i18n.lunar_day,
        said_reason=ready_reasons.said,
    )
    app.jinja_env.globals.update(
        asked_of_booking=asked_of_booking,
        centre=i18n.centre,
        desk_phone_link=desk_phone_link,
        format_span=i18n.format_span,
        in_language=i18n.in_language,
        is_elder=i18n.is_elder,
        language=i18n.language,
        language_names=i18n.LANGUAGE_NAMES,
        local_date=i18n.local_date,
        may=access.may,
        now=clock.now,
        piece=fragment_cache.piece,
        Permission=access.Permission,
        switch_address=switch_address,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.template_class = UnbrokenTemplate


def desk_phone_link() -> Markup:
    """The desk's phone number as a link that rings it, never broken over two lines."""
    phone = i18n.centre().desk_phone or ""
    digits = "".join(each for each in phone if each.isdigit() or each == "+")
    return Markup('<a class="nowrap" href="tel:{}">{}</a>').format(digits, phone)


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
    return day if 2000 <= day.year <= 2100 else None


def id_of(text: str) -> int | None:
    """A database id as it was typed into an address, or None where no database could hold it."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID))
    return int(text) if is_number and 0 < int(text) <= LARGEST_ID else None


def switch_address(**changes: str) -> str:
    """This page's address with some query values changed, such as lang='en'."""
    query = {**request.args.to_dict(), **changes}
    return f"{request.path}?{urlencode(query)}"


def asked_of_booking() -> dict[str, str]:
    """What the address says of a booking, for the next page about it; nothing else of the address is passed on."""
    return {name: request.args[name] for name in BOOKING_QUERY if name in request.args}


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


def _allow_file() -> None:
    """Before anything reads the request: whoever may not use the page sends no large file either."""
    view = current_app.view_functions.get(request.endpoint or "")
    most_bytes = getattr(view, "most_bytes", None)
    if most_bytes is not None and current_user.is_authenticated:
        request.max_content_length = most_bytes


def _refuse_nul() -> None:
    """No database holds a NUL, so an address with one leads nowhere."""
    if "\x00" in request.path:
        raise NotFound


def _check_csrf() -> None:
    """Note a missing or old token, or a form sent by a script. It is shown again with all that was typed;
    `transaction()` would refuse."""
    if request.method in {"GET", "HEAD", "OPTIONS", "TRACE"} or request.endpoint is None:
        return
    if security_headers.is_sent_by_script():
        g.csrf_failed = True
    try:
        csrf.protect()
    except CSRFError:
        g.csrf_failed = True


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
