"""What the centre did to my things stands at the top of Home and of My page, with a badge; my own receipts do not."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from center.bookings import actions as bookings
from center.bookings.changing import moving
from center.bookings.models import Booking, BookingStatus, Channel
from center.bookings.rulebook.facts import Party
from center.bookings.waiting import wishes
from center.bookings.writing import BookingRequest
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.spans import Span
from center.notices import actions as notices
from center.organisations.models import Organisation
from center.people.actions import confirm_account
from center.people.models import Person
from center.signups import to_answer
from center.signups.cancelling import cancel
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_account, make_booking, make_organisation, make_person, make_room, sign_in, trust
from tests.engines import ONE_ENGINE

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]
BADGE = '<span class="count">'


@pytest.fixture
def me(client: FlaskClient) -> Person:
    account = make_account(locale="en")
    sign_in(client, account)
    return account.person


@pytest.fixture
def staff(app: Flask) -> Person:
    return make_person()


def pages(client: FlaskClient) -> list[str]:
    return [client.get(address).text for address in ("/?lang=en", "/me")]


def move_by_staff(booking: Booking, days: int = 2, agreed: bool = False) -> None:
    span = Span(booking.starts_at + timedelta(days=days), booking.ends_at + timedelta(days=days))
    facts: dict[str, Any] = {"reason": "漏水", "agreed": agreed, "by": make_person(), "now": clock.now()}
    with transaction():
        moving.move_by_staff(booking, room=booking.room, span=span, **facts)


def test_my_own_receipts_are_no_news(client: FlaskClient, me: Person) -> None:
    sign_up(make_roster(), me)
    for page in pages(client):
        assert "New for you" not in page
        assert BADGE not in page
    assert "A place for you" in client.get("/me/notices").text


def test_a_booking_that_the_centre_moved_needs_my_answer_and_shows_where_it_was_and_is(
    client: FlaskClient, me: Person
) -> None:
    booking = make_booking(person=me, starts_at=at(10, days=3))
    move_by_staff(booking)
    for page in pages(client):
        assert "Needs your answer" in page
        assert "The centre has moved it" in page
        assert page.index("<s>") < page.index("</s>") < page.index("<strong>", page.index("</s>"))
        assert page.count(BADGE) == 3, "the menu above, the menu below, and the bar of a phone"
        assert "New for you" not in page, "it is not said twice"
    client.post(f"/bookings/{booking.reference}/fine")
    assert "Needs your answer" not in pages(client)[1]


def test_a_confirmed_account_is_news_with_a_badge_until_it_is_opened(client: FlaskClient) -> None:
    account, clerk = make_account(is_confirmed=False, locale="en"), make_person()
    sign_in(client, account)
    assert all("not confirmed your account yet" in page and "New for you" not in page for page in pages(client))
    with transaction():
        confirm_account(account, by=clerk, now=clock.now())
    for page in pages(client):
        assert "The desk has confirmed your account" in page
        assert "not confirmed your account yet" not in page
        assert BADGE in page.partition('class="site-bar"')[2]


def test_what_is_new_stands_above_all_that_can_be_pressed(client: FlaskClient, me: Person) -> None:
    move_by_staff(make_booking(person=me, starts_at=at(10, days=3)))
    home, mine = (page.partition('<main id="main"')[2] for page in pages(client))
    assert home.index("Needs your answer") < home.index('class="hero"')
    assert mine.index("Needs your answer") < mine.index("In my calendar")
    assert mine.index("Needs your answer") < mine.index('class="button')


def test_an_approval_is_news_until_it_is_opened(client: FlaskClient, me: Person, staff: Person) -> None:
    booking = make_booking(person=me, starts_at=at(10, days=3), status=BookingStatus.REQUESTED)
    with transaction():
        bookings.approve(booking, by=staff, now=clock.now())
    home, mine = pages(client)
    for page in (home, mine):
        assert "New for you" in page
        assert "Approved: " in page
    address = home.partition('action="/me/notices/')[2].partition('"')[0]
    assert client.post(f"/me/notices/{address}").status_code == 303
    assert all("New for you" not in page and BADGE not in page for page in pages(client))


def test_an_offer_and_a_change_that_staff_ask_for_need_my_answer(
    client: FlaskClient, me: Person, staff: Person
) -> None:
    roster = make_roster(make_activity(title_en="Narrated film"), capacity=1)
    [first] = sign_up(roster, make_person())
    [offered] = sign_up(roster, me)
    with transaction():
        cancel(first, by=first.person, now=clock.now())
    booking = make_booking(person=me, room=make_room(), starts_at=at(10, days=3), status=BookingStatus.REQUESTED)
    with transaction():
        bookings.ask_for_change(booking, "少一些人", by=staff, now=clock.now())
    for page in pages(client):
        assert "Narrated film" in page
        assert f'href="/sign-ups/{offered.reference}"' in page
        assert "The centre asks you to change something first: 少一些人" in page


def test_nobody_sees_what_is_asked_of_others(client: FlaskClient, me: Person) -> None:
    move_by_staff(make_booking(starts_at=at(10, days=3)))
    assert all("Needs your answer" not in page for page in pages(client))


def badge_of(page: str) -> int:
    """The number on the bar of a phone."""
    found = re.search(r'<span class="count">(\d+)', page.partition('class="site-bar"')[2])
    return int(found[1]) if found else 0


def read_all(person: Person) -> None:
    with transaction():
        notices.read_all(person, now=clock.now())


def offer_a_place(person: Person) -> None:
    roster = make_roster(capacity=1)
    [first], [_offered] = sign_up(roster, make_person()), sign_up(roster, person)
    with transaction():
        cancel(first, by=first.person, now=clock.now())


def offer_a_time(person: Person, organisation: Organisation | None = None) -> None:
    taken = make_booking(room=make_room(), starts_at=at(10, days=3))
    wanted = BookingRequest(
        span=Span(taken.starts_at, taken.ends_at), people=5, purpose="下棋", request_key="1", channel=Channel.ONLINE
    )
    party = Party.ORGANISATION if organisation else Party.PERSON
    with transaction():
        wishes.ask(
            taken.room, wanted, person=person, by=person, party=party, organisation=organisation, now=clock.now()
        )
    with transaction():
        bookings.cancel(taken, by=taken.person, now=clock.now())


def test_what_was_opened_and_not_answered_keeps_its_badge_until_it_is_answered(client: FlaskClient, me: Person) -> None:
    booking = make_booking(person=me, starts_at=at(10, days=3))
    move_by_staff(booking)
    assert [badge_of(page) for page in pages(client)] == [1, 1], "unread and unanswered are one thing"
    read_all(me)
    for page in pages(client):
        assert badge_of(page) == 1
        assert "Needs your answer" in page
    client.post(f"/bookings/{booking.reference}/fine")
    assert [badge_of(page) for page in pages(client)] == [0, 0]


def test_the_badge_counts_what_needs_an_answer_and_what_is_unread_and_no_receipt(
    client: FlaskClient, me: Person, staff: Person
) -> None:
    sign_up(make_roster(), me)
    assert badge_of(client.get("/me").text) == 0, "my own receipt"
    move_by_staff(make_booking(person=me, starts_at=at(10, days=3)))
    read_all(me)
    asked_for = make_booking(person=me, room=make_room(), starts_at=at(10, days=4), status=BookingStatus.REQUESTED)
    with transaction():
        bookings.approve(asked_for, by=staff, now=clock.now())
    assert badge_of(client.get("/me").text) == 2


def test_the_badge_counts_all_that_the_page_asks_and_nothing_of_others(
    client: FlaskClient, me: Person, staff: Person
) -> None:
    organisation, neighbour = make_organisation(leads=[me]), make_person()
    trust(me, neighbour)
    move_by_staff(make_booking(person=me, starts_at=at(10, days=3)))
    move_by_staff(make_booking(organisation=organisation, room=make_room(), starts_at=at(10, days=3)))
    move_by_staff(make_booking(person=staff, room=make_room(), starts_at=at(10, days=3)))
    offer_a_time(me)
    offer_a_time(me, organisation)
    offer_a_time(staff)
    for person in (me, neighbour, staff):
        offer_a_place(person)
    read_all(me)
    asked = to_answer.to_answer_by(me, {me.id, neighbour.id}, now=clock.now())
    assert len(asked) == 6
    assert badge_of(client.get("/me").text) == 6
