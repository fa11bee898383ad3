"""Pages, and pieces of pages, that are drawn once for as long as what they show stays the same.

Drawing is a pure function here: of what was read (`of`), of who reads (`_reader`), and for a whole page of its address.
What was drawn is kept by exactly these. Every request reads anew, so nothing old is ever shown, and nothing needs to be
told that something changed. Whoever reads from the database while drawing is stopped. See docs/decisions/0008.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from flask import Response, current_app, g, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from center.kernel import clock
from center.kernel.caching.read_cache import Readings, versions_of, while_unchanged
from center.kernel.db import reading_forbidden
from center.kernel.i18n import centre, is_elder, language

T = TypeVar("T", bound=Sized)

MOST_KEPT = 4_000_000  # characters, in each server process
_own = Readings(most=64)  # whole pages of people, some of 60 kB


class FragmentCache:
    """What was drawn before, by what it was drawn from. What was not asked for longest makes room for what is new."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most, self._size = most, 0
        self._drawn: OrderedDict[Hashable, tuple[Sized, int]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> Any:
        """What was drawn from the same before, or None."""
        with self._lock:
            found = self._drawn.get(key)
            if found is None:
                return None
            self._drawn.move_to_end(key)
            return found[0]

    def find_or(self, key: Hashable, draw: Callable[[], T], *, key_size: int = 0) -> T:
        """What was drawn from the same before, or else what is drawn now and kept."""
        drawn: T | None = self.find(key)
        if drawn is None:
            drawn = draw()
            self.keep(key, drawn, key_size=key_size)
        return drawn

    def keep(self, key: Hashable, drawn: Sized, *, key_size: int = 0) -> None:
        """Keep this as long as there is room. `key_size`: what a long key takes beside it."""
        size = len(drawn) + key_size
        with self._lock:
            self._size += size - self._drawn.pop(key, ("", 0))[1]
            self._drawn[key] = (drawn, size)
            while self._size > self._most:
                _key, (_oldest, gone) = self._drawn.popitem(last=False)
                self._size -= gone


def page(draw: Callable[[], str], *, of: Hashable) -> Response:
    """A whole page, drawn from `of`. Visitors without a session share it; whoever has one gets a page of their own."""
    if session:
        return Response(draw(), mimetype="text/html")
    key = (request.endpoint, request.full_path, of, _reader())
    drawn = _kept().find(key)
    if drawn is None:
        with reading_forbidden():
            drawn = draw().encode()
        if not session:  # a form would have put its token there, which is nobody else's
            _kept().keep(key, drawn)
    g.is_kept_page = True  # so that it is packed once, too
    return Response(drawn, mimetype="text/html")


def page_until_written(draw: Callable[[], ResponseReturnValue], *kinds: str) -> ResponseReturnValue:
    """A whole page for visitors without a session: kept until a row of these kinds is written (any row, where none is
    named), or the minute is over. Drawing may read here. What is no plain page, such as a redirect, is not kept, and
    whoever has a session gets a page of their own.
    """
    if session:
        return draw()
    key = (request.endpoint, request.url, this_minute(), versions_of(*kinds), _reader())
    drawn = _kept().find(key)
    if drawn is None:
        answer = draw()
        if not isinstance(answer, str) or session:
            return answer
        drawn = answer.encode()
        _kept().keep(key, drawn)
    g.is_kept_page = True
    return Response(drawn, mimetype="text/html")


@dataclass(frozen=True)
class Somebody:
    """Stands for whoever is signed in while a page is drawn for many: nothing else of them is known."""

    permissions: frozenset[Any]
    is_authenticated: bool = True


def page_of_many(draw: Callable[[], str], *, of: Hashable) -> str:
    """A whole page for all who are signed in and may do the same, drawn from `of`: also what its frame counts."""
    key = ("page of many", request.endpoint, request.full_path, of, _reader())

    def draw_for_somebody() -> str:
        reader = current_user._get_current_object()
        g._login_user = Somebody(reader.permissions)
        try:
            with reading_forbidden():
                return draw()
        finally:
            g._login_user = reader

    return kept(key, draw_for_somebody)


def own_part(draw: Callable[[], str], *, of: Hashable) -> str:
    """A part of a page for whoever is signed in and nobody else: read and drawn once, until anything at all is written
    or the minute is over.
    """
    return while_unchanged(("own part", current_user.person_id, of, _reader()), draw, at=this_minute(), among=_own)


def piece(template: str, context: Callable[[], dict[str, Any]] = dict, *, of: Hashable = ()) -> Markup:
    """A piece of a page, drawn from `of` by a template that shows nothing but its context and the centre's facts."""

    def draw() -> Markup:
        with reading_forbidden():
            return Markup(render_template(template, **context()))  # noqa: S704  (Jinja escapes what it renders)

    return kept((template, of, _reader()), draw)


def kept(key: Hashable, draw: Callable[[], T]) -> T:
    """What is drawn for everybody from what the key names, versions of rows among it; there drawing may read."""
    return _kept().find_or(key, draw)


def this_minute() -> datetime:
    """The end of the present minute: a page that shows it is right for all of it, and offers no time that has begun."""
    return clock.now().replace(second=59, microsecond=999_999)


def _reader() -> Hashable:
    """Of whoever reads: what decides how things are said, and what may be offered. Equal facts are one object."""
    user = current_user._get_current_object()
    return centre(), language(), is_elder(), user.is_authenticated, user.permissions


def _kept() -> FragmentCache:
    kept: FragmentCache = current_app.extensions["drawings"]
    return kept
