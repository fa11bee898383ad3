"""The end of a role ends what it gave, on every page, in every feed and for all that is told from then on.

Somebody who had every role, and did with each what it is for, is afterwards answered as somebody who never had one.
"""

import uuid
from collections.abc import Container
from dataclasses import dataclass
from datetime import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.activities import actions as activity_actions
from center.bookings import actions as booking_actions
from center.bookings import handing_on
from center.bookings.calendars import links
from center.bookings.models import Booking, Channel
from center.bookings.models.series import BookingSeries
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.rulebook.facts import Party
from center.bookings.series.actions import book_series, cancel_dates
from center.bookings.series.date_checks import OnBehalf
from center.bookings.series.date_plans import BOOK
from center.bookings.series.planning import SeriesRequest
from center.bookings.waiting import offers
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.recurrence import Frequency, Repeat, dates_of
from center.notices.models import Delivery, DeliveryState, Notice
from center.organisations.actions import end_membership
from center.organisations.models import MemberRole, Membership, Organisation
from center.people import acting
from center.people.models import Account, Consent, DelegationScope, Person, Role
from center.people.role_actions import end_role, grant_role
from center.rooms.models import Room
from center.signups.cancelling import cancel
from center.signups.models import SignUp
from center.signups.models.attendee_lists import Driver
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import LONG_AGO, at, make_account, make_booking, make_organisation, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.there import there
from tests.world import World, address_of, closed_to, rules

pytestmark = ONE_ENGINE
ROLES = (Role.CLERK, Role.DIRECTOR, Role.AUDITOR, Role.TUTOR, Role.GRID_WORKER)
# Pages that a role opened to them, as a control: lead, helper, driver, staff.
GIVEN_BY_ROLES = frozenset(
    {"bookings.cancel", "bookings.show", "bookings.show_series", "bookings.wish", "desk.board", "people.roles"}
    | {"posting.work"}
)
# What somebody was told while they had a role, whom they helped and what they booked is theirs to keep.
OWN_LETTERS = {"notices.inbox", "notices.show", "people.my_data"}


@dataclass(frozen=True)
class Given:
    """What somebody had by their roles."""

    account: Account
    team: Organisation
    present: Account  # who leads it after them
    booking: Booking
    series: BookingSeries
    wish: SlotWish
    helped: SignUp
    token: str

    def samples(self, world: World) -> dict[str, object]:
        """A value for each name that stands in an address: what is theirs first."""
        theirs = {
            "slug": self.team.slug,
            "reference": self.booking.reference,
            "series": self.series.reference,
            "on": self.series.dates[0].on_date.isoformat(),
            "wish_id": self.wish.id,
        }
        return {**world.samples(), **theirs}

    @property
    def secrets(self) -> set[str]:
        """What none of their pages says any more."""
        return {self.booking.reference, self.series.reference, self.helped.reference, self.helped.person.name}


@pytest.mark.slow("it asks for every address twice")
@pytest.mark.usefixtures("undrawn")
def test_whoever_had_every_role_is_answered_as_somebody_who_never_had_one(app: Flask, world: World) -> None:
    given, never = _give_all(world), make_account()
    former, stranger = _browser(app, given.account), _browser(app, never)
    had = _answers(app, former, given, world, only=GIVEN_BY_ROLES)
    assert set(had.values()) == {200}
    _end_all(given, world)
    stopped = closed_to(app, given.account)
    assert stopped == closed_to(app, never)
    asked = ({rule.endpoint for rule in rules(app)} - stopped) | GIVEN_BY_ROLES
    has, others = (_answers(app, each, given, world, only=asked) for each in (former, stranger))
    assert {address: (has[address], others[address]) for address in has if has[address] != others[address]} == {}
    assert {address for address in had if has[address] == 200} == set()


@pytest.mark.slow("it asks for every address twice")
@pytest.mark.usefixtures("undrawn")
def test_no_button_works_for_whoever_had_every_role(app: Flask, world: World) -> None:
    given, never = _give_all(world), make_account()
    _end_all(given, world)
    former, stranger = _browser(app, given.account), _browser(app, never)
    differ, stopped = {}, closed_to(app, given.account)
    assert stopped == closed_to(app, never)
    for rule in rules(app):
        if "POST" in (rule.methods or ()) and rule.arguments and rule.endpoint not in stopped:
            address = address_of(rule, {**given.samples(world), "session_id": 999_999})
            form = {"reason": "x", "stage": "book", "confirm": "1"}
            answers = [each.post(address, data=form).status_code for each in (former, stranger)]
            if answers[0] != answers[1]:
                differ[rule.endpoint] = answers
    assert differ == {}


@pytest.mark.slow("it asks for every address twice")
def test_no_page_or_feed_says_any_more_what_a_role_had_shown(app: Flask, world: World) -> None:
    given = _give_all(world)
    former = _browser(app, given.account)
    before = former.get("/me").text + former.get(f"/calendars/{given.token}.ics").text
    assert {each for each in given.secrets if each in before} == given.secrets
    _end_all(given, world)
    said = {}
    stopped = closed_to(app, given.account)
    pages = [
        (rule.endpoint, address_of(rule, given.samples(world)))
        for rule in rules(app)
        if "GET" in there(rule.methods) and rule.endpoint not in stopped
    ]
    for endpoint, address in [*pages, ("bookings.own_calendar", f"/calendars/{given.token}.ics")]:
        answer = former.get(address)
        is_read = (
            answer.status_code == 200 and there(answer.mimetype).startswith("text/") and endpoint not in OWN_LETTERS
        )
        if is_read and (found := {each for each in given.secrets if each in answer.text}):
            said[endpoint] = found
    assert said == {}


def test_what_becomes_of_it_is_told_to_those_who_have_the_role_now(app: Flask, world: World) -> None:
    given = _give_all(world)
    _end_all(given, world)
    last = db.session.scalars(select(Notice.id).order_by(Notice.id.desc()).limit(1)).one()
    db.session.rollback()
    clerk, now = world.clerk.person, clock.now()
    with transaction():
        booking_actions.cancel(given.booking, by=clerk, now=now, reason="停水", as_staff=True)
    with transaction():
        days = [each.on_date for each in given.series.dates]
        cancel_dates(given.series, days, by=clerk, now=now, reason="停水", as_staff=True)
    with transaction():
        [activity] = (each for each in _activities(given.team) if each.is_public)
        activity_actions.cancel(activity, reason="停水", by=clerk, now=now, as_staff=True)
    with transaction():
        cancel(given.helped, by=clerk, now=now, reason="停水", as_staff=True)
    db.session.rollback()
    told = db.session.execute(select(Notice.person_id, Notice.kind).where(Notice.id > last)).all()
    assert [row.kind for row in told if row.person_id == given.account.person_id] == []
    to_present = {row.kind for row in told if row.person_id == given.present.person_id}
    assert to_present >= {"booking.cancelled_by_staff", "series.cancelled_by_staff", "activity.cancelled_by_staff"}


def test_what_a_former_lead_had_not_heard_yet_is_told_to_the_present_one(app: Flask, world: World) -> None:
    given = _give_all(world)
    with transaction():
        booking_actions.cancel(given.booking, by=world.clerk.person, now=clock.now(), reason="停水", as_staff=True)
    assert handing_on.strays(clock.now()) == []
    before = _due(given)
    assert before
    _end_all(given, world)
    for each in (strays := handing_on.strays(clock.now())):
        handing_on.hand_on(each, clock.now())
        handing_on.hand_on(each, clock.now())
    assert set(strays) == before
    assert _due(given) == set()
    db.session.rollback()
    told = db.session.scalars(select(Notice).where(Notice.kind == "booking.handed_on")).all()
    assert {each.person_id for each in told} == {given.present.person_id}
    assert given.account.person.name not in "".join(each.body for each in told)


def test_an_organisation_goes_on_waiting_when_another_leads_it(app: Flask, world: World) -> None:
    given = _give_all(world)
    _end_all(given, world)
    with transaction():
        taken = db.session.scalars(select(Booking).where(Booking.room_id == given.wish.room_id)).one()
        booking_actions.cancel(taken, by=world.clerk.person, now=clock.now(), as_staff=True)
    assert given.wish.state is WishState.OFFERED
    browser = _browser(app, given.present)
    assert browser.post(f"/waiting/{given.wish.id}/accept").status_code == 303
    db.session.rollback()
    booking = db.session.scalars(select(Booking).where(Booking.request_key == f"wish-{given.wish.id}")).one()
    assert (booking.person_id, booking.organisation_id) == (given.present.person_id, given.team.id)


def test_an_organisation_that_nobody_leads_is_offered_nothing(app: Flask, world: World) -> None:
    given = _give_all(world)
    _end_all(given, world)
    with transaction() as session:
        for each in session.scalars(select(Membership).where(Membership.organisation_id == given.team.id)):
            end_membership(each, by=world.director.person, now=clock.now())
    assert offers.find_offer(given.wish, now=clock.now()) is None


def _give_all(world: World) -> Given:
    """Somebody with every role, and what they did with each."""
    account, present = make_account(make_person(name="万德山")), make_account(make_person(name="余秀兰"))
    me = account.person
    team = make_organisation(leads=[me, present.person], slug="former-team", name="夕阳红队")
    for role in (MemberRole.EDITOR, MemberRole.CHECK_IN, MemberRole.MEMBER):
        _belongs(make_organisation(), me.id, role)
    with transaction():
        for of_staff in ROLES:
            grant_role(me, of_staff, starts_on=LONG_AGO, by=None)
    room, full = make_room(), make_room()
    booking = make_booking(room=room, person=me, organisation=team, starts_at=at(9), purpose="排练")
    make_booking(room=full, starts_at=at(15))
    make_roster(make_activity(organisation=team, starts=[at(10, days=12)]))
    return Given(
        account=account,
        team=team,
        present=present,
        booking=booking,
        series=_series(room, me, team),
        wish=_waits(full, me, team),
        helped=_helped(me, world),
        token=_feed(me),
    )


def _series(room: Room, lead: Person, team: Organisation) -> BookingSeries:
    first = at(18, days=2).date()
    repeat = Repeat(frequency=Frequency.WEEKLY, weekdays=(first.weekday(),), first_on=first, count=2)
    asked = SeriesRequest(
        room=room, repeat=repeat, starts=time(18), minutes=60, people=5, purpose="排练", request_key=str(uuid.uuid4())
    )
    with transaction():
        whose = OnBehalf(lead, team, Party.ORGANISATION)
        return book_series(asked, dict.fromkeys(dates_of(repeat), BOOK), whose=whose, by=lead, now=clock.now())


def _waits(room: Room, lead: Person, team: Organisation) -> SlotWish:
    times = {"starts_at": at(15), "ends_at": at(16), "asked_at": clock.now()}
    who = {"person_id": lead.id, "asked_by_id": lead.id, "organisation_id": team.id, "channel": Channel.ONLINE}
    with transaction() as session:
        wish = SlotWish(room_id=room.id, state=WishState.WAITING, purpose="排练", people=5, **who, **times)
        session.add(wish)
    return wish


def _helped(me: Person, world: World) -> SignUp:
    """A neighbour who agreed is signed up by them, and they drive for it."""
    neighbour, now = make_person(name="老邻居"), clock.now()
    today = at(0, days=0).date()
    terms: dict[str, Any] = {
        "scope": DelegationScope.SIGN_UPS,
        "consent": Consent.AT_THE_DESK,
        "starts_on": today,
        "ends_on": today,
    }
    with transaction():
        acting.grant(neighbour, to=me, by=world.clerk.person, now=now, **terms)
    [signed] = sign_up(make_roster(make_activity(starts=[at(14, days=8)])), neighbour, by=me)
    driven = make_activity(organisation=world.organisation, starts=[at(14, days=9)])
    _belongs(world.organisation, me.id, MemberRole.MEMBER)
    for date_id in (driven.sessions[0].id, world.date_id):
        with transaction() as session:
            session.add(Driver(session_id=date_id, person_id=me.id, named_by_id=world.lead.person_id, named_at=now))
    return signed


def _belongs(organisation: Organisation, person_id: int, role: MemberRole) -> None:
    with transaction() as session:
        session.add(Membership(organisation_id=organisation.id, person_id=person_id, role=role, starts_on=LONG_AGO))


def _feed(me: Person) -> str:
    with transaction():
        return links.make(me, now=clock.now())


def _end_all(given: Given, world: World) -> None:
    """End every role of theirs as staff do; nobody takes the driver's list from them."""
    me, now = given.account.person, clock.now()
    today = at(0, days=0).date()
    db.session.rollback()
    with transaction() as session:
        for each in session.scalars(select(Membership).where(Membership.person_id == me.id)).all():
            end_membership(each, by=world.director.person, now=now)
        for grant in list(session.get_one(type(me), me.id, populate_existing=True).grants):
            end_role(grant, by=world.director.person, today=today)
        for delegation in acting.delegations_of(given.helped.person, on=today):
            acting.revoke(delegation, by=given.helped.person, now=now)
    db.session.rollback()


def _activities(team: Organisation) -> Any:
    from center.activities.models import Activity

    return db.session.scalars(select(Activity).where(Activity.organisation_id == team.id)).all()


def _due(given: Given) -> set[int]:
    """What waits to be told to them."""
    db.session.rollback()
    mine = Notice.person_id == given.account.person_id, Delivery.state == DeliveryState.DUE
    return set(db.session.scalars(select(Delivery.id).join(Notice).where(*mine)))


def _browser(app: Flask, account: Account) -> FlaskClient:
    client = app.test_client()
    sign_in(client, account)
    return client


def _answers(app: Flask, client: FlaskClient, given: Given, world: World, *, only: Container[str]) -> dict[str, int]:
    """How some pages answer, with what was theirs in the address."""
    values = given.samples(world)
    chosen = [rule for rule in rules(app) if "GET" in (rule.methods or ()) and rule.endpoint in only]
    addresses = {address_of(rule, values) for rule in chosen}
    addresses |= {
        f"/sign-ups/{given.helped.reference}",
        f"/workspace/activities/{world.organisation.slug}/sessions/{world.date_id}/pick-ups",
    }
    return {address: client.get(address).status_code for address in sorted(addresses)}
