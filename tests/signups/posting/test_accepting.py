"""A change of a public activity that was accepted is undone within the minute, if nothing has happened to it since."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.activities import actions as activity_actions
from center.activities.actions import facts_of
from center.activities.change_requests import actions as proposing
from center.activities.change_requests.models import ChangeRequest, ChangeRequestKind, ChangeRequestState
from center.activities.change_requests.queries import just_decided
from center.activities.models import Activity, Session
from center.activities.photos import actions as photos
from center.activities.photos.images import Picture
from center.activities.sweeps import SWEEPS
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.notices import actions as notices
from center.people.models import Person, Role
from center.signups.details import questions
from center.signups.details.questions import QuestionFacts
from center.signups.models import Question, QuestionKind, Roster
from center.signups.posting import accepting
from center.web.activities import proposals
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import make_account, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.signups.test_messages import deliveries, kinds_told
from tests.signups.test_races import at_once, signing
from tests.signups.test_truthful_words import drive

pytestmark = pytest.mark.usefixtures("app")
MINUTE = timedelta(minutes=1)
RED, BLUE = (Picture(colour, colour, 400, 300) for colour in (b"red", b"blue"))


@pytest.fixture
def clerk() -> Person:
    return make_account(roles=[Role.CLERK]).person


def proposed(activity: Activity, kind: ChangeRequestKind = ChangeRequestKind.WORDS, **more: Any) -> ChangeRequest:
    picture = more.pop("picture", None)
    with transaction():
        return proposing.propose(activity, kind, more, by=activity.created_by, now=clock.now(), picture=picture)


def asked(
    activity: Activity, words: str, *, roster: Roster | None = None, question: Question | None = None
) -> ChangeRequest:
    facts = QuestionFacts(kind=QuestionKind.SHORT_TEXT, words=words)
    whom: dict[str, Any] = {"rosters": [roster] if roster else [], "question": question}
    with transaction():
        return proposals.propose_question(activity, facts, by=activity.created_by, now=clock.now(), **whom)


def accept(proposal: ChangeRequest, by: Person) -> None:
    with transaction():
        accepting.accept(proposal, by=by, now=clock.now())


def undo(proposal: ChangeRequest, by: Person) -> None:
    with transaction():
        accepting.undo(proposal, by=by, now=clock.now())


def now_of(activity: Activity) -> Activity:
    db.session.rollback()
    return db.session.get_one(Activity, activity.id, populate_existing=True)


def state_of(proposal: ChangeRequest) -> str:
    db.session.rollback()
    return db.session.get_one(ChangeRequest, proposal.id, populate_existing=True).state.value


def put(activity: Activity, picture: Picture, alt: str) -> None:
    with transaction():
        photos.put(activity, picture, alt=alt, by=activity.created_by, now=clock.now())


def shown(activity: Activity) -> tuple[bytes, str] | None:
    db.session.expire_all()
    photo = photos.find_whole_photo(activity.id)
    return (photo.large, photo.alt) if photo else None


def ask_of(roster: Roster) -> list[str]:
    db.session.rollback()
    return [each.words for each in db.session.scalars(select(Question).where(Question.roster_id == roster.id))]


def sweep(at: datetime) -> None:
    [found] = [each for each in SWEEPS if each.name == "proposals_kept"]
    for number in found.due(at):
        found.settle(number, at)


def test_words_stand_as_before_and_whom_nothing_reached_hears_nothing(clerk: Person) -> None:
    lead, person, driver = make_person(), make_person(), make_person()
    activity = make_activity(organisation=make_organisation(leads=[lead]), place="江边")
    sign_up(make_roster(activity), person)
    drive(activity.sessions[0], driver)
    change = proposed(activity, place="公园", about="换了地方")
    accept(change, clerk)
    assert (now_of(activity).place, activity.about) == ("公园", "换了地方")
    assert kinds_told(person) == ["confirmed", "changed"]
    decided = clock.now()
    assert all(each.due_at > decided for each in deliveries()), "it stays in the house for the minute"
    assert [each.id for each in just_decided(clerk.id, now=decided)] == [change.id]
    undo(change, clerk)
    assert (now_of(activity).place, activity.about) == ("江边", "")
    assert (state_of(change), change.before, change.kept_until) == ("waiting", None, None)
    assert kinds_told(person) == ["confirmed"]
    assert kinds_told(driver) == []
    assert "change_accepted" not in kinds_told(lead)
    assert [each.sequence for each in db.session.scalars(select(Session))] == [2], "calendars read it anew, twice"
    undo(change, clerk)
    assert just_decided(clerk.id, now=clock.now()) == []
    accept(change, clerk)
    assert now_of(activity).place == "公园"
    assert kinds_told(person) == ["confirmed", "changed"]


@ONE_ENGINE
def test_who_heard_of_it_is_told_that_it_does_not_stand(clerk: Person) -> None:
    lead, told, untold, driver = (make_person() for _ in range(4))
    activity = make_activity(organisation=make_organisation(leads=[lead]), place="江边")
    roster = make_roster(activity)
    sign_up(roster, told)
    sign_up(roster, untold)
    drive(activity.sessions[0], driver)
    change = proposed(activity, place="公园")
    accept(change, clerk)
    for each in deliveries():
        if each.notice.person_id != untold.id:
            with transaction():
                notices.tick_off(each, by=clerk, now=clock.now())
    undo(change, clerk)
    assert kinds_told(told) == ["confirmed", "changed", "changed"]
    assert kinds_told(untold) == ["confirmed"]
    assert kinds_told(driver) == ["moved", "moved"]
    assert kinds_told(lead) == ["change_accepted", "decision_undone"]
    last = [each.notice.body for each in deliveries() if each.notice.person_id == told.id][-1]
    assert "江边（原来：公园）" in last
    assert "误操作" in last, "and why"


@ONE_ENGINE
def test_what_else_was_changed_stays_and_a_field_changed_again_keeps_it(clerk: Person) -> None:
    activity = make_activity(place="江边")
    change = proposed(activity, place="公园")
    accept(change, clerk)
    edit(activity, bring="水杯")
    undo(change, clerk)
    assert (now_of(activity).place, activity.bring) == ("江边", "水杯")
    accept(change, clerk)
    edit(activity, place="广场")
    with pytest.raises(Conflict):
        undo(change, clerk)
    assert (now_of(activity).place, state_of(change)) == ("广场", "accepted")


def edit(activity: Activity, **changes: Any) -> None:
    with transaction():
        facts = activity_actions.ActivityFacts(**{**vars(facts_of(activity)), **changes})
        activity_actions.edit(activity, facts, by=activity.created_by, now=clock.now())


@ONE_ENGINE
@pytest.mark.parametrize("decision", ["accepted", "returned"])
def test_it_is_refused_to_others_after_the_minute_and_where_something_newer_waits(clerk: Person, decision: str) -> None:
    def decide(change: ChangeRequest) -> None:
        with transaction():
            if decision == "accepted":
                accepting.accept(change, by=clerk, now=clock.now())
            else:
                proposing.send_back(change, reason="请写清楚", by=clerk, now=clock.now())

    change, other = (proposed(make_activity(), about="一") for _ in range(2))
    decide(change)
    with pytest.raises(Conflict):
        undo(change, make_person())
    newer = proposed(change.activity, about="二")
    with pytest.raises(Conflict):
        undo(change, clerk)
    assert (state_of(change), state_of(newer)) == (decision, "waiting")
    decide(other)
    clock.start_at(clock.now() + MINUTE)
    with pytest.raises(RuleBroken, match="一分钟"):
        undo(other, clerk)
    assert state_of(other) == decision


def test_somebody_who_signs_up_at_once_keeps_the_words_as_they_read_them(app: Flask, clerk: Person) -> None:
    for _round in range(3):
        activity = make_activity(place="江边")
        roster, change = make_roster(activity), proposed(activity, about="只收老人")
        accept(change, clerk)
        change_id, clerk_id = change.id, clerk.id

        def taking_back(change_id: int = change_id, clerk_id: int = clerk_id) -> None:
            by = db.session.get_one(Person, clerk_id)
            accepting.undo(db.session.get_one(ChangeRequest, change_id), by=by, now=clock.now())

        undone, signed = at_once(app, [taking_back, signing(roster.id, make_person().id)])
        assert signed
        assert state_of(change) == ("waiting" if undone else "accepted")
        if undone:
            accept(change, clerk)
            sign_up(roster, make_person())
        with pytest.raises(Conflict, match="报了名"):
            undo(change, clerk)
        assert now_of(activity).about == "只收老人"


def test_a_new_question_goes_again_but_not_once_it_is_answered(clerk: Person) -> None:
    activity = make_activity()
    roster = make_roster(activity)
    change = asked(activity, "您的银行卡号？", roster=roster)
    accept(change, clerk)
    assert ask_of(roster) == ["您的银行卡号？"]
    undo(change, clerk)
    assert (ask_of(roster), state_of(change)) == ([], "waiting")
    accept(change, clerk)
    [question] = db.session.scalars(select(Question)).all()
    sign_up(roster, make_person(), wish={"answers": {question.id: "没有"}})
    with pytest.raises(Conflict, match="回答"):
        undo(change, clerk)
    assert ask_of(roster) == ["您的银行卡号？"]


@ONE_ENGINE
def test_a_question_is_put_as_before_unless_it_was_changed_again_or_is_to_be(clerk: Person) -> None:
    activity = make_activity()
    roster = make_roster(activity)
    with transaction():
        facts = QuestionFacts(kind=QuestionKind.SHORT_TEXT, words="几点来？")
        question = questions.add_question(roster, facts, by=clerk)
    change = asked(activity, "几点到？", question=question)
    accept(change, clerk)
    undo(change, clerk)
    assert ask_of(roster) == ["几点来？"]
    accept(change, clerk)
    with transaction():
        other = QuestionFacts(kind=QuestionKind.SHORT_TEXT, words="怎么来？")
        questions.change_question(question, other, by=clerk)
    with pytest.raises(Conflict):
        undo(change, clerk)
    assert ask_of(roster) == ["怎么来？"]
    new = asked(activity, "吃素吗？", roster=roster)
    accept(new, clerk)
    [added] = db.session.scalars(select(Question).where(Question.words == "吃素吗？")).all()
    asked(activity, "吃辣吗？", question=added)
    with pytest.raises(Conflict):
        undo(new, clerk)


@ONE_ENGINE
def test_a_question_that_was_asked_already_stays_when_its_proposal_waits_again(clerk: Person) -> None:
    activity = make_activity()
    roster = make_roster(activity)
    with transaction():
        facts = QuestionFacts(kind=QuestionKind.SHORT_TEXT, words="几点来？")
        questions.add_question(roster, facts, by=clerk)
    change = asked(activity, "几点来？", roster=roster)
    accept(change, clerk)
    undo(change, clerk)
    assert (ask_of(roster), state_of(change)) == (["几点来？"], "waiting")


@ONE_ENGINE
@pytest.mark.parametrize("had_one", [True, False], ids=["another", "the first"])
def test_the_photo_from_before_is_shown_again_and_the_new_one_waits(clerk: Person, had_one: bool) -> None:
    activity = make_activity()
    if had_one:
        put(activity, RED, "红")
    change = proposed(activity, ChangeRequestKind.PHOTO, alt="蓝", alt_en="", picture=BLUE)
    accept(change, clerk)
    assert shown(activity) == (b"blue", "蓝")
    undo(change, clerk)
    assert shown(activity) == ((b"red", "红") if had_one else None)
    if had_one:
        photo = photos.find_photo(activity.id)
        assert photo is not None
        assert photo.added_by_id == activity.created_by_id, "who says that whoever is in it agreed"
    assert (state_of(change), change.large) == ("waiting", b"blue")
    accept(change, clerk)
    assert shown(activity) == (b"blue", "蓝")


@ONE_ENGINE
def test_a_photo_that_was_taken_away_or_replaced_meanwhile_does_not_come_back(clerk: Person) -> None:
    activity = make_activity()
    put(activity, RED, "红")
    change = proposed(activity, ChangeRequestKind.PHOTO, alt="蓝", alt_en="", picture=BLUE)
    accept(change, clerk)
    with transaction():
        photos.remove(activity, by=clerk, now=clock.now())
    with pytest.raises(Conflict):
        undo(change, clerk)
    assert shown(activity) is None
    put(activity, BLUE, "蓝")
    with pytest.raises(Conflict):
        undo(change, clerk)
    words = proposed(activity, ChangeRequestKind.PHOTO, alt="天蓝", alt_en="")
    accept(words, clerk)
    assert shown(activity) == (b"blue", "天蓝")
    undo(words, clerk)
    assert shown(activity) == (b"blue", "蓝")


def test_no_picture_and_no_words_are_kept_longer_than_the_minute(clerk: Person) -> None:
    first, second, third = (make_activity() for _ in range(3))
    put(first, RED, "红")
    accepted, returned = (
        proposed(each, ChangeRequestKind.PHOTO, alt="蓝", alt_en="", picture=BLUE) for each in (first, second)
    )
    accept(accepted, clerk)
    with transaction():
        proposing.send_back(returned, reason="请换一张", by=clerk, now=clock.now())
    undo(returned, clerk)
    assert (state_of(returned), returned.large) == ("waiting", b"blue"), "a photo that was sent back waits again, too"
    with transaction():
        proposing.send_back(returned, reason="请换一张", by=clerk, now=clock.now())
    waits = proposed(third, ChangeRequestKind.PHOTO, alt="蓝", alt_en="", picture=BLUE)
    decided = clock.now()
    sweep(decided)
    assert (state_of(accepted), accepted.large, returned.large) == ("accepted", b"red", b"blue")
    sweep(decided + MINUTE)
    for each in (accepted, returned):
        assert state_of(each) in {"accepted", "returned"}
        assert (each.large, each.small, each.before, each.kept_until) == (None, None, None, None)
        with pytest.raises(RuleBroken, match="一分钟"):
            undo(each, clerk)
    assert (state_of(waits), waits.large) == ("waiting", b"blue")
    assert shown(first) == (b"blue", "蓝")


@ONE_ENGINE
def test_on_the_page_it_is_undone_by_one_press_and_its_old_photo_is_shown_to_nobody(client: FlaskClient) -> None:
    account = make_account(roles=[Role.CLERK])
    activity = make_activity()
    put(activity, RED, "红")
    change = proposed(activity, ChangeRequestKind.PHOTO, alt="蓝", alt_en="", picture=BLUE)
    sign_in(client, account)
    client.post(f"/desk/activities/changes/{change.id}/accept?what=changed")
    page = client.get("/desk/activities?what=changed").text
    assert f'action="/desk/activities/changes/{change.id}/undo?what=changed"' in page
    assert "已公开" in page
    photo = f"/desk/activities/changes/{change.id}/photo.jpg"
    assert client.get(photo).status_code == 404
    for _press in range(2):
        answer = client.post(f"/desk/activities/changes/{change.id}/undo?what=changed")
        assert answer.location == f"/desk/activities?what=changed#change-{change.id}"
    assert state_of(change) == ChangeRequestState.WAITING
    assert client.get(photo).data == b"blue"
