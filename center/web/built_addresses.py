"""Addresses that were built before. A page names a hundred, mostly those that the pages before it named."""

from functools import lru_cache
from types import NoneType
from typing import Any

from flask import current_app, has_request_context, request, url_for
from werkzeug.routing import Map

MOST_KEPT = 4096
PLAIN = frozenset({str, int, NoneType})  # equal values of these are written alike; True is not one of them


def address_of(endpoint: str, **values: Any) -> str:
    """What `url_for` says in a template. It depends on these values and on where the site is mounted, nothing else."""
    is_kept = has_request_context() and endpoint[0] != "." and PLAIN.issuperset(map(type, values.values()))
    if not is_kept or "_external" in values:
        return url_for(endpoint, **values)
    return _built(current_app.url_map, request.root_path, endpoint, tuple(values.items()))


@lru_cache(maxsize=MOST_KEPT)
def _built(_of: Map, _mounted_at: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))
