"""The edge of all pages: what is held of every request before the view of its page is asked, what every answer tells
the browser (what it may load, where it may be shown, for whom it may be kept), and the pages that say what is wrong."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound
from werkzeug.routing import IntegerConverter

from center.kernel import access, access_log, metrics, schema, sent, site
from center.kernel.config import Settings
from center.kernel.db import db, is_busy
from center.kernel.errors import Busy, DomainError, Forbidden, NotYours
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.premises.queries import unknown_centre
from center.web import refreshing, sign_in_cookie, style_guide
from center.web.blueprints import web as blueprint
from center.web.browser_rights import MAX_REQUEST_BYTES, SECURITY_HEADERS
from center.web.forms import LARGEST_ID
from center.web.sending import write_afterwards

csrf = CSRFProtect()


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
    for check in (_refuse_nul, _limit_size, _check_csrf, access.guard):
        app.before_request(check)
    app.after_request(_secure)
    app.after_request(_leave_the_page)
    if settings.secure_cookies:
        app.after_request(_stay_encrypted)
    app.register_error_handler(DomainError, _show_domain_error)
    app.register_error_handler(sent.SentBeforeError, sent.show_what_it_made)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(OperationalError, _show_database_error)


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


def _show_domain_error(error: DomainError) -> ResponseReturnValue:
    write_afterwards(error)
    if isinstance(error, Forbidden | NotYours):
        access_log.note(access_log.Kind.DENIED)
        if sign_in_cookie.is_refresh():
            return refreshing.refused(error.message), error.status
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


def _stay_encrypted(response: Response) -> Response:
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={365 * 86400}"
    return response


def is_sent_by_script() -> bool:
    """Whether a script sent this request: no page of ours sends a form that way, only markup smuggled into one would.

    A script cannot change `Sec-Fetch-Mode`; older browsers do not send it.
    """
    return "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"


def _secure(response: Response) -> Response:
    given = {name.lower() for name, _value in response.headers}
    own: Mapping[str, str] = getattr(_view(), "headers", SECURITY_HEADERS)
    headers = own if request.endpoint == "static" else {**own, **_for_one_reader()}
    for name, value in headers.items():
        if name.lower() not in given:
            response.headers.add(name, value)
    return response


def _leave_the_page(response: Response) -> Response:
    """Whatever a page that shows itself anew is answered, other than its part, leaves it as it is."""
    if sign_in_cookie.is_refresh() and not g.get("is_taken_up"):
        response.headers["HX-Reswap"] = "none"
    return response


def _for_one_reader() -> dict[str, str]:
    """What is shown depends on who asks, so no cache may show it to somebody else."""
    return {"Cache-Control": "private, no-store" if current_user.is_authenticated else "no-cache", "Vary": "Cookie"}


def _view() -> object:
    return current_app.view_functions.get(request.endpoint or "")


def _limit_size() -> None:
    """Before anything reads the request: whoever may not use the page sends no large file either."""
    few, most = (getattr(_view(), name, None) for name in ("few_bytes", "most_bytes"))
    if most is not None and current_user.is_authenticated:
        request.max_content_length = most
    elif few is not None:
        request.max_content_length = few


def _refuse_nul() -> None:
    """No database holds a NUL, so an address with one leads nowhere."""
    if "\x00" in request.path:
        raise NotFound


def _check_csrf() -> None:
    """Note a missing or old token, or a form sent by a script. It is shown again with all that was typed;
    `transaction()` would refuse."""
    if request.method in {"GET", "HEAD", "OPTIONS", "TRACE"} or request.endpoint is None:
        return
    is_ours = (
        getattr(_view(), "by_script", False)
        and "X-CSRFToken" in request.headers
        and "HX-Request" not in request.headers
    )
    if is_sent_by_script() and not is_ours:
        g.csrf_failed = True
    try:
        csrf.protect()
    except CSRFError:
        g.csrf_failed = True
