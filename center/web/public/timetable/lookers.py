"""Who looks at a board: on which footings they may book, and which bookings on it are their own."""

from collections.abc import Iterable
from datetime import date, datetime

from flask_login import current_user

from center.bookings.queries import references_between
from center.bookings.rulebook.facts import Party
from center.bookings.rulebook.footings import STAFF, VISITOR, Footing, footings_of
from center.bookings.rulebook.quotas import Asker
from center.bookings.rulebook.room_hours import agreed_hours, hours_of, month_of
from center.kernel.access import Permission, may
from center.kernel.caching.read_cache import while_unchanged
from center.kernel.i18n import format_month, in_language, local_date
from center.kernel.i18n import gettext as _
from center.organisations.queries import organisations_led_by
from center.rooms.models import Room
from center.rooms.rule_sentences import hours_words


def footings_now(first: date, last: date, *, now: datetime) -> tuple[Footing, ...]:
    """On which footings whoever looks may book on these days. All visitors have the same, and so have all staff."""
    if may(Permission.BOOK_FOR_ANYONE):
        return STAFF
    if not current_user.is_authenticated:
        return VISITOR
    person_id = current_user.person_id

    def read() -> tuple[Footing, ...]:
        led = organisations_led_by(person_id, local_date(now))
        return footings_of(current_user.person, led, first, last, now=now)

    return while_unchanged(("footings", person_id, first, last, now), read)


def own_between(start: datetime, end: datetime, *, now: datetime) -> frozenset[str]:
    """The references of what whoever looks has booked in this time, also for organisations that they lead."""
    if not current_user.is_authenticated:
        return frozenset()
    led = organisations_led_by(current_user.person_id, local_date(now))
    return references_between(current_user.person_id, [each.id for each in led], start, end)


def furthest(room: Room, footings: Iterable[Footing]) -> int:
    """How many days ahead they may book this room at most; 0 where they may not at all."""
    reach = {
        Party.PERSON: room.horizon_days if room.residents_may_book else 0,
        Party.ORGANISATION: room.org_horizon_days if room.organisations_may_book else 0,
        Party.STAFF: 366,
    }
    return max(reach[each.party] for each in footings)


def agreed_said(asker: Asker, at: datetime, *, now: datetime) -> list[str]:
    """What is left, in that month, of the hours agreed with each organisation that may be the one that looks."""
    month, led = month_of(at), asker.may_lead
    agreed = agreed_hours([each.id for each in led], [month], now)
    said = []
    for each in led:
        if (hours := hours_of(each, at, agreed)) is not None:
            said.append(
                _("%(name)s has %(left)s left of the %(allowed)s of rooms agreed for %(month)s.",
                  name=in_language(each.name, each.name_en), left=hours_words(max(0, hours.allowed - hours.used)),
                  allowed=hours_words(hours.allowed), month=format_month(month))
            )  # fmt: skip
    return said
