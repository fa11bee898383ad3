"""Signing up with wishes, as people without JavaScript do it; who sees what of it, and who does not."""

import io
import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select

from center.bookings.models import BookingStatus
from center.kernel import clock
from center.kernel.db import db, transaction
from center.organisations.models import MemberRole, Membership, Organisation
from center.people.models import Account, Person, Role
from center.signups.details.questions import QuestionFacts, add_question
from center.signups.models import Answer, PoolKind, QuestionKind, Roster, SignUp
from center.signups.models.attendee_lists import Driver
from center.signups.rosters import PoolFacts
from tests.activity_builders import make_activity, make_kind, make_roster, sign_up, state_of, the_pool
from tests.builders import (
    at,
    make_account,
    make_booking,
    make_building,
    make_organisation,
    make_person,
    make_room,
    sign_in,
    trust,
)
from tests.engines import ONE_ENGINE
from tests.web.resident.sign_ups.test_views import ENGLISH, key_of, page, send

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]
SEATS = [PoolFacts(kind=PoolKind.COMPANION, capacity=2), PoolFacts(kind=PoolKind.WHEELCHAIR, capacity=2)]
LONG = "长" * 11_000  # 100 kB as a browser sends it


@pytest.fixture
def home() -> dict[str, Any]:
    return {"building": make_building(code="7栋"), "unit": "3", "door": "907"}


@pytest.fixture
def mother(client: FlaskClient, home: dict[str, Any]) -> Person:
    account = make_account(make_person(name="陈晓燕", phone="19900000012", **home))
    sign_in(client, account)
    return account.person


@pytest.fixture
def lead() -> Account:
    return make_account(make_person(name="李建国"))


@pytest.fixture
def team(lead: Account) -> Organisation:
    return make_organisation(slug="team", leads=[lead.person], publishes_directly=True)


@pytest.fixture
def film(team: Organisation) -> Roster:
    """A roster with everything there is to ask."""
    activity = make_activity(organisation=team, title_en="Told film", has_pick_up=True, bring="老花镜")
    roster = make_roster(activity, capacity=5, pools=SEATS)
    with transaction():
        facts = QuestionFacts(
            kind=QuestionKind.SHORT_TEXT, words="想看哪部？", words_en="Which film?", is_required=True
        )
        add_question(roster, facts, by=lead_of(team))
    return roster


def lead_of(team: Organisation) -> Person:
    return team.memberships[0].person


def join(team: Organisation, person: Person, role: MemberRole) -> None:
    with transaction() as session:
        who = {"organisation_id": team.id, "person_id": person.id}
        session.add(Membership(**who, role=role, starts_on=at(0, days=-9).date()))


def address_of(roster: Roster) -> str:
    return f"/sign-ups/new/{roster.activity.slug}/{roster.id}"


def question_of(roster: Roster) -> int:
    db.session.rollback()
    db.session.refresh(roster)
    return roster.questions[0].id


def signed(roster: Roster) -> Any:
    db.session.rollback()
    query = select(SignUp).where(SignUp.roster_id == roster.id).order_by(SignUp.queue_order)
    return db.session.scalars(query).all()


def sent_for(film: Roster, person: Person, key: str, **more: Any) -> dict[str, Any]:
    mine = f"w{person.id}_"
    return {"request_key": key, f"{mine}q{question_of(film)}": "地道战", **{mine + name: v for name, v in more.items()}}


def test_one_person_answers_on_one_page_and_reads_it_all_again(
    client: FlaskClient, mother: Person, film: Roster
) -> None:
    shown = page(client, address_of(film) + ENGLISH)
    for words in ("Comes in a wheelchair", "With a companion", "From 7栋-3-907", "Which film?", "see your answer"):
        assert words in shown
    sent = sent_for(film, mother, key_of(shown), companion="y", pick_up="y", note="坐前面")
    first, again = (send(client, address_of(film), sent) for _ in range(2))
    assert first.status_code == again.status_code == 303
    [one] = signed(film)
    assert (one.wants_companion, one.wants_pick_up, one.note) == (True, True, "坐前面")
    shown = page(client, first.location.partition("?")[0] + ENGLISH)
    for words in ("地道战", "坐前面", "7栋-3-907", "老花镜", "the seat is kept"):
        assert words in shown
    assert "the seat is kept" in page(client, f"/sign-ups/{one.reference}/slip{ENGLISH}")


@pytest.mark.parametrize("says", ["", "x" * 201, LONG], ids=["nothing", "201 letters", "100 kB"])
def test_a_wrong_answer_is_said_beside_its_question_and_loses_nothing(
    client: FlaskClient, mother: Person, film: Roster, says: str
) -> None:
    sent = sent_for(film, mother, "k1", note="坐前面")
    sent[f"w{mother.id}_q{question_of(film)}"] = says
    answer = send(client, address_of(film) + ENGLISH, sent)
    assert answer.status_code == 422
    assert "坐前面" in answer.text
    assert says in answer.text
    assert f'href="#w{mother.id}_q{question_of(film)}"' in answer.text
    assert signed(film) == []


def test_a_family_chooses_first_and_answers_each_for_themselves(
    client: FlaskClient, mother: Person, film: Roster, home: dict[str, Any]
) -> None:
    son = make_person(name="陈小", **{**home, "building": db.session.merge(home["building"])})
    trust(mother, son)
    shown = page(client, address_of(film) + ENGLISH)
    sent = {"request_key": key_of(shown), "stage": "who", "people": [mother.id, son.id]}
    assert send(client, address_of(film), {**sent, "people": []}).status_code == 422
    family = send(client, address_of(film) + ENGLISH, sent)
    assert family.status_code == 200
    assert "陈小" in family.text
    both = {**sent_for(film, mother, sent["request_key"]), "people": [mother.id, son.id]}
    answer = send(client, address_of(film) + ENGLISH, both)
    assert answer.status_code == 422
    assert "陈小: Which film: " in answer.text
    assert "陈晓燕: Which film: " not in answer.text
    sent = both | sent_for(film, son, sent["request_key"], wheelchair="y")
    assert send(client, address_of(film), sent).status_code == 303
    assert [each.uses_wheelchair for each in signed(film)] == [False, True]


def test_places_for_some_are_shown_with_a_choice_and_nothing_is_lost(
    client: FlaskClient, mother: Person, home: dict[str, Any]
) -> None:
    son = make_person(name="陈小", **{**home, "building": db.session.merge(home["building"])})
    trust(mother, son)
    roster = make_roster(capacity=2)
    sign_up(roster, make_person())
    sent = {"request_key": "k1", "people": [mother.id, son.id], f"w{mother.id}_note": "坐前面"}
    asked = send(client, address_of(roster) + ENGLISH, sent)
    assert asked.status_code == 409
    assert "All wait together" in asked.text
    back = re.search(r'href="([^"]+)"[^>]*>One step back', asked.text)
    assert back
    assert "坐前面" in page(client, unescape(back[1]))
    assert len(signed(roster)) == 1
    assert send(client, address_of(roster), {**sent, "split": "together"}).status_code == 303
    assert [each.state.value for each in signed(roster)] == ["confirmed", "waiting", "waiting"]
    other = make_roster(capacity=1)
    assert send(client, address_of(other), {**sent, "request_key": "k2", "split": "some"}).status_code == 303
    assert [each.state.value for each in signed(other)] == ["confirmed", "waiting"]


def test_forged_ids_sign_nobody_up(client: FlaskClient, mother: Person, film: Roster) -> None:
    stranger, other = make_person(), make_roster()
    with transaction():
        facts = QuestionFacts(kind=QuestionKind.SHORT_TEXT, words="x")
        foreign = add_question(other, facts, by=mother)
    right = sent_for(film, mother, "k1")
    wrong = f"/sign-ups/new/{film.activity.slug}/{other.id}"
    assert send(client, wrong, right).status_code == 404
    assert send(client, address_of(film), {**right, f"w{stranger.id}_note": "x"}).status_code == 303
    assert [each.person_id for each in signed(film)] == [mother.id]
    mine = {f"w{mother.id}_q{foreign.id}": "x", f"w{mother.id}_pool_id": str(the_pool(film).id)}
    client.post(f"/sign-ups/{signed(film)[0].reference}/wishes", data={**right, **mine})
    assert db.session.scalars(select(Answer.question_id)).all() == [question_of(film)]
    reference = signed(film)[0].reference
    assert client.get(f"/sign-ups/{reference}/pass-on?to={stranger.id}").status_code == 404
    assert client.post(f"/sign-ups/{reference}/pass-on", data={**right, "to": stranger.id}).status_code == 404
    sign_in(client, make_account(stranger))
    for tail in ("", "/wishes", "/pass-on", "/cancel"):
        page(client, f"/sign-ups/{reference}{tail}", 404)


def test_what_one_has_meanwhile_is_a_warning_that_one_may_pass(client: FlaskClient, mother: Person) -> None:
    activity = make_activity(starts=[at(10, days=5)])
    roster = make_roster(activity)
    make_booking(room=make_room(name_en="Chess room"), person=mother, starts_at=at(10, days=5))
    make_booking(
        room=make_room(name_en="Hall"), person=mother, starts_at=at(10, days=5), status=BookingStatus.CANCELLED
    )
    shown = page(client, address_of(roster) + ENGLISH)
    assert "has booked a room then: Chess room" in shown
    assert "Hall" not in shown
    assert send(client, address_of(roster), {"request_key": "k1"}).status_code == 303


def test_wishes_change_later_and_the_place_is_passed_on(
    client: FlaskClient, mother: Person, film: Roster, home: dict[str, Any]
) -> None:
    son = make_person(name="陈小", **{**home, "building": db.session.merge(home["building"])})
    trust(mother, son)
    db.session.rollback()
    send(client, address_of(film), {**sent_for(film, mother, "k1", pick_up="y"), "people": [mother.id]})
    [one] = signed(film)
    shown = page(client, f"/sign-ups/{one.reference}/wishes{ENGLISH}")
    assert "地道战" in shown
    changed = sent_for(film, mother, "x", companion="y")
    assert client.post(f"/sign-ups/{one.reference}/wishes", data=changed).status_code == 303
    assert (signed(film)[0].wants_companion, signed(film)[0].wants_pick_up) == (True, False)
    assert "陈小" in page(client, f"/sign-ups/{one.reference}/pass-on{ENGLISH}")
    page(client, f"/sign-ups/{one.reference}/pass-on?lang=en&to={son.id}")
    sent = {**sent_for(film, son, "y"), "to": son.id}
    assert client.post(f"/sign-ups/{one.reference}/pass-on", data={**sent, "to": mother.id}).status_code == 404
    moved = client.post(f"/sign-ups/{one.reference}/pass-on", data=sent)
    assert moved.status_code == 303
    assert state_of(one) == "cancelled"
    assert "陈小" in page(client, moved.location)


def test_the_desk_asks_the_same_and_gives_places_under_a_name(client: FlaskClient, film: Roster) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    elder = make_person(name="周桂珍")
    listed = page(client, f"/desk/people/{elder.id}/sign-up{ENGLISH}&channel=phone")
    address = f"/desk/people/{elder.id}/sign-up/{film.id}"
    assert address in listed
    shown = page(client, f"{address}{ENGLISH}&channel=phone")
    assert "we do not know your building" in shown
    sent = {**sent_for(film, elder, key_of(shown), companion="y"), "channel": "phone"}
    assert client.post(address, data={**sent, "channel": "online"}).status_code == 422
    first, again = (client.post(address, data=sent) for _ in range(2))
    assert first.location == again.location
    assert [(each.channel.value, each.wants_companion) for each in signed(film)] == [("phone", True)]
    assert client.post(address, data={**sent, "request_key": "other"}).status_code == 422


def test_the_roll_has_wishes_but_no_door_no_whole_phone_and_no_formula(
    client: FlaskClient, film: Roster, lead: Account, home: dict[str, Any]
) -> None:
    person = make_person(name="=1+1", phone="19900000012", birth_year=1950, **home)
    wish = {"wants_pick_up": True, "answers": {question_of(film): "=HYPERLINK(1)"}, "note": "坐前面"}
    sign_up(film, person, wish=wish)
    sign_in(client, lead)
    session = film.activity.sessions[0]
    base = f"/workspace/activities/{film.activity.slug}/sessions/{session.id}/roll"
    for tail in ("", "/print"):
        shown = page(client, base + tail + ENGLISH)
        for words in ("70–79 years", "Pick-up", "HYPERLINK", "坐前面"):
            assert words in shown
        assert not re.search(r"907|7栋|19900000012|1950", shown)
    answer = client.get(f"{base}.xlsx")
    cells = [cell for row in load_workbook(io.BytesIO(answer.data)).active for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert "=HYPERLINK(1)" in {cell.value for cell in cells}
    assert not re.search(r"907|7栋|19900000012|1950", " ".join(str(cell.value) for cell in cells))


def test_who_only_checks_people_in_reads_no_answers_and_a_stranger_nothing(
    client: FlaskClient, film: Roster, team: Organisation
) -> None:
    helper = make_account()
    join(team, helper.person, MemberRole.CHECK_IN)
    sign_up(film, make_person(name="王秀英"), wish={"answers": {question_of(film): "地道战"}, "note": "坐前面"})
    base = f"/workspace/activities/{film.activity.slug}/sessions/{film.activity.sessions[0].id}/roll"
    sign_in(client, helper)
    shown = page(client, base)
    assert "王秀英" in shown
    assert not re.search("地道战|坐前面", shown)
    page(client, f"{base}.xlsx", 404)
    sign_in(client, make_account())
    for tail in ("", "/print", ".xlsx"):
        page(client, base + tail, 404)


def test_only_the_driver_and_the_desk_read_where_to_fetch_people(
    client: FlaskClient, film: Roster, lead: Account, team: Organisation, home: dict[str, Any]
) -> None:
    driver = make_account(make_person(name="司机老周"))
    join(team, driver.person, MemberRole.MEMBER)
    guest = make_person(name="王秀英", phone="19900000012", **home)
    sign_up(film, guest, wish={"wants_pick_up": True, "uses_wheelchair": True, "answers": {question_of(film): "x"}})
    session = film.activity.sessions[0]
    doors = f"/workspace/activities/{film.activity.slug}/sessions/{session.id}/pick-ups"
    naming = f"/workspace/activities/{film.activity.slug}/sessions/{session.id}/drivers"
    sign_in(client, lead)
    page(client, doors, 404)
    assert "1 pick-up" in page(client, naming + ENGLISH)
    for forged in (guest.id, lead.person_id, "x", ""):
        assert client.post(naming, data={"person": forged}).status_code == 422
    for _ in range(2):
        assert client.post(naming, data={"person": driver.person_id}).status_code == 303
    assert db.session.scalar(select(func.count(Driver.id))) == 1
    row = db.session.scalars(select(Driver)).one()
    sign_in(client, driver)
    for tail in ("", "/print"):
        shown = page(client, doors + tail)
        for words in ("7栋-3-907", "19900000012", "王秀英"):
            assert words in shown
    assert doors in page(client, "/me")
    page(client, naming, 404)
    clock.start_at(at(10, days=7))
    sign_in(client, driver)
    page(client, doors, 404)
    clock.start_at(at(10, days=0))
    sign_in(client, lead)
    assert client.post(f"{naming}/{row.id}/remove").status_code == 303
    sign_in(client, driver)
    page(client, doors, 404)
    sign_in(client, make_account(roles=[Role.CLERK]))
    assert "7栋-3-907" in page(client, doors)


def test_questions_are_asked_changed_and_no_longer_asked(client: FlaskClient, film: Roster, lead: Account) -> None:
    base = f"/workspace/activities/{film.activity.slug}/rosters/{film.id}/questions"
    sign_in(client, lead)
    asked = {"words": "吃辣吗？", "kind": "choice", "choices": "吃\n不吃", "is_required": "y"}
    assert client.post(base, data={**asked, "choices": "吃"}).status_code == 422
    assert client.post(base, data=asked).status_code == 303
    db.session.rollback()
    first, second = db.session.merge(film).questions
    sign_up(film, make_person(), wish={"answers": {first.id: "x", second.id: "吃"}})
    assert client.post(f"{base}/{second.id}", data={**asked, "words": "别的"}).status_code == 422
    assert client.post(f"{base}/{second.id}/retire").status_code == 303
    assert "No longer asked" in page(client, base + ENGLISH)
    assert client.post(f"{base}/{second.id}/again").status_code == 303
    elsewhere = make_roster(make_activity(organisation=db.session.merge(lead_of_team(film))))
    path = f"/workspace/activities/{elsewhere.activity.slug}/rosters/{elsewhere.id}/questions/{second.id}"
    assert client.post(f"{path}/retire").status_code == 404
    sign_in(client, make_account())
    page(client, base, 404)


def test_a_question_is_asked_on_all_dates_at_once(client: FlaskClient, lead: Account, team: Organisation) -> None:
    activity = make_activity(organisation=team, starts=[at(10, days=5), at(10, days=6)])
    first, second = (make_roster(activity, session=session) for session in activity.sessions)
    sign_in(client, lead)
    base = f"/workspace/activities/{activity.slug}/rosters/{second.id}/questions"
    sent = {"words": "吃辣吗？", "kind": "yes_no", "is_for_all": "y"}
    assert client.post(base, data=sent).status_code == 303
    db.session.rollback()
    assert [len(db.session.merge(each).questions) for each in (first, second)] == [1, 1]


def lead_of_team(film: Roster) -> Organisation:
    return film.activity.organisation


def test_questions_are_posted_with_the_activity_and_copied_with_it(
    client: FlaskClient, lead: Account, team: Organisation
) -> None:
    room, kind = make_room(code="R1", capacity=60), make_kind()
    sign_in(client, lead)
    day = at(14, days=5).date().isoformat()
    typed = {
        "kind_id": kind.id, "title": "口述电影", "summary": "讲给你听", "room": room.code, "pattern": "one",
        "date": day, "start": "14:00", "end": "16:00", "capacity": 30, "mode": "first_come", "for_whom": "everybody",
        "volunteers": 0, "companions": 2, "elders": 0, "desk": 0, "wheelchair": 2, "release_hours": 24,
        "closes_hours": 0, "cancel_hours": 24, "per_session": "0", "request_key": "k1", "stage": "save",
        "q1_words": "想看哪部？", "q1_kind": "choice", "q1_choices": "地道战\n小兵张嘎", "q2_kind": "short_text",
    }  # fmt: skip
    address = "/workspace/organisations/team/new"
    assert client.post(address, data={**typed, "q1_choices": "一"}).status_code == 422
    made = client.post(address, data=typed)
    assert made.status_code == 303
    slug = made.location.split("/")[3]
    assert "想看哪部？" in page(client, f"{address}?copy={slug}")
    assert "小兵张嘎" in page(client, f"{address}?copy={slug}")
