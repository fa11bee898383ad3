"""Hours of rooms beyond an agreement wait for staff or are refused, and nobody gets the last hour twice."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from center.activities import actions as activities
from center.activities.clashes import SessionPlan
from center.activities.sessions import SessionsClash, add_sessions
from center.bookings import actions
from center.bookings.approvals.listing import why_waiting
from center.bookings.history import events_of
from center.bookings.models import Booking, BookingChange, BookingStatus
from center.bookings.rulebook.facts import Agreement, Party, Rule
from center.bookings.rulebook.refusals import RuleRefused
from center.incubator.models.house_rules import OverHours
from center.incubator.stages import house_rules
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room
from tests import race
from tests.activity_builders import make_activity
from tests.bookings.rulebook.test_rule_races import book_each_day
from tests.bookings.test_actions import request
from tests.builders import at, make_booking, make_organisation, make_person, make_room
from tests.conftest import make_app
from tests.engines import ONE_ENGINE, Engines, dispose
from tests.incubator.agreement_builders import make_agreement
from tests.incubator.builders import make_incubation

RIVALS, ROUNDS = 3, 3


def in_the_house(hours: int) -> tuple[Organisation, Person]:
    """An organisation with an agreement of so many hours a month, and who leads it."""
    lead = make_person()
    found = make_organisation(leads=[lead])
    make_agreement(make_incubation(organisation=found), room_hours=hours)
    return found, lead


def let_be(over_hours: OverHours) -> None:
    by = make_person()
    with transaction():
        house_rules.change({}, over_hours, by=by)


def days_of_a_month(count: int) -> list[date]:
    """Coming days in a row that lie in one month."""
    first = next(n for n in (1, 2, 3, 4) if at(9, days=n).month == at(9, days=n + count - 1).month)
    return [at(9, days=first + n).date() for n in range(count)]


def book(
    room: Room, whose: tuple[Organisation, Person], day: date, *, hours: int = 1, by: Person | None = None
) -> Booking:
    organisation, lead = whose
    with transaction():
        return actions.request_booking(
            room,
            request(at(10, day=day), minutes=60 * hours),
            person=lead,
            by=by or lead,
            party=Party.STAFF if by else Party.ORGANISATION,
            organisation=organisation,
            override_reason="社区节日" if by else "",
            now=clock.now(),
        )


def test_what_is_beyond_the_hours_waits_for_staff_and_says_why(app: Flask) -> None:
    room, whose, days = make_room(), in_the_house(2), days_of_a_month(2)
    assert book(room, whose, days[0], hours=2).status is BookingStatus.CONFIRMED
    beyond = book(room, whose, days[1])
    assert beyond.status is BookingStatus.REQUESTED
    assert why_waiting([beyond], now=clock.now())[beyond.id] == [Agreement.ALLOWANCE]
    stranger = make_organisation(leads=[make_person()])  # with whom nothing is agreed
    free = book(make_room(), (stranger, make_person()), days[1], hours=3)
    assert free.status is BookingStatus.CONFIRMED


@ONE_ENGINE
def test_where_it_is_refused_staff_may_do_it_all_the_same_and_say_why(app: Flask) -> None:
    let_be(OverHours.REFUSED)
    room, whose, days, clerk = make_room(), in_the_house(2), days_of_a_month(2), make_person()
    book(room, whose, days[0], hours=2)
    with pytest.raises(RuleRefused) as refused:
        book(room, whose, days[1])
    assert refused.value.rule is Rule.ALLOWANCE
    made = book(room, whose, days[1], by=clerk)
    [kept] = [each for each in events_of(made) if each.what is BookingChange.OVERRIDDEN]
    assert (kept.by_id, "社区节日" in kept.reason, made.status) == (clerk.id, True, BookingStatus.CONFIRMED)


@ONE_ENGINE
def test_dates_of_an_activity_count_as_well_and_staff_agree_before_it_is_public(app: Flask) -> None:
    organisation, lead = in_the_house(2)
    room, days = make_room(), days_of_a_month(2)
    make_booking(room=room, organisation=organisation, starts_at=at(15, day=days[0]), minutes=60)
    activity = make_activity(organisation=organisation, starts=[at(10, day=days[0])], minutes=60, room=room)
    assert not activities.needs_agreement(activity)
    plan = SessionPlan(span=Span(at(10, day=days[1]), at(11, day=days[1])), room=room)
    let_be(OverHours.REFUSED)
    with pytest.raises(SessionsClash), transaction():
        add_sessions(activity, [plan], by=lead, now=clock.now())
    let_be(OverHours.ASKS)
    with transaction():
        add_sessions(activity, [plan], by=lead, now=clock.now())
    assert activities.needs_agreement(activity)


def test_nobody_gets_the_last_hour_twice(engine: str, engines: Engines, worker: str) -> None:
    """Held twice over: by the line of those who write room time, and by the row of the organisation."""
    app = make_app(engines.new_url(engine, f"hours_{worker}".lower()))
    try:
        with app.app_context():
            let_be(OverHours.REFUSED)
            organisation, lead = in_the_house(ROUNDS)
            url = db.engine.url.render_as_string(hide_password=False)
            days = days_of_a_month(ROUNDS)
            rivals = [make_room(live_limit=0, org_live_limit=0).id for _ in range(RIVALS)]
            ids = lead.id, organisation.id
            db.session.remove()
            race.run([(book_each_day, (url, room_id, *ids, days, True)) for room_id in rivals])
            assert db.session.scalar(select(func.count()).select_from(Booking)) == ROUNDS
    finally:
        dispose(app)
