"""Undoing a match: what the account did since goes back with it, and what cannot be put back is named."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from center.bookings import actions as bookings
from center.bookings.models import Booking, Channel
from center.bookings.models.waiting import SlotWish
from center.bookings.rulebook.facts import Party
from center.bookings.waiting import wishes
from center.bookings.writing import BookingRequest
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.i18n import speaking
from center.kernel.spans import Span
from center.notices.actions import ContactChoice, set_consent, set_contact
from center.notices.models import ContactPreference, Notice, Preferred
from center.notices.verifying import find_waiting
from center.people import acting, actions, helpers, matching
from center.people.models import Account, AccountMatch, Consent, DelegationScope, Person, Role
from center.people.records import PersonRecord, edit_person
from center.signups.cancelling import cancel
from center.signups.models import SignUp
from tests.activity_builders import make_roster, may_sign_up_for, sign_up
from tests.builders import ZONE, at, make_account, make_booking, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def known() -> Person:
    """Somebody whom the centre has known for long."""
    return make_person(name="李桂兰", phone=None)


@pytest.fixture
def clerk() -> Person:
    return make_person()


@pytest.fixture
def match(known: Person, clerk: Person) -> AccountMatch:
    """The account of somebody else of the same name, taken for hers."""
    account = make_account(make_person(name="李桂兰", phone="19900000077"), is_confirmed=False)
    with transaction():
        return actions.merge_account(account, onto=known, by=clerk, now=clock.now())


def undo(made: AccountMatch, by: Person) -> Person:
    with transaction():
        matching.undo(made, by=by, now=clock.now())
    db.session.expire_all()
    return db.session.get_one(Person, made.double_id)


def by_hand(made: AccountMatch) -> list[str]:
    db.session.expire_all()
    with speaking("en"):
        return [each.what for each in matching.not_undone(made, now=clock.now())]


def wants(preferred: Preferred, person: Person, by: Person, email: str = "") -> None:
    with transaction():
        choice = ContactChoice(preferred=preferred, locale=None, email=email, agrees=True)
        set_contact(person, choice, by=by, now=clock.now())


def preference(person: Person) -> Preferred | None:
    row = db.session.get(ContactPreference, person.id)
    return row.preferred if row else None


class TestHowTheyAreTold:
    def test_what_the_account_chose_goes_with_it(self, match: AccountMatch, known: Person, clerk: Person) -> None:
        wants(Preferred.EMAIL, known, known, "her@example.cn")
        double = undo(match, clerk)
        assert (preference(known), known.email) == (None, None)
        assert (preference(double), double.email) == (Preferred.EMAIL, None)
        assert [find_waiting(each.id) for each in (known, double)] == [None, None]  # it is asked for again

    def test_what_she_had_asked_for_before_holds_again(self, known: Person, clerk: Person) -> None:
        wants(Preferred.SLIP, known, clerk)
        account = make_account(make_person(name="李桂兰"), is_confirmed=False)
        with transaction():
            made = actions.merge_account(account, onto=known, by=clerk, now=clock.now())
        wants(Preferred.INBOX, known, known)
        double = undo(made, clerk)
        assert (preference(known), preference(double)) == (Preferred.SLIP, Preferred.INBOX)

    def test_what_the_desk_wrote_down_meanwhile_stays(self, match: AccountMatch, known: Person, clerk: Person) -> None:
        wants(Preferred.SLIP, known, clerk)
        with transaction():
            edit_person(known, PersonRecord(name="李桂兰", phone="19900000088"), by=clerk, now=clock.now())
        double = undo(match, clerk)
        assert (preference(known), known.phone, double.phone) == (Preferred.SLIP, "19900000088", "19900000077")
        assert by_hand(match) == ["The desk corrected the record"]

    @ONE_ENGINE
    def test_a_phone_that_the_account_changed_is_its_own(
        self, match: AccountMatch, known: Person, clerk: Person
    ) -> None:
        with transaction():
            actions.change_phone(db.session.get_one(Account, match.account_id), phone="19900000099", is_relatives=False)
        double = undo(match, clerk)
        assert (known.phone, double.phone) == (None, "19900000099")

    def test_that_messages_were_stopped_is_named(self, match: AccountMatch, known: Person, clerk: Person) -> None:
        with transaction():
            set_consent(known, agrees=False, by=known, now=clock.now())
        undo(match, clerk)
        assert preference(known) is None
        assert by_hand(match) == ["Messages were stopped: tell them what they missed"]


class TestHelpers:
    @ONE_ENGINE
    def test_those_named_by_the_account_help_it_and_nobody_else(
        self, match: AccountMatch, known: Person, clerk: Person
    ) -> None:
        helper, today = make_account().person, clock.today(ZONE)
        with transaction():
            code = helpers.make_code(helper, now=clock.now())
            helpers.give(known, code=code, ends_on=today, today=today, by=known, now=clock.now())
        double = undo(match, clerk)
        assert not may_sign_up_for(helper, known, today)
        assert may_sign_up_for(helper, double, today)

    @ONE_ENGINE
    def test_a_helper_of_hers_whom_the_account_dismissed_helps_again(self, known: Person, clerk: Person) -> None:
        helper, today = make_person(), clock.today(ZONE)
        facts: dict[str, Any] = {
            "scope": DelegationScope.SIGN_UPS,
            "starts_on": today,
            "ends_on": today + timedelta(days=9),
        }
        with transaction():
            given = acting.grant(known, to=helper, consent=Consent.AT_THE_DESK, by=clerk, now=clock.now(), **facts)
        account = make_account(make_person(name="李桂兰"), is_confirmed=False)
        with transaction():
            made = actions.merge_account(account, onto=known, by=clerk, now=clock.now() + timedelta(seconds=1))
        with transaction():
            acting.revoke(given, by=known, now=clock.now() + timedelta(seconds=2))
        undo(made, clerk)
        assert may_sign_up_for(helper, known, today)
        assert by_hand(made) == []

    @ONE_ENGINE
    def test_what_the_desk_wrote_down_since_is_named(self, match: AccountMatch, known: Person, clerk: Person) -> None:
        today, neighbour = clock.today(ZONE), make_person()
        facts: dict[str, Any] = {"scope": DelegationScope.SIGN_UPS, "starts_on": today, "ends_on": today}
        with transaction():
            acting.grant(neighbour, to=known, consent=Consent.AT_THE_DESK, by=clerk, now=clock.now(), **facts)
        assert by_hand(match) == ["Somebody was named who may act"]


class TestSignUps:
    def test_its_own_go_with_it_and_so_does_what_it_was_told(
        self, match: AccountMatch, known: Person, clerk: Person
    ) -> None:
        [since] = sign_up(make_roster(), known)
        double = undo(match, clerk)
        mine = db.session.get_one(SignUp, since.id)
        assert (mine.person_id, mine.signed_by_id, mine.group.signed_by_id) == (double.id, double.id, double.id)
        told = select(Notice.person_id).where(Notice.about.like(f"sign_up:{mine.reference}%"))
        assert set(db.session.scalars(told)) == {double.id}
        assert by_hand(match) == []

    @ONE_ENGINE
    def test_hers_that_the_account_cancelled_are_named_and_not_put_back(self, known: Person, clerk: Person) -> None:
        [hers] = sign_up(make_roster(), known)
        account = make_account(make_person(name="李桂兰"), is_confirmed=False)
        with transaction():
            made = actions.merge_account(account, onto=known, by=clerk, now=clock.now() + timedelta(seconds=1))
        with transaction():
            cancel(hers, by=known, now=clock.now() + timedelta(seconds=2))
        clock_now = clock.now() + timedelta(seconds=3)
        with transaction():
            matching.undo(made, by=clerk, now=clock_now)
        with speaking("en"):
            [left] = matching.not_undone(made, now=clock_now)
        assert (left.what, left.link) == ("Cancelled a sign-up", f"/sign-ups/{hers.reference}")
        assert hers.person_id == known.id


class TestBookings:
    @ONE_ENGINE
    def test_hers_that_the_account_cancelled_is_named_with_its_address(
        self, match: AccountMatch, known: Person, clerk: Person, app: Flask
    ) -> None:
        hers = make_booking(person=known, requested_at=clock.now() - timedelta(days=9))
        with transaction():
            bookings.cancel(hers, by=known, now=clock.now())
        undo(match, clerk)
        client = app.test_client()
        sign_in(client, make_account(clerk, roles=[Role.CLERK]))
        page = client.get(f"/desk/matches/{match.id}?lang=en").text
        assert "Cancelled a booking" in page
        assert f"/bookings/{hers.reference}" in page
        assert db.session.get_one(Booking, hers.id).person_id == known.id

    def test_a_time_she_had_waited_for_stays_hers(self, match: AccountMatch, known: Person, clerk: Person) -> None:
        room = make_room()
        taken = make_booking(room=room)
        asked = BookingRequest(span=Span(at(10), at(11)), people=2, purpose="象棋", request_key="k" * 20)
        given: dict[str, Any] = {"person": known, "by": known, "party": Party.PERSON}
        with transaction():
            before = match.matched_at - timedelta(days=1)
            wish_id = wishes.ask(room, asked, now=clock.now(), **given).id
            db.session.get_one(SlotWish, wish_id).asked_at = before
        with transaction():
            bookings.cancel(taken, by=taken.person, now=clock.now())
        with transaction():
            choice = db.session.get_one(SlotWish, wish_id)
            made = wishes.accept(choice, by=known, channel=Channel.ONLINE, now=clock.now())
        undo(match, clerk)
        assert db.session.get_one(Booking, made.id).person_id == known.id
        assert by_hand(match) == ["Booked for an organisation, or took an offered time"]
