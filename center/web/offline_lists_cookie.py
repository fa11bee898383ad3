"""Half of what opens the lists that a browser keeps sealed for when there is no connection: a cookie of its pages.

The site takes it away where somebody signs out, also where no script runs: what was not sent yet stays in the browser
beside the lists, and these open no more.
"""

from flask import Response, current_app

COOKIE = "kept-lists"


def shut(answer: Response) -> None:
    """Let no list that this browser keeps be opened any more."""
    answer.delete_cookie(COOKIE, samesite="Strict", secure=current_app.config["SESSION_COOKIE_SECURE"])
