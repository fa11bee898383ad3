"""Polls for a date: asked, answered by three ways, decided in one press; what comes too late is told so."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from center.activities.models import Session
from center.bookings.places import Place
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import NotFound, RuleBroken
from center.kernel.spans import span_of
from center.notices.models import Notice
from center.troupes.models.troupes import TroupeMember
from center.troupes.rehearsals import polls
from center.troupes.rehearsals.poll_models import DatePoll, PollAnswer, PollState, Vote, VotedBy
from tests.builders import ZONE, at, make_booking
from tests.engines import ONE_ENGINE
from tests.rooms.test_races import at_once
from tests.troupes.builders import make_member
from tests.troupes.rehearsals.scene import HALF_PAST_TWO, MORNING, TUESDAYS, Drums, drums, later

KEY = "3a0c6d0e-0f4c-4d1e-9a39-6a5d6e1d8f01"


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


def place(scene: Drums, day: date) -> Place:
    return Place(scene.room, span_of(day, HALF_PAST_TWO, 120, ZONE))


def asked(scene: Drums, *days: date) -> DatePoll:
    """A poll about some days, open until Thursday."""
    with transaction():
        return polls.ask(
            scene.season,
            [place(scene, day) for day in days or TUESDAYS[:3]],
            title="带妆彩排",
            closes_at=later(days=3),
            by=scene.leader,
            now=clock.now(),
            request_key=KEY,
        )


def again(poll: DatePoll) -> DatePoll:
    db.session.rollback()
    return polls.get_poll(poll.id, [poll.season_id])


def say(scene: Drums, poll: DatePoll, n: int, *votes: Vote, how: VotedBy = VotedBy.ACCOUNT) -> None:
    """A member says something to the first dates of a poll."""
    member = scene.members[n]
    by = {VotedBy.ACCOUNT: member.person, VotedBy.LEAD: scene.leader, VotedBy.LINK: None}[how]
    found = again(poll)
    said = {option.id: vote for option, vote in zip(found.options, votes, strict=False)}
    with transaction():
        polls.answer(found, member, said, how=how, by=by, now=clock.now())


def decide(scene: Drums, poll: DatePoll, n: int) -> Session:
    found = again(poll)
    with transaction():
        return polls.decide(found, found.options[n], by=scene.leader, now=clock.now())


def count(model: type) -> int:
    db.session.rollback()
    return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


@ONE_ENGINE
@pytest.mark.parametrize(
    ("days", "closes"),
    [
        (TUESDAYS[:1], 3),
        ([date(2026, 12, 22), *TUESDAYS[:2]], 3),
        (TUESDAYS[:2], -1),
        ([date(2026, 11, 20), *TUESDAYS], 3),
    ],
    ids=["one date only", "outside the season", "closed before it begins", "a date that is over"],
)
def test_a_poll_that_makes_no_sense_is_refused(days: list[date], closes: int) -> None:
    scene = drums()
    with pytest.raises(RuleBroken), transaction():
        polls.ask(
            scene.season, [place(scene, day) for day in days], title="x", closes_at=later(days=closes),
            by=scene.leader, now=clock.now(), request_key=KEY,
        )  # fmt: skip


def test_the_members_are_asked_once_however_often_the_form_is_sent() -> None:
    scene = drums()
    assert asked(scene).id == asked(scene).id
    told = db.session.scalars(select(Notice.person_id).where(Notice.kind == "troupes.poll_asked")).all()
    assert sorted(told, key=str) == sorted((each.person_id for each in scene.members[1:]), key=str)


def test_what_most_can_come_to_becomes_a_rehearsal_in_one_press() -> None:
    scene = drums()
    poll = asked(scene)
    say(scene, poll, 0, Vote.YES, Vote.NO, Vote.MAYBE)
    say(scene, poll, 1, Vote.NO, Vote.YES, Vote.MAYBE, how=VotedBy.LINK)
    say(scene, poll, 2, Vote.NO, Vote.NO, Vote.YES, how=VotedBy.LEAD)
    say(scene, poll, 1, Vote.NO, Vote.NO, Vote.YES)  # thinks again
    best = polls.tallies(again(poll))[0]
    assert (best.option.starts_at, best.count(Vote.YES)) == (at(14, 30, day=TUESDAYS[2]), 2)
    assert {each.how for each in best.votes.values()} == {VotedBy.ACCOUNT, VotedBy.LEAD}
    made = decide(scene, poll, 2)
    assert decide(scene, poll, 2).id == made.id
    assert (again(poll).state, count(Session)) == (PollState.DECIDED, 1)


def test_a_room_that_was_taken_meanwhile_decides_nothing_and_names_the_next_best() -> None:
    scene = drums()
    poll = asked(scene)
    say(scene, poll, 0, Vote.YES, Vote.MAYBE, Vote.YES)
    make_booking(room=scene.room, starts_at=at(15, day=TUESDAYS[0]))
    with pytest.raises(polls.OptionTaken) as refused:
        decide(scene, poll, 0)
    assert refused.value.next_best is not None
    assert refused.value.next_best.starts_at == at(14, 30, day=TUESDAYS[2])
    assert (again(poll).state, count(Session), count(PollAnswer)) == (PollState.OPEN, 0, 3)


def test_an_answer_after_the_end_is_refused_and_those_before_stay() -> None:
    scene = drums()
    poll = asked(scene)
    say(scene, poll, 0, Vote.YES)
    decide(scene, poll, 0)
    with pytest.raises(polls.PollEnded):
        say(scene, poll, 1, Vote.NO)
    assert count(PollAnswer) == 1
    with time_machine.travel(later(days=4), tick=False), pytest.raises(polls.PollEnded):
        say(scene, poll, 1, Vote.NO)


@ONE_ENGINE
def test_a_poll_that_is_called_off_takes_no_answer_and_becomes_nothing() -> None:
    scene = drums()
    poll = asked(scene)
    for _press in range(2):
        found = again(poll)
        with transaction():
            polls.call_off(found, by=scene.leader, now=clock.now())
    with pytest.raises(polls.PollEnded):
        say(scene, poll, 1, Vote.YES)
    with pytest.raises(polls.PollEnded):
        decide(scene, poll, 0)


@ONE_ENGINE
def test_a_link_answers_for_its_member_alone_and_a_made_up_one_for_nobody() -> None:
    scene = drums()
    poll = asked(scene)
    link = polls.link_for(poll, scene.members[1])
    found, member = polls.behind(link)
    assert (found.id, member.id) == (poll.id, scene.members[1].id)
    for wrong in ("x", link[:-3] + "abc", ""):
        with pytest.raises(NotFound):
            polls.behind(wrong)


@ONE_ENGINE
def test_who_is_not_called_answers_nothing() -> None:
    scene, other = drums(), make_member()
    poll = asked(scene)
    with pytest.raises(NotFound), transaction():
        polls.answer(poll, other, {poll.options[0].id: Vote.YES}, how=VotedBy.LINK, by=None, now=clock.now())


def late_vote(scene: Drums, poll: DatePoll) -> None:
    """Write an answer past the site's own checks."""
    with transaction() as session:
        session.add(
            PollAnswer(
                poll_id=poll.id, option_id=poll.options[0].id, member_id=scene.members[2].id, vote=Vote.YES,
                how=VotedBy.LEAD, by_id=scene.leader.id, at=clock.now(),
            )
        )  # fmt: skip


def test_the_database_takes_no_answer_to_a_poll_that_has_ended(app: Flask, engine: str) -> None:
    scene = drums()
    poll = asked(scene)
    decide(scene, poll, 1)
    poll = again(poll)
    with pytest.raises(DBAPIError, match="date_poll_answers_open"):
        late_vote(scene, poll)
    with pytest.raises(DBAPIError, match="date_polls_ended"), transaction() as session:
        session.get_one(DatePoll, poll.id).option_id = poll.options[0].id
    assert count(PollAnswer) == 0
    # The negative control: without the guard it goes in.
    drop = "DROP TRIGGER date_poll_answers_open" + (" ON date_poll_answers" if engine == "postgresql" else "")
    with transaction() as session:
        session.execute(text(drop))
    late_vote(scene, again(poll))
    assert count(PollAnswer) == 1


def test_a_vote_that_arrives_as_the_poll_is_decided_counts_or_is_told_so(app: Flask) -> None:
    scene = drums()
    for n in range(3):
        poll = ask_again(scene, n)
        poll_id, season_id, member = poll.id, poll.season_id, scene.members[1]

        def vote(poll_id: int = poll_id, season_id: int = season_id, member_id: int = member.id) -> None:
            found = polls.get_poll(poll_id, [season_id])
            said = {each.id: Vote.YES for each in found.options}
            whose = db.session.get_one(TroupeMember, member_id)
            polls.answer(found, whose, said, how=VotedBy.LINK, by=None, now=clock.now())

        def press(poll_id: int = poll_id, season_id: int = season_id, n: int = n) -> None:
            found = polls.get_poll(poll_id, [season_id])
            polls.decide(found, found.options[n], by=found.made_by, now=clock.now())

        voted, decided = at_once(app, vote, press)
        assert decided
        db.session.rollback()
        kept = db.session.scalar(select(func.count()).where(PollAnswer.poll_id == poll_id))
        assert kept == (len(TUESDAYS) if voted else 0)


def ask_again(scene: Drums, n: int) -> DatePoll:
    with transaction():
        return polls.ask(
            scene.season, [place(scene, day) for day in TUESDAYS], title="彩排", closes_at=later(days=3),
            by=scene.leader, now=clock.now(), request_key=f"{KEY[:-1]}{n}",
        )  # fmt: skip


def test_the_last_moment_counts_and_the_next_does_not(app: Flask) -> None:
    scene = drums()
    poll = asked(scene)
    with time_machine.travel(poll.closes_at - timedelta(seconds=1), tick=False):
        say(scene, poll, 1, Vote.YES)
    with time_machine.travel(poll.closes_at, tick=False), pytest.raises(polls.PollEnded):
        say(scene, poll, 2, Vote.YES)
