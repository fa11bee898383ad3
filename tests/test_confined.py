"""Who is on the lists of a confined activity stands on no page, export or count of anybody but its own programme.

Every page and export is asked for by everybody who has to do with people here, led to it wherever an address can lead
there: by the activity, its date, its roster, a child's sign-up, an entry of its register.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from center.activities.models import Activity, Session
from center.attendance import roll_actions
from center.attendance.devices import Post
from center.attendance.models import How
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.organisations.models import Organisation
from center.people.models import Person
from center.signups import actions
from center.signups.models import Roster, SignUp
from tests.activity_builders import make_activity, make_roster, request_for, sign_up
from tests.builders import at, make_person, make_room
from tests.engines import ONE_ENGINE
from tests.scenes import NOON, SENT, Stage
from tests.web.checkin.devices import paired
from tests.world import address_of, rules, stopped_with

pytestmark = ONE_ENGINE

NAME = "慕容不露"
OTHERS = ("visitor", "resident", "check_in", "editor", "lead", "tutor", "grid_worker", "clerk", "auditor")


@dataclass(frozen=True)
class Confined:
    """A confined activity that is on now, with a child who is there."""

    activity: Activity
    session: Session
    roster: Roster
    child: Person
    place: SignUp
    values: dict[str, Any]  # what leads to it in an address


def make_confined(organisation: Organisation) -> Confined:
    """As it would come about: with a place, checked in, and only then confined."""
    child, by = make_person(name=NAME, birth_year=2017), make_person()
    start = NOON + timedelta(minutes=30)
    activity = make_activity(
        organisation=organisation, starts=[start, at(16, days=1)], minutes=120, room=make_room(), title="四点半课堂"
    )
    session = activity.sessions[0]
    roster = make_roster(activity)
    [place] = sign_up(roster, child, by=by, as_staff=True, now=clock.now())
    with transaction():
        event = roll_actions.arrive(session, child, how=How.DESK, by=by, now=clock.now())
    with transaction():
        activity.is_confined = True
    values = {"slug": activity.slug, "date_id": session.id, "roster_id": roster.id, "pool_id": roster.pools[0].id}
    values |= {"reference": place.reference, "event_id": event.id}
    clock.start_at(start + timedelta(minutes=10))
    return Confined(activity, session, roster, child, place, values)


@pytest.mark.slow("it asks for every address")
@pytest.mark.parametrize("who", OTHERS)
def test_no_page_says_who_is_in_a_confined_activity(stage: Stage, who: str) -> None:
    confined = make_confined(_organisation(stage))
    browser = stage.browser(who)
    found = [address for address in _addresses(stage, who, confined) if _says(browser, address)]
    assert found == []


@pytest.mark.slow("it asks for every address")
def test_a_device_learns_nobody_of_it(stage: Stage) -> None:
    confined = make_confined(_organisation(stage))
    for post in (Post(session=confined.session), Post(room=confined.session.room, until=at(23).date()), None):
        browser, _device = paired(stage.app, post)
        values = {**stage.scenes.ours, **confined.values}
        pages = [address_of(rule, values) for rule in rules(stage.app) if rule.rule.startswith("/checkin")]
        assert [address for address in pages if _says(browser, address)] == []
        assert browser.get(f"/checkin/sessions/{confined.session.id}/snapshot").status_code == 404


@pytest.mark.slow("it asks for every address")
@pytest.mark.parametrize("who", ["clerk", "lead", "director"])
def test_no_button_changes_anything_on_its_lists(stage: Stage, who: str) -> None:
    confined = make_confined(_organisation(stage))
    before, browser = _lists(confined), stage.browser(who)
    for rule in rules(stage.app):
        if "POST" in (rule.methods or ()) and _leads_to_it(rule, confined):
            address = address_of(rule, {**stage.scenes.ours, "person_id": confined.child.id, **confined.values})
            browser.post(address, data=SENT.get(rule.endpoint, {"q": NAME, "person": str(confined.child.id)}))
            assert _lists(confined) == before, address


def test_the_desk_finds_its_lists_with_a_name_typed_when_it_is_not_confined(stage: Stage) -> None:
    """Without this the tests above might pass because they ask for nothing."""
    confined = make_confined(_organisation(stage))
    with transaction():
        confined.activity.is_confined = False
    browser = stage.browser("clerk")
    found = [address for address in _addresses(stage, "clerk", confined) if _says(browser, address)]
    assert {"/desk/here-now", f"/sign-ups/{confined.place.reference}"} <= set(found)


def test_signing_up_leads_to_the_programme(stage: Stage) -> None:
    confined, browser = make_confined(_organisation(stage)), stage.browser("guardian")
    answer = browser.get(f"/sign-ups/new/{confined.activity.slug}/{confined.roster.id}")
    assert (answer.status_code, answer.location) == (303, "/after-school")
    assert browser.get(f"/activities/{confined.activity.slug}").location == "/after-school"
    somebody, by = make_person(), make_person()
    with pytest.raises(RuleBroken, match="四点半学校"), transaction():
        actions.sign_up(confined.roster, request_for(somebody), by=by, as_staff=True, now=clock.now())
    clerk = stage.browser("clerk")
    assert clerk.get(f"/desk/sign-up/{confined.roster.id}").status_code == 404
    assert clerk.get("/desk/people", query_string={"q": confined.place.reference}).status_code == 200  # finds nobody


def test_whoever_calls_the_roll_of_the_house_learns_how_many_children_there_are(stage: Stage) -> None:
    make_confined(_organisation(stage))
    page = stage.browser("clerk").get("/desk/here-now?lang=en").text
    assert "0 children are in the room" in page
    assert NAME not in page


def _addresses(stage: Stage, who: str, confined: Confined) -> Iterator[str]:
    """Each page that they may open, led to what is confined wherever its address can lead there."""
    stopped = stopped_with(stage.app, stage.scenes.cookies[who] if who != "visitor" else "")
    for rule in rules(stage.app):
        if "GET" not in (rule.methods or ()) or rule.endpoint in stopped:
            continue
        yield address_of(rule, {**stage.scenes.ours, **confined.values})


def _says(browser: FlaskClient, address: str) -> bool:
    answer = browser.get(address)
    return (
        NAME in answer.text if (answer.mimetype or "").startswith("text/") or answer.is_json else _in_table(answer.data)
    )


def _in_table(data: bytes) -> bool:
    """Whether a workbook or another file says it."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return NAME.encode() in data
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return any(NAME.encode() in file.read(each) for each in file.namelist())


def _leads_to_it(rule: Any, confined: Confined) -> bool:
    return bool(rule.arguments & confined.values.keys())


def _lists(confined: Confined) -> list[Any]:
    db.session.rollback()
    tables = "sign_ups", "pools", "rosters", "attendances", "attendance_events", "registers", "draws"
    run = db.session.connection().exec_driver_sql
    return [run(f"SELECT * FROM {name} ORDER BY 1, 2").all() for name in tables]


def _organisation(stage: Stage) -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.slug == stage.scenes.ours["slug"])).one()
