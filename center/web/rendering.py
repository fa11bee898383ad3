"""Pages of many facts: a dataclass says which, with their types, and its template gets nothing else. And pieces
of pages that are drawn once for all though there are forms in them.
"""

from collections.abc import Callable, Hashable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from flask import Flask, before_render_template, g, render_template
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from center.kernel.caching.fragment_cache import own_part, page_of_many, piece
from center.kernel.transactions import end_reading

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def init_app(app: Flask) -> None:
    """Let no page be drawn while a transaction is open: what it shows is read first (docs/decisions/0001)."""
    before_render_template.connect(end_reading, app)


def render(template: str, page: "DataclassInstance") -> str:
    """The page, with each of its facts under the name of its field."""
    return render_template(template, **{each.name: getattr(page, each.name) for each in fields(page)})


LEFT_OPEN = "\ue000form\ue000"  # of letters that nobody types


def piece_with_forms(template: str, context: Callable[[], dict[str, Any]], *, of: Hashable) -> Markup:
    """Like `piece`, for one with forms: it is drawn with a place for the token, where each reader gets their own."""
    drawn = piece(template, lambda: {**context(), "csrf_token": lambda: LEFT_OPEN}, of=of)
    return Markup(drawn.replace(LEFT_OPEN, generate_csrf()))  # noqa: S704  (drawn by Jinja, and signed by us)


def own_part_with_forms(draw: Callable[[], str], *, of: Hashable) -> Markup:
    """Like `own_part`, for one with forms: another browser of the same person has another token."""
    return Markup(_with_token(own_part(lambda: _left_open(draw), of=of)))  # noqa: S704  (see above)


def page_of_many_with_forms(draw: Callable[[], str], *, of: Hashable) -> str:
    """Like `page_of_many`, with the token of whoever reads in its forms, such as the button to sign out."""
    return _with_token(page_of_many(lambda: _left_open(draw), of=of))


def _left_open(draw: Callable[[], str]) -> str:
    before = {"csrf_token": g.csrf_token} if "csrf_token" in g else {}
    g.csrf_token = LEFT_OPEN  # which `generate_csrf` then says
    try:
        return draw()
    finally:
        g.pop("csrf_token")
        vars(g).update(before)


def _with_token(drawn: str) -> str:
    return drawn.replace(LEFT_OPEN, generate_csrf()) if LEFT_OPEN in drawn else drawn
