"""The order of a programme, who plays in it, and its way to the public: what is refused first."""

from datetime import timedelta
from typing import Any

import pytest

from center.activities import sessions as activity_sessions
from center.activities.clashes import SessionPlan
from center.activities.models import ActivityState
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.spans import Span
from center.troupes.performances import casting, programme, queries, steps
from center.troupes.performances.casting import Down, OnAnotherStage
from center.troupes.performances.models import Performance, PerformanceState
from tests.builders import at, make_account, make_person
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_leader, make_member, make_piece, make_troupe, part_of
from tests.troupes.performances.builders import (
    go,
    make_performance,
    newest,
    played,
    put_down,
    titles,
    told,
)

pytestmark = pytest.mark.usefixtures("english")


def three(**facts: Any) -> Performance:
    troupe = make_troupe()
    return make_performance(troupe, pieces=[make_piece(troupe, title=each, **facts) for each in "甲乙丙"])


def move(performance: Performance, position: int, *, up: bool) -> None:
    by = make_person()
    with transaction():
        programme.move(performance, position, up=up, by=by, now=clock.now())


def drop(performance: Performance, position: int) -> None:
    by = make_person()
    with transaction():
        programme.drop(performance, position, by=by, now=clock.now())


def test_pieces_change_places_and_leave_no_gap() -> None:
    performance = three()
    move(performance, 1, up=True)  # there is nothing above it
    move(performance, 3, up=True)
    assert titles(performance) == ["甲", "丙", "乙"]
    move(performance, 1, up=False)
    assert titles(performance) == ["丙", "甲", "乙"]
    drop(performance, 1)
    assert titles(performance) == ["甲", "乙"]
    assert [each.position for each in newest(performance).items] == [1, 2]


@ONE_ENGINE
def test_what_is_not_there_any_more_cannot_be_moved() -> None:
    performance = three()
    drop(performance, 3)
    with pytest.raises(Conflict, match="meanwhile"):
        move(performance, 3, up=True)


@ONE_ENGINE
def test_a_piece_is_in_a_programme_once_and_of_the_troupe() -> None:
    performance, other, by = three(), make_piece(), make_person()
    first = newest(performance).items[0].piece
    assert first is not None
    with transaction():
        programme.add_piece(performance, first, by=by, now=clock.now())
    assert len(newest(performance).items) == 3, "it stays where it is"
    with pytest.raises(RuleBroken), transaction():
        programme.add_piece(performance, other, by=by, now=clock.now())


@ONE_ENGINE
def test_a_piece_longer_than_the_show_needs_somebody_who_allows_it() -> None:
    performance, by = three(seconds=601), make_person()  # 1,803 seconds and two changes, in half an hour
    with pytest.raises(RuleBroken, match="longer"):
        go(performance, PerformanceState.PIECES_SET)
    with pytest.raises(RuleBroken, match="why"), transaction():
        programme.allow_length(performance, " ", by=by, now=clock.now())
    with transaction():
        programme.allow_length(performance, "主办方同意", by=by, now=clock.now())
    go(performance, PerformanceState.PIECES_SET)
    with transaction():
        programme.add_words(performance, "致谢", 60, by=by, now=clock.now())
    assert not programme.is_allowed(newest(performance), programme.length(performance, newest(performance)))


@ONE_ENGINE
def test_nobody_is_down_for_a_piece_so_the_performers_are_not_set() -> None:
    performance = three()
    go(performance, PerformanceState.PIECES_SET)
    with pytest.raises(RuleBroken, match="甲, 乙, 丙"):
        go(performance, PerformanceState.CAST_SET)
    with pytest.raises(Conflict):
        go(performance, PerformanceState.PUBLISHED)


@ONE_ENGINE
def test_who_left_cannot_be_cast_nor_anybody_in_a_part_that_the_piece_does_not_have() -> None:
    troupe = make_troupe(parts=("高声部", "鼓"))
    performance = make_performance(troupe, pieces=[make_piece(troupe)])
    with pytest.raises(RuleBroken, match="not in the troupe"):
        put_down(performance, 1, make_member())
    with pytest.raises(RuleBroken, match="no such part"):
        put_down(performance, 1, Down(member=make_member(troupe), part_id=part_of(troupe, "鼓").id))


def test_nobody_is_cast_in_two_halls_at_once() -> None:
    person = make_person(name="李秀英")
    here, there = make_troupe(), make_troupe()
    played(here, make_member(here, person))
    other = make_performance(there, pieces=[make_piece(there)], starts_at=at(15, 30, days=10))
    with pytest.raises(OnAnotherStage, match="李秀英 is on another stage at that time: "):
        put_down(other, 1, make_member(there, person))
    assert newest(other).items[0].performers == []


def test_whoever_is_taken_out_is_free_for_another_stage() -> None:
    person = make_person()
    here, there = make_troupe(), make_troupe()
    first = make_performance(here, pieces=[make_piece(here)], cast={1: [make_member(here, person)]})
    other = make_performance(there, pieces=[make_piece(there)])
    member = make_member(there, person)
    with pytest.raises(OnAnotherStage):
        put_down(other, 1, member)
    put_down(first, 1)
    put_down(other, 1, member)
    assert len(newest(other).items[0].performers) == 1


def test_two_troupes_share_a_stage_and_somebody_is_in_both() -> None:
    organisation_troupe, person = make_troupe(), make_person()
    other = make_troupe(organisation=organisation_troupe.organisation)
    first = played(organisation_troupe, make_member(organisation_troupe, person))
    second = make_performance(other, session=first.session, pieces=[make_piece(other)])
    put_down(second, 1, make_member(other, person))
    with pytest.raises(Conflict, match="already"):
        make_performance(other, session=first.session)


def test_a_date_is_not_moved_to_where_somebody_is_on_another_stage() -> None:
    person, by = make_person(), make_person()
    here, there = make_troupe(), make_troupe()
    first = played(here, make_member(here, person))
    played(there, make_member(there, person), starts_at=at(18, days=10))
    start = at(17, 30, days=10)
    with pytest.raises(OnAnotherStage), transaction():
        plan = SessionPlan(span=Span(start, start + timedelta(hours=1)))
        activity_sessions.move_session(first.session, plan, by=by, now=clock.now())
    free = at(20, days=10)
    with transaction():
        plan = SessionPlan(span=Span(free, free + timedelta(hours=1)))
        activity_sessions.move_session(first.session, plan, by=by, now=clock.now())
    assert queries.get_performance(here, first.id).call_at == at(19, days=10)


@ONE_ENGINE
def test_publishing_makes_the_activity_public_and_tells_everybody_in_it() -> None:
    troupe = make_troupe()
    account = make_account()
    member = make_member(troupe, account.person)
    performance = played(troupe, member)
    assert performance.session.activity.state is ActivityState.PUBLISHED
    assert performance.state is PerformanceState.PUBLISHED
    [notice] = told(account.person, "performances.called")
    assert "14:00" in notice.body


@ONE_ENGINE
def test_an_organisation_that_staff_read_first_submits_its_activity() -> None:
    troupe = make_troupe()
    performance = make_performance(troupe, pieces=[make_piece(troupe)], cast={1: [make_member(troupe)]})
    by = make_person()
    for state in (PerformanceState.PIECES_SET, PerformanceState.CAST_SET, PerformanceState.PUBLISHED):
        with transaction():
            steps.step(performance, state, by=by, now=clock.now())
    assert performance.session.activity.state is ActivityState.SUBMITTED


@ONE_ENGINE
def test_a_change_after_publication_makes_a_version_and_tells_those_for_whom_it_differs() -> None:
    troupe = make_troupe()
    stays, goes, comes = (make_member(troupe, make_account().person) for _each in range(3))
    performance = played(troupe, stays, goes, pieces=[make_piece(troupe, heads={}), make_piece(troupe, heads={})],
                         cast={1: [stays], 2: [goes]})  # fmt: skip
    put_down(performance, 2, comes)
    assert [each.number for each in queries.programmes_of(performance.id)] == [2, 1]
    published = queries.published_of(performance.id)
    assert published is not None
    assert published.items[1].performers[0].member_id == goes.id, "everybody still reads the first"
    by = make_person()
    with transaction():
        steps.publish_again(performance, by=by, now=clock.now())
    assert len(told(comes.person, "performances.changed")) == 1
    assert len(told(goes.person, "performances.not_needed")) == 1
    assert told(stays.person, "performances.changed") == []
    assert casting.elsewhere(goes.person, make_performance().session) is None, "their time is theirs again"


@ONE_ENGINE
def test_calling_it_off_frees_the_people_and_the_date_and_is_told_with_the_reason() -> None:
    troupe, by = make_troupe(), make_person()
    member = make_member(troupe, make_account().person)
    performance = played(troupe, member)
    with pytest.raises(RuleBroken, match="why"), transaction():
        steps.cancel(performance, " ", by=by, now=clock.now())
    with transaction():
        steps.cancel(performance, "台风", by=by, now=clock.now())
    assert not performance.session.is_scheduled
    [notice] = told(member.person, "performances.called_off")
    assert "台风" in notice.body
    other = make_performance(troupe, pieces=[make_piece(troupe)])
    put_down(other, 1, member)


@ONE_ENGINE
def test_a_date_that_is_called_off_takes_its_performances_with_it() -> None:
    troupe, by = make_troupe(), make_person()
    performance = played(troupe, make_member(troupe))
    with transaction():
        activity_sessions.cancel_session(performance.session, reason="停电", by=by, now=clock.now())
    assert queries.get_performance(troupe, performance.id).state is PerformanceState.CANCELLED


@ONE_ENGINE
def test_of_what_is_over_nothing_changes() -> None:
    troupe, by = make_troupe(), make_person()
    leader = make_leader(troupe)
    performance = played(troupe, leader)
    later = performance.session.ends_at
    with transaction():
        steps.close(performance, now=later)
    assert performance.state is PerformanceState.PERFORMED
    with pytest.raises(Conflict), transaction():
        programme.add_words(performance, "返场", 60, by=by, now=later)
    with pytest.raises(Conflict), transaction():
        steps.cancel(performance, "晚了", by=by, now=later)
