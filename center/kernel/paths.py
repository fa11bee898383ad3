"""Paths of pages on this site, for messages that are written where no request is answered."""

from typing import Any

from flask import current_app


def path_to(endpoint: str, **values: Any) -> str:
    """A page's path on this site, also where no request is being answered."""
    return current_app.url_map.bind("localhost").build(endpoint, values)


def on_this_site(path: str) -> str:
    """The address of a page, or nothing where CENTER_SITE_URL does not say where people find this site."""
    site: str = current_app.extensions["settings"].site_url
    return f"{site}{path}" if site and path else ""
