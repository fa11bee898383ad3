"""What is sent is packed (brotli, gzip) for whoever can unpack it.

What has been packed is kept for what is sent again and again: files, and pages that visitors share. What a page with a
secret in it says could be guessed at by its packed length, so the pages of whoever has a session get a length that
means nothing.
"""

import gzip
import io
import secrets
from collections.abc import Callable

import brotli
from flask import Flask, Response, g, request, session

from center.kernel.caching.fragment_cache import FragmentCache

LEAST = 600  # bytes: less is sent in one packet anyhow
KINDS = frozenset(
    {
        "application/atom+xml",
        "application/json",
        "application/manifest+json",
        "image/svg+xml",
        "text/calendar",
        "text/css",
        "text/html",
        "text/javascript",
    }
)
MOST_KEPT = 8_000_000  # bytes of each server process, plain and packed: a calendar alone has a million
QUICK, THOROUGH = 4, 11  # how hard to try: pages, and files
MOST_PADDED = 96  # bytes
_kept = FragmentCache(MOST_KEPT)


def init_app(app: Flask) -> None:
    """Pack what is sent, once everybody else is done with it: what is registered first comes last."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if response.mimetype not in KINDS or response.direct_passthrough or response.is_streamed:
        return response
    if "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    plain = response.get_data()
    if len(plain) < LEAST or response.status_code != 200:
        return response
    has_secret = request.endpoint != "static" and bool(session)
    encodings = request.accept_encodings
    if encodings.quality("br") > 0 and not has_secret:
        response.headers["Content-Encoding"], packed = "br", _brotli(plain)
    elif encodings.quality("gzip") > 0:
        response.headers["Content-Encoding"], packed = "gzip", _padded(plain) if has_secret else _gzip(plain)
    else:
        return response
    response.set_data(packed)
    etag, _is_weak = response.get_etag()
    if etag is not None:  # it names what is said, however that is packed
        response.set_etag(etag, weak=True)
    return response


def _brotli(plain: bytes) -> bytes:
    quality = THOROUGH if request.endpoint == "static" else QUICK
    return _once(plain, "br", lambda: brotli.compress(plain, quality=quality))


def _gzip(plain: bytes) -> bytes:
    return _once(plain, "gzip", lambda: gzip.compress(plain, 9 if _is_sent_again() else QUICK, mtime=0))


def _once(plain: bytes, how: str, pack: Callable[[], bytes]) -> bytes:
    """What this is packed, kept where it is sent again."""
    return _kept.find_or((plain, how), pack, key_size=len(plain)) if _is_sent_again() else pack()


def _is_sent_again() -> bool:
    return request.endpoint == "static" or bool(g.get("is_kept_page"))


def _padded(plain: bytes) -> bytes:
    """With a file name of any length, which whoever unpacks it passes over."""
    into = io.BytesIO()
    name = "x" * (1 + secrets.randbelow(MOST_PADDED))
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=QUICK, fileobj=into, mtime=0) as file:
        file.write(plain)
    return into.getvalue()
