"""A troupe ends: refused while others count on it, with everything else ended; and it goes on after all."""

from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, DomainError, RuleBroken
from center.people.models import Account, Person, Role
from center.rooms.models import Occupancy
from center.troupes import ending, queries
from center.troupes.lending import loans
from center.troupes.members import actions
from center.troupes.members.actions import MemberFacts
from center.troupes.models.lending import LineState
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import MemberState, Troupe, TroupeEnding, TroupeMember
from center.troupes.models.works import SaleDayState
from center.troupes.performances import steps
from center.troupes.rehearsals import actions as rehearsals
from center.troupes.rehearsals import polls
from center.troupes.rehearsals.models import Rehearsal
from center.troupes.rehearsals.poll_models import DatePoll, PollState
from center.troupes.seasons.actions import SeasonFacts, make
from tests.builders import at, make_account, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_leader, make_member, make_season, make_troupe
from tests.troupes.lending_builders import make_day, make_loan, make_studio, make_thing
from tests.troupes.performances.builders import make_performance, played, told
from tests.troupes.rehearsals.builders import make_poll, make_skipped
from tests.troupes.rehearsals.scene import MORNING, all_of, drums, plan


def end(troupe: Troupe, by: Person, reason: str = "人太少了") -> TroupeEnding:
    with transaction():
        return ending.end(troupe, reason=reason, by=by, now=clock.now())


@ONE_ENGINE
def test_what_others_count_on_stands_against_the_end_and_is_named(app: Flask) -> None:
    by, studio = make_person(), make_studio()
    loan = make_loan(make_thing(studio), is_out=True)
    show = make_performance(studio)
    day = make_day(studio)
    with pytest.raises(DomainError) as refused:
        end(studio, by, reason=" ")
    assert len(refused.value.every) == 4
    with transaction():
        loans.take_back(loan.lines[0], by=by, now=clock.now())
        steps.cancel(show, "下雨", by=by, now=clock.now())
        day.state = SaleDayState.WITHDRAWN
    assert end(studio, by).on_date == studio.ended_on


@ONE_ENGINE
def test_what_the_troupe_alone_counts_on_ends_with_it_and_its_members_hear_why(app: Flask) -> None:
    with time_machine.travel(MORNING, tick=False):
        scene, by = drums(), make_person()
        plan(scene)
        troupe, [leader, member, _other] = scene.season.troupe, scene.members
        asks = make_member(troupe, state=MemberState.APPLIED)
        poll = make_poll(scene.season, by)
        loan = make_loan(make_thing(troupe), member.person)
        ended = end(troupe, by)
        assert end(troupe, by).id == ended.id
        assert {each.takes_place for each in all_of(scene)} == {False}
        assert db.session.scalars(select(Occupancy)).all() == []
    assert db.session.get_one(DatePoll, poll.id).state is PollState.CALLED_OFF
    assert {line.state for line in loan.lines} == {LineState.CANCELLED}
    assert db.session.get_one(TroupeMember, asks.id).state is MemberState.LEFT
    assert "人太少了" in told(member.person, "troupes.ended")[0].body
    assert len(told(member.person, "troupes.ended")) == 1
    assert queries.led_by(leader.person_id, at(12).date()) == []


@ONE_ENGINE
def test_nothing_begins_in_an_ended_troupe_until_the_end_is_taken_back(app: Flask) -> None:
    by, troupe = make_person(), make_troupe()
    leader, season, thing = make_leader(troupe), make_season(troupe), make_thing(troupe)
    skipped = make_skipped(season, by)
    end(troupe, by)
    begin: list[Callable[[], object]] = [
        lambda: enter(troupe, make_person()),
        lambda: make_season_again(troupe),
        lambda: make_performance(troupe),
        lambda: make_loan(thing, leader.person),
        lambda: ask(season, by),
        lambda: put_back(skipped, by),
    ]
    for each in begin:
        with pytest.raises(Conflict, match=r"ended|结束"):
            each()
        db.session.rollback()
    with pytest.raises(RuleBroken), transaction():
        actions.apply(troupe, MemberFacts(), by=by, now=clock.now())
    with transaction():
        ending.take_back(troupe, by=by, now=clock.now())
        ending.take_back(troupe, by=by, now=clock.now())
    assert queries.led_by(leader.person_id, at(12).date()) == [troupe]
    assert len(told(leader.person, "troupes.goes_on")) == 1
    make_performance(troupe)


def ask(season: Season, by: Person) -> object:
    until = at(12, days=3)
    with transaction():
        return polls.ask(season, [], title="彩排", closes_at=until, by=by, now=clock.now(), request_key="again")


def enter(troupe: Troupe, person: Person) -> object:
    with transaction():
        return actions.enter(troupe, person, MemberFacts(), on_trial=False, by=person, now=clock.now())


def put_back(skipped: Rehearsal, by: Person) -> object:
    with transaction():
        return rehearsals.put_back(skipped, by=by, now=clock.now())


def make_season_again(troupe: Troupe) -> object:
    with transaction():
        return make(troupe, SeasonFacts(name="又一季", starts_on=at(12).date(), ends_on=at(12, days=9).date()))


def test_the_database_holds_that_nothing_is_open_in_what_has_ended(app: Flask) -> None:
    troupe = make_troupe()
    make_loan(make_thing(troupe), is_out=True)
    today = at(12).date()
    with pytest.raises(DBAPIError, match="troupes_ended"), transaction() as session:
        session.execute(update(Troupe).where(Troupe.id == troupe.id).values(ended_on=today))
    other = make_troupe()
    member = make_member()
    played_at = played(member.troupe, member)
    with transaction() as session:
        session.execute(update(Troupe).where(Troupe.id == other.id).values(ended_on=today))
    with pytest.raises(DBAPIError, match="troupe_ended"):
        make_member(other)
    with pytest.raises(DBAPIError, match="troupe_ended"):
        make_season(other)
    with pytest.raises(DBAPIError, match="troupes_ended"), transaction() as session:
        session.execute(update(Troupe).where(Troupe.id == played_at.troupe_id).values(ended_on=today))


@pytest.fixture(name="lead")
def _lead(app: Flask) -> Account:
    return make_account(locale="en")


@ONE_ENGINE
def test_the_organisation_and_staff_end_a_troupe_and_everybody_reads_that_it_has_ended(
    client: FlaskClient, lead: Account
) -> None:
    troupe = make_troupe(organisation=make_organisation(leads=[lead.person]), slug="choir")
    leader, clerk = make_account(locale="en"), make_account(locale="en", roles=(Role.CLERK,))
    make_leader(troupe, leader.person)
    page = "/workspace/troupes/choir/end"
    for stranger in (leader, make_account()):
        sign_in(client, stranger)
        assert client.get(page).status_code == client.post(page, data={"reason": "x"}).status_code == 404
    loan = make_loan(make_thing(troupe), is_out=True)
    sign_in(client, lead)
    assert f"Take back loan {loan.number}" in client.get(page).text
    assert client.post(page, data={"reason": "人太少了"}).status_code == 422
    with transaction():
        loans.take_back(loan.lines[0], by=lead.person, now=clock.now())
    assert client.post(page, data={"reason": ""}).status_code == 422
    assert "Applications (0)" in client.get(page).text
    assert client.post(page, data={"reason": "人太少了"}).location == "/troupes/choir"
    shown = client.get("/workspace/troupes/choir").text
    assert "人太少了" in shown
    assert "Enter a member" not in shown
    sign_in(client, leader)
    assert "The troupe has ended" in client.get("/me/troupes").text
    public = client.get("/troupes/choir").text
    assert "This troupe ended on" in public
    assert "Ask to join" not in public
    assert "Troupes that have ended" in client.get("/troupes").text
    sign_in(client, clerk)
    assert client.post(f"{page}/back").status_code == 303
    assert db.session.scalars(select(Troupe.ended_on)).one() is None
    assert "End the troupe" in client.get("/troupes/choir").text
    assert client.get(page).status_code == 200


@ONE_ENGINE
def test_the_page_of_a_troupe_lists_what_it_performs_and_what_it_performed(client: FlaskClient, app: Flask) -> None:
    troupe = make_troupe(slug="choir")
    member = make_member(troupe)
    coming = played(troupe, member)
    hidden = make_performance(troupe, starts_at=at(15, days=11))
    past = played(troupe, member, starts_at=at(15, days=12))
    with transaction():
        for show, title in ((coming, "迎新演出"), (hidden, "筹备中的演出"), (past, "敬老演出")):
            show.session.activity.title = show.session.activity.title_en = title
        past.session.starts_at, past.session.ends_at = at(15, days=-30), at(16, days=-30)
    client.set_cookie("locale", "en")
    page = client.get("/troupes/choir?lang=en").text
    assert page.index("迎新演出") < page.index("敬老演出")
    assert "筹备中的演出" not in page
    feed = client.get("/troupes/choir/calendar.ics").text
    assert ("迎新演出" in feed, "敬老演出" in feed, "筹备中" in feed) == (True, True, False)
