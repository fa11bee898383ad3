"""A round from its making to its series: what is refused first, then the way through."""

import re
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from center.allocation.matching.points import Criterion
from center.allocation.models import AllocationRound, Award, RoundState, TermWish
from center.allocation.publishing import deciding, explaining, publishing
from center.allocation.rounds import actions as rounds
from center.allocation.wishes import actions as wishing
from center.allocation.wishes.queries import own_wishes
from center.bookings.models import Booking
from center.bookings.models.series import BookingSeries
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.notices.models import Notice
from center.organisations.models import OrganisationKind, Stage
from center.people.models import Person
from tests.allocation.builders import (
    CLOSED,
    MORNING,
    THU,
    TUE,
    lead_of,
    make_round,
    make_wish,
    publish,
    team,
    times_in,
    work_out,
)
from tests.builders import at, make_booking, make_hall, make_person, make_purpose, make_room
from tests.engines import ONE_ENGINE


@pytest.fixture(autouse=True)
def _somebody(monday: None) -> None:
    make_person()


def staff() -> Person:
    """Somebody of the staff, made before the test's first transaction."""
    return db.session.scalars(select(Person).order_by(Person.id)).first()  # type: ignore[return-value]


def refused(act: Any, error: type[Exception] = RuleBroken) -> str:
    with pytest.raises(error) as found, transaction():
        act()
    return str(found.value)


def test_a_time_outside_the_fixed_windows_of_a_drum_room_is_not_offered() -> None:
    drums = make_room(windows=[(time(14, 30), time(17, 30))])
    found = make_round(is_open=False)
    new = [rounds.NewTime(weekday=TUE, starts=time(9), minutes=120)]
    assert "固定时段" in refused(lambda: rounds.offer_times(found, drums, new, by=staff()))


def test_times_of_a_hall_and_its_part_do_not_meet() -> None:
    hall, part, _other = make_hall()
    found = make_round(hall, is_open=False)
    new = [rounds.NewTime(weekday=TUE, starts=time(15), minutes=60)]
    refused(lambda: rounds.offer_times(found, part, new, by=staff()), Conflict)


def test_what_counts_and_what_is_offered_stays_once_it_is_open(app: Flask) -> None:
    found = make_round(make_room())
    refused(lambda: rounds.set_weights(found, {Criterion.PEOPLE: 1}, by=staff()), Conflict)
    for statement in ("UPDATE round_criteria SET weight = 99", "DELETE FROM weekly_times"):
        with pytest.raises(DBAPIError), transaction():
            db.session.execute(text(statement))


@ONE_ENGINE
def test_a_round_without_times_or_closed_already_does_not_open() -> None:
    found = make_round(is_open=False)
    assert "至少一个时段" in refused(lambda: rounds.open_round(found, by=staff(), now=clock.now()))
    other = make_round(make_room(), slug="other", is_open=False)
    assert "已经过了" in refused(lambda: rounds.open_round(other, by=staff(), now=CLOSED))


@ONE_ENGINE
@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"people": 30}, "20"),
        ({"choices": ()}, "至少选一个"),
        ({"twice": True}, "只能选一次"),
    ],
    ids=["more people than the room holds", "no time at all", "a time twice"],
)
def test_a_wish_that_cannot_be_is_refused_with_why(facts: dict[str, Any], words: str) -> None:
    found, organisation = make_round(make_room(capacity=20)), team()
    [slot] = times_in(found)
    choices = (slot.id, slot.id) if facts.pop("twice", False) else (slot.id,)
    asked = wishing.WishFacts(**{"purpose": "排练", "people": 5, "choices": choices, **facts})
    act = lambda: wishing.name_wish(found, organisation, asked, by=lead_of(organisation), now=clock.now())  # noqa: E731
    assert words in refused(act)


@ONE_ENGINE
def test_a_wish_after_the_end_or_by_who_is_no_member_of_the_house_is_refused() -> None:
    found, applicant = make_round(make_room()), team(stage=Stage.APPLIED)
    [slot] = times_in(found)
    asked = wishing.WishFacts(purpose="排练", people=5, choices=(slot.id,))
    refused(lambda: wishing.name_wish(found, applicant, asked, by=lead_of(applicant), now=clock.now()))
    late = team()
    assert "已于" in refused(lambda: wishing.name_wish(found, late, asked, by=lead_of(late), now=CLOSED))


@ONE_ENGINE
def test_the_result_is_not_worked_out_while_wishes_can_be_named() -> None:
    found = make_round(make_room())
    refused(lambda: deciding.work_out(found, by=staff(), now=clock.now()))


def test_one_time_is_given_to_one_wish_whatever_code_writes(app: Flask) -> None:
    """The negative control: with the key dropped, the database lets a time be given twice."""
    found = make_round(make_room())
    [slot] = times_in(found)
    wishes = [make_wish(found, team(), slot), make_wish(found, team(), slot)]
    with pytest.raises(DBAPIError), transaction() as session:
        session.add_all(Award(round_id=found.id, wish_id=each.id, time_id=slot.id) for each in wishes)
    assert db.session.scalar(select(func.count()).select_from(Award)) == 0
    db.session.rollback()
    with db.engine.connect() as connection, connection.begin() as dropping:
        _drop_key(connection, "uq_allocation_awards_time_id")
        for each in wishes:
            row = {"round": found.id, "wish": each.id, "time": slot.id}
            connection.execute(
                text(
                    "INSERT INTO allocation_awards (round_id, wish_id, time_id, is_adjusted)"
                    " VALUES (:round, :wish, :time, false)"
                ),
                row,
            )
        assert connection.scalar(text("SELECT count(*) FROM allocation_awards")) == 2
        dropping.rollback()


def _drop_key(connection: Connection, name: str) -> None:
    """Let a key of the awards be gone until the transaction ends; on SQLite by a table without it in their place."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE allocation_awards DROP CONSTRAINT {name}"))
        return
    made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'allocation_awards'"))
    without = re.sub(rf",?\s*CONSTRAINT {name} UNIQUE \([a-z_]+\)", "", made)
    assert without != made
    connection.execute(text("ALTER TABLE allocation_awards RENAME TO kept_awards"))
    connection.execute(text(without))


def test_what_is_published_is_worked_out_adjusted_and_published_once_only(app: Flask) -> None:
    found = make_round(make_room(), make_room())
    first, second = times_in(found)
    wish = make_wish(found, team(), first)
    work_out(found)
    publish(found)
    by, now = make_person(), clock.now()
    refused(lambda: deciding.work_out(found, by=by, now=now), Conflict)
    refused(lambda: deciding.adjust(wish, second, reason="x", by=by, now=now), Conflict)
    refused(lambda: publishing.publish(found, seen="", by=by, now=now), Conflict)
    refused(lambda: rounds.withdraw_round(found, reason="x", by=by, now=now), Conflict)
    for statement in (
        "UPDATE allocation_awards SET is_adjusted = true",
        "DELETE FROM allocation_awards",
        "UPDATE allocation_rounds SET name = 'x'",
        "UPDATE term_wish_choices SET points = 1",
    ):
        with pytest.raises(DBAPIError), transaction():
            db.session.execute(text(statement))


def test_where_something_changed_since_it_was_looked_at_nothing_is_published(app: Flask) -> None:
    room = make_room()
    found = make_round(room)
    [slot] = times_in(found)
    make_wish(found, team(), slot)
    work_out(found)
    with transaction():
        seen = publishing.digest(publishing.look_ahead(found, now=clock.now()))
    make_booking(room=room, starts_at=at(15, day=found.starts_on + timedelta(days=8)))
    refused(lambda: publishing.publish(found, seen=seen, by=staff(), now=clock.now()), Conflict)
    assert db.session.scalar(select(func.count()).select_from(BookingSeries)) == 0
    assert db.session.get_one(AllocationRound, found.id).state is RoundState.MATCHED


def test_where_one_series_cannot_be_none_is(app: Flask) -> None:
    good, taken = make_room(), make_room()
    found = make_round(good, taken)
    one, other = times_in(found)
    make_wish(found, team(), one)
    make_wish(found, team(), other)
    for week in range(5):
        make_booking(room=taken, starts_at=at(14, day=found.starts_on + timedelta(days=1 + 7 * week)), minutes=120)
    work_out(found)
    with pytest.raises(Conflict):
        publish(found)
    assert db.session.scalar(select(func.count()).select_from(BookingSeries)) == 0


def test_a_published_result_is_series_with_the_holidays_left_out_and_everybody_hears(app: Flask) -> None:
    room = make_room(hours=[(day, time(8), time(21)) for day in range(7)])  # closed on public holidays
    found = make_round(room, weekdays=[4])  # Fridays: 1 January is one of them
    [slot] = times_in(found)
    winner, loser = team(kind=OrganisationKind.CHARITY), team(kind=OrganisationKind.DEPARTMENT)
    wish = make_wish(found, winner, slot)
    lost = make_wish(found, loser, slot)
    assert work_out(found) == 1
    publish(found)
    [award] = db.session.scalars(select(Award)).all()
    assert award.wish_id == wish.id
    assert award.series is not None
    days = {each.on_date.isoformat(): each.booking_id is not None for each in award.series.dates}
    assert days == {
        "2026-12-25": True,
        "2027-01-01": False,
        "2027-01-08": True,
        "2027-01-15": True,
        "2027-01-22": True,
    }
    assert award.series.organisation_id == winner.id
    assert db.session.scalar(select(func.count()).select_from(Booking)) == 4
    told = db.session.scalars(select(Notice).where(Notice.kind == "allocation.published")).all()
    assert {each.person_id for each in told} == {lead_of(winner).id, lead_of(loser).id}
    result = explaining.result_of(found)
    [answer] = result.answers_of(result.wishes[lost.reference])
    assert answer.to is not None
    assert (answer.to.wish, answer.because) == (wish.reference, "points")
    assert result.is_repeatable


def test_an_adjustment_needs_a_reason_a_free_time_and_a_room_that_suits(app: Flask) -> None:
    found = make_round(make_room(), make_room(capacity=6))
    good, small = times_in(found)
    wish, other = make_wish(found, team(), good), make_wish(found, team(), good, people=3)
    work_out(found)
    result = explaining.result_of(found)
    has, has_not = (wish, other) if wish.reference in result.given else (other, wish)
    by, now = make_person(), clock.now()
    assert "理由" in refused(lambda: deciding.adjust(has_not, small, reason=" ", by=by, now=now))
    refused(lambda: deciding.adjust(has_not, good, reason="x", by=by, now=now), Conflict)
    large = wish if wish.people > 6 else other
    if large is has_not:
        refused(lambda: deciding.adjust(large, small, reason="x", by=by, now=now))
    with transaction():
        deciding.adjust(has, None, reason="他们改到社区广场", by=by, now=now)
        deciding.adjust(has_not, good, reason="他们改到社区广场", by=by, now=now)
    again = explaining.result_of(db.session.get_one(AllocationRound, found.id))
    assert again.given == {has_not.reference: good.id}
    assert again.is_repeatable
    with pytest.raises(DBAPIError), transaction():
        db.session.execute(text("UPDATE allocation_adjustments SET reason = 'y'"))


@ONE_ENGINE
def test_working_it_out_again_gives_the_same(app: Flask) -> None:
    found = make_round(make_room(), hours=[9, 14])
    one, other = times_in(found)
    for _ in range(4):
        make_wish(found, team(), one, other)
    work_out(found)
    before = explaining.result_of(found).given
    work_out(found)
    assert explaining.result_of(db.session.get_one(AllocationRound, found.id)).given == before


@ONE_ENGINE
def test_no_second_wish_comes_before_a_first() -> None:
    found = make_round(make_room(), weights={Criterion.CHARITY: 10})
    [slot] = times_in(found)
    charity, other = team(kind=OrganisationKind.CHARITY), team(kind=OrganisationKind.DEPARTMENT)
    make_wish(found, charity, slot)
    second = make_wish(found, charity, slot, purpose="读书会")
    first = make_wish(found, other, slot)
    with transaction():
        wishing.withdraw_wish(own_wishes(found, charity.id)[0], by=lead_of(charity), now=clock.now())
    db.session.refresh(second)
    assert second.position == 1  # it moved up
    work_out(found)
    assert explaining.result_of(found).given == {second.reference: slot.id}
    assert first.reference not in explaining.result_of(found).given


@ONE_ENGINE
def test_what_an_elder_missed_never_counts_against_their_organisation() -> None:
    from center.allocation.publishing.weighing import facts_of
    from center.bookings.models.visits import Missed, NoShow

    found = make_round(make_room())
    [slot] = times_in(found)
    elder, young = make_person(birth_year=1950), make_person(birth_year=1990)
    organisation = team()
    wish = make_wish(found, organisation, slot)
    for n, person in enumerate([elder, elder, young]):
        booking = make_booking(person=person, organisation=organisation, starts_at=at(10, days=-n - 2))
        with transaction() as session:
            session.add(
                NoShow(
                    booking_id=booking.id,
                    person_id=person.id,
                    meaning=Missed.ORGANISATION,
                    missed_at=booking.starts_at,
                    recorded_at=clock.now(),
                )
            )
    make_booking(organisation=organisation, starts_at=at(12, days=-9))
    facts = facts_of(found, [wish])[organisation.id]
    assert (facts.kept, facts.missed) == (1, 1)


@ONE_ENGINE
def test_last_terms_wishes_are_copied_with_the_times_that_are_offered_again() -> None:
    room, gone = make_room(), make_room()
    organisation = team()
    last = make_round(room, gone, slug="autumn", starts_on=MORNING.date() + timedelta(days=20))
    again, not_again = times_in(last)
    make_wish(last, organisation, not_again, again, purpose="古筝班")
    make_wish(last, organisation, not_again, purpose="读书会")
    work_out(last)
    publish(last)
    found = make_round(room, slug="summer", starts_on=MORNING.date() + timedelta(days=120),
                       ends_on=MORNING.date() + timedelta(days=200), closes_at=CLOSED + timedelta(days=30))  # fmt: skip
    by = lead_of(organisation)
    with transaction():
        assert wishing.copy_last(found, organisation, by=by, now=clock.now()) == 1
    [copied] = own_wishes(found, organisation.id)
    assert (copied.purpose, [each.time.place_key for each in copied.choices]) == ("古筝班", [again.place_key])
    refused(lambda: wishing.copy_last(found, organisation, by=by, now=clock.now()), Conflict)


@ONE_ENGINE
def test_a_kind_of_use_that_a_room_refuses_is_refused_there_only(app: Flask) -> None:
    from center.allocation.wishes.suiting import Use, unsuited
    from center.rooms.rule_models import PurposeRule, RoomPurpose

    quiet, loud = make_room(), make_room()
    drums = make_purpose(name="打鼓")
    with transaction() as session:
        session.add(RoomPurpose(room_id=quiet.id, purpose_id=drums.id, rule=PurposeRule.NOT_ALLOWED))
    found, organisation = make_round(quiet, loud, weekdays=[TUE, THU]), team()
    use = Use(people=5, purpose_id=drums.id, organisation=organisation, person=lead_of(organisation))
    against = unsuited(found, times_in(found), use, now=clock.now())
    assert {each.room_id for each in times_in(found) if each.id in against} == {quiet.id}


@ONE_ENGINE
def test_the_wish_with_the_number_of_another_round_is_not_given_a_time_of_this_one(app: Flask) -> None:
    found, other = make_round(make_room()), make_round(make_room(), slug="other")
    wish = make_wish(found, team(), *times_in(found))
    with pytest.raises(DBAPIError), transaction() as session:
        session.add(Award(round_id=other.id, wish_id=wish.id, time_id=times_in(other)[0].id))
    assert db.session.get_one(TermWish, wish.id).round_id == found.id
