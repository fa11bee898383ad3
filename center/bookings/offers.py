"""Time that was freed, offered to whoever waits for it."""

from datetime import datetime

from center.rooms.models import Room
from center.spans import Span


def offer_freed_time(room: Room, span: Span, *, now: datetime) -> None:
    """Hold freed time of a room for the first who waits for some of it, and tell them."""
