"""The list of requests: why each waits, who asks, what else is that day; filters, counts, staying in one's place."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from center.bookings import actions
from center.bookings.approvals import listing, records
from center.bookings.approvals.listing import RequestFilter, why_waiting
from center.bookings.approvals.records import Record
from center.bookings.models import Booking, BookingStatus
from center.bookings.models.visits import Missed, NoShow
from center.bookings.rulebook.facts import Agreement
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.texts import said
from center.notices.models import Notice
from center.people.models import Account, Person, Role
from center.rooms.models import Approval
from center.rooms.rule_models import ApprovalHours, PurposeRule
from center.web.desk.approvals import page
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.bookings.series import scene as steps
from tests.builders import (
    at,
    make_account,
    make_booking,
    make_organisation,
    make_person,
    make_purpose,
    make_room,
    sign_in,
)
from tests.engines import ONE_ENGINE
from tests.statements import selects
from tests.there import there

pytestmark = pytest.mark.usefixtures("app")
ENGLISH = {"lang": "en"}


def make_request(**facts: Any) -> Booking:
    facts.setdefault("room", make_room(approval=Approval.ALWAYS))
    facts.setdefault("starts_at", at(10, days=3))
    return make_booking(status=BookingStatus.REQUESTED, **facts)


def pick(booking: Booking) -> str:
    return f"{booking.reference}/{booking.sequence}"


def fresh(booking: Booking) -> Booking:
    db.session.rollback()
    return db.session.get_one(Booking, booking.id, populate_existing=True)


def listed(client: FlaskClient, **asked: Any) -> str:
    answer = client.get("/desk/requests", query_string={**ENGLISH, **asked})
    assert answer.status_code == 200
    return answer.text


def test_each_rule_that_asks_for_approval_is_named() -> None:
    always = make_request()
    large = make_request(room=make_room(approval=Approval.FROM_PEOPLE, approval_from_people=10), people=12)
    late = make_request(room=make_room(), starts_at=at(19, days=3))
    stranger = make_request(room=make_room(), person=make_account(is_confirmed=False).person)
    selling = make_purpose(rule=PurposeRule.APPROVAL)
    sale, changed = make_request(room=make_room(), purpose_id=selling.id), make_request(room=make_room())
    with transaction() as session:
        hours = {"opens": at(9).time(), "closes": at(18).time()}
        session.add(ApprovalHours(room_id=late.room_id, **hours))
    requests = [each.first for each in listing.waiting(clock.now())]
    why = why_waiting(requests, now=clock.now())
    assert [why[each.id] for each in (always, large, late, stranger, sale, changed)] == [
        [Agreement.ROOM],
        [Agreement.PEOPLE],
        [Agreement.HOURS],
        [Agreement.ACCOUNT],
        [Agreement.PURPOSE],
        [],
    ]


def cancelled(person: Person, *, before: timedelta, starts_at: datetime, as_staff: bool = False) -> None:
    booking, clerk = make_booking(person=person, starts_at=starts_at), make_person()
    with transaction():
        by = clerk if as_staff else booking.person
        actions.cancel(booking, by=by, now=starts_at - before, as_staff=as_staff)


def missed(person: Person, *, meaning: Missed = Missed.COUNTS, excused: bool = False, days: int = -20) -> None:
    booking = make_booking(person=person, starts_at=at(10, days=days), status=BookingStatus.RELEASED)
    with transaction() as session:
        excuse = {"excused_at": clock.now(), "excused_by_id": person.id} if excused else {}
        times = {"missed_at": booking.starts_at, "recorded_at": booking.starts_at}
        session.add(NoShow(booking_id=booking.id, person_id=person.id, meaning=meaning, **times, **excuse))


def test_the_record_counts_what_was_kept_missed_and_cancelled_late_by_themselves() -> None:
    person, organisation = make_person(), make_organisation()
    for days in (-5, -40):
        make_booking(person=person, starts_at=at(10, days=days))
    make_booking(person=person, starts_at=at(10, days=-400))
    make_booking(person=person, organisation=organisation, starts_at=at(10, days=-7))
    missed(person)
    missed(person, excused=True, days=-21)
    missed(person, meaning=Missed.WELFARE, days=-22)
    hours = timedelta(hours=1)
    cancelled(person, before=3 * hours, starts_at=at(14, days=2))
    cancelled(person, before=30 * hours, starts_at=at(16, days=2))
    cancelled(person, before=3 * hours, starts_at=at(18, days=2), as_staff=True)
    own, theirs, new = make_request(person=person), make_request(organisation=organisation), make_request()
    found = records.records_of([own, theirs, new], now=clock.now())
    assert found[records.party(own)] == Record(kept=2, missed=1, late=1)
    assert found[records.party(theirs)] == Record(kept=1)
    assert found[records.party(new)].is_new


@ONE_ENGINE
def test_what_else_is_that_day_in_the_room_and_of_the_asker() -> None:
    room, person = make_room(approval=Approval.ALWAYS), make_person()
    request = make_request(room=room, person=person)
    beside = make_booking(room=room, starts_at=at(14, days=3))
    elsewhere = make_booking(person=person, starts_at=at(16, days=3))
    sign_up(make_roster(make_activity(starts=[at(19, days=3)], title="看电影", title_en="")), person)
    make_booking(room=room, starts_at=at(14, days=4))
    make_booking(person=person, starts_at=at(16, days=4))
    [found] = [each.first for each in listing.waiting(clock.now())]
    day = records.days_of([found], now=clock.now())[request.id]
    assert [(each.reference, each.words) for each in day.in_room] == [(beside.reference, beside.person.name)]
    assert [each.reference or each.words for each in day.of_asker] == [elsewhere.reference, "看电影"]


def test_the_number_of_reads_does_not_depend_on_how_many_wait(client: FlaskClient, clerk: Account) -> None:
    make_request()
    make_request(organisation=make_organisation(leads=[make_person()]))
    with selects() as few:
        listed(client)
    for n in range(5):
        organisation = make_organisation(leads=[make_person()]) if n % 2 else None
        make_request(starts_at=at(10, days=3 + n), organisation=organisation)
    with selects() as many:
        listed(client)
    assert len(many) <= len(few)


@ONE_ENGINE
def test_filters_narrow_by_room_day_asker_and_reason_and_stand_in_the_address(
    client: FlaskClient, clerk: Account
) -> None:
    organisation = make_organisation(slug="paper-cutters")
    own = make_request()
    theirs = make_request(organisation=organisation, starts_at=at(10, days=4))
    large = make_request(room=make_room(approval=Approval.FROM_PEOPLE, approval_from_people=3))
    everything = {own.reference, theirs.reference, large.reference}
    for asked, expected in [
        ({}, everything),
        ({"room": own.room.code}, {own.reference}),
        ({"day": at(10, days=4).date().isoformat()}, {theirs.reference}),
        ({"who": "people"}, {own.reference, large.reference}),
        ({"who": "organisations"}, {theirs.reference}),
        ({"who": "kind-charity"}, {theirs.reference}),
        ({"who": "paper-cutters"}, {theirs.reference}),
        ({"why": "people"}, {large.reference}),
        ({"why": "room", "who": "people"}, {own.reference}),
        ({"room": "nowhere"}, set()),
        ({"why": "nonsense"}, everything),
        ({"day": "nonsense"}, everything),
        ({"day": "9999-12-31"}, everything),
    ]:
        shown = listed(client, **asked)
        assert {each for each in everything if f'id="request-{each}"' in shown} == expected, asked


def test_the_count_on_the_desk_is_the_number_in_the_list(client: FlaskClient, clerk: Account) -> None:
    first = make_request()
    asked = make_request(starts_at=at(14, days=3))
    with transaction():
        actions.ask_for_change(asked, "少一些人", by=make_asker(), now=clock.now())
    make_request(expires_at=clock.now() - timedelta(minutes=1))
    desk = client.get("/desk", query_string=ENGLISH).text
    assert "<strong>1</strong> request waiting" in desk
    shown = listed(client)
    assert 'To decide <span class="quiet">(1)</span>' in shown
    assert 'Waiting for an answer <span class="quiet">(1)</span>' in shown
    assert listing.count_to_decide(clock.now()) == 1
    assert [each.reference for each in listing.to_decide(clock.now(), limit=4)] == [first.reference]


def make_asker() -> Any:
    """Found before, as a transaction does not nest."""
    return there(db.session.query(Booking).first()).person


@ONE_ENGINE
def test_after_deciding_the_next_one_has_the_focus_and_the_filters_stay(client: FlaskClient, clerk: Account) -> None:
    room = make_room(approval=Approval.ALWAYS)
    first, second, third = (make_request(room=room, starts_at=at(hour, days=3)) for hour in (9, 11, 13))
    make_request(starts_at=at(10, days=3))
    address = f"/desk/requests?room={room.code}"
    answer = client.post(address, data={"one": pick(second)})
    assert answer.location == f"/desk/requests?at={third.reference}&room={room.code}#request-{third.reference}"
    answer = client.post(f"/desk/bookings/{third.reference}/decline?room={room.code}", data={"ready": "noise"})
    assert answer.location.endswith(f"&room={room.code}#request-{first.reference}"), "nothing below: what is above"
    answer = client.post(address, data={"one": pick(first)})
    assert answer.location == address
    assert "None of these" in listed(client, room=room.code)
    assert said(fresh(third).decision_reason).startswith("会吵到隔壁")


@ONE_ENGINE
def test_where_one_goes_on_is_below_else_above() -> None:
    requests = [listing.Request([Booking(reference=name)]) for name in "abcd"]
    for decided, expected in [("a", "b"), ("b", "c"), ("d", "c"), ("bc", "d"), ("cd", "b"), ("abcd", ""), ("x", "")]:
        assert page.next_after(requests, set(decided)) == expected


@ONE_ENGINE
@pytest.mark.parametrize(
    ("form", "message"),
    [
        pytest.param({}, "choose a reason, or write one", id="no reason"),
        pytest.param({"ready": "nonsense"}, "choose one of these", id="none of those"),
        pytest.param({"ready": "noise", "reason": "字" * 190}, "characters together", id="too much"),
    ],
)
def test_declining_asks_for_a_reason_that_fits(
    client: FlaskClient, clerk: Account, form: dict[str, Any], message: str
) -> None:
    booking = make_request()
    answer = client.post(f"/desk/bookings/{booking.reference}/decline", data=form, query_string=ENGLISH)
    assert answer.status_code == 422
    assert message in answer.text
    assert fresh(booking).status is BookingStatus.REQUESTED


@ONE_ENGINE
def test_a_ready_reason_and_own_words_are_read_together(client: FlaskClient, clerk: Account) -> None:
    booking = make_request()
    form = {"pick": pick(booking), "action": "decline", "ready": "repairs", "reason": "周四可以。"}
    assert client.post("/desk/requests", data=form).status_code == 303
    assert said(fresh(booking).decision_reason).endswith("维修。 周四可以。")


@ONE_ENGINE
def test_declining_on_an_old_page_is_refused(client: FlaskClient, clerk: Account) -> None:
    booking = make_request()
    shown = client.get(f"/desk/bookings/{booking.reference}/decline").text
    assert 'name="seen" value="0"' in shown
    with transaction():
        actions.ask_for_change(booking, "少一些人", by=clerk.person, now=clock.now())
    answer = client.post(
        f"/desk/bookings/{booking.reference}/decline", data={"seen": "0", "ready": "noise"}, query_string=ENGLISH
    )
    assert "changed meanwhile" in answer.text
    assert fresh(booking).status is BookingStatus.REQUESTED


@ONE_ENGINE
def test_what_was_just_decided_can_be_undone_on_the_page_for_a_minute(client: FlaskClient, clerk: Account) -> None:
    booking = make_request()
    client.post("/desk/requests", data={"one": pick(booking)})
    shown = listed(client)
    press = shown.partition('name="undo" value="')[2].partition('"')[0]
    assert press
    other = make_account(roles=[Role.CLERK])
    mine = client.application.test_client()
    sign_in(mine, other)
    assert "Undo the decision" not in mine.get("/desk/requests", query_string=ENGLISH).text
    assert mine.post("/desk/requests/undo", data={"undo": press}).status_code == 404
    for _again in range(2):
        answer = client.post("/desk/requests/undo", data={"undo": press})
        assert answer.location.endswith(f"#request-{booking.reference}")
    assert fresh(booking).status is BookingStatus.REQUESTED
    client.post("/desk/requests", data={"one": pick(fresh(booking))})
    with time_machine.travel(clock.now() + timedelta(seconds=61), tick=False):
        assert "Undo the decision" not in listed(client)


@ONE_ENGINE
def test_many_decided_with_one_press_are_undone_with_one_or_one_by_one(client: FlaskClient, clerk: Account) -> None:
    requests = [make_request() for _n in range(3)]
    client.post(
        "/desk/requests", data={"pick": [pick(each) for each in requests], "action": "decline", "ready": "needed"}
    )
    shown = listed(client)
    assert "3 bookings declined" in shown
    press = shown.partition('name="undo" value="')[2].partition('"')[0]
    client.post("/desk/requests/undo", data={"undo": f"{press}/{requests[0].reference}"})
    assert [fresh(each).is_live for each in requests] == [True, False, False]
    client.post("/desk/requests/undo", data={"undo": press})
    assert all(fresh(each).is_live for each in requests)


@ONE_ENGINE
def test_only_who_decides_undoes(client: FlaskClient) -> None:
    sign_in(client, make_account())
    assert client.post("/desk/requests/undo", data={"undo": "abc"}).status_code == 403


@ONE_ENGINE
def test_what_is_wanted_stands_in_the_address_as_it_was_asked() -> None:
    wanted = RequestFilter(room="R1", day=at(10).date(), who="people", why=Agreement.HOURS)
    assert wanted.args() == {"room": "R1", "day": at(10).date().isoformat(), "who": "people", "why": "hours"}
    assert RequestFilter().args() == {}


@ONE_ENGINE
def test_a_ready_reason_is_said_in_the_language_of_whoever_reads_it(client: FlaskClient, clerk: Account) -> None:
    reader = make_account(locale="en")
    booking = make_request(person=reader.person)
    form = {"seen": "0", "ready": "noise", "reason": "周四可以。"}
    client.post(f"/desk/bookings/{booking.reference}/decline", data=form, query_string={"lang": "zh"})
    told = db.session.scalars(select(Notice).where(Notice.person_id == reader.person_id)).one()
    assert "too loud for what is on next door" in told.body
    assert "周四可以。" in told.body, "one's own words stay as they were written"
    page = client.get(f"/bookings/{booking.reference}", query_string={"lang": "zh"}).text
    assert "会吵到隔壁" in page
    assert "{booking." not in page


@ONE_ENGINE
def test_asking_for_a_change_can_be_undone_for_the_same_minute(client: FlaskClient, clerk: Account) -> None:
    booking = make_request()
    client.post("/desk/requests", data={"pick": pick(booking), "action": "ask", "reason": "少一些人"})
    shown = listed(client)
    assert "Asked for a change of 1 request" in shown
    press = shown.partition('name="undo" value="')[2].partition('"')[0]
    for _again in range(2):
        answer = client.post("/desk/requests/undo", data={"undo": press})
        assert answer.location.endswith(f"#request-{booking.reference}")
    assert not fresh(booking).awaits_answer
    assert db.session.scalars(select(Notice).where(Notice.person_id == booking.person_id)).all() == []


@ONE_ENGINE
def test_deciding_about_a_series_goes_on_in_the_list_as_it_was_filtered(client: FlaskClient, clerk: Account) -> None:
    room = make_room(approval=Approval.ALWAYS)
    first = at(14, days=2)
    series = steps.book(steps.asked(room, weekdays=(first.weekday(),), first_on=first.date()), steps.troupe())
    other = make_request(room=room, starts_at=at(20, days=300))
    assert f"/series/{series.reference}?room={room.code}" in listed(client, room=room.code)
    page = client.get(f"/series/{series.reference}", query_string={"room": room.code}).text
    address = f"/desk/series/{series.reference}/decide?room={room.code}"
    assert address in page
    answer = client.post(address, data={"decision": "approve"})
    assert answer.location == f"/desk/requests?at={other.reference}&room={room.code}#request-{other.reference}"
