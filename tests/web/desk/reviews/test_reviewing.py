"""The list of what waits for review: narrowed, counted, read beyond its first page; and a decision taken back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.activities import actions, undoing
from center.activities.change_requests import actions as proposing
from center.activities.change_requests.models import ChangeRequest, ChangeRequestKind
from center.activities.models import Activity, ActivityState
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.marks import Mark
from center.notices import actions as notices
from center.notices.models import Delivery, Notice
from center.people.models import Account, Person, Role
from center.signups.models import Roster, SignUp
from center.signups.posting import reviewing
from center.signups.posting.reviewing import CHANGED, NEW, ReviewFilter
from tests.activity_builders import make_activity, make_kind, make_roster
from tests.builders import at, make_account, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.signups.test_races import at_once, signing

pytestmark = pytest.mark.usefixtures("morning")
MINUTE = timedelta(minutes=1)
EVERYTHING = ReviewFilter()


@pytest.fixture
def clerk() -> Account:
    return make_account(roles=[Role.CLERK])


def submitted(*, at_moment: datetime | None = None, **facts: Any) -> Activity:
    activity = make_activity(is_published=False, **facts)
    make_roster(activity)
    with transaction():
        actions.submit(activity, by=activity.created_by, now=at_moment or clock.now())
    return activity


def changed(**facts: Any) -> ChangeRequest:
    activity = make_activity(**facts)
    with transaction():
        said = {"title": "新名字"}
        return proposing.propose(activity, ChangeRequestKind.WORDS, said, by=activity.created_by, now=clock.now())


def names(wanted: ReviewFilter = EVERYTHING, **more: Any) -> list[str]:
    db.session.rollback()
    return [each.name for each in reviewing.page(wanted, **more).items]


def decide(activity: Activity, by: Person, *, publish: bool = True) -> None:
    with transaction():
        if publish:
            actions.publish(activity, by=by, now=clock.now(), as_staff=True)
        else:
            actions.send_back(activity, reason="时间不合适", by=by, now=clock.now())


def take_back(activity: Activity, by: Person) -> None:
    with transaction():
        undoing.take_back(activity, by=by, now=clock.now())


def state_of(activity: Activity) -> str:
    db.session.rollback()
    return db.session.get_one(Activity, activity.id, populate_existing=True).state.value


def told(person: Person) -> list[str]:
    query = select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)
    return [each.partition(".")[2] for each in db.session.scalars(query)]


@ONE_ENGINE
def test_it_is_narrowed_by_whose_it_is_its_kind_what_waits_and_its_day() -> None:
    club, dance = make_organisation(slug="club"), make_kind()
    new = submitted(organisation=club, starts=[at(10, days=5)])
    change = changed(organisation=club, starts=[at(10, days=6)])
    other = submitted(kind_id=dance.id, starts=[at(10, days=6), at(10, days=7)])
    of_new, of_change, of_other = f"activity-{new.id}", f"change-{change.id}", f"activity-{other.id}"
    assert names() == [of_new, of_change, of_other], "who came first first, whatever it is"
    assert names(ReviewFilter(organisation="club")) == [of_new, of_change]
    assert names(ReviewFilter(kind=dance.id)) == [of_other]
    assert names(ReviewFilter(what=NEW)) == [of_new, of_other]
    assert names(ReviewFilter(what=CHANGED)) == [of_change]
    assert names(ReviewFilter(day=at(0, days=6).date())) == [of_change, of_other]
    assert names(ReviewFilter(organisation="nobody")) == []
    page = reviewing.page(ReviewFilter(organisation="club"))
    assert (page.wanted, page.all) == (2, 3), "counts are counts of what is listed"


def test_the_list_goes_on_beyond_its_first_page() -> None:
    now = clock.now()
    waits = [submitted(at_moment=now) for _ in range(3)]  # the id tells them apart
    change = changed()
    listed, after = [], None
    for _page in range(2):
        page = reviewing.page(ReviewFilter(), after=after, limit=2)
        assert page.wanted == 4
        listed += [each.name for each in page.items]
        after = page.after and Mark.read(str(page.after), ranks=2)
    assert listed == [*(f"activity-{each.id}" for each in waits), f"change-{change.id}"]
    assert after is None


@ONE_ENGINE
def test_the_page_keeps_its_filters_and_stays_where_one_was(client: FlaskClient, clerk: Account) -> None:
    club = make_organisation(slug="club")
    first = submitted(organisation=club)
    submitted()
    second = submitted(organisation=club)
    sign_in(client, clerk)
    page = client.get("/desk/activities?organisation=club&lang=en").text
    assert "2 of 3 are listed" in page
    assert f'href="/desk/activities/{first.slug}?organisation=club"' in page
    answer = client.post(f"/desk/activities/{first.slug}/publish?organisation=club")
    assert answer.location == f"/desk/activities?organisation=club#activity-{second.id}"
    page = client.get(answer.location).text
    assert "1 of 2 are listed" in client.get("/desk/activities?organisation=club&lang=en").text
    assert f'action="/desk/activities/{first.slug}/take-back?organisation=club"' in page
    answer = client.post(f"/desk/activities/{first.slug}/take-back?organisation=club")
    assert answer.location == f"/desk/activities?organisation=club#activity-{first.id}"
    assert state_of(first) == "submitted"
    for odd in ("day=2026-13-45", "day=99999-01-01", "kind=x", "after=x-y", "after=1-9-1", "organisation=" + "x" * 300):
        assert client.get(f"/desk/activities?{odd}").status_code in {200, 422}


@ONE_ENGINE
@pytest.mark.parametrize("publish", [True, False], ids=["published", "returned"])
def test_it_waits_again_and_nobody_hears_what_was_not_said_yet(clerk: Account, publish: bool) -> None:
    lead = make_person()
    activity = submitted(organisation=make_organisation(leads=[lead]))
    decide(activity, clerk.person, publish=publish)
    assert [each.id for each in undoing.just_decided(clerk.person, now=clock.now())] == [activity.id]
    take_back(activity, clerk.person)
    assert state_of(activity) == "submitted"
    assert (activity.published_at, activity.reason) == (None, "")
    assert told(lead) == ["submitted"]
    take_back(activity, clerk.person)
    assert undoing.just_decided(clerk.person, now=clock.now()) == []
    decide(activity, clerk.person)
    assert state_of(activity) == "published"


@ONE_ENGINE
def test_who_heard_of_it_is_told_that_it_does_not_stand(clerk: Account) -> None:
    lead = make_person()
    activity = submitted(organisation=make_organisation(leads=[lead]))
    decide(activity, clerk.person, publish=False)
    [delivery] = db.session.scalars(select(Delivery)).all()
    assert delivery.due_at >= activity.changed_at + MINUTE
    with transaction():
        notices.tick_off(delivery, by=clerk.person, now=clock.now())
    take_back(activity, clerk.person)
    assert told(lead) == ["submitted", "returned", "decision_undone"]


@ONE_ENGINE
def test_it_is_refused_after_the_minute_to_others_and_where_nothing_waited(clerk: Account) -> None:
    activity, direct = submitted(), make_activity()
    decide(activity, clerk.person)
    with pytest.raises(Conflict):
        take_back(activity, make_person())
    with pytest.raises(Conflict):
        take_back(direct, direct.created_by)
    clock.start_at(clock.now() + MINUTE)
    with pytest.raises(RuleBroken, match="一分钟"):
        take_back(activity, clerk.person)
    assert state_of(activity) == "published"


def test_somebody_who_signs_up_at_once_keeps_it_public(app: Flask, clerk: Account) -> None:
    for _round in range(3):
        activity = submitted()
        decide(activity, clerk.person)
        [roster] = db.session.scalars(select(Roster).where(Roster.activity_id == activity.id)).all()
        activity_id, clerk_id, roster_id, person_id = activity.id, clerk.person_id, roster.id, make_person().id

        def undo(activity_id: int = activity_id, clerk_id: int = clerk_id) -> None:
            by = db.session.get_one(Person, clerk_id)
            undoing.take_back(db.session.get_one(Activity, activity_id), by=by, now=clock.now())

        undone, signed = at_once(app, [undo, signing(roster_id, person_id)])
        assert undone != signed, "one of the two is first, and the other sees it"
        db.session.rollback()
        there = db.session.scalars(select(SignUp).where(SignUp.roster_id == roster_id)).all()
        state = db.session.get_one(Activity, activity_id, populate_existing=True).state
        assert (state is ActivityState.PUBLISHED, len(there)) == ((False, 0) if undone else (True, 1))


@ONE_ENGINE
def test_a_change_that_was_sent_back_waits_again(client: FlaskClient, clerk: Account) -> None:
    lead = make_person()
    change = changed(organisation=make_organisation(leads=[lead]))
    sign_in(client, clerk)
    client.post(f"/desk/activities/changes/{change.id}", data={"reason": "请写清楚"})
    assert names() == []
    assert f'action="/desk/activities/changes/{change.id}/undo"' in client.get("/desk/activities").text
    answer = client.post(f"/desk/activities/changes/{change.id}/undo")
    assert answer.location == f"/desk/activities#change-{change.id}"
    assert names() == [f"change-{change.id}"]
    assert told(lead) == []
