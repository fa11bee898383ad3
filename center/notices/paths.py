"""Whole addresses of this site's pages, for messages that are read elsewhere."""

from flask import current_app


def on_this_site(path: str) -> str:
    """The address of a page, or nothing where CENTER_SITE_URL does not say where people find this site."""
    site: str = current_app.extensions["settings"].site_url
    return f"{site}{path}" if site and path else ""
