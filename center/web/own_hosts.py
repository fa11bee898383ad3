"""The names of this site, as they stand in the address on a slip, and codes read with them."""

from urllib.parse import urlsplit

from flask import current_app, request

from center.attendance.codes import Code, read_code
from center.kernel.config import Settings


def own_hosts() -> list[str]:
    """As this page was asked for, as people find the site, and its further names."""
    settings: Settings = current_app.extensions["settings"]
    names = [request.host, urlsplit(settings.site_url).netloc, *settings.hosts]
    return list(dict.fromkeys(name for name in names if name))


def read_here(text: str) -> Code:
    """What was scanned or typed on a page of this site."""
    return read_code(text, hosts=own_hosts())
