"""The pages of an allocation and of a swap, as those see them whom they concern."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from center.activities.models import Session
from center.allocation.models import AllocationRound, RoundState, TermWish
from center.allocation.models.swaps import Swap, SwapState
from center.bookings.models import Booking
from center.kernel import clock
from center.kernel.db import db
from center.people.models import Role
from tests.activity_builders import make_activity
from tests.allocation.builders import CLOSED, MORNING, lead_of, make_round, make_wish, publish, team, times_in, work_out
from tests.builders import at, make_account, make_booking, make_centre, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE

pytestmark = [ONE_ENGINE, pytest.mark.usefixtures("app")]


@pytest.fixture(autouse=True)
def _monday(app: object) -> Iterator[None]:
    clock.start_at(MORNING)
    make_centre()
    yield
    clock.start_at(None)


@pytest.fixture
def clerk(client: FlaskClient) -> FlaskClient:
    """The browser of a clerk."""
    sign_in(client, make_account(roles=[Role.CLERK]))
    return client


def test_nobody_reads_wishes_or_a_result_before_it_is_published(client: FlaskClient) -> None:
    found, organisation = make_round(make_room()), team()
    wish = make_wish(found, organisation, *times_in(found), purpose="古筝班")
    client.set_cookie("lang", "en")
    for _step in range(2):
        page = client.get("/allocation/spring").text
        assert wish.reference not in page
        assert "古筝班" not in page
        assert found.seed not in page
        assert client.get("/allocation/spring/figures.json").status_code == 404
        work_out(found)
    draft = make_round(slug="draft", is_open=False, closes_at=CLOSED + timedelta(days=1))
    assert client.get(f"/allocation/{draft.slug}").status_code == 404
    sign_in(client, make_account(lead_of(organisation)))
    mine = client.get(f"/workspace/{organisation.slug}/term-wishes/spring").text
    assert "古筝班" in mine
    assert found.seed not in mine


def test_a_round_is_made_offered_opened_worked_out_and_published_at_the_desk(clerk: FlaskClient) -> None:
    room, gone = make_room(), {"opens_at": "2026-11-23T08:00", "closes_at": "2026-12-06T18:00"}
    asked = {"name": "春季", "slug": "Spring!", "starts_on": "2026-12-21", "ends_on": "2027-01-24", **gone}
    assert clerk.post("/desk/allocation/new", data=asked).status_code == 422
    assert clerk.post("/desk/allocation/new", data={**asked, "slug": "swaps"}).status_code == 422
    assert clerk.post("/desk/allocation/new", data={**asked, "slug": "spring"}).status_code == 303
    here = "/desk/allocation/spring"
    times = {"room_id": room.id, "weekdays": ["1", "3"], "starts": "14:00", "minutes": "120"}
    assert clerk.post(f"{here}/times", data=times).status_code == 303
    assert clerk.post(f"{here}/times", data=times).status_code == 422
    assert clerk.post(f"{here}/open").status_code == 303
    assert clerk.get(f"{here}/times").status_code == 303  # it is too late
    found = db.session.scalars(select(AllocationRound)).one()
    wish = make_wish(found, team(), *times_in(found)[:1])
    clerk.post(f"{here}/work-out")
    assert db.session.get_one(AllocationRound, found.id).state is RoundState.OPEN  # wishes can still be named
    clock.start_at(CLOSED)
    sign_in(clerk, make_account(roles=[Role.CLERK]))
    clerk.post(f"{here}/work-out")
    changed = {"time_id": times_in(found)[1].id, "reason": ""}
    adjust = f"{here}/wishes/{wish.reference}/adjust"
    assert clerk.post(adjust, data=changed).status_code == 422
    assert clerk.post(adjust, data={**changed, "reason": "装修"}).status_code == 303
    page = clerk.get(f"{here}/publish").text
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    assert clerk.post(f"{here}/publish", data={"seen": "x"}).status_code == 422
    assert clerk.post(f"{here}/publish", data={"seen": seen}).status_code == 303
    assert clerk.post(f"{here}/publish", data={"seen": seen}).status_code == 422
    public = clerk.get("/allocation/spring").text
    assert "装修" in public
    assert found.seed in public
    figures = json.loads(clerk.get("/allocation/spring/figures.json").text)
    assert figures["result"] == {wish.reference: times_in(found)[1].id}


def test_a_wish_is_named_step_by_step_and_what_does_not_suit_is_said(client: FlaskClient) -> None:
    small, large = make_room(capacity=5), make_room(capacity=40)
    found, organisation = make_round(small, large), team()
    sign_in(client, make_account(lead_of(organisation)))
    here = f"/workspace/{organisation.slug}/term-wishes/spring/new"
    step = client.get(here).location
    step = client.post(step, data={"purpose": "合唱排练", "kind": "0"}).location
    step = client.post(step, data={"people": "30"}).location
    page = client.get(step).text
    fits, too_small = times_in(found)[1], times_in(found)[0]
    assert f'value="{fits.id}"' in page
    assert f'value="{too_small.id}"' not in page
    again = client.post(step, data={"choice_1": str(too_small.id)})
    assert db.session.scalars(select(TermWish)).all() == []
    assert client.get(again.location).status_code == 422
    client.post(again.location, data={"choice_1": str(fits.id)})
    [wish] = db.session.scalars(select(TermWish)).all()
    assert (wish.purpose, wish.people, [each.time_id for each in wish.choices]) == ("合唱排练", 30, [fits.id])
    other = make_account()
    sign_in(client, other)
    assert client.get(here).status_code == 404


def test_who_got_nothing_reads_to_whom_it_went_by_what_and_what_is_left(client: FlaskClient) -> None:
    found = make_round(make_room(), hours=[9, 14])
    first, second = times_in(found)
    one, other = team(), team()
    make_wish(found, one, first), make_wish(found, other, first)
    work_out(found)
    publish(found)
    client.set_cookie("lang", "en")
    losers = 0
    for organisation in (one, other):
        sign_in(client, make_account(lead_of(organisation)))
        page = client.get(f"/workspace/{organisation.slug}/term-wishes/spring").text
        if "It went to" in page:
            losers += 1
            assert "the lot decided" in page
            assert "What is left and suits" in page
            assert "09:00" in page if second.starts.hour == 9 else "14:00" in page
    assert losers == 1


def test_a_swap_is_proposed_and_agreed_to_on_its_pages(client: FlaskClient) -> None:
    one, other = team(), team()
    ours = make_booking(organisation=one, person=lead_of(one), starts_at=at(10, days=5))
    theirs = make_booking(organisation=other, person=lead_of(other), starts_at=at(14, days=6))
    was, to = ours.room_id, theirs.room_id
    sign_in(client, make_account(lead_of(one)))
    here = f"/workspace/{one.slug}/swaps/new"
    assert ours.reference in client.get(here).text
    assert theirs.reference in client.get(f"{here}?mine={ours.reference}").text
    assert client.get(f"{here}?mine={theirs.reference}").status_code == 404
    private = make_booking(person=make_person(), starts_at=at(16, days=6))
    assert client.get(f"{here}?mine={ours.reference}&theirs={private.reference}").status_code == 404
    secret = make_booking(organisation=other, room=make_room(is_confidential=True), starts_at=at(17, days=6))
    assert client.get(f"{here}?mine={ours.reference}&theirs={secret.reference}").status_code == 404
    sent = client.post(f"{here}?mine={ours.reference}&theirs={theirs.reference}", data={"words": "可以换吗？"})
    assert sent.status_code == 303
    [swap] = db.session.scalars(select(Swap)).all()
    mine = f"/workspace/{one.slug}/swaps/{swap.reference}"
    assert client.post(f"{mine}/agree").status_code == 404  # to one's own proposal
    sign_in(client, make_account(lead_of(other)))
    yours = f"/workspace/{other.slug}/swaps/{swap.reference}"
    assert "可以换吗？" in client.get(yours).text
    assert client.post(f"{yours}/agree").status_code == 303
    assert db.session.get_one(Swap, swap.id).state is SwapState.DONE
    assert db.session.get_one(Booking, ours.id).room_id == to
    assert client.post(f"{yours}/take-back").status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Booking, ours.id).room_id == was


def test_a_date_of_an_activity_is_offered_by_its_day_and_swapped_on_its_pages(client: FlaskClient) -> None:
    one, other = team(), team()
    film = make_activity(organisation=one, room=make_room(), starts=[at(10, days=5)], title="口述电影").sessions[0]
    draft = make_activity(organisation=other, room=make_room(), is_published=False).sessions[0]
    theirs = make_booking(organisation=other, person=lead_of(other), starts_at=at(14, days=6))
    was, to, mine = film.room_id, theirs.room_id, f"session-{film.id}"
    sign_in(client, make_account(lead_of(one)))
    here = f"/workspace/{one.slug}/swaps/new"
    assert mine in client.get(here).text
    assert mine in client.get(f"{here}?day={film.local_day}").text
    assert mine not in client.get(f"{here}?day={film.local_day + timedelta(days=1)}").text
    for wrong in (f"session-{draft.id}", "session-x", "session-99999", "session-" + "9" * 40):
        assert client.get(f"{here}?mine={wrong}").status_code == 404
        assert client.get(f"{here}?mine={mine}&theirs={wrong}").status_code == 404
    choices = client.get(f"{here}?mine={mine}&day={film.local_day + timedelta(days=1)}").text
    assert theirs.reference in choices
    assert client.post(f"{here}?mine={mine}&theirs={theirs.reference}", data={"words": ""}).status_code == 303
    [swap] = db.session.scalars(select(Swap)).all()
    sign_in(client, make_account(lead_of(other)))
    yours = f"/workspace/{other.slug}/swaps/{swap.reference}"
    assert "口述电影" in client.get(yours).text
    assert client.post(f"{yours}/agree").status_code == 303
    db.session.expire_all()
    assert (db.session.get_one(Session, film.id).room_id, db.session.get_one(Booking, theirs.id).room_id) == (to, was)
