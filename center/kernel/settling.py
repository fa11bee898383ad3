"""What becomes of people's uses that a change would shut out: staff are asked, and it is done in the same transaction.

Rooms and the centre's calendar know that a change has uses in its way; bookings know whose they are. A view asks for
`settling()`, holds it inside its transaction and hands it to the action as `settle`. Where something is left to choose,
the action raises, nothing has happened, and `page` asks; its form comes back to the same view with the choices in it.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from flask import current_app, url_for
from flask.typing import ResponseReturnValue

from center.kernel.errors import DomainError
from center.kernel.trail import press_now

# (uses in the way, what to say, on which field): does with each use what was chosen for it, or raises.
Settle = Callable[[Sequence[Any], object, str | None], None]


class Settling(Protocol):
    """What staff chose for the uses in the way of a change, as this request brings it."""

    def hold(self) -> None:
        """Hold the people concerned until the transaction ends; called first in it, before any room is held."""

    def __call__(self, uses: Sequence[Any], message: object, field: str | None) -> None:
        """Do with each use what was chosen for it; raises, with the list, where something is left to choose."""

    @property
    def has_settled(self) -> bool:
        """Whether there was anything in the way, so that there is something to read about afterwards."""

    def page(self, error: DomainError, *, back: str) -> ResponseReturnValue | None:
        """The page that asks, where the error is about uses in the way; None for any other error."""


def settling() -> Settling:
    """The choices that came with this request."""
    made: Settling = current_app.extensions["settling"]()
    return made


def where_next(chosen: Settling, then: str) -> str:
    """The page that lists what was done with the uses in the way, where there were any; else `then`."""
    return url_for("desk.what_was_done", press=press_now()) if chosen.has_settled else then
