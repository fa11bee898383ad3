"""The steps of booking a room: who books for whom, what the form can offer, and what was asked for."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import request
from flask_login import current_user
from sqlalchemy import bindparam, select
from werkzeug.datastructures import MultiDict

from center.bookings.models import Channel
from center.bookings.rulebook import times
from center.bookings.rulebook.applicants import Applicant as Applicant
from center.bookings.rulebook.applicants import against as judge_each
from center.bookings.rulebook.availability import RoomDay, rules_of
from center.bookings.rulebook.facts import Party, ProposedUse, propose
from center.bookings.rulebook.rule_facts import kinds_of_use
from center.bookings.rulebook.times import clocks, free_starts, nearest_free_times
from center.kernel.access import Permission, authorise, may
from center.kernel.db import db, once
from center.kernel.i18n import centre, centre_zone, is_elder, local_date
from center.kernel.i18n import gettext as _
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.organisations.queries import is_lead, organisations_led_by
from center.people.models import Account, Person
from center.rooms.models import Room
from center.rooms.sentences import who_may_book
from center.web.bookings.days_on_offer import asker_of, free_days, say_free
from center.web.bookings.days_on_offer import chosen_day as chosen_day
from center.web.bookings.forms import MOST_MINUTES, MOST_PEOPLE, BookingForm, Choices, ElderBookingForm
from center.web.forms import asked_date, id_of

SUGGESTED_MINUTES = 60
_BY = select(Person).where(Person.id == bindparam("person_id"))
_STANDS = select(Account.confirmed_at.is_not(None).label("is_confirmed"), Account.disabled_at).where(
    Account.id == bindparam("account_id")
)


def applicant(now: datetime) -> Applicant:
    """Whoever is signed in; or, for staff with `?person=`, the person at their desk or on their phone."""
    by = db.session.scalars(_BY, {"person_id": current_user.person_id}).one()  # nothing else of the account is needed
    person_id = request.args.get("person")
    person, channel = by, Channel.ONLINE
    if person_id is not None:
        authorise(Permission.BOOK_FOR_ANYONE in current_user.permissions)
        person = _person(person_id)
        channel = Channel.PHONE if request.args.get("channel") == Channel.PHONE else Channel.DESK
    may_lead = person is not by or current_user.sees_others  # as the sign-in tells: nearly nobody does
    return Applicant(person, by, channel, organisations_led_by(person.id, local_date(now)) if may_lead else ())


def may_still_book(who: Applicant, organisation: Organisation | None, *, now: datetime) -> bool:
    """Whether, as things stand in this transaction, the account is open and the person leads the organisation."""
    leads = organisation is None or is_lead(who.person.id, organisation.id, on=local_date(now))
    return leads and is_account_open()


def is_account_open() -> bool:
    """Whether the account may ask for rooms and is not switched off, as things stand in this transaction."""
    stands = db.session.connection().execute(_STANDS, {"account_id": current_user.account_id}).one_or_none()
    return stands is not None and may_ask_yet(stands) and stands.disabled_at is None


def may_ask_yet(account: Any) -> bool:
    """Whether the desk knows who this is, or lets new accounts ask for rooms before that."""
    return bool(account.is_confirmed or centre().provisional_bookings)


def against(room: Room, who: Applicant, *, now: datetime) -> Mapping[str, str]:
    """What keeps each party of the applicant from this room at all, judged once a request."""
    key = ("against", room.id, who.person.id, who.is_staff, now)
    return once(key, lambda: judge_each(room, who, now=now))


def booking_form(
    room: Room,
    who: Applicant,
    answers: "MultiDict[str, str] | None",
    *,
    now: datetime,
    kind: type[BookingForm] | None = None,
) -> BookingForm:
    """The form with these answers, or before there are any as the address prefills it, with what it can offer."""
    kind = kind or (ElderBookingForm if is_elder() else BookingForm)
    form = kind(formdata=answers) if answers is not None else kind(formdata=None, data=prefilled())
    form.bind(centre_zone())
    is_opened = answers is None and request.method != "POST"  # what is sent fills it at once
    if is_opened and not is_elder():
        _suggest(room, who, form, now=now)
    form.party.data = form.party.data or _likely_party(room, who)
    if answers is None or "kind" not in answers:
        form.kind.raw_data = None  # it is not asked yet
    form.offer(Choices(starts=(), lengths=(), parties=who.parties(), kinds=kinds_of_use(room)))
    if is_opened or (answers is not None and "party" not in answers):
        _offer_parties(form, against(room, who, now=now))
    return form


def kept_from(room: Room, who: Applicant, *, now: datetime) -> list[tuple[str, str]]:
    """Those whom the applicant books for and who cannot have this room now, by name, each with why."""
    why = against(room, who, now=now)
    return [(name, why[token]) for token, name in who.parties() if why[token]]


def why_not_book(room: Room, *, now: datetime) -> str:
    """What keeps whoever looks from booking this room themselves, in words; "" where nothing does.

    Of a visitor only what keeps everybody from it is known.
    """
    if may(Permission.BOOK_FOR_ANYONE):
        return ""
    if not current_user.is_authenticated:
        return "" if room.residents_may_book or room.organisations_may_book else who_may_book(room)
    me = current_user.person
    who = Applicant(me, me, Channel.ONLINE, organisations_led_by(me.id, local_date(now)))
    why = against(room, who, now=now)
    return next(iter(why.values())) if all(why.values()) else ""


def _offer_parties(form: BookingForm, against: Mapping[str, str]) -> None:
    """Offer only those for whom the room may be booked, where there are any, and begin with one of them."""
    able = [choice for choice in form.party.choices if not against.get(choice[0])]
    if able:
        form.party.choices = able
        if form.party.data not in dict(able):
            form.party.data = able[0][0]


def proposed_by(room: Room, form: BookingForm, who: Applicant) -> ProposedUse | None:
    """What the form asks for, once its time makes sense."""
    span = form.proposed_span
    if span is None:
        return None
    footing = who.footing(who.organisation(form.party.data or ""))
    return propose(
        room,
        span,
        form.people.data or 1,
        footing,
        purpose_id=form.kind.data if form.kind.choices else None,
        set_up=form.set_up.data or "",
        needs=form.needed,
    )


def free_slots(
    room: Room, proposed: ProposedUse | None, who: Applicant, form: BookingForm, *, now: datetime
) -> list[Span]:
    """The three nearest times to offer after a refusal."""
    return nearest_free_times(room, proposed, now=now, asker=asker_of(who, form)) if proposed else []


def allowed_starts(day: RoomDay, who: Applicant, form: BookingForm) -> Sequence[datetime]:
    """The starts on this day that the applicant may have: for the length on the form, else for the shortest."""
    footing = who.footing(who.organisation(form.party.data or ""))
    return free_starts(footing, day, form.length or 0) or free_starts(footing, day)


def last_day(room: Room, who: Applicant, form: BookingForm, *, now: datetime) -> date | None:
    """The last day that the applicant may book; None for staff, whom the form does not bind."""
    footing = who.footing(who.organisation(form.party.data or ""))
    return None if who.is_staff else local_date(now) + timedelta(days=rules_of(room).horizon(footing))


def _person(text: str) -> Person:
    person_id = id_of(text)
    found = db.session.get(Person, person_id) if person_id else None
    authorise(found is not None and found.erased_at is None)
    assert found is not None
    return found


def sent_values() -> MultiDict[str, str]:
    """What was sent; a free time that was pressed (`pick`, `choose`) takes the place of the typed one."""
    values = MultiDict(request.form)
    day, _at, rest = (request.form.get("pick") or request.form.get("choose") or "").partition("T")
    start, _slash, minutes = rest.partition("/")
    if minutes:
        values["date"], values["start"], values["minutes"] = day, start, minutes
    return values


def answers_in_address() -> dict[str, list[str]]:
    """What the address says of a booking, as the form would send it."""
    found = {name: value for name, value in prefilled().items() if value is not None}
    return {name: [value.strftime("%H:%M") if isinstance(value, time) else str(value)] for name, value in found.items()}


def prefilled() -> dict[str, Any]:
    """What the address says of a booking: its day, start, length and size."""
    values: dict[str, Any] = {"date": asked_date()}
    try:
        start = time.fromisoformat(request.args.get("start", ""))
        values["start"] = start.replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        pass
    for name, most in (("minutes", MOST_MINUTES), ("people", MOST_PEOPLE)):
        text = request.args.get(name, "")
        if text.isascii() and text.isdigit() and 0 < int(text[:6]) <= most:
            values[name] = int(text[:6])
    return values


def _suggest(room: Room, who: Applicant, form: BookingForm, *, now: datetime) -> None:
    """Begin with the first day the room takes bookings for, its first free start, and an hour."""
    rules = rules_of(room)
    form.party.data = _likely_party(room, who)
    if who.is_staff:
        form.people.data, form.purpose.data = form.people.data or 1, _("Own use")
    footing = who.footing(who.organisation(form.party.data))
    if form.date.data is None:
        form.date.data = next((day for day, _count in free_days(room, rules, footing, who, form, now=now)), None)
    is_asked = form.minutes.data is not None
    form.minutes.data = form.minutes.data or max(rules.min_minutes, min(SUGGESTED_MINUTES, rules.max_minutes))
    day = chosen_day(room, who, form, now=now)
    if day is None:
        return
    starts = clocks(free_starts(footing, day, form.minutes.data))
    fits = form.start.data in starts if form.start.data is not None else bool(starts)
    if not fits and not is_asked:
        form.minutes.data, starts = rules.min_minutes, clocks(free_starts(footing, day))
    if form.start.data is None and starts:
        form.start.data = starts[0]


def offer_times(room: Room, who: Applicant, form: BookingForm, day: RoomDay | None, *, now: datetime) -> None:
    """Offer the starts and lengths that the applicant may have on the form's day, and in elder mode the days."""
    rules = rules_of(room)
    footing = who.footing(who.organisation(form.party.data or ""))
    starts, lengths = times.offered_times(room, rules, footing, day)
    if isinstance(form, ElderBookingForm):
        form.date.choices = [say_free(*each) for each in free_days(room, rules, footing, who, form, now=now)]
        if day and form.start.data is not None:
            begins = form.start.data
            lengths = [each for each in lengths if begins in clocks(free_starts(footing, day, each))] or lengths
    taken = () if isinstance(form, ElderBookingForm) else times.taken_starts(footing, day)
    form.offer_times(starts, lengths, taken)


def impossible(who: Applicant, form: BookingForm, day: RoomDay | None) -> str | None:
    """What of the form the applicant cannot have, however short their use is: its "date", or the "start" on it.

    Staff may have what is against a rule, and hear of it when they book.
    """
    if day is None or who.is_staff:
        return None
    starts = clocks(free_starts(who.footing(who.organisation(form.party.data or "")), day))
    if not starts:
        return "date"
    return "start" if form.start.data is not None and form.start.data not in starts else None


def _likely_party(room: Room, who: Applicant) -> str:
    """Whom the booking is for unless they say otherwise: for the first organisation they lead where the address
    says an organisation, or where the room is for organisations only."""
    for_organisation = request.args.get("party") == Party.ORGANISATION or not room.residents_may_book
    if not (who.organisations and for_organisation):
        return "self"
    return f"organisation-{who.organisations[0].id}"
