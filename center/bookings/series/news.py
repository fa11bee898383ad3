"""What people are told of series: one message for all dates of it, however many they are."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from center.bookings.messages import hearers, tell_answering, tell_staff
from center.bookings.models import Booking
from center.bookings.models.series import BookingSeries
from center.bookings.rulebook.deciding import TAKEN_BACK_WITHIN
from center.bookings.series.words import clock_words, rule_words
from center.kernel.i18n import format_span
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.site import path_to
from center.notices import telling
from center.notices.kinds import Calls, Kind, kinds_in, register, say_desk, why
from center.notices.telling import HowTold, Told
from center.people.models import Person

FACTS = frozenset({"name", "room", "rule", "dates", "purpose", "reference", "desk", "why"})


kind = partial(Kind, facts=FACTS)

BOOKED = kind(
    code="series.booked",
    title=_l("Series of bookings confirmed"),
    subject=_l("Booked: %(room)s, %(rule)s"),
    body=_l(
        "Hello %(name)s,\n\n%(room)s is yours on these dates:\n\n%(dates)s\n\nFor: %(purpose)s\n"
        "Series: %(reference)s\n\n"
        "If you cannot come one day, please cancel that date, so that somebody else can use the room."
    ),
    is_asked_for=True,
)
REQUESTED = kind(
    code="series.requested",
    title=_l("Request for a series received"),
    subject=_l("We have your request: %(room)s, %(rule)s"),
    body=_l(
        "Hello %(name)s,\n\nyou asked for %(room)s on these dates. This use needs the centre's approval. All of "
        "them are held for you meanwhile, and you will hear from us.\n\n%(dates)s\n\nFor: %(purpose)s\n"
        "Series: %(reference)s"
    ),
    is_asked_for=True,
)
APPROVED = kind(
    code="series.approved",
    title=_l("Request for a series approved"),
    subject=_l("Approved: %(room)s, %(rule)s"),
    body=_l(
        "Hello %(name)s,\n\ngood news: the centre has approved your request. %(room)s is yours on these dates:\n\n"
        "%(dates)s\n\n%(why)s\n\nFor: %(purpose)s\nSeries: %(reference)s"
    ),
    calls=Calls.WITHOUT_ACCOUNT,
)
DECLINED = kind(
    code="series.declined",
    title=_l("Request for a series declined"),
    subject=_l("Not possible this time: %(room)s, %(rule)s"),
    body=_l(
        "Hello %(name)s,\n\nwe are sorry: %(room)s cannot be given to you on these dates:\n\n%(dates)s\n\n%(why)s"
        "\n\nOther times or rooms may suit you: look at what is free, or ask us. %(desk)s\n\nSeries: %(reference)s"
    ),
    calls=Calls.UNLESS_READ,
)
DECISION_UNDONE = kind(
    code="series.decision_undone",
    title=_l("Decision about a series taken back"),
    subject=_l("Not decided yet after all: %(room)s, %(rule)s"),
    body=_l(
        "Hello %(name)s,\n\nwe told you a moment ago how we had decided about your request for %(room)s. That was "
        "a slip: it is not decided yet. These dates are held for you, and you will hear from us. %(desk)s\n\n"
        "%(dates)s\n\nFor: %(purpose)s\nSeries: %(reference)s"
    ),
    calls=Calls.UNLESS_READ,
)
CHANGED = kind(
    code="series.changed",
    title=_l("Series of bookings changed"),
    subject=_l("Changed: %(room)s, %(rule)s"),
    body=_l(
        "Hello %(name)s,\n\nyour series is changed. These dates are ahead now:\n\n%(dates)s\n\n%(why)s\n\n"
        "For: %(purpose)s\nSeries: %(reference)s"
    ),
    is_asked_for=True,
)
CANCELLED = kind(
    code="series.cancelled",
    title=_l("Dates of a series cancelled"),
    subject=_l("Cancelled: %(room)s, %(rule)s"),
    body=_l("Hello %(name)s,\n\nthese dates are cancelled:\n\n%(dates)s\n\n%(why)s\n\nSeries: %(reference)s\n%(desk)s"),
    is_asked_for=True,
)
CHANGED_BY_STAFF = kind(
    code="series.changed_by_staff",
    title=_l("Series of bookings changed by the centre"),
    subject=_l("The centre has changed your series: %(room)s, %(rule)s"),
    body=_l(
        "Hello %(name)s,\n\nthe centre has changed your series. These dates are ahead now:\n\n%(dates)s\n\n%(why)s"
        "\n\nIf this does not suit you, change it on its page or ring us. %(desk)s\n\nFor: %(purpose)s\n"
        "Series: %(reference)s"
    ),
    calls=Calls.UNLESS_READ,
)
CANCELLED_BY_STAFF = kind(
    code="series.cancelled_by_staff",
    title=_l("Dates of a series cancelled by the centre"),
    subject=_l("The centre had to cancel: %(room)s, %(rule)s"),
    body=_l(
        "Hello %(name)s,\n\nwe are sorry: we had to cancel these dates:\n\n%(dates)s\n\n%(why)s\n\nWe will gladly "
        "find other times or rooms with you. %(desk)s\n\nSeries: %(reference)s"
    ),
    calls=Calls.UNLESS_READ,
)
register(kinds_in(vars()))

DECIDED = frozenset({APPROVED, DECLINED})
OF_ALL_DATES = frozenset({BOOKED, CHANGED, CHANGED_BY_STAFF, REQUESTED})
BY_STAFF = {CANCELLED: CANCELLED_BY_STAFF, CHANGED: CHANGED_BY_STAFF}


def tell(
    series: BookingSeries,
    kind: Kind,
    bookings: Sequence[Booking],
    *,
    by: Person,
    now: datetime,
    as_staff: bool = False,
    reason: str = "",
    only: Collection[int] | None = None,
) -> None:
    """Tell whoever answers for a series of some of its dates; what staff did for somebody else is told as theirs."""
    if not bookings:
        return
    if as_staff and by.id != series.person_id:
        kind = BY_STAFF.get(kind, kind)
    in_order = sorted(bookings, key=lambda booking: (booking.starts_at, booking.id))
    tell_answering(
        series,
        kind,
        key=f"{about(series)}:{kind.name}:{now.isoformat()}",
        facts=_facts(series, in_order, reason),
        path=path_to("bookings.show_series", series=series.reference),
        about=_about(series, kind, in_order[0]),
        until=in_order[-1].ends_at,
        not_before=now + TAKEN_BACK_WITHIN if kind in DECIDED else None,
        only=only,
        by=by,
        now=now,
    )
    if kind is REQUESTED:
        tell_staff(in_order[0], about=about(series), once=now.isoformat(), now=now)


def _facts(series: BookingSeries, bookings: Sequence[Booking], reason: str) -> dict[str, Any]:
    """What the words of news about some dates of a series need, the dates in order."""
    return {
        "room": lambda: series.room.full_name,
        "rule": lambda: f"{rule_words(series.repeat)} {clock_words(series)}",
        "dates": lambda: "\n".join(format_span(each.starts_at, each.ends_at) for each in bookings),
        "purpose": series.purpose,
        "reference": series.reference,
        "desk": say_desk,
        "why": lambda: why(reason),
    }


def how_told(series: BookingSeries, kind: Kind, *, now: datetime) -> HowTold:
    """How news of a series would be told to those who answer for it."""
    return telling.how_told((each, kind) for each in hearers(series, is_own_deed=False, now=now))


def told_of(series: BookingSeries) -> list[Told]:
    """How far the telling of what became of a series has come."""
    return telling.told_about(abouts_of(series))


def about(series: BookingSeries) -> str:
    """How the outbox names a series."""
    return f"series:{series.reference}"


def abouts_of(series: BookingSeries) -> list[str]:
    """How the outbox names a series and each of its dates."""
    of_dates = {_about_date(series, each.booking) for each in series.dates if each.booking}
    return [about(series), *sorted(of_dates)]


def _about(series: BookingSeries, kind: Kind, first: Booking) -> str:
    """How the outbox names what it is about. News of some dates leaves standing what was said of others."""
    return about(series) if kind in OF_ALL_DATES else _about_date(series, first)


def _about_date(series: BookingSeries, first: Booking) -> str:
    return f"{about(series)}:{first.starts_at:%Y%m%dT%H%MZ}"
