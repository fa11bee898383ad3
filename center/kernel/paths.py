"""Paths of pages on this site, for messages that are written where no request is answered."""

from typing import Any

from flask import current_app


def path_to(endpoint: str, **values: Any) -> str:
    """A page's path on this site, also where no request is being answered."""
    return current_app.url_map.bind("localhost").build(endpoint, values)
