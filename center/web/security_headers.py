"""What is held of every request, before the view of its page is asked, and what every answer tells the browser: what it
may load, where it may be shown, and for whom it may be kept."""

from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import NotFound

from center.kernel import access

csrf = CSRFProtect()

# Nothing is loaded but what is named here. No 'unsafe-inline' and no 'unsafe-eval', so that markup somebody smuggled
# in runs no script of its own, and none of htmx's attributes that hold one (`hx-on`, `js:` values, trigger filters).
CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
SECURITY_HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in CONTENT_SECURITY_POLICY.items()),
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def init_app(app: Flask, *, is_encrypted: bool) -> None:
    """Hold every request to its page's declaration, and give every answer these headers, but for those it has already.
    Where the site is served by HTTPS, browsers are told never to come without it."""
    csrf.init_app(app)
    for check in (_refuse_nul, _allow_file, _check_csrf, access.guard):
        app.before_request(check)
    app.after_request(_secure)
    if is_encrypted:
        app.after_request(_stay_encrypted)


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
    headers = SECURITY_HEADERS if request.endpoint == "static" else {**SECURITY_HEADERS, **_for_one_reader()}
    for name, value in headers.items():
        if name.lower() not in given:
            response.headers.add(name, value)
    return response


def _for_one_reader() -> dict[str, str]:
    """What is shown depends on who asks, so no cache may show it to somebody else."""
    return {"Cache-Control": "private, no-store" if current_user.is_authenticated else "no-cache", "Vary": "Cookie"}


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
    if is_sent_by_script():
        g.csrf_failed = True
    try:
        csrf.protect()
    except CSRFError:
        g.csrf_failed = True
