"""Where this site is found: the names it is served under, what of a request is believed, and its pages' addresses."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app
from werkzeug.middleware.proxy_fix import ProxyFix

from center.kernel.config import Settings

# To a program behind a server `X_Forwarded_For` and `X-Forwarded-For` are one name, to most proxies they are two: who
# sends the first would be believed instead of the proxy.
TRUSTED = {
    "authorization", "content-length", "content-type", "cookie", "forwarded", "host", "hx-request", "origin", "referer",
    "sec-fetch-mode", "sec-fetch-site", "transfer-encoding", "x-csrf-token", "x-csrftoken", "x-forwarded-for",
    "x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix", "x-forwarded-proto", "x-real-ip",
}  # fmt: skip
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
WRONG_SPELLING = "A header of this request is spelt with underscores, so it cannot be told from another one."
SEVERAL_HOSTS = "This request must name one host."
UNKNOWN_HOST = (
    "This site is not served under that name. Whoever runs it sets its names in CENTER_SITE_URL or CENTER_HOSTS."
)

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]


def fault(headers: Sequence[tuple[str, str]], authority: str | None = None) -> str:
    """Why a request with these headers is refused, their names in lower case as they were sent; or nothing."""
    if any("_" in name and name.replace("_", "-") in TRUSTED for name, _value in headers):
        return WRONG_SPELLING
    hosts = [value for name, value in headers if name == "host"]
    return "" if len(hosts) == 1 and authority in {None, "", hosts[0]} else SEVERAL_HOSTS


def believed(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The headers as a program reads them (PEP 3333), several of one name joined. Underscores are dropped."""
    found: dict[str, str] = {}
    for name, value in headers:
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        found[key] = f"{found[key]}{'; ' if name == 'cookie' else ','}{value}" if key in found else value
    return found


def hosts_of(settings: Settings) -> frozenset[str]:
    """The names under which this site is served, without ports."""
    own = [settings.host] if settings.host not in {"0.0.0.0", "::"} else []  # noqa: S104
    return LOOPBACK | {_bare(name) for name in (*settings.hosts, urlsplit(settings.site_url).netloc, *own) if name}


def init_app(app: Flask, settings: Settings) -> None:
    """Let only requests for one of the site's names pass, as the trusted proxies tell it."""
    app.wsgi_app = HostGuard(app.wsgi_app, hosts_of(settings))  # type: ignore[method-assign, assignment]
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]


class HostGuard:
    """Refuses requests for other names: links in pages, feeds and e-mail are made of the name that was asked for."""

    def __init__(self, app: Application, hosts: frozenset[str]) -> None:
        self._app, self._hosts = app, hosts

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if _bare(environ.get("HTTP_HOST", "")) in self._hosts:
            return self._app(environ, start)
        start("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
        return [UNKNOWN_HOST.encode()]


def path_to(endpoint: str, **values: Any) -> str:
    """A page's path on this site, also for messages, which are written where no request is answered."""
    return current_app.url_map.bind("localhost").build(endpoint, values)


def on_this_site(path: str) -> str:
    """The address of a page, or nothing where CENTER_SITE_URL does not say where people find this site."""
    site: str = current_app.extensions["settings"].site_url
    return f"{site}{path}" if site and path else ""


def _bare(host: str) -> str:
    """A host without its port, in small letters."""
    name, _colon, port = host.lower().rpartition(":")
    return name if name and port.isascii() and port.isdigit() else host.lower()
