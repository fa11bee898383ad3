"""Pages that show anew by themselves what changes on them. Nobody asked for such a request: it keeps nobody signed in,
is answered with the part alone, and whatever else comes of it leaves the page as it is.
"""

from typing import TYPE_CHECKING

from flask import g, render_template
from flask.typing import ResponseReturnValue

from center.web.rendering import render
from center.web.sign_in_cookie import is_refresh

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


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
