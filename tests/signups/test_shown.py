"""What a form showed when it was opened is what is stored: where it has changed meanwhile it is shown again, marked."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from center.activities import actions as activity_actions
from center.activities import sessions
from center.activities.actions import facts_of
from center.activities.clashes import SessionPlan
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.sealed import Fact, Outdated, differences, stamp
from center.kernel.spans import Span
from center.people.models import Person, Role
from center.signups import actions, offers
from center.signups.answers import facts_of_date, facts_of_form
from center.signups.cancelling import cancel
from center.signups.details.questions import QuestionFacts, add_question, change_question
from center.signups.models import Audience, Question, QuestionKind, Roster, SignUp
from center.signups.roster_state import read
from tests.activity_builders import make_activity, make_roster, request_for, sign_up, state_of
from tests.builders import at, make_account, make_building, make_organisation, make_person, sign_in, trust
from tests.engines import ONE_ENGINE
from tests.walking import go_on, hidden_of, number_of, opened, sent
from tests.web.resident.sign_ups.test_views import send

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def resident(client: FlaskClient) -> Person:
    account = make_account(make_person(name="陈晓燕"))
    sign_in(client, account)
    return account.person


@pytest.fixture
def film() -> Roster:
    """A roster with a question that may be answered with yes or no, and must be."""
    roster = make_roster(make_activity(title_en="Told film", starts=[at(10, days=5)]), capacity=1)
    asked(roster, words="吃辣吗？", words_en="Do you eat hot food?")
    return roster


def asked(roster: Roster, **facts: Any) -> Question:
    with transaction():
        known = {"kind": QuestionKind.YES_NO, "is_required": True, **facts}
        return add_question(db.session.merge(roster), QuestionFacts(**known), by=roster.activity.created_by)


def puts_differently(roster: Roster) -> Any:
    db.session.rollback()
    [question] = db.session.merge(roster).questions
    with transaction():
        facts = QuestionFacts(
            kind=QuestionKind.YES_NO, words="可以拍照吗？", words_en="May we take photos of you?", is_required=True
        )
        change_question(question, facts, by=roster.activity.created_by)
    return question.id


def moves(roster: Roster, **facts: Any) -> None:
    db.session.rollback()
    activity = db.session.merge(roster).activity
    with transaction():
        [session] = activity.sessions
        plan = SessionPlan(span=Span(at(14, days=6), at(15, days=6)), **facts)
        sessions.move_session(session, plan, by=activity.created_by, now=clock.now(), reason="x")


def costs(roster: Roster, fee: str) -> None:
    db.session.rollback()
    activity = db.session.merge(roster).activity
    with transaction():
        said = replace(facts_of(activity), fee=fee)
        activity_actions.edit(activity, said, by=activity.created_by, now=clock.now())


def signed(roster: Roster) -> Any:
    db.session.rollback()
    return list(db.session.scalars(select(SignUp).where(SignUp.roster_id == roster.id)))


@ONE_ENGINE
def test_what_is_new_other_or_no_more_is_a_difference_and_what_is_said_in_other_words_is_none() -> None:
    def said(words: str) -> Callable[[], str]:
        return lambda: words

    was = {"a": ["1", "A", "one"], "b": ["2", "B", "two"], "c": ["3", "C", "three"]}
    now = {"a": Fact("1", "A", said("eins")), "b": Fact("4", "B", said("four")), "d": Fact("5", "D", said("five"))}
    found = [(each.name, each.was, each.now) for each in differences(was, now)]
    assert found == [("b", "two", "four"), ("d", "", "five"), ("c", "three", "")]
    assert stamp(now) != stamp({**now, "d": Fact("6", "D", said("five"))})


@ONE_ENGINE
def test_an_answer_is_never_stored_under_other_words(client: FlaskClient, resident: Person, film: Roster) -> None:
    address = f"/sign-ups/new/{film.activity.slug}/{film.id}?lang=en"
    typed = hidden_of(opened(client, address).text)
    number = puts_differently(film)
    typed[f"w{resident.id}_q{number}"] = "yes"
    again = send(client, address, typed)
    assert again.status_code == 409
    assert signed(film) == []
    assert re.search(r"<del>.*Do you eat hot food\?</del>\s*<ins>.*May we take photos of you\?</ins>", again.text)
    assert "This question has changed. Please answer it again." in again.text
    assert not re.search(r'value="yes"[^>]*checked|checked[^>]*value="yes"', again.text), "asked anew"
    typed = {**typed, **hidden_of(again.text), f"w{resident.id}_q{number}": "no"}
    assert send(client, address, typed).status_code == 303
    assert [each.answers[0].says for each in signed(film)] == ["no"]


@ONE_ENGINE
@pytest.mark.parametrize("what", ["date", "place", "fee", "one question more", "no question any more"])
def test_whatever_the_form_said_of_it_is_marked_where_it_has_changed(
    client: FlaskClient, resident: Person, what: str
) -> None:
    roster = make_roster(make_activity(starts=[at(10, days=5)], fee="5元"))
    if what == "no question any more":
        question = asked(roster, is_required=False, words="几个人？")
    address = f"/sign-ups/new/{roster.activity.slug}/{roster.id}?lang=en"
    typed = hidden_of(opened(client, address).text)
    if what == "no question any more":
        with transaction():
            db.session.merge(question).retired_at = clock.now()
    elif what == "one question more":
        asked(roster, words="几个人？")
    elif what == "fee":
        costs(roster, "20元")
    else:
        moves(roster, place="门口") if what == "place" else moves(roster)
    again = send(client, address, typed)
    assert again.status_code == 409
    said = {"date": "14:00–15:00", "place": "门口", "fee": "20元"}.get(what, "几个人？")
    assert said in again.text.partition('id="changed"')[2].partition("</ul>")[0]
    assert signed(roster) == []


@ONE_ENGINE
def test_one_question_a_page_goes_back_to_the_question_that_changed(
    client: FlaskClient, resident: Person, film: Roster
) -> None:
    asked(film, words="几点走？", words_en="When do you leave?", kind=QuestionKind.SHORT_TEXT)
    client.set_cookie("lang", "en")
    client.set_cookie("elder", "1")
    first, second = (each.id for each in db.session.merge(film).questions)
    begun = opened(client, f"/sign-ups/new/{film.activity.slug}/{film.id}")
    typed = {**hidden_of(begun.text), f"w{resident.id}_q{first}": "yes"}
    shown = sent(client, begun.request.full_path, typed)
    assert "When do you leave?" in shown.text
    db.session.rollback()
    with transaction():
        facts = QuestionFacts(kind=QuestionKind.YES_NO, words="可以拍照吗？", words_en="May we?", is_required=True)
        change_question(db.session.merge(film).questions[0], facts, by=film.activity.created_by)
    again = sent(client, shown.request.full_path, {**hidden_of(shown.text), f"w{resident.id}_q{second}": "五点"})
    assert again.status_code == 409
    assert number_of(again.text) == "1 of 2"
    assert "This question has changed" in again.text
    assert not re.search(r'value="yes"[^>]*checked|checked[^>]*value="yes"', again.text)
    second_page = sent(client, again.request.full_path, {**hidden_of(again.text), f"w{resident.id}_q{first}": "no"})
    assert "五点" in second_page.text, "what was answered to a question that stays is there"
    assert signed(film) == []


def test_the_action_itself_refuses_what_changed_after_the_page_was_compared(film: Roster) -> None:
    seen = stamp(facts_of_form(read(film)))
    person = make_person()
    moves(film)
    with pytest.raises(Outdated), transaction():
        actions.sign_up(film, request_for(person, seen=seen), by=person, as_staff=False, now=clock.now())
    assert signed(film) == []


@ONE_ENGINE
def test_wishes_a_place_passed_on_and_the_desk_ask_again_too(client: FlaskClient, film: Roster) -> None:
    home = {"building": make_building(), "unit": "1", "door": "101"}
    account, other = make_account(make_person(**home)), make_person(**home)
    trust(account.person, other)
    made = sign_up(make_roster(film.activity, audience=Audience.VOLUNTEERS), account.person)[0]
    sign_in(client, account)
    for path in (f"/sign-ups/{made.reference}/wishes", f"/sign-ups/{made.reference}/pass-on?to={other.id}"):
        sent = hidden_of(client.get(path).text)
        costs(film, f"{len(path)}元")
        assert client.post(path, data={**sent, "to": other.id}).status_code == 409
        sent |= hidden_of(client.get(path).text)
    sign_in(client, make_account(roles=[Role.CLERK]))
    path = f"/desk/people/{other.id}/sign-up/{film.id}"
    sent = {**hidden_of(client.get(path).text), "channel": "desk"}
    puts_differently(film)
    assert client.post(path, data=sent).status_code == 409
    assert signed(film) == []


@ONE_ENGINE
def test_one_press_at_the_desk_signs_nobody_up_for_what_has_moved(client: FlaskClient) -> None:
    roster = make_roster(make_activity(starts=[at(10, days=5)]))
    sign_in(client, make_account(roles=[Role.CLERK]))
    path = f"/desk/people/{make_person().id}/sign-up?lang=en"
    sent = hidden_of(client.get(path).text)
    assert sent["roster_id"] == str(roster.id)
    moves(roster)
    again = client.post(path, data=sent)
    assert again.status_code == 422
    assert "Something has changed" in again.text
    assert signed(roster) == []
    assert client.post(path, data=hidden_of(again.text)).status_code == 303
    assert len(signed(roster)) == 1


@ONE_ENGINE
def test_an_offered_place_is_not_taken_at_a_time_that_nobody_saw(client: FlaskClient, resident: Person) -> None:
    roster = make_roster(make_activity(starts=[at(10, days=5)]), capacity=1)
    [holder] = sign_up(roster, make_person())
    [waits] = sign_up(roster, db.session.merge(resident))
    with transaction():
        cancel(holder, by=holder.person, now=clock.now())
    path = f"/sign-ups/{waits.reference}?lang=en"
    sent = hidden_of(client.get(path).text)
    moves(roster)
    told = client.post(f"/sign-ups/{waits.reference}/accept?lang=en", data=sent, follow_redirects=True).text
    assert "This has changed since you opened the page" in told
    assert state_of(waits) == "offered"
    seen = stamp(facts_of_date(read(roster)))
    costs(roster, "9元")
    with pytest.raises(Outdated), transaction():
        offers.accept_offer(waits, by=resident, now=clock.now(), seen=seen)
    client.post(f"/sign-ups/{waits.reference}/accept", data=hidden_of(client.get(path).text))
    assert state_of(waits) == "confirmed"


@ONE_ENGINE
def test_two_leads_who_edit_at_once_see_what_the_other_wrote_and_saving_twice_is_once(client: FlaskClient) -> None:
    lead = make_account()
    activity = make_activity(organisation=make_organisation(leads=[lead.person]), summary="来吧", fee="")
    roster = make_roster(activity)
    number = asked(roster, words="吃辣吗？").id
    sign_in(client, lead)
    path = f"/workspace/activities/{activity.slug}/edit?lang=en"
    fields = {name: getattr(activity, name) or "" for name in ("title", "title_en", "summary", "place", "kind_id")}
    form = opened(client, path)
    costs(roster, "20元")
    again = go_on(client, form, **{**fields, "summary": "请来"})
    assert again.status_code == 409
    assert "20元" in again.text.partition('id="changed"')[2].partition("</ul>")[0]
    assert "请来" in again.text, "nothing typed is lost"
    sent = {**fields, "summary": "请来", "fee": "20元"}
    pages = [go_on(client, again, **sent) for _twice in range(2)]
    assert [page.status_code for page in pages] == [303, 303]
    path = f"/workspace/activities/{activity.slug}/rosters/{roster.id}/questions/{number}?lang=en"
    sent = {**hidden_of(client.get(path).text), "words": "吃什么？", "kind": "short_text"}
    puts_differently(roster)
    assert client.post(path, data=sent).status_code == 409
