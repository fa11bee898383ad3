"""Pages of volunteer hours: who sees what, what a press does, and what a certificate tells a stranger."""

import io
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from center.attendance.hours import actions, certificates, queries
from center.attendance.models.hours import Shift, ShiftState
from center.kernel import clock
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.db import db, transaction
from center.organisations.models import Organisation
from center.people.models import Account, Role
from tests.attendance.hours.builders import make_session, make_shift, standing
from tests.builders import at, make_account, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


@pytest.fixture
def lead(app: Flask) -> Account:
    """Who leads an organisation."""
    account = make_account(make_person(name="万德山"))
    make_organisation(leads=[account.person], slug="troupe")
    return account


def troupe() -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.slug == "troupe")).one()


def signed_in_at(moment: datetime, client: FlaskClient, account: Account) -> None:
    """Later, somebody signs in."""
    clock.start_at(moment)
    sign_in(client, account)


def test_one_press_signs_in_and_one_signs_out(client: FlaskClient, lead: Account) -> None:
    her = make_person(name="王秀英")
    session = make_session(her, organisation=troupe())
    page = f"/workspace/activities/{session.activity.slug}/sessions/{session.id}/volunteers?lang=en"
    sign = page.replace("?", "/sign?")
    signed_in_at(at(10, days=1), client, lead)
    assert "Sign them in" in client.get(page).text
    for _ in range(2):
        assert client.post(sign, data={"person": her.id, "verb": "in"}).status_code == 303
    shown = client.get(page).text
    assert ("Sign them out" in shown, "Undo" in shown, "1 is here" in shown) == (True, True, True)
    client.post(sign, data={"all_out": "1"})
    assert [each.state for each in queries.shifts_at(session)] == [ShiftState.DONE]
    assert client.post(sign, data={"person": make_person().id, "verb": "in"}).status_code == 404
    assert client.post(sign, data={"undo": str(make_shift().id)}).status_code == 404


def test_a_lead_settles_reviews_and_certifies_from_one_page(client: FlaskClient, lead: Account) -> None:
    her = make_person(name="王秀英")
    session = make_session(her, organisation=troupe())
    with transaction():
        forgotten = actions.sign_in(session, her, by=lead.person, now=at(10, days=1))
    long = make_shift(make_person(name="李四"), start=at(8, days=1), hours=9, organisation=troupe())
    done = [make_shift(organisation=troupe()) for _ in range(2)]
    own = make_shift(lead.person, organisation=troupe())
    signed_in_at(at(20, days=1), client, lead)
    page = "/workspace/organisations/troupe/hours"
    shown = client.get(f"{page}?lang=en").text
    assert all(words in shown for words in ("Nobody signed out (1)", "Long days to look at (1)", "To certify (3)"))
    assert "Your own: somebody else decides." in shown
    client.post(f"{page}/{forgotten.id}/accept")
    client.post(f"{page}/{long.id}/review")
    client.post(f"{page}/certify", data={"shifts": ",".join(str(each.id) for each in [*done, own, long, forgotten])})
    stand = standing([forgotten, long, *done, own])
    assert stand == [ShiftState.CERTIFIED, ShiftState.DONE, *[ShiftState.CERTIFIED] * 2, ShiftState.DONE]


def test_what_is_not_certified_or_corrected_says_why(client: FlaskClient, lead: Account) -> None:
    shift = make_shift(state=ShiftState.CERTIFIED, organisation=troupe())
    page = f"/workspace/organisations/troupe/hours/{shift.id}"
    signed_in_at(at(20, days=1), client, lead)
    assert client.post(f"{page}/correct", data={"in_at": "10:00", "out_at": "11:00"}).status_code == 422
    typed = {"in_at": "10:00", "out_at": "11:00", "reason": "早走了"}
    assert client.post(f"{page}/correct", data=typed).status_code == 303
    [made] = queries.shifts_of(shift.person_id)
    assert (made.in_at, made.out_at) == (shift.in_at, shift.in_at + timedelta(hours=1))
    client.post(f"{page}/refuse", data={"reason": "别的"})
    assert standing([shift, made]) == [ShiftState.REPLACED, ShiftState.DONE]
    refused = f"/workspace/organisations/troupe/hours/{made.id}/refuse"
    assert client.post(refused, data={"reason": ""}).status_code == 422
    assert client.post(refused, data={"reason": "那天没来"}).status_code == 303


def test_hours_on_paper_are_written_down_once(client: FlaskClient, lead: Account) -> None:
    her = make_person()
    session = make_session(her, organisation=troupe())
    page = f"/workspace/activities/{session.activity.slug}/sessions/{session.id}/volunteers/write-down"
    signed_in_at(at(20, days=1), client, lead)
    typed = {"person": str(her.id), "in_at": "10:00", "out_at": "12:00", "reason": "纸上签的"}
    assert [client.post(page, data=typed).status_code for _ in range(2)] == [303, 303]
    assert len(queries.shifts_of(her.id)) == 1
    assert client.post(page, data={**typed, "in_at": "11:00"}).status_code == 422


def test_the_month_goes_along_as_a_table_and_that_is_written_down(client: FlaskClient, lead: Account) -> None:
    her = make_person(name="王秀英")
    shift = make_shift(her, state=ShiftState.CERTIFIED, organisation=troupe())
    signed_in_at(at(20, days=1), client, lead)
    answer = client.get(f"/workspace/organisations/troupe/hours.xlsx?lang=en&month={shift.day:%Y-%m}")
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.data)).active.rows]
    assert rows[4][:3] == ["王秀英", shift.day.isoformat(), shift.session.activity.title_en]
    assert (rows[4][5], rows[5][5]) == (2, 2)
    kinds = db.session.scalars(select(AccessEvent.kind).where(AccessEvent.person_id == her.id)).all()
    assert kinds == [Kind.EXPORT]


def test_the_volunteer_reads_what_became_of_each_hour(client: FlaskClient) -> None:
    account = make_account()
    make_shift(account.person, state=ShiftState.CERTIFIED)
    make_shift(account.person, start=at(14, days=1))
    make_shift(state=ShiftState.CERTIFIED)
    sign_in(client, account)
    shown = client.get("/me/hours?lang=en").text
    assert "Certified in all: 2 hours" in shown
    assert "Waits to be certified" in shown
    assert shown.count("hours-row__state") == 2


def test_a_stranger_learns_whether_it_is_genuine_and_no_name(client: FlaskClient) -> None:
    account = make_account(make_person(name="王秀英"))
    shift = make_shift(account.person, state=ShiftState.CERTIFIED)
    sign_in(client, account)
    days = {"organisation": str(shift.session.activity.organisation_id), "first_on": str(shift.day)}
    made = client.post("/me/hours/certificate", data={**days, "last_on": str(shift.day)})
    assert made.location.endswith("/print")
    assert "王秀英" in client.get(made.location).text
    number = made.location.split("/")[-2]
    stranger = client.application.test_client()
    answer = stranger.get(f"/hours/{number}?lang=en")
    assert "This certificate is genuine" in answer.text
    assert ("王*英" in answer.text, "王秀英" in answer.text) == (True, False)
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
    typed = stranger.get(f"/hours?number={certificates.in_groups(number).lower()}")
    assert typed.location.endswith(f"/hours/{number}")
    for wrong in ("0" * 20, "x" * 300, number[:-1]):
        assert stranger.get(f"/hours/{wrong}").status_code == 404
    other = make_account()
    sign_in(stranger, other)
    assert stranger.get(made.location).status_code == 404


def test_the_desk_finds_what_waits_and_prints_for_whoever_has_no_account(client: FlaskClient) -> None:
    her = make_person(name="王秀英")
    shift = make_shift(her, start=at(8, days=1), hours=9)
    certified = make_shift(her, start=at(10, days=2), state=ShiftState.CERTIFIED)
    sign_in(client, make_account(roles=[Role.CLERK]))
    name = shift.session.activity.organisation.name_en
    shown = client.get("/desk/hours?lang=en").text
    assert (name in shown, "1 day of more than eight hours" in shown) == (True, True)
    assert "day of volunteer hours to review" in client.get("/desk?lang=en").text
    day = str(certified.day)
    page = f"/desk/people/{her.id}/hours"
    assert "王秀英" in client.get(page).text
    made = client.post(f"{page}/certificate", data={"organisation": "0", "first_on": day, "last_on": day})
    assert client.get(made.location).status_code == 200
    assert db.session.scalars(select(Shift.state).where(Shift.id == certified.id)).one() is ShiftState.CERTIFIED
