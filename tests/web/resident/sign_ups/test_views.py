"""The pages of activities and sign-ups, as people without JavaScript use them."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from center.kernel import clock
from center.kernel.db import transaction
from center.people.models import Role
from center.signups.cancelling import cancel
from tests.activity_builders import make_activity, make_roster, sign_up, state_of, the_pool
from tests.builders import at, make_account, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.walking import opened, sent, step_of

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]
ENGLISH = "?lang=en"


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = opened(client, address)
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


def send(client: FlaskClient, address: str, data: dict[str, Any]) -> TestResponse:
    """Send all answers of a sign-up at once, as the last step does; or with `stage` those of its first one."""
    return sent(client, step_of(address, "who" if data.get("stage") == "who" else "answers"), data)


def key_of(text: str) -> Any:
    found = re.search(r'name="request_key"[^>]*value="([^"]+)"', text)
    assert found
    return found.group(1)


def test_somebody_signs_up_and_cancels_again(client: FlaskClient) -> None:
    account, activity = make_account(), make_activity(title_en="Narrated film")
    roster = make_roster(activity, capacity=1)
    sign_in(client, account)
    assert "1 place left" in page(client, f"/activities/{activity.slug}{ENGLISH}")
    address = f"/sign-ups/new/{activity.slug}/{roster.id}"
    key = key_of(page(client, address))
    first, again = (send(client, address, {"request_key": key}) for _ in range(2))
    assert first.status_code == again.status_code == 303
    assert first.location == again.location, "a double click signs up once"
    shown = first.location.partition("?")[0]
    assert "You have a place" in page(client, shown)
    assert the_pool(roster).taken == 1
    assert "Full" in page(client, "/activities")
    assert client.post(f"{shown}/cancel", data={"reason": ""}).status_code == 303
    assert the_pool(roster).taken == 0
    assert client.post(f"{shown}/cancel", data={"reason": ""}).status_code == 303


def test_who_comes_too_late_sees_their_place_in_the_queue_and_takes_an_offer(client: FlaskClient) -> None:
    roster = make_roster(capacity=1)
    [one], [_two] = sign_up(roster, make_person()), sign_up(roster, make_person())
    account = make_account()
    sign_in(client, account)
    [mine] = sign_up(roster, account.person)
    shown = f"/sign-ups/{mine.reference}"
    assert "You are number 2 in the queue" in page(client, shown + ENGLISH)
    with transaction():
        cancel(_two, by=_two.person, now=clock.now())
    with transaction():
        cancel(one, by=one.person, now=clock.now())
    assert "A place is offered to you" in page(client, shown)
    assert client.post(f"{shown}/accept").status_code == 303
    assert state_of(mine) == "confirmed"
    assert client.post(f"{shown}/turn-down").status_code == 303
    assert "no longer on offer" in page(client, shown + ENGLISH)
    assert state_of(mine) == "confirmed"


def test_what_is_somebody_elses_is_not_there(client: FlaskClient) -> None:
    roster, stranger = make_roster(), make_account()
    [one] = sign_up(roster, make_person())
    sign_in(client, stranger)
    for address in (f"/sign-ups/{one.reference}", f"/sign-ups/{one.reference}/cancel"):
        page(client, address, 404)
    for act in ("cancel", "accept", "turn-down"):
        assert client.post(f"/sign-ups/{one.reference}/{act}", data={"reason": "x"}).status_code == 404
    other = make_activity()
    assert send(client, f"/sign-ups/new/{other.slug}/{roster.id}", {"request_key": "x"}).status_code == 404
    assert state_of(one) == "confirmed"


def test_a_lead_sees_who_comes_but_does_not_cancel_for_them(client: FlaskClient) -> None:
    lead = make_account()
    roster = make_roster(make_activity(organisation=make_organisation(leads=[lead.person])))
    [one] = sign_up(roster, make_person())
    sign_in(client, lead)
    page(client, f"/sign-ups/{one.reference}")
    page(client, f"/sign-ups/{one.reference}/cancel", 404)


def test_drafts_are_seen_by_their_leads_and_staff_only(client: FlaskClient) -> None:
    lead, clerk = make_account(), make_account(roles=[Role.CLERK])
    activity = make_activity(organisation=make_organisation(leads=[lead.person]), is_published=False)
    address = f"/activities/{activity.slug}"
    page(client, address, 404)
    for account, status in ((make_account(), 404), (lead, 200), (clerk, 200)):
        sign_in(client, account)
        page(client, address, status)
    assert activity.title not in page(client, "/activities")


def test_an_account_that_the_desk_does_not_know_cannot_sign_up(client: FlaskClient) -> None:
    roster = make_roster()
    sign_in(client, make_account(is_confirmed=False))
    answer = send(client, f"/sign-ups/new/{roster.activity.slug}/{roster.id}", {"request_key": "x"})
    assert answer.status_code == 403
    assert the_pool(roster).taken == 0


def test_a_refusal_says_why_on_the_form(client: FlaskClient) -> None:
    roster = make_roster(min_age=60)
    sign_in(client, make_account(make_person(birth_year=1990)))
    address = f"/sign-ups/new/{roster.activity.slug}/{roster.id}{ENGLISH}"
    answer = send(client, address, {"request_key": "x"})
    assert answer.status_code == 422
    assert "people of 60 years and older" in answer.text


def test_the_form_of_a_course_that_runs_lists_no_date_that_is_over(client: FlaskClient) -> None:
    activity = make_activity(starts=[at(9, days=1), at(9, days=2), at(9, days=9)])
    course = make_roster(activity, closes_at=at(9, days=9))
    account, address = make_account(), f"/sign-ups/new/{activity.slug}/{course.id}?lang=en"
    clock.start_at(at(12, days=1))
    sign_in(client, account)
    listed = page(client, address).partition("plain-list")[2].partition("</ul>")[0]
    assert listed.count("<li>") == 2


def test_the_page_of_a_sign_up_lists_the_dates_to_come_and_once_over_all_of_them(client: FlaskClient) -> None:
    activity = make_activity(starts=[at(9, days=1), at(9, days=2), at(9, days=9)])
    account, clerk = make_account(), make_account(roles=[Role.CLERK])
    [mine] = sign_up(make_roster(activity), account.person)
    address = f"/sign-ups/{mine.reference}?lang=en"
    desk = f"/desk/people/{make_person().id}/sign-up/{mine.roster_id}?lang=en"
    for moment, listed in ((at(8), 3), (at(12, days=1), 2), (at(12, days=9), 3)):
        clock.start_at(moment)
        for who, page_ in ((account, address), (clerk, desk)):
            sign_in(client, who)
            assert listed_dates(client, page_) == listed


def listed_dates(client: FlaskClient, address: str) -> Any:
    return page(client, address).partition("plain-list")[2].partition("</ul>")[0].count("<li>")


def test_cancelling_a_course_names_every_date_to_come_and_is_not_asked_again_after_back(client: FlaskClient) -> None:
    account = make_account()
    course = make_roster(make_activity(starts=[at(9, days=3), at(9, days=10)]))
    [mine] = sign_up(course, account.person)
    sign_in(client, account)
    address = f"/sign-ups/{mine.reference}/cancel"
    asked = page(client, f"{address}?lang=en")
    assert asked.count("09:00–") == 2
    assert client.post(address).status_code == 303
    again = client.get(address)
    assert (again.status_code, again.location) == (303, f"/sign-ups/{mine.reference}")


def test_the_desk_is_led_to_the_sign_up_that_is_there_already(client: FlaskClient) -> None:
    person = make_person()
    [made] = sign_up(make_roster(), person)
    sign_in(client, make_account(roles=[Role.CLERK]))
    again = client.get(f"/desk/people/{person.id}/sign-up/{made.roster_id}")
    assert (again.status_code, again.location) == (303, f"/sign-ups/{made.reference}")
