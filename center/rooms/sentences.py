"""A room's booking rules, each as one plain sentence in the reader's language."""

from collections.abc import Iterator
from itertools import groupby

from center.kernel.i18n import format_clocks, format_minutes, in_language, ngettext
from center.kernel.i18n import gettext as _
from center.rooms.models import Approval, BookingWindow, Room


def rule_sentences(
    room: Room, *, who: str = "", hours_at_once: str = "", asks_for_some_uses: bool = False
) -> list[str]:
    """One plain sentence per booking rule, in the order in which people ask.

    What staff have set beside the room's own rules is not contradicted: `who` alone may book, `hours_at_once` without
    approval, and whether the desk must approve some uses.
    """
    if not (room.residents_may_book or room.organisations_may_book):
        return [who_may_book(room), *_for_everybody(room)]
    approval = _approval(room, hours_at_once, asks_for_some_uses)
    return [
        who or who_may_book(room),
        *_how_long(room),
        *_how_early(room),
        *_for_everybody(room),
        *approval,
        *_limits(room),
    ]


def who_may_book(room: Room) -> str:
    """Who may book the room without asking the desk to do it."""
    if room.residents_may_book and room.organisations_may_book:
        return _("Residents and organisations can book this room.")
    if room.residents_may_book:
        return _("Residents can book this room for their own use.")
    if room.organisations_may_book:
        return _("Organisations can book this room; their leads do it.")
    return _("The desk books this room; please call or visit the desk.")


def claim_sentence(room: Room) -> str:
    """What happens to a room to which nobody comes."""
    return _(
        "Please tell the desk that you are there: a room that nobody has claimed %(time)s after the start is given "
        "to others.",
        time=format_minutes(room.release_minutes),
    )


def _how_long(room: Room) -> Iterator[str]:
    least = format_minutes(room.min_minutes)
    resident, organisation = format_minutes(room.max_minutes), format_minutes(room.org_max_minutes)
    if not room.organisations_may_book or (room.residents_may_book and resident == organisation):
        yield _("A booking lasts from %(least)s to %(most)s.", least=least, most=resident)
    elif not room.residents_may_book:
        yield _("A booking lasts from %(least)s to %(most)s.", least=least, most=organisation)
    else:
        yield _(
            "A resident's booking lasts from %(least)s to %(most)s, an organisation's up to %(longer)s.",
            least=least,
            most=resident,
            longer=organisation,
        )
    yield _("Bookings start every %(step)s, counted from the full hour.", step=format_minutes(room.step_minutes))


def _how_early(room: Room) -> Iterator[str]:
    if room.notice_minutes:
        yield _("Book at least %(time)s before it starts.", time=format_minutes(room.notice_minutes))
    else:
        yield _("You can book until the moment it starts.")
    resident, organisation = _days(room.horizon_days), _days(room.org_horizon_days)
    if not room.organisations_may_book or (room.residents_may_book and resident == organisation):
        yield _("You can book up to %(days)s ahead.", days=resident)
    elif not room.residents_may_book:
        yield _("You can book up to %(days)s ahead.", days=organisation)
    else:
        yield _(
            "Residents can book up to %(days)s ahead, organisations up to %(more)s.", days=resident, more=organisation
        )


def _for_everybody(room: Room) -> Iterator[str]:
    if room.windows:
        yield _("Bookings must lie within %(windows)s.", windows=_listed(room.windows))
    if room.min_people > 1:
        yield ngettext(
            "This room is for groups of %(num)d person or more.",
            "This room is for groups of %(num)d people or more.",
            room.min_people,
        )
    if room.buffer_minutes:
        yield _(
            "The room is kept free for %(time)s after each booking, for clearing up.",
            time=format_minutes(room.buffer_minutes),
        )
    if room.set_up_minutes:
        yield _(
            "Where you want it set up in a special way, it is kept free for another %(time)s.",
            time=format_minutes(room.set_up_minutes),
        )
    if room.release_minutes:
        yield claim_sentence(room)
    if room.is_confidential:
        yield _("What happens here is confidential: other people see only that the room is in use.")


def _approval(room: Room, hours_at_once: str, asks_for_some_uses: bool) -> Iterator[str]:
    """When the desk must agree: always, for many people, at some hours; and what becomes of a request."""
    is_for_many = room.approval is Approval.FROM_PEOPLE and room.approval_from_people <= room.capacity
    if room.approval is Approval.ALWAYS:
        yield _("The desk must approve every booking; your time is held until it does.")
    else:
        if is_for_many:
            yield ngettext(
                "For %(num)d person or more, the desk must approve the booking; your time is held until it does.",
                "For %(num)d people or more, the desk must approve the booking; your time is held until it does.",
                room.approval_from_people,
            )
        if hours_at_once:
            yield _("At other times than %(hours)s the desk must approve the booking.", hours=hours_at_once)
        if hours_at_once or asks_for_some_uses:
            yield _("Every other booking is confirmed at once.")
        elif not is_for_many:
            yield _("A booking is confirmed at once.")
    if room.approval is Approval.NEVER and not hours_at_once and not asks_for_some_uses:
        return
    if room.expire_minutes:
        yield _(
            "A request that nobody has decided %(time)s before it starts is over.",
            time=format_minutes(room.expire_minutes),
        )
    else:
        yield _("A request that nobody has decided by noon of the day before is over; a later one, two hours before.")


def _limits(room: Room) -> Iterator[str]:
    if room.residents_may_book and room.live_limit:
        yield ngettext(
            "A resident can have %(num)d booking ahead at a time.",
            "A resident can have %(num)d bookings ahead at a time.",
            room.live_limit,
        )
    if room.organisations_may_book and room.org_live_limit:
        yield ngettext(
            "An organisation can have %(num)d booking ahead at a time.",
            "An organisation can have %(num)d bookings ahead at a time.",
            room.org_live_limit,
        )
    if room.organisations_may_book:
        yield ngettext(
            "An organisation can book a series of dates here, up to %(num)d week ahead.",
            "An organisation can book a series of dates here, up to %(num)d weeks ahead.",
            room.series_weeks,
        )
    if room.cancel_minutes:
        yield _("You can cancel until %(time)s before it starts.", time=format_minutes(room.cancel_minutes))
    else:
        yield _("You can cancel until it starts.")


def _days(number: int) -> str:
    return ngettext("%(num)d day", "%(num)d days", number)


def _listed(windows: list[BookingWindow]) -> str:
    """The windows' times; neighbours with one reason say it once."""
    listed = []
    for reason, group in groupby(windows, key=lambda each: in_language(each.reason, each.reason_en)):
        times = _(", ").join(format_clocks(each.opens, each.closes) for each in group)
        listed.append(_("%(times)s (%(reason)s)", times=times, reason=reason) if reason else times)
    return _(", ").join(listed)
