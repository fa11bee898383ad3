"""Scans at the door: what each is answered, what is kept for somebody to decide, and what is taken once."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from center.activities import sessions as activity_sessions
from center.attendance import batches, cards, registers, reviews, roll_actions
from center.attendance.answers import Answer
from center.attendance.batches import Answered, Item
from center.attendance.codes import CardCode, SignUpReference, Unknown
from center.attendance.models import Admitted, How, Outcome, Status, Verb, Why
from center.attendance.models.hours import Shift
from center.attendance.queries import admissions_of, roll_of, to_review
from center.attendance.scans import Asked, By, Verdict, scan
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.people.erasing import actions as erasing
from center.people.models import Person
from center.signups.cancelling import cancel
from center.signups.models import Audience
from tests.activity_builders import make_activity, make_roster, sign_up, the_pool
from tests.attendance.conftest import Class, make_class
from tests.builders import at, make_person

pytestmark = pytest.mark.usefixtures("app")


def scanned(lesson: Class, asked: Asked, *, now: datetime | None = None) -> Verdict:
    with transaction():
        return scan(lesson.session, asked, By(person=lesson.lead, now=now or at(10)))


def by_number(lesson: Class, which: int = 0, **more: Any) -> Asked:
    return Asked(code=SignUpReference(lesson.sign_ups[which].reference), **more)


def sent(lesson: Class, *items: Item, now: datetime | None = None) -> list[Answered]:
    return batches.take(lesson.session, items, by=lesson.lead, now=now or at(10))


def item(number: int = 1, *, device_at: datetime | None = None, **facts: Any) -> Item:
    return Item(**{"nonce": str(uuid.uuid4()), "device_at": device_at or at(10), "sequence": number, **facts})


def outcomes(answered: list[Answered]) -> list[tuple[Outcome, Why | None]]:
    return [(each.verdict.outcome, each.verdict.why) for each in answered if each.verdict is not None]


def statuses(lesson: Class) -> dict[int, Status]:
    db.session.rollback()
    return {each.person.id: each.status for each in roll_of(lesson.session)}


def card_for(person: Person) -> str:
    by = make_person()
    with transaction():
        return cards.issue(person, by=by, now=at(8))


def test_a_card_and_a_number_check_their_person_in_once(lesson: Class) -> None:
    code = card_for(lesson.people[0])
    assert scanned(lesson, Asked(code=CardCode(code))).answer is Answer.CHECKED_IN
    again = scanned(lesson, by_number(lesson), now=at(10, 5))
    assert (again.answer, again.since) == (Answer.ALREADY, at(10))
    assert scanned(lesson, by_number(lesson, 1)).answer is Answer.CHECKED_IN
    assert scanned(lesson, by_number(lesson, verb=Verb.LEFT), now=at(10, 40)).answer is Answer.LEFT


def test_what_is_refused_says_why_and_what_is_theirs(lesson: Class) -> None:
    code, stranger = card_for(lesson.people[0]), make_person()
    card_for(lesson.people[0])
    other = make_activity(starts=[at(14)])
    sign_up(make_roster(other), stranger)
    wrong = scanned(lesson, Asked(person=stranger))
    assert (wrong.answer, wrong.other) == (Answer.WRONG_SESSION, other.sessions[0])
    said = {
        "an old card": scanned(lesson, Asked(code=CardCode(code))),
        "no card of ours": scanned(lesson, Asked(code=CardCode("A" * 26))),
        "no code of ours": scanned(lesson, Asked(code=Unknown())),
        "nobody's number": scanned(lesson, Asked(code=SignUpReference("AAAA-AAAA"))),
        "not signed up": scanned(lesson, Asked(person=make_person())),
        "too early": scanned(lesson, by_number(lesson), now=at(8, 59)),
        "over": scanned(lesson, by_number(lesson), now=at(13)),
    }
    assert {name: each.answer for name, each in said.items()} == {
        "an old card": Answer.OLD_CARD,
        "no card of ours": Answer.UNKNOWN,
        "no code of ours": Answer.UNKNOWN,
        "nobody's number": Answer.UNKNOWN,
        "not signed up": Answer.NOT_SIGNED_UP,
        "too early": Answer.TOO_EARLY,
        "over": Answer.OVER,
    }
    assert {each.outcome for each in said.values()} == {Outcome.REFUSED}
    assert to_review() == []


def test_a_place_that_was_given_up_is_said_to_be(lesson: Class) -> None:
    with transaction():
        cancel(lesson.sign_ups[0], by=lesson.lead, now=at(9), as_staff=True)
    assert scanned(lesson, by_number(lesson)).answer is Answer.CANCELLED


def test_a_session_that_was_cancelled_takes_nobody(lesson: Class) -> None:
    with transaction():
        activity_sessions.cancel_session(lesson.session, reason="停电", by=lesson.lead, now=at(9))
    assert scanned(lesson, by_number(lesson)).answer is Answer.CANCELLED
    [one] = sent(lesson, item(person_id=lesson.people[0].id))
    assert outcomes([one]) == [(Outcome.NEEDS_REVIEW, Why.CANCELLED)]


def test_a_walk_in_takes_a_place_and_finds_none_where_it_is_full() -> None:
    full = make_class(people=1, places=2)
    assert scanned(full, Asked(person=make_person(), takes_place=True)).answer is Answer.CHECKED_IN
    assert the_pool(full.roster).taken == 2
    refused = scanned(full, Asked(person=make_person(), takes_place=True))
    assert (refused.answer, refused.outcome) == (Answer.FULL, Outcome.REFUSED)
    assert outcomes(sent(full, item(person_id=make_person().id, takes_place=True))) == [
        (Outcome.NEEDS_REVIEW, Why.FULL)
    ]
    assert the_pool(full.roster).taken == 2


def test_one_bad_item_spoils_none_of_the_others(lesson: Class) -> None:
    first, second = lesson.people
    answered = sent(
        lesson,
        item(1, person_id=first.id),
        item(2, code=Unknown()),
        item(3, person_id=10**9),
        item(4, verb=Verb.UNDONE, undoes="never heard of"),
        item(5, person_id=second.id, verb=Verb.LEFT),
        item(6, person_id=second.id),
    )
    assert outcomes(answered) == [
        (Outcome.ACCEPTED, None),
        (Outcome.NEEDS_REVIEW, Why.UNKNOWN),
        (Outcome.NEEDS_REVIEW, Why.UNKNOWN),
        (Outcome.NEEDS_REVIEW, Why.UNKNOWN),
        (Outcome.NEEDS_REVIEW, Why.NOT_HERE),
        (Outcome.ACCEPTED, None),
    ]
    assert statuses(lesson) == {first.id: Status.PRESENT, second.id: Status.PRESENT}


def test_a_number_is_taken_once_and_never_for_something_else(lesson: Class) -> None:
    one = item(person_id=lesson.people[0].id)
    [first] = sent(lesson, one)
    [again] = sent(lesson, one, now=at(10, 30))
    assert first.verdict is not None
    assert again.verdict is not None
    assert (again.verdict.event.id, again.verdict.answer) == (first.verdict.event.id, Answer.CHECKED_IN)
    [other] = sent(lesson, item(nonce=one.nonce, person_id=lesson.people[1].id))
    assert (other.is_conflict, statuses(lesson)[lesson.people[1].id]) == (True, Status.EXPECTED)


def test_items_are_taken_in_the_devices_order_and_answered_in_ours(lesson: Class) -> None:
    one = lesson.people[0]
    came = item(1, person_id=one.id, device_at=at(9, 30))
    left = item(2, person_id=one.id, verb=Verb.LEFT, device_at=at(9, 45))
    answered = sent(lesson, left, came, item(3, verb=Verb.UNDONE, undoes=came.nonce))
    assert outcomes(answered)[:2] == [(Outcome.ACCEPTED, None), (Outcome.ACCEPTED, None)]
    assert statuses(lesson)[one.id] is Status.LEFT  # undoing what something was said after is for somebody to decide


@pytest.mark.parametrize(
    ("device_at", "offset", "expected"),
    [
        pytest.param(datetime(2000, 1, 1), 0, (Outcome.ACCEPTED, Why.CLOCK), id="in the year 2000"),
        pytest.param(None, 60, (Outcome.ACCEPTED, None), id="an hour behind, and known to be"),
    ],
)
def test_a_wrong_clock_loses_nobody(
    lesson: Class, device_at: datetime | None, offset: int, expected: tuple[Outcome, Why | None]
) -> None:
    when = device_at.replace(tzinfo=at(10).tzinfo) if device_at else at(9)
    one = item(person_id=lesson.people[0].id, device_at=when, offset=timedelta(minutes=offset))
    assert outcomes(sent(lesson, one)) == [expected]
    assert statuses(lesson)[lesson.people[0].id] is Status.PRESENT


def test_whoever_was_let_in_before_it_was_known_that_they_had_cancelled_stays_in(lesson: Class) -> None:
    full = make_class(people=2, places=2)
    with transaction():
        cancel(full.sign_ups[0], by=full.lead, now=at(9), as_staff=True)
    sign_up(full.roster, make_person())
    assert outcomes(sent(full, item(person_id=full.people[0].id))) == [(Outcome.ACCEPTED, Why.CANCELLED)]
    assert [each.kind for each in admissions_of(full.session)] == [Admitted.CANCELLED]
    assert the_pool(full.roster).taken == 2
    with transaction():
        cancel(lesson.sign_ups[0], by=lesson.lead, now=at(9), as_staff=True)
    assert outcomes(sent(lesson, item(person_id=lesson.people[0].id))) == [(Outcome.ACCEPTED, Why.CANCELLED)]
    assert the_pool(lesson.roster).taken == 2


def test_what_comes_after_the_register_was_closed_waits_for_somebody(lesson: Class) -> None:
    with transaction():
        registers.close(lesson.session, by=lesson.lead, now=at(11))
    [one] = sent(lesson, item(person_id=lesson.people[0].id, device_at=at(9, 55)), now=at(11, 30))
    assert outcomes([one]) == [(Outcome.NEEDS_REVIEW, Why.CLOSED)]
    [waiting] = to_review([lesson.session.id])
    with pytest.raises(RuleBroken), transaction():
        reviews.adopt(waiting, None, reason=" ", by=lesson.lead, now=at(12))
    with transaction():
        reviews.adopt(waiting, None, reason="手机没有信号", by=lesson.lead, now=at(12))
    assert statuses(lesson)[lesson.people[0].id] is Status.PRESENT
    assert to_review() == []
    with pytest.raises(Conflict), transaction():
        reviews.reject(waiting, reason="x", by=lesson.lead, now=at(12))


def test_somebody_unknown_is_adopted_as_whoever_it_was(lesson: Class) -> None:
    sent(lesson, item(code=Unknown()), item(2, code=Unknown()))
    first, second = to_review()
    with pytest.raises(RuleBroken), transaction():
        reviews.adopt(first, None, reason="认得她", by=lesson.lead, now=at(10, 20))
    with transaction():
        reviews.adopt(first, lesson.people[1], reason="认得她", by=lesson.lead, now=at(10, 20))
        reviews.reject(second, reason="刷了两次", by=lesson.lead, now=at(10, 20))
        reviews.reject(second, reason="刷了两次", by=lesson.lead, now=at(10, 20))
    assert statuses(lesson)[lesson.people[1].id] is Status.PRESENT
    assert to_review() == []


def test_leave_said_online_is_overtaken_by_a_stored_arrival(lesson: Class) -> None:
    with transaction():
        roll_actions.put_on_leave(lesson.session, lesson.people[0], how=How.DESK, by=lesson.lead, now=at(9, 40))
    assert outcomes(sent(lesson, item(person_id=lesson.people[0].id, device_at=at(9, 50)))) == [
        (Outcome.ACCEPTED, Why.LEAVE)
    ]


def test_whoever_was_on_leave_and_gave_their_place_up_comes_in_by_no_right_of_theirs() -> None:
    full = make_class(people=1, places=1)
    first = full.people[0]
    with transaction():
        roll_actions.put_on_leave(full.session, first, how=How.ROLL, by=full.lead, now=at(8))
    with transaction():
        cancel(full.sign_ups[0], by=full.lead, now=at(8, 30), as_staff=True)
    sign_up(full.roster, make_person(), now=at(8, 40))
    assert scanned(full, Asked(person=first)).answer is Answer.CANCELLED
    [stored] = sent(full, item(person_id=first.id))
    assert outcomes([stored]) == [(Outcome.ACCEPTED, Why.CANCELLED)]
    assert [each.kind for each in admissions_of(full.session)] == [Admitted.CANCELLED]


def test_a_walk_in_that_was_a_slip_is_asked_again_whether_they_come_in(lesson: Class) -> None:
    walker = make_person()
    slip = scanned(lesson, Asked(person=walker, takes_place=True), now=at(10, 5)).event
    with transaction():
        roll_actions.undo(slip, by=lesson.lead, now=at(10, 6))
    assert scanned(lesson, Asked(person=walker), now=at(10, 7)).answer is Answer.NOT_SIGNED_UP


def test_the_earliest_arrival_says_whether_somebody_was_late(lesson: Class) -> None:
    first = lesson.people[0]
    scanned(lesson, Asked(person=first), now=at(10, 20))
    assert statuses(lesson)[first.id] is Status.LATE
    sent(lesson, item(person_id=first.id, device_at=at(10, 2)), now=at(10, 30))
    assert statuses(lesson)[first.id] is Status.PRESENT


def test_nobody_who_was_erased_is_checked_in(lesson: Class) -> None:
    first, director = lesson.people[0], make_person()
    with transaction():
        erasing.erase(first, by=director, now=at(9))
    [one] = sent(lesson, item(person_id=first.id))
    assert outcomes([one]) == [(Outcome.NEEDS_REVIEW, Why.UNKNOWN)]
    assert one.verdict is not None
    assert one.verdict.person is None


def test_what_is_taken_back_too_late_is_no_arrival(lesson: Class) -> None:
    first, came = lesson.people[0], item(1, person_id=lesson.people[0].id)
    sent(lesson, came)
    with transaction():
        registers.close(lesson.session, by=lesson.lead, now=at(11))
    sent(lesson, item(2, verb=Verb.UNDONE, undoes=came.nonce), now=at(11, 5))
    [waits] = to_review()
    assert (waits.verb, waits.person, waits.why) == (Verb.UNDONE, first, Why.CLOSED)
    with transaction():
        reviews.adopt(waits, None, reason="按错了", by=lesson.lead, now=at(11, 10))
    assert statuses(lesson)[first.id] is Status.ABSENT


def test_what_is_taken_back_too_late_in_an_open_register_is_said_there(lesson: Class) -> None:
    came = item(1, person_id=lesson.people[0].id)
    sent(lesson, came)
    sent(lesson, item(2, verb=Verb.UNDONE, undoes=came.nonce), now=at(10, 15))
    [waits] = to_review()
    with pytest.raises(RuleBroken), transaction():
        reviews.adopt(waits, None, reason="按错了", by=lesson.lead, now=at(10, 20))
    with transaction():
        reviews.reject(waits, reason="他在的", by=lesson.lead, now=at(10, 20))
    assert statuses(lesson)[lesson.people[0].id] is Status.PRESENT
    assert to_review() == []


def test_an_arrival_that_was_known_changes_no_signed_register(lesson: Class) -> None:
    first = lesson.people[0]
    with transaction():
        roll_actions.arrive(lesson.session, first, how=How.ROLL, by=lesson.lead, now=at(10))
        roll_actions.leave(lesson.session, first, how=How.ROLL, by=lesson.lead, now=at(11))
        registers.close(lesson.session, by=lesson.lead, now=at(12))
    sent(lesson, item(person_id=first.id, device_at=at(10, 5)), now=at(12, 30))
    [waits] = to_review()
    with transaction():
        reviews.adopt(waits, None, reason="看到了", by=lesson.lead, now=at(12, 40))
    assert statuses(lesson)[first.id] is Status.LEFT


def test_a_door_learns_not_where_else_somebody_goes(lesson: Class) -> None:
    stranger = make_person()
    sign_up(make_roster(make_activity(starts=[at(10, days=9)])), stranger)
    elsewhere = scanned(lesson, Asked(person=stranger))
    assert (elsewhere.answer, elsewhere.other) == (Answer.NOT_SIGNED_UP, None)
    ours = make_activity(organisation=lesson.session.activity.organisation, starts=[at(15, days=3)])
    sign_up(make_roster(ours), stranger)
    assert scanned(lesson, Asked(person=stranger)).other == ours.sessions[0]


def test_whoever_helps_signs_in_and_out_by_the_same_scan(lesson: Class) -> None:
    helpers = make_roster(lesson.session.activity, audience=Audience.VOLUNTEERS, capacity=3)
    [signed] = sign_up(helpers, make_person())
    asked = Asked(code=SignUpReference(signed.reference))
    came = scanned(lesson, asked)
    assert (came.answer, came.why) == (Answer.CHECKED_IN, Why.VOLUNTEER)
    assert scanned(lesson, asked, now=at(10, 5)).since == at(10)
    assert scanned(lesson, Asked(code=asked.code, verb=Verb.LEFT), now=at(10, 50)).answer is Answer.LEFT
    [shift] = db.session.scalars(select(Shift)).all()
    assert (shift.in_at, shift.out_at) == (at(10), at(10, 50))
    assert set(statuses(lesson)) == {each.id for each in lesson.people}
    late = scanned(lesson, asked, now=at(12))
    assert (late.answer, late.outcome) == (Answer.NOT_SIGNED_UP, Outcome.REFUSED)
