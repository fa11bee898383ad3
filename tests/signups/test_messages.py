"""What people are told of their sign-ups: the words, to whom, and reminders; and what organisations are told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from center.activities import actions as activity_actions
from center.activities import news as activity_news
from center.activities import sessions
from center.activities.clashes import SessionPlan
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.i18n import speaking
from center.kernel.spans import Span
from center.notices import kinds
from center.notices.models import Delivery, DeliveryState, Notice, Preferred, Way
from center.people.acting import grant
from center.people.models import Consent, Delegation, DelegationScope, Guardianship, Person
from center.reminders.words import SESSION_SOON, SESSION_TOMORROW
from center.signups import cancelling, news, offers
from center.signups.decisions import approve, decline
from center.signups.models import Mode
from center.signups.roster_state import hold
from tests.activity_builders import make_activity, make_roster, sign_up, state_of
from tests.builders import at, make_account, make_building, make_centre, make_organisation, make_person, trust
from tests.engines import ONE_ENGINE
from tests.notices.test_outbox import prefer
from tests.reminders import of_sessions as reminders
from tests.there import there

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]

ALL_KINDS = [*kinds.kinds_in(vars(news)), SESSION_TOMORROW, SESSION_SOON]
OF_ACTIVITIES = kinds.kinds_in(vars(activity_news))


def told(person: Person | None = None) -> Any:
    db.session.rollback()
    query = select(Notice).order_by(Notice.id)
    return list(db.session.scalars(query.where(Notice.person_id == person.id) if person else query))


def kinds_told(person: Person) -> Any:
    return [notice.kind.partition(".")[2] for notice in told(person)]


def deliveries(*, due_only: bool = True) -> Any:
    db.session.rollback()
    found = db.session.scalars(select(Delivery).order_by(Delivery.id)).all()
    return [each for each in found if each.state is DeliveryState.DUE or not due_only]


def make_child(guardian: Person, **facts: Any) -> Person:
    child = make_person(birth_year=2018, **facts)
    with transaction() as session:
        starts_on = at(0, days=-100).date()
        session.add(Guardianship(child_id=child.id, guardian_id=guardian.id, starts_on=starts_on))
    return child


def run(sweep: Any, now: datetime) -> None:
    for sign_up_id in sweep(now):
        remind = reminders.remind_soon if sweep == reminders.due_soon else reminders.remind
        remind(sign_up_id, now)


def cancel(one: Any, **more: Any) -> None:
    with transaction():
        cancelling.cancel(one, by=one.person, now=clock.now(), **more)


@pytest.mark.parametrize("kind", [*ALL_KINDS, *OF_ACTIVITIES], ids=lambda kind: kind.code)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_words_use_the_facts_of_their_kind_only_and_say_what_it_is_about(kind: Any, language: str) -> None:
    with speaking(language):
        words = f"{kind.subject}\n{kind.body}"
        assert set(kinds.PLACEHOLDER.findall(words)) <= kind.facts
        assert "title" in set(kinds.PLACEHOLDER.findall(str(kind.subject)))
        said = kinds.say(kind, {name: f"<{name}>" for name in kind.facts})
    assert "%(" not in said.subject + said.body


def test_a_place_is_told_with_when_where_and_until_when_to_cancel() -> None:
    person = make_person(name="王秀英")
    make_account(person, locale="en")
    [one] = sign_up(make_roster(make_activity(title_en="Narrated film", place_en="By the river", bring="杯子")), person)
    [notice] = told()
    assert (notice.person_id, notice.kind, notice.path) == (
        person.id,
        "sign_up.confirmed",
        f"/sign-ups/{one.reference}",
    )
    for said in ("Narrated film", "By the river", "Bring along: 杯子", one.reference, "cancel by"):
        assert said in notice.subject + notice.body
    assert "For: " not in notice.body


def test_who_waits_is_told_their_place_and_the_next_gets_the_offer_with_until_when() -> None:
    make_centre()
    roster = make_roster(capacity=1)
    [one], [two], [three] = (sign_up(roster, make_person()) for _ in range(3))
    assert "1" in told(two.person)[0].subject
    assert "2" in told(three.person)[0].subject
    cancel(one)
    offer = told(two.person)[-1]
    assert offer.kind == "sign_up.offered"
    [call] = deliveries()
    assert (call.way, call.notice_id) == (Way.CALL, offer.id)
    assert kinds_told(three.person) == ["queued"]
    db.session.refresh(two)
    assert call.drop_at == two.offer_expires_at


def test_an_offer_that_ran_out_is_told_and_nobody_rings_about_it_any_more() -> None:
    roster = make_roster(capacity=1)
    [one], [two], [three] = (sign_up(roster, make_person()) for _ in range(3))
    cancel(one)
    db.session.refresh(two)
    later = there(two.offer_expires_at) + timedelta(minutes=1)
    with transaction():
        offers.settle_due(hold(roster), now=later)
    assert kinds_told(two.person) == ["queued", "offered", "offer_expired"]
    assert kinds_told(three.person) == ["queued", "offered"]
    assert [call.notice.person_id for call in deliveries()] == [three.person_id]


def test_of_a_child_its_guardians_are_told_instead() -> None:
    mother = make_person(name="李梅")
    child = make_child(mother, name="李小明")
    [one] = sign_up(make_roster(), child, by=mother)
    assert told(child) == []
    [notice] = told(mother)
    assert "李小明" in notice.body
    cancel(one)
    assert kinds_told(mother) == ["confirmed", "cancelled"]


def test_a_child_whose_guardians_nobody_knows_is_told_and_so_is_whoever_signed_it_up() -> None:
    home = make_building()
    aunt = make_person(building=home, unit="1", door="101")
    child = make_person(birth_year=2018, building=home, unit="1", door="101")
    trust(child, aunt)
    sign_up(make_roster(), child, by=aunt)
    assert kinds_told(child) == kinds_told(aunt) == ["confirmed"]


def test_a_neighbour_hears_of_it_only_while_they_may_act() -> None:
    elder, neighbour = make_person(name="张桂芳"), make_person()
    today = at(0, days=0).date()
    with transaction():
        given = grant(
            elder, to=neighbour, scope=DelegationScope.SIGN_UPS, starts_on=today, ends_on=today + timedelta(days=30),
            consent=Consent.AT_THE_DESK, by=elder, now=clock.now(),
        )  # fmt: skip
    [one] = sign_up(make_roster(), elder, by=neighbour)
    assert kinds_told(elder) == kinds_told(neighbour) == ["confirmed"]
    assert "张桂芳" in told(neighbour)[0].body
    with transaction() as session:
        session.merge(given).revoked_at = clock.now()
    cancel(one)
    assert kinds_told(elder) == ["confirmed", "cancelled"]
    assert kinds_told(neighbour) == ["confirmed"]


def let_act(person: Person, helper: Person, scope: DelegationScope = DelegationScope.SIGN_UPS) -> Delegation:
    today = at(0, days=0).date()
    with transaction():
        return grant(
            person, to=helper, scope=scope, starts_on=today, ends_on=today + timedelta(days=30),
            consent=Consent.AT_THE_DESK, by=person, now=clock.now(),
        )  # fmt: skip


def test_all_helpers_hear_where_the_person_wants_it_each_once_and_by_name() -> None:
    elder, signs, other, stranger = make_person(name="张桂芳"), make_person(), make_person(), make_person()
    for helper in (signs, other):
        let_act(elder, helper)
    prefer(elder, tells_helpers=True)
    let_act(stranger, elder)
    [one] = sign_up(make_roster(), elder, by=signs)
    assert kinds_told(elder) == kinds_told(signs) == kinds_told(other) == ["confirmed"]
    assert "张桂芳" in told(other)[0].subject
    assert "child" not in told(other)[0].body + told(signs)[0].body
    assert told(stranger) == []
    with transaction():
        cancelling.cancel(one, by=elder, now=clock.now(), as_staff=True, reason="停电")
    assert kinds_told(other) == ["confirmed", "cancelled_by_staff"]


def test_helpers_who_did_not_sign_up_hear_nothing_unless_the_person_wants_it() -> None:
    elder, other = make_person(), make_person()
    given = let_act(elder, other)
    sign_up(make_roster(), elder)
    assert told(other) == []
    prefer(elder, tells_helpers=True)
    with transaction() as session:
        session.merge(given).revoked_at = clock.now()
    sign_up(make_roster(), elder)
    assert told(other) == []


def test_who_withdrew_consent_is_not_rung_written_or_mailed_to_but_told_in_person() -> None:
    person = make_person()
    prefer(person, withdrawn_at=clock.now())
    roster = make_roster()
    [one] = sign_up(roster, person)
    clerk = make_person()
    with transaction():
        cancelling.cancel(one, by=clerk, now=clock.now(), reason="满员", as_staff=True)
    assert [(each.way, each.address) for each in deliveries(due_only=False)] == [(Way.IN_PERSON, "")]


def test_a_move_says_from_where_to_where_to_all_who_come_or_wait() -> None:
    activity = make_activity(starts=[at(10, days=5)])
    roster = make_roster(activity, capacity=1)
    [one], [two] = sign_up(roster, make_person()), sign_up(roster, make_person())
    session = activity.sessions[0]
    for hour in (14, 15):
        with transaction():
            plan = SessionPlan(span=Span(at(hour, days=6), at(hour + 1, days=6)))
            sessions.move_session(session, plan, by=activity.created_by, now=clock.now(), reason="停电")
    for each in (one, two):
        assert kinds_told(each.person)[1:] == ["session_moved", "session_moved"]
    moved = told(one.person)[1]
    assert "10:00" in moved.body
    assert "14:00" in moved.body
    assert "停电" in moved.body
    assert len(deliveries()) == 2, "the newer call is enough"


def test_one_session_of_a_course_called_off_keeps_the_place_and_says_which() -> None:
    activity = make_activity(starts=[at(10, days=5), at(10, days=12)])
    [one] = sign_up(make_roster(activity), make_person())
    with transaction():
        sessions.cancel_session(activity.sessions[0], reason="停电", by=activity.created_by, now=clock.now())
    assert state_of(one) == "confirmed"
    assert kinds_told(one.person) == ["confirmed", "session_cancelled"]
    with transaction():
        sessions.cancel_session(activity.sessions[1], reason="停电", by=activity.created_by, now=clock.now())
    assert kinds_told(one.person)[2:] == ["called_off"]
    assert [call.notice.kind for call in deliveries()] == ["sign_up.called_off"]


def test_a_whole_course_called_off_is_told_once() -> None:
    activity = make_activity(starts=[at(10, days=5), at(10, days=12), at(10, days=19)])
    [one] = sign_up(make_roster(activity), make_person())
    with transaction():
        activity_actions.cancel(activity, reason="讲师病了", by=activity.created_by, now=clock.now())
    assert kinds_told(one.person) == ["confirmed", "called_off"]
    assert "讲师病了" in told(one.person)[-1].body


def test_who_came_to_a_session_that_is_over_keeps_it_when_the_rest_is_called_off() -> None:
    activity = make_activity(starts=[at(10, days=5), at(10, days=12)])
    first, second = (make_roster(activity, session=each) for each in activity.sessions)
    [came], [comes] = sign_up(first, make_person()), sign_up(second, make_person())
    with transaction():
        now = at(12, days=6)
        activity_actions.cancel(activity, reason="讲师病了", by=activity.created_by, now=now)
    assert (state_of(came), state_of(comes)) == ("confirmed", "cancelled")
    assert kinds_told(came.person) == ["confirmed"]


def test_a_request_its_approval_and_a_refusal_with_the_reason() -> None:
    roster = make_roster(mode=Mode.APPROVAL)
    [one], [two] = sign_up(roster, make_person()), sign_up(roster, make_person())
    lead = make_person()
    with transaction():
        approve(one, by=lead, now=clock.now())
    with transaction():
        decline(two, reason="先照顾老人", by=lead, now=clock.now())
    assert kinds_told(one.person) == ["requested", "approved"]
    assert kinds_told(two.person) == ["requested", "declined"]
    assert "先照顾老人" in told(two.person)[-1].body


def test_the_leads_hear_of_who_cancels_late_with_their_words() -> None:
    lead = make_person()
    activity = make_activity(organisation=make_organisation(leads=[lead]), starts=[at(18, days=0)])
    [one] = sign_up(make_roster(activity), make_person(name="王秀英"))
    cancel(one, reason="发烧了")
    [notice] = told(lead)
    assert notice.kind == "sign_up.cancelled_late"
    assert "王秀英" in notice.subject
    assert "发烧了" in notice.body


def test_the_leads_hear_that_it_is_submitted_returned_and_published() -> None:
    lead, staff = make_person(), make_person()
    activity = make_activity(organisation=make_organisation(leads=[lead]), is_published=False)
    with transaction():
        activity_actions.submit(activity, by=lead, now=clock.now())
    with transaction():
        activity_actions.send_back(activity, reason="请写清楚地点", by=staff, now=clock.now())
    with transaction():
        activity_actions.submit(activity, by=lead, now=clock.now() + timedelta(minutes=1))
    with transaction():
        activity_actions.publish(activity, by=staff, now=clock.now(), as_staff=True)
    assert kinds_told(lead) == ["submitted", "returned", "submitted", "published"]
    assert "请写清楚地点" in told(lead)[1].body


def test_the_evening_before_and_two_hours_before_once_each() -> None:
    roster = make_roster(make_activity(starts=[at(14, days=2)]), capacity=1)
    [one], [two] = sign_up(roster, make_person()), sign_up(roster, make_person())
    evening, before = at(18, 30), at(12, 30, days=2)
    run(reminders.due_for_tomorrow, at(17, 30))
    assert kinds_told(one.person) == ["confirmed"]
    for _ in range(2):
        run(reminders.due_for_tomorrow, evening)
    assert kinds_told(one.person) == ["confirmed", "reminder_day"]
    for _ in range(2):
        run(reminders.due_soon, before)
    assert kinds_told(one.person) == ["confirmed", "reminder_day", "reminder_soon"]
    assert kinds_told(two.person) == ["queued"], "who waits has nothing to be reminded of"


def test_of_a_course_each_session_is_reminded_of() -> None:
    [one] = sign_up(make_roster(make_activity(starts=[at(14, days=2), at(14, days=3)])), make_person())
    run(reminders.due_for_tomorrow, at(18, 30))
    run(reminders.due_for_tomorrow, at(18, 30, days=2))
    assert kinds_told(one.person) == ["confirmed", "reminder_day", "reminder_day"]


def test_both_guardians_are_reminded_and_the_call_to_one_does_not_drop_the_other() -> None:
    mother = make_person()
    child = make_child(mother)
    father = make_person()
    with transaction() as session:
        session.add(Guardianship(child_id=child.id, guardian_id=father.id, starts_on=at(0, days=-9).date()))
    for each in (mother, father):
        prefer(each, preferred=Preferred.CALL)
    sign_up(make_roster(make_activity(starts=[at(14, days=2)])), child, by=mother)
    run(reminders.due_for_tomorrow, at(18, 30))
    assert {call.notice.person_id for call in deliveries()} == {mother.id, father.id}


def test_nobody_is_reminded_of_what_is_off_and_a_reminder_not_given_yet_is_dropped() -> None:
    activity = make_activity(starts=[at(14, days=2)])
    person = make_person()
    prefer(person, preferred=Preferred.CALL)
    roster = make_roster(activity)
    [one], [two] = sign_up(roster, person), sign_up(roster, make_person())
    run(reminders.due_for_tomorrow, at(18, 30))
    assert [(call.notice.person_id, call.way) for call in deliveries()] == [
        (one.person_id, Way.CALL),
        (two.person_id, Way.VISIT),
    ]
    cancel(one)
    assert [call.notice.person_id for call in deliveries()] == [two.person_id]
    with transaction():
        sessions.cancel_session(activity.sessions[0], reason="停电", by=activity.created_by, now=clock.now())
    run(reminders.due_soon, at(12, 30, days=2))
    assert "reminder_soon" not in kinds_told(one.person) + kinds_told(two.person)


def test_the_reminder_of_the_evening_drops_no_call_about_a_move() -> None:
    """Moved from 14:00 to 9:00: whoever has a phone and no account is rung before, not only reminded."""
    activity = make_activity(starts=[at(14, days=2)])
    [one] = sign_up(make_roster(activity), make_person())
    with transaction():
        plan = SessionPlan(span=Span(at(9, days=2), at(10, days=2)))
        sessions.move_session(activity.sessions[0], plan, by=activity.created_by, now=at(9))
    run(reminders.due_for_tomorrow, at(18, 30))
    run(reminders.due_soon, at(8, days=2))
    assert kinds_told(one.person) == ["confirmed", "session_moved", "reminder_day", "reminder_soon"]
    waiting = [(each.notice.kind.partition(".")[2], each.way) for each in deliveries()]
    assert waiting == [("session_moved", Way.CALL), ("reminder_day", Way.VISIT)]


def test_who_has_no_account_stands_on_a_list_from_the_morning_before_and_once() -> None:
    roster = make_roster(make_activity(starts=[at(14, days=2)]))
    with_account = make_person()
    make_account(with_account)
    [one], [_other] = sign_up(roster, make_person()), sign_up(roster, with_account)
    assert reminders.due_for_rounds(at(7, 59)) == []
    for now in (at(8), at(8, 1), at(18, 30)):
        run(reminders.due_for_rounds, now)
    assert [(each.notice.person_id, each.way) for each in deliveries()] == [(one.person_id, Way.VISIT)]
    run(reminders.due_for_tomorrow, at(18, 30))
    assert kinds_told(one.person) == ["confirmed", "reminder_day"]
    assert kinds_told(with_account) == ["confirmed", "reminder_day"]
