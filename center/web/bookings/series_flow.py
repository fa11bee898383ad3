"""The steps of booking and changing a series: what the forms can offer, and what was asked for."""

from collections.abc import Container, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import request
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from center.bookings.models.series import BookingSeries
from center.bookings.policy import is_of, is_of_now
from center.bookings.rulebook.applicants import closed_to
from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.facts import RoomRules
from center.bookings.rulebook.rule_facts import kinds_of_use
from center.bookings.rulebook.times import STAFF_LONGEST, grid, lengths_for
from center.bookings.series.date_checks import OnBehalf
from center.bookings.series.planning import limit_refusals
from center.bookings.series.queries import live_series
from center.kernel.access import Permission
from center.kernel.i18n import centre_zone, format_day, in_language, is_elder, local_date, ngettext
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.recurrence import Frequency, Repeat, dates_of, is_too_long
from center.organisations.models import Organisation
from center.organisations.queries import organisations_led_by
from center.rooms.models import Room
from center.rooms.queries import all_rooms
from center.web.bookings import flow
from center.web.bookings.days_on_offer import day_of
from center.web.bookings.forms import Choices
from center.web.bookings.series_forms import ChangeSeriesForm, ElderChangeSeriesForm, ElderRepeatForm, RepeatForm

SUGGESTED_TIMES = 8
ELDER_WEEKS = (4, 8, 12, 16, 20)
ELDER_FIRSTS = 6


def parties(who: flow.Applicant) -> list[tuple[str, str]]:
    """For whom this applicant may book a series: organisations; the person alone only through the desk."""
    return [each for each in who.parties() if who.is_staff or each[0] != "self"]


def kept_from(room: Room, who: flow.Applicant, *, now: datetime) -> str:
    """Why nobody for whom the applicant books can have a series, or one more, in this room; "" where somebody can.

    Staff may set it aside.
    """
    refused = [] if who.is_staff else [_kept_from(room, who, each, now=now) for each in who.organisations]
    return refused[0] if refused and all(refused) else ""


def _kept_from(room: Room, who: flow.Applicant, organisation: Organisation, *, now: datetime) -> str:
    if closed := closed_to(room, who, organisation, now=now):
        return closed
    return "".join(str(each) for each in limit_refusals(room, organisation, now=now)[:1])


def repeat_form(room: Room, who: flow.Applicant, answers: "MultiDict[str, str] | None", *, now: datetime) -> RepeatForm:
    """The form with these answers, or before there are any as the address prefills it, with what it can offer."""
    if is_elder():
        form: RepeatForm = ElderRepeatForm(formdata=answers)
    elif answers is not None:
        form = RepeatForm(formdata=answers)
    else:
        form = RepeatForm(formdata=None, data=_prefilled(room, now=now))
    form.bind(centre_zone())
    rules, offered = rules_of(room), parties(who)
    sent: Container[str] = answers or ()
    if "minutes" not in sent:
        form.minutes.data = form.minutes.data or max(rules.min_minutes, min(120, rules.org_max_minutes))
    if "party" not in sent:
        asked = request.args.get("party")
        form.party.data = next((token for token, _name in offered if token == asked), offered[0][0])
    if "kind" not in sent:
        form.kind.raw_data = None  # it is not asked yet
    longest = STAFF_LONGEST if who.is_staff else rules.org_max_minutes
    starts = grid(room, rules, day_of(form))
    form.offer(Choices(starts=starts, lengths=lengths_for(rules, longest), parties=offered, kinds=kinds_of_use(room)))
    if isinstance(form, ElderRepeatForm):
        form.offer_days(_firsts(form, now=now), _ends(form, rules, now=now))
    return form


def refuse_shapeless(form: RepeatForm) -> bool:
    """Say on the form that its rule gives no date, or too many; returns whether it did."""
    repeat = form.repeat
    if repeat is None or not dates_of(repeat):
        form.until.errors = [*form.until.errors, _l("No such weekday lies between these days.")]
        return True
    if is_too_long(repeat):
        form.until.errors = [*form.until.errors, _l("A series has at most 60 dates. Please choose an earlier end.")]
        return True
    return False


def on_behalf(form: RepeatForm, who: flow.Applicant) -> OnBehalf:
    """For whom the series on the form is."""
    organisation = who.organisation(form.party.data or "")
    return OnBehalf(who.person, organisation, who.footing(organisation))


def change_form(
    series: BookingSeries, from_date: date, answers: "MultiDict[str, str] | None", *, only: bool, now: datetime
) -> ChangeSeriesForm:
    """The form for changing dates: with these answers, before there are any as the dates are now."""
    form = _filled_in(series, from_date, only, answers)
    form.anew = lambda: _filled_in(series, from_date, only, None)
    room = next((each for each in all_rooms() if each.code == form.room.data), series.room)
    rules = rules_of(room)
    rooms = [(each.code, in_language(each.name, each.name_en)) for each in _able(series)]
    starts = grid(room, rules, None)
    longest = STAFF_LONGEST if acts_as_staff(series, now=now) else rules.org_max_minutes
    form.offer(Choices(starts=starts, lengths=lengths_for(rules, longest), parties=()), rooms)
    form.compare_anew()
    return form


def _filled_in(
    series: BookingSeries, from_date: date, only: bool, answers: "MultiDict[str, str] | None"
) -> ChangeSeriesForm:
    kind = ElderChangeSeriesForm if is_elder() else ChangeSeriesForm
    form = kind(formdata=answers, data=_as_it_is(series, from_date, only))
    if only:
        del form.until
    else:
        del form.on
    return form


def led_ids(now: datetime) -> list[int]:
    """The ids of the organisations that whoever is signed in leads now."""
    return [each.id for each in organisations_led_by(current_user.person_id, local_date(now))]


def series_ahead(*, now: datetime) -> list[BookingSeries]:
    """The series with a date ahead, of whoever is signed in and of the organisations they lead."""
    return list(live_series(person_id=current_user.person_id, organisation_ids=led_ids(now), now=now))


def may_see(series: BookingSeries, *, now: datetime) -> bool:
    """Whoever it is for, leads of its organisation, and staff who see bookings."""
    return owns(series, now=now) or Permission.SEE_BOOKINGS in current_user.permissions


def may_change(series: BookingSeries, *, now: datetime) -> bool:
    """Its own people, and staff who book for others."""
    return owns(series, now=now) or Permission.BOOK_FOR_ANYONE in current_user.permissions


def may_rebook(series: BookingSeries, *, now: datetime) -> bool:
    """A series for somebody's own use was made by the desk, and only the desk gives it other times."""
    if acts_as_staff(series, now=now):
        return True
    return series.organisation_id is not None and series.organisation_id in led_ids(now)


def owns(series: BookingSeries, *, now: datetime) -> bool:
    """Whether the series is this person's own, or that of an organisation they lead now."""
    return is_of(series, current_user.person_id, led_ids(now))


def acts_as_staff(series: BookingSeries, *, now: datetime) -> bool:
    """Whether whoever is signed in changes it as a member of staff."""
    return Permission.BOOK_FOR_ANYONE in current_user.permissions


def may_still_change(series: BookingSeries, *, now: datetime) -> bool:
    """The same as things stand in this transaction: the account is open, and leads still lead."""
    account = current_user.account
    if not flow.may_ask_yet(account) or account.disabled_at is not None:
        return False
    if acts_as_staff(series, now=now):
        return True
    return is_of_now(series, current_user.person, now=now)  # who may cancel their own, and no more


def _prefilled(room: Room, *, now: datetime) -> dict[str, Any]:
    """What the address says; the day's own weekday, and as many times as fit into two months."""
    values = flow.prefilled()
    rules, asked = rules_of(room), values["date"]
    first = asked or local_date(now) + timedelta(days=1)
    last = local_date(now) + timedelta(weeks=min(SUGGESTED_TIMES, rules.series_weeks))
    if rules.windows:
        values.setdefault("start", min(window.opens for window in rules.windows))
    return {**values, "date": first, "weekdays": [first.weekday()] if asked else [], "until": max(last, first)}


def _firsts(form: RepeatForm, *, now: datetime) -> list[tuple[str, str]]:
    """The next days on which the series could begin."""
    weekdays = tuple(form.weekdays.data or ())
    frequency = Frequency(form.frequency.data) if form.frequency.data in set(Frequency) else Frequency.WEEKLY
    kind = Frequency.MONTHLY if frequency is Frequency.MONTHLY else Frequency.WEEKLY
    tomorrow = local_date(now) + timedelta(days=1)
    nth = form.nth.data if kind is Frequency.MONTHLY else None
    rule = Repeat(frequency=kind, weekdays=weekdays, nth=nth, first_on=tomorrow, count=ELDER_FIRSTS)
    return [(day.isoformat(), format_day(day)) for day in dates_of(rule)]


def _ends(form: RepeatForm, rules: RoomRules, *, now: datetime) -> list[tuple[str, str]]:
    """Ends to choose from: after so many weeks, within how far ahead the room's series may reach."""
    first = form.date.data if isinstance(form.date.data, date) else local_date(now)
    furthest = local_date(now) + timedelta(weeks=rules.series_weeks)
    ends = []
    for weeks in ELDER_WEEKS:
        last = min(first + timedelta(weeks=weeks) - timedelta(days=1), furthest)
        words = ngettext("%(num)d week, until %(day)s", "%(num)d weeks, until %(day)s", weeks, day=format_day(last))
        ends.append((last.isoformat(), words))
        if last == furthest:
            break
    return ends


def _as_it_is(series: BookingSeries, from_date: date, only: bool) -> dict[str, Any]:
    """The series' own facts, or of one date what it is now."""
    last = series.until_on or max(each.on_date for each in series.dates)
    facts: dict[str, Any] = {
        "on": from_date,
        "room": series.room.code,
        "start": series.starts,
        "minutes": series.minutes,
        "people": series.people,
        "purpose": series.purpose,
        "note": series.note,
        "until": last,
    }
    booking = next((each.booking for each in series.dates if each.on_date == from_date), None)
    if only and booking is not None:
        begins = booking.starts_at.astimezone(centre_zone())
        facts |= {"on": begins.date(), "room": booking.room.code, "start": _clock(begins)}
        facts |= {"minutes": int((booking.ends_at - booking.starts_at).total_seconds() // 60)}
        facts |= {"people": booking.people, "purpose": booking.purpose, "note": booking.note}
    return facts


def _clock(moment: datetime) -> time:
    return moment.time().replace(tzinfo=None)


def _able(series: BookingSeries) -> Sequence[Room]:
    return [room for room in all_rooms() if room.organisations_may_book or room.id == series.room_id]
