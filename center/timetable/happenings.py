"""The public activities of a day. The home page and the day board read them in one statement with all else on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam

from center.activities.models import Session
from center.bookings.readings import Reading
from center.kernel.caching.json_rows import Listing
from center.kernel.db import UtcDateTime, db
from center.signups.public.cards import SHOWN_ON_BOARDS, Card, cards_in, cards_of, chosen, coming
from center.signups.public.filters import LONGEST_SESSION

MOST_AT_HOME = 6


def _moment(name: str) -> Any:
    return bindparam(name, type_=UtcDateTime)


COMING = Listing(cards_of(chosen(*coming(_moment("from_now"), _moment("begun_after"))).limit(MOST_AT_HOME)))
OF_A_DAY = Listing(
    cards_of(
        chosen(Session.starts_at >= _moment("day_begins"), Session.starts_at < _moment("day_ends"), *SHOWN_ON_BOARDS)
    )
)
TOUCHING = Listing(
    cards_of(
        chosen(
            Session.starts_at < _moment("day_ends"),
            Session.ends_at > _moment("day_begins"),
            Session.starts_at > _moment("begun_after"),
            *SHOWN_ON_BOARDS,
        )
    )
)


def asked_coming(now: datetime) -> dict[str, Any]:
    """What to read `COMING` with."""
    return {"also": COMING, "from_now": now, "begun_after": now - LONGEST_SESSION}


def asked_of_day(begins: datetime, ends: datetime) -> dict[str, Any]:
    """What to read `OF_A_DAY` with."""
    return {"also": OF_A_DAY, "day_begins": begins, "day_ends": ends}


def asked_touching(begins: datetime, ends: datetime) -> dict[str, Any]:
    """What to read `TOUCHING` with: the sessions that touch this time, for what staff see of a day."""
    return {"also": TOUCHING, "day_begins": begins, "day_ends": ends, "begun_after": begins - LONGEST_SESSION}


def touching_in(reading: Reading) -> list[Card]:
    """The same from the reading, soonest first."""
    return cards_in(TOUCHING, reading.also)


def coming_in(reading: Reading) -> list[Card]:
    """The next sessions, soonest first."""
    return cards_in(COMING, reading.also)


def sessions_between(begins: datetime, ends: datetime) -> list[Card]:
    """The sessions that touch this time, soonest first, for pages that are not kept."""
    touches = (Session.starts_at < ends, Session.ends_at > begins, Session.starts_at > begins - LONGEST_SESSION)
    return [Card(*row) for row in db.session.execute(cards_of(chosen(*touches, *SHOWN_ON_BOARDS)))]


def of_day_in(reading: Reading) -> list[Card]:
    """A day's sessions, soonest first."""
    return cards_in(OF_A_DAY, reading.also)
