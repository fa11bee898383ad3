"""Whether members come: by account, by a link, entered for them; and what leaders hear at once."""

from datetime import timedelta

import pytest

from center.activities import sessions as activity_sessions
from center.activities.clashes import SessionPlan
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.kernel.spans import Span
from center.notices.kinds import letter_path
from center.notices.models import Way
from center.troupes.members import actions as members
from center.troupes.models.troupes import MemberState, TroupeMember
from center.troupes.performances import messages, on_change, queries, rehearsal_calls, replies
from center.troupes.performances.models import Performance, PerformanceState
from center.troupes.performances.programme_now import ProgrammeNow, programme_now
from center.troupes.performances.readiness import Answer, Stands
from center.troupes.performances.reply_models import ReplyLink, SaidBy
from tests.activity_builders import make_activity
from tests.builders import at, make_account, make_person
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_leader, make_member, make_piece, make_season, make_troupe
from tests.troupes.performances.builders import make_performance, newest, played, reply, told

pytestmark = pytest.mark.usefixtures("english")


def stands(performance: Performance) -> ProgrammeNow:
    return programme_now(performance, newest(performance))


def ask(performance: Performance, *, days: int = 3) -> None:
    by = make_person()
    with transaction():
        replies.ask(performance, at(12, days=days).date(), by=by, now=clock.now())


def link(performance: Performance, member: TroupeMember) -> str:
    by = make_person()
    with transaction():
        return replies.make_link(performance, member, by=by, now=clock.now())


def move(performance: Performance, *, days: int) -> None:
    by, start = make_person(), at(15, days=days)
    with transaction():
        plan = SessionPlan(span=Span(start, start + timedelta(hours=1)))
        activity_sessions.move_session(performance.session, plan, by=by, now=clock.now())


def test_readiness_follows_each_answer_and_the_leader_hears_of_a_piece_that_is_short() -> None:
    troupe = make_troupe()
    leader, member = make_leader(troupe, make_account().person), make_member(troupe, make_person(name="何玉兰"))
    performance = make_performance(troupe, pieces=[make_piece(troupe, heads={})], cast={1: [member]})
    [item] = newest(performance).items
    assert stands(performance).readiness[item.id].stands is Stands.WAITS
    reply(performance, member, Answer.COMING)
    assert stands(performance).readiness[item.id].stands is Stands.READY
    reply(performance, member, Answer.NOT_COMING, "住院")
    assert stands(performance).readiness[item.id].lacks[0].absent == (member.id,)
    [notice] = told(leader.person, "performances.short")
    assert "何玉兰" in notice.body
    assert "住院" not in notice.body, "why stands on the page alone"
    reply(performance, member, Answer.NOT_COMING)
    assert len(told(leader.person, "performances.short")) == 1, "it was short before"


def test_who_leaves_after_the_programme_is_published_is_missing_and_the_leader_hears_of_it() -> None:
    troupe, by = make_troupe(), make_person()
    leader, member = make_leader(troupe, make_account().person), make_member(troupe)
    performance = played(troupe, member)
    reply(performance, member, Answer.COMING)
    token = link(performance, member)
    with transaction():
        members.step(member, MemberState.LEFT, by=by, now=clock.now(), reason="搬走了")
    found = stands(performance)
    assert [each.id for each in found.gone] == [member.id]
    assert [each.lacks[0].absent for each in found.readiness.values()] == [(member.id,)]
    assert len(told(leader.person, "performances.left")) == 1
    with pytest.raises(NotFound):
        replies.get_link(token, now=clock.now())
    other = make_troupe()
    played(other, make_member(other, member.person))  # and is free for another stage at that time


def test_a_link_answers_until_the_performance_and_a_new_one_ends_it() -> None:
    troupe = make_troupe()
    member = make_member(troupe)
    performance = make_performance(troupe)
    first = link(performance, member)
    assert replies.get_link(first, now=clock.now()).member_id == member.id
    assert first not in db.session.scalars(db.select(ReplyLink.digest)).all(), "only its digest is kept"
    second = link(performance, member)
    for wrong, now in ((first, clock.now()), ("made-up", clock.now()), (second, performance.session.starts_at)):
        with pytest.raises(NotFound, match="leads nowhere"):
            replies.get_link(wrong, now=now)


def test_a_move_ends_links_and_asks_again() -> None:
    troupe = make_troupe()
    member = make_member(troupe, make_account().person)
    performance = make_performance(troupe)
    ask(performance)
    reply(performance, member, Answer.COMING)
    token = link(performance, member)
    move(performance, days=11)
    assert queries.replies_to(performance) == {}, "what was said was of another day"
    assert len(told(member.person, "performances.moved")) == 1
    with pytest.raises(NotFound):
        replies.get_link(token, now=clock.now())


@ONE_ENGINE
def test_what_a_leader_enters_is_marked_and_the_member_hears_of_it() -> None:
    troupe, leader = make_troupe(), make_person(name="周老师")
    member = make_member(troupe, make_account().person)
    performance = make_performance(troupe)
    with transaction():
        replies.answer(performance, member, Answer.COMING, how=SaidBy.LEAD, by=leader, now=clock.now())
    row = queries.replies_to(performance)[member.id]
    assert (row.how, row.by_id) == (SaidBy.LEAD, leader.id)
    [notice] = told(member.person, "performances.entered")
    assert "周老师" in notice.body


@ONE_ENGINE
def test_nobody_answers_once_it_has_begun_or_is_not_asked() -> None:
    troupe = make_troupe()
    member, stranger = make_member(troupe), make_member()
    performance = make_performance(troupe)
    begun = performance.session.starts_at
    said = {"how": SaidBy.ACCOUNT, "by": member.person}
    with pytest.raises(Conflict, match="begun"), transaction():
        replies.answer(performance, member, Answer.COMING, now=begun, **said)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="not asked"), transaction():
        replies.answer(performance, stranger, Answer.COMING, now=clock.now(), **said)  # type: ignore[arg-type]
    with pytest.raises(RuleBroken, match="until the performance"):
        ask(performance, days=11)


@ONE_ENGINE
def test_only_the_roster_of_the_season_is_asked_and_only_who_has_not_answered() -> None:
    troupe = make_troupe()
    inside, answered = (make_member(troupe, make_account().person) for _each in range(2))
    outside = make_member(troupe, make_account().person)
    season = make_season(troupe, members=[inside, answered])
    performance = make_performance(troupe, season=season)
    reply(performance, answered, Answer.COMING)
    ask(performance)
    assert [len(told(each.person, "performances.asked")) for each in (inside, answered, outside)] == [1, 0, 0]


@ONE_ENGINE
def test_who_has_not_answered_is_reminded_once_two_days_before() -> None:
    troupe = make_troupe()
    silent, answered = (make_member(troupe, make_account().person) for _each in range(2))
    performance = make_performance(troupe)
    ask(performance, days=5)
    reply(performance, answered, Answer.UNSURE)
    [_over, unanswered] = on_change.SWEEPS
    assert unanswered.due(at(9, days=2)) == []
    for _twice in range(2):
        unanswered.settle(performance.id, at(9, days=3))
    assert [len(told(each.person, "performances.reminded")) for each in (silent, answered)] == [1, 0]
    assert unanswered.due(at(9, days=3)) == []


@ONE_ENGINE
def test_what_was_public_is_performed_once_its_time_is_over() -> None:
    troupe = make_troupe()
    performance = played(troupe, make_member(troupe))
    [over, _unanswered] = on_change.SWEEPS
    assert over.due(performance.session.starts_at) == []
    assert over.due(performance.session.ends_at) == [performance.id]
    over.settle(performance.id, performance.session.ends_at)
    assert queries.get_performance(troupe, performance.id).state is PerformanceState.PERFORMED


@ONE_ENGINE
def test_rehearsals_call_only_whom_a_piece_needs() -> None:
    troupe, now = make_troupe(), clock.now()
    one, other = make_member(troupe), make_member(troupe)
    activity = make_activity(
        organisation=troupe.organisation, starts=[at(14, days=3), at(14, days=4), at(14, days=12)], minutes=30
    )
    season = make_season(troupe, members=[one, other], activity_id=activity.id)
    pieces = [make_piece(troupe, heads={}, seconds=590) for _each in range(2)]
    performance = make_performance(troupe, season=season, pieces=pieces, cast={1: [one], 2: [other]})
    sessions = rehearsal_calls.rehearsals_before(performance, now=now)
    assert [each.starts_at for each in sessions] == [at(14, days=3), at(14, days=4)], "none after it"
    proposed = rehearsal_calls.propose(newest(performance), sessions)
    with transaction():
        rehearsal_calls.write_plan(performance, proposed)
    kept = rehearsal_calls.kept(performance, newest(performance), sessions)
    assert [len(rehearsal_calls.calls_of(kept, sessions, each.id)) for each in (one, other)] == [1, 1]
    assert kept.spared([one.id, other.id]) == 2


@ONE_ENGINE
def test_without_rehearsals_there_is_no_plan_to_keep() -> None:
    troupe = make_troupe()
    performance = make_performance(troupe, pieces=[make_piece(troupe)])
    proposed = rehearsal_calls.propose(newest(performance), [])
    with pytest.raises(RuleBroken), transaction():
        rehearsal_calls.write_plan(performance, proposed)


@ONE_ENGINE
def test_each_is_asked_once_in_their_own_way_unless_they_are_to_be_asked_again() -> None:
    troupe, by = make_troupe(), make_person()
    with_account, without = make_member(troupe, make_account().person), make_member(troupe, make_person(phone=""))
    performance = make_performance(troupe)
    ask(performance)
    ask(performance)
    late = make_member(troupe)
    ask(performance)
    assert [len(told(each.person, "performances.asked")) for each in (with_account, without, late)] == [1, 1, 1]
    ways = {person_id: way for person_id, (_at, way) in messages.asked_on(performance).items()}
    assert ways[with_account.person_id] is None, "their messages are enough"
    assert ways[without.person_id] is Way.SLIP
    with transaction():
        replies.ask(performance, at(12, days=3).date(), again=True, by=by, now=clock.now())
        replies.ask_one(performance, late, by=by, now=clock.now() + timedelta(seconds=1))
    assert [len(told(each.person, "performances.asked")) for each in (with_account, without, late)] == [2, 2, 3]
    stranger = make_member()
    with pytest.raises(Conflict), transaction():
        replies.ask_one(performance, stranger, by=by, now=clock.now())


@ONE_ENGINE
def test_a_letter_leads_to_the_answer_without_signing_in_and_the_message_holds_no_key() -> None:
    troupe = make_troupe()
    member = make_member(troupe, make_account().person)
    performance = make_performance(troupe)
    ask(performance)
    [notice] = told(member.person, "performances.asked")
    path = letter_path(notice)
    token = path.rpartition("/")[2]
    assert replies.get_link(token, now=clock.now()).member_id == member.id
    assert token not in f"{notice.body}{notice.path}{notice.gist}{notice.key}"
    db.session.expire_all()
    assert letter_path(notice) == path, "it is found again whenever the letter is written"
    move(performance, days=11)
    [moved] = told(member.person, "performances.moved")
    with pytest.raises(NotFound):
        replies.get_link(token, now=clock.now())
    assert replies.get_link(letter_path(moved).rpartition("/")[2], now=clock.now()).member_id == member.id
    with transaction():
        replies.revoke_links(performance, now=clock.now())
    assert letter_path(moved) == moved.path


@ONE_ENGINE
def test_one_is_asked_again_only_once_all_were_asked() -> None:
    troupe, by = make_troupe(), make_person()
    member, performance = make_member(troupe), make_performance(troupe)
    with pytest.raises(RuleBroken), transaction():
        replies.ask_one(performance, member, by=by, now=clock.now())
