"""What staff have set beside a room's own rules, each as one plain sentence in the reader's language."""

from collections.abc import Collection, Iterable
from datetime import date

from center.kernel.i18n import format_clocks, format_day, format_minutes, in_language, ngettext
from center.kernel.i18n import gettext as _
from center.kernel.spans import LocalSpan
from center.rooms.labels import WEEKDAYS
from center.rooms.rule_models import ApprovalHours, PriorityWindow, PurposeRule, Quota, Whose, weekday_set
from center.rooms.rule_models import Period as Per

ALL_WEEK = frozenset(range(8))
WORKING_DAYS = frozenset(range(5))


def quota_sentence(
    whose: Whose,
    per: Per,
    *,
    bookings: int | None,
    minutes: int | None,
    weekdays: Collection[int] = ALL_WEEK,
    hours: LocalSpan | None = None,
    place: str = "",
) -> str:
    """One quota: who can have how much of what, in which time."""
    said = _(
        "%(who)s can have at most %(amount)s %(per)s in %(place)s.",
        who=_who(whose),
        amount=amount_words(bookings, minutes),
        per=per_words(per),
        place=_("“%(name)s”", name=place) if place else _("all rooms together"),
    )
    if hours or frozenset(weekdays) != ALL_WEEK:
        said = _("%(sentence)s Only this time counts: %(when)s.", sentence=said, when=when_words(weekdays, hours))
    return said


def sentence_of(quota: Quota) -> str:
    """A quota as it is in the database, in words."""
    place = quota.room_group or quota.room
    hours = LocalSpan(quota.opens, quota.closes) if quota.opens is not None and quota.closes is not None else None
    return quota_sentence(
        quota.whose,
        quota.per,
        bookings=quota.most_bookings,
        minutes=quota.most_minutes,
        weekdays=weekday_set(quota.weekdays),
        hours=hours,
        place=in_language(place.name, place.name_en) if place else "",
    )


def amount_words(bookings: int | None, minutes: int | None) -> str:
    """2 bookings and 4 hours."""
    count = ngettext("%(num)d booking", "%(num)d bookings", bookings) if bookings is not None else ""
    length = hours_words(minutes) if minutes is not None else ""
    if count and length:
        return _("%(count)s and %(length)s", count=count, length=length)
    return count or length


def hours_words(minutes: int) -> str:
    """A sum of time in hours and minutes, however many hours they are."""
    hours, rest = divmod(minutes, 60)
    if not hours or rest:
        return format_minutes(rest) if not hours else f"{hours_words(hours * 60)} {format_minutes(rest)}"
    return ngettext("%(num)d hour", "%(num)d hours", hours)


def per_words(per: Per) -> str:
    """In how long a time."""
    return {Per.DAY: _("a day"), Per.WEEK: _("a week"), Per.MONTH: _("a month")}[per]


def when_words(weekdays: Collection[int], hours: LocalSpan | None) -> str:
    """Some weekdays and hours: "working days 15:30–18:30"."""
    return " ".join(filter(None, [weekday_words(weekdays), hours_of(hours)]))


def weekday_words(weekdays: Collection[int]) -> str:
    """Which days are meant; "" for all of them."""
    days = frozenset(weekdays)
    if days == ALL_WEEK:
        return ""
    if days == WORKING_DAYS:
        return _("working days")
    return _(", ").join(str(WEEKDAYS[day]) for day in sorted(days))


def hours_of(hours: LocalSpan | None) -> str:
    """15:30–18:30."""
    return format_clocks(hours.opens, hours.closes) if hours else ""


def priority_sentence(window: PriorityWindow) -> str:
    """Which hours are kept for whom, and until when."""
    said = _(
        "Kept for %(name)s: %(when)s.",
        name=in_language(window.name, window.name_en),
        when=when_words(weekday_set(window.weekdays), LocalSpan(window.opens, window.closes)),
    )
    if dates := dates_words(window.starts_on, window.ends_on):
        said = f"{said} {dates}"
    if window.release_days is None:
        return said
    return f"{said} {release_words(window.release_days)}"


def release_words(days: int) -> str:
    """From when on what is left of kept hours is for everybody."""
    if days == 0:
        return _("What is left is for everybody on the day itself.")
    return ngettext(
        "What is left is for everybody from %(num)d day before.",
        "What is left is for everybody from %(num)d days before.",
        days,
    )


def dates_words(first: date | None, last: date | None) -> str:
    """From when until when a rule counts; "" where it has no end on either side."""
    if first and last:
        return _("This counts from %(first)s until %(last)s.", first=format_day(first), last=format_day(last))
    if first:
        return _("This counts from %(first)s on.", first=format_day(first))
    return _("This counts until %(last)s.", last=format_day(last)) if last else ""


def audience_sentence(names: Iterable[str]) -> str:
    """Who alone may book a room."""
    listed = _(", ").join(_("“%(name)s”", name=name) for name in names)
    return _("Only members of %(groups)s can book this room.", groups=listed)


def approval_hours_words(rows: Iterable[ApprovalHours]) -> str:
    """The hours outside which the desk must agree; "" where there are none."""
    return _("; ").join(when_words(weekday_set(each.weekdays), LocalSpan(each.opens, each.closes)) for each in rows)


def purpose_sentence(name: str, rule: PurposeRule) -> str:
    """What becomes of a booking for a purpose."""
    if rule is PurposeRule.NOT_ALLOWED:
        return _("“%(purpose)s” is not allowed in this room.", purpose=name)
    if rule is PurposeRule.APPROVAL:
        return _("For “%(purpose)s” the desk must approve the booking.", purpose=name)
    return _("“%(purpose)s” is allowed.", purpose=name)


def _who(whose: Whose) -> str:
    return {
        Whose.PERSON: _("Each person"),
        Whose.HOUSEHOLD: _("Each household"),
        Whose.ORGANISATION: _("Each organisation"),
        Whose.EVERYBODY: _("Everybody together"),
    }[whose]
