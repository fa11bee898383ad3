"""Pages that show anew by themselves what changes on them. Nobody asked for such a request: it keeps nobody signed in,
is answered with the part alone, and whatever else comes of it leaves the page as it is.
"""

from typing import TYPE_CHECKING

from flask import Flask, Response, g, render_template, request
from flask.typing import ResponseReturnValue

from center.web.rendering import render

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

HEADER = "X-Refresh"  # sent by components/refreshing.html


def init_app(app: Flask) -> None:
    """Wire what holds for all such requests."""
    app.after_request(_leave_the_page)


def is_refresh() -> bool:
    """Whether a page asks by itself for what changed on it."""
    return request.method == "GET" and HEADER in request.headers


def whole_or_part(whole: str, part: str, page: "DataclassInstance") -> str:
    """The page, or only the part of it that changes where that is what was asked for."""
    return taken_up(render(part, page)) if is_refresh() else render(whole, page)


def signed_out() -> ResponseReturnValue:
    """In place of the part: the sign-in has ended, and nothing of it is shown any longer."""
    return taken_up(render_template("shared/web/signed_out.html")), 401


def refused(message: object) -> str:
    """In place of the part: whoever looks may no longer see it."""
    return taken_up(render_template("shared/web/no_longer.html", message=message))


def taken_up(part: str) -> str:
    """This answer takes the place of what stands on the page."""
    g.is_taken_up = True
    return part


def _leave_the_page(response: Response) -> Response:
    if is_refresh() and not g.get("is_taken_up"):
        response.headers["HX-Reswap"] = "none"
    return response
