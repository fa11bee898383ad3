"""Whether this browser still holds check-ins that it could not send, by a cookie that the page of check-in sets.

While it does, nothing tells it to forget everything it keeps: evidence of who came would be lost.
"""

from flask import request

COOKIE = "checkin-unsent"


def unsent_here() -> int:
    """How many there are, as far as the browser says."""
    said = request.cookies.get(COOKIE, "")
    return int(said[:9]) if said.isascii() and said.isdigit() else 0
