"""What every answer tells the browser: what it may load, where it may be shown, and for whom it may be kept."""

from flask import Flask, Response, request
from flask_login import current_user

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
    """Give every answer these headers, but for those it has already. Where the site is served by HTTPS, browsers are
    told never to come without it."""
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
