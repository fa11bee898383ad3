"""Polls for a date: asked, answered, and one of the times made a session in one press. Never commits.

Answers hold the poll together, deciding holds it alone: an answer is either counted before it is decided, or refused
with what was decided. Deciding takes the room through its ledger in the same transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from center.activities.clashes import SessionPlan
from center.activities.models import Session
from center.activities.sessions import SessionsClash
from center.bookings.places import Place
from center.kernel.db import db, lock, must_find
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.kernel.i18n import format_moment, format_span, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span
from center.people.models import Person
from center.rooms import ledger
from center.rooms.models import Room
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import TroupeMember
from center.troupes.policy import refuse_ended
from center.troupes.rehearsals import actions, messages, queries
from center.troupes.rehearsals.poll_models import DatePoll, PollAnswer, PollOption, PollState, Vote, VotedBy

MOST_OPTIONS = 12
NO_LINK = _l("This link leads nowhere (any more). Please ask whoever leads your troupe, or ring the front desk.")


class PollEnded(Conflict):
    """An answer came after the poll was decided, called off, or closed."""


class OptionTaken(Conflict):
    """The room was taken meanwhile; `next_best` is what most people can come to of what is free."""

    def __init__(self, next_best: PollOption | None) -> None:
        if next_best is None:
            words = _l("The room was taken meanwhile, and none of the other times is free. Ask about other times.")
        else:
            when = format_span(next_best.starts_at, next_best.ends_at)
            words = _l("The room was taken meanwhile. Next best, and free: %(when)s.", when=when)
        super().__init__(words, field="option")
        self.next_best = next_best


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What was said to one of the times, and who has not answered."""

    option: PollOption
    votes: Mapping[int, PollAnswer]  # by the member's id

    def count(self, vote: Vote) -> int:
        """How many said this."""
        return sum(each.vote is vote for each in self.votes.values())

    @property
    def rank(self) -> tuple[int, int, datetime, int]:
        """The more can come the better; then the more perhaps; then the sooner."""
        return (-self.count(Vote.YES), -self.count(Vote.MAYBE), self.option.starts_at, self.option.id)


def ask(
    season: Season,
    places: Sequence[Place],
    *,
    title: str,
    note: str = "",
    closes_at: datetime,
    by: Person,
    now: datetime,
    request_key: str,
    tells: bool = True,
) -> DatePoll:
    """Ask the members which of these times suits them; they are told. A form sent twice is one."""
    lock(season.troupe, shared=True)
    refuse_ended(season.troupe)
    lock(season)
    if (made := _asked_already(season, places, title, by=by, request_key=request_key)) is not None:
        return made
    _refuse_wrong(season, places, closes_at, now)
    poll = DatePoll(
        season_id=season.id, title=title, note=note, closes_at=closes_at, made_by_id=by.id, made_at=now,
        request_key=request_key, state=PollState.OPEN,
    )  # fmt: skip
    poll.options = [
        PollOption(starts_at=each.span.start, ends_at=each.span.end, room_id=each.room.id)
        for each in sorted(set(places), key=lambda each: (each.span, each.room.id))
    ]
    db.session.add(poll)
    db.session.flush()
    if tells:
        messages.tell_asked(poll, by=by, now=now)
    return poll


def answer(
    poll: DatePoll, member: TroupeMember, votes: Mapping[int, Vote], *, how: VotedBy, by: Person | None, now: datetime
) -> None:
    """What a member says to each of the times; what they said before gives way. Raises PollEnded when too late."""
    lock(poll, shared=True)
    if not poll.is_open_at(now):
        raise PollEnded(_ended_words(poll))
    if queries.find_coming(poll.season, member.person_id) is None:
        raise NotFound(NO_LINK)
    known = {each.id for each in poll.options}
    there = {each.option_id: each for each in answers_of(poll) if each.member_id == member.id}
    for option_id, vote in sorted(votes.items()):
        if option_id not in known:
            continue
        said = there.get(option_id) or PollAnswer(poll_id=poll.id, option_id=option_id, member_id=member.id)
        said.vote, said.how, said.by_id, said.at = vote, how, by.id if by else None, now
        db.session.add(said)
    db.session.flush()


def decide(poll: DatePoll, option: PollOption, *, by: Person, now: datetime) -> Session:
    """Let one of the times become a rehearsal, and tell the members. The same choice twice is once.

    Raises OptionTaken where its room was taken meanwhile: then nothing is decided.
    """
    ledger.line_up()
    lock(poll.season)
    lock(poll)
    if poll.state is PollState.DECIDED and poll.option_id == option.id and poll.session is not None:
        return poll.session
    if poll.state is not PollState.OPEN:
        raise PollEnded(_ended_words(poll))
    if option.poll_id != poll.id:
        raise NotFound(_l("There is no such date."))
    try:
        made = actions.add(poll.season, plan_of(option), by=by, now=now)
    except SessionsClash as clash:
        raise OptionTaken(next_best(poll, but=option, by=by, now=now)) from clash
    assert made.session is not None
    poll.state, poll.option_id, poll.session_id = PollState.DECIDED, option.id, made.session_id
    poll.ended_by_id, poll.ended_at = by.id, now
    db.session.flush()
    return made.session


def call_off(poll: DatePoll, *, by: Person, now: datetime) -> None:
    """Ask no more; twice is once."""
    lock(poll)
    if poll.state is PollState.CALLED_OFF:
        return
    if poll.state is not PollState.OPEN:
        raise PollEnded(_ended_words(poll))
    poll.state, poll.ended_by_id, poll.ended_at = PollState.CALLED_OFF, by.id, now
    db.session.flush()


def tallies(poll: DatePoll) -> list[Tally]:
    """What was said to each of the times, the best first."""
    votes: dict[int, dict[int, PollAnswer]] = {}
    for each in answers_of(poll):
        votes.setdefault(each.option_id, {})[each.member_id] = each
    return sorted((Tally(option=each, votes=votes.get(each.id, {})) for each in poll.options), key=lambda t: t.rank)


def next_best(poll: DatePoll, *, but: PollOption | None = None, by: Person, now: datetime) -> PollOption | None:
    """The time that most people can come to of those that are free."""
    free = free_options(poll, by=by, now=now)
    return next((t.option for t in tallies(poll) if t.option.id in free and t.option is not but), None)


def free_options(poll: DatePoll, *, by: Person, now: datetime) -> set[int]:
    """The times at which nothing stands against a rehearsal as things are now, by their ids."""
    return {each.id for each in poll.options if not actions.clashes(poll.season, [plan_of(each)], by=by, now=now)}


def plan_of(option: PollOption) -> SessionPlan:
    """The session that a time would become."""
    return SessionPlan(span=Span(option.starts_at, option.ends_at), room=option.room)


def polls_of(season: Season) -> Sequence[DatePoll]:
    """The polls of a season, the latest first."""
    query = select(DatePoll).where(DatePoll.season_id == season.id).options(*_whole())
    return db.session.scalars(query.order_by(DatePoll.id.desc())).all()


def open_polls(season_ids: Iterable[int], *, now: datetime) -> Sequence[DatePoll]:
    """The polls of these seasons that take answers, the first to close first."""
    query = select(DatePoll).where(
        DatePoll.season_id.in_(sorted(season_ids)), DatePoll.state == PollState.OPEN, DatePoll.closes_at > now
    )
    return db.session.scalars(query.options(*_whole()).order_by(DatePoll.closes_at, DatePoll.id)).all()


def get_poll(poll_id: int, season_ids: Iterable[int]) -> DatePoll:
    """A poll of one of these seasons; raises NotFound."""
    query = select(DatePoll).where(DatePoll.id == poll_id, DatePoll.season_id.in_(sorted(season_ids)))
    return must_find(db.session.scalar(query.options(*_whole())), _l("There is no such poll."))


def answers_of(poll: DatePoll) -> Sequence[PollAnswer]:
    """All that was said to a poll, in order."""
    query = select(PollAnswer).where(PollAnswer.poll_id == poll.id).options(joinedload(PollAnswer.member))
    return db.session.scalars(query.order_by(PollAnswer.option_id, PollAnswer.member_id)).all()


def link_for(poll: DatePoll, member: TroupeMember) -> str:
    """What stands in the address by which a member answers without signing in: signed, and with nobody's name."""
    return str(_signer().dumps([poll.id, member.id]))


def behind(link: str) -> tuple[DatePoll, TroupeMember]:
    """The poll and the member of a link; raises NotFound for a made-up one, and for who is not called any more."""
    try:
        poll_id, member_id = _signer().loads(link)
    except (BadSignature, ValueError, TypeError) as error:
        raise NotFound(NO_LINK) from error
    poll = must_find(db.session.scalar(select(DatePoll).where(DatePoll.id == poll_id).options(*_whole())), NO_LINK)
    member = next((each for each in queries.coming_of(poll.season) if each.id == member_id), None)
    return poll, must_find(member, NO_LINK)


def _asked_already(
    season: Season, places: Sequence[Place], title: str, *, by: Person, request_key: str
) -> DatePoll | None:
    """The poll that this form made before; or one that asks the very same and is open."""
    sent = select(DatePoll).where(DatePoll.made_by_id == by.id, DatePoll.request_key == request_key)
    if (made := db.session.scalar(sent)) is not None:
        return made
    wanted = {(each.span.start, each.room.id) for each in places}
    return next(
        (
            poll
            for poll in polls_of(season)
            if poll.state is PollState.OPEN
            and poll.title == title
            and {(each.starts_at, each.room_id) for each in poll.options} == wanted
        ),
        None,
    )


def _ended_words(poll: DatePoll) -> object:
    if poll.state is PollState.CALLED_OFF:
        return _l("This poll was called off meanwhile, so your answer is not counted.")
    if poll.state is PollState.DECIDED and poll.session is not None:
        when = format_span(poll.session.starts_at, poll.session.ends_at)
        return _l("It was decided meanwhile, so your answer is not counted any more: %(when)s.", when=when)
    return _l("Answers were taken until %(when)s. Please tell whoever leads.", when=format_moment(poll.closes_at))


def _refuse_wrong(season: Season, places: Sequence[Place], closes_at: datetime, now: datetime) -> None:
    if not 2 <= len(set(places)) <= MOST_OPTIONS:
        raise RuleBroken(_l("Please name from 2 to %(most)s dates.", most=MOST_OPTIONS), field="dates")
    if closes_at <= now:
        raise RuleBroken(_l("This time has already passed. Please choose a later one."), field="closes_on")
    if any(each.span.start <= now for each in places):
        raise RuleBroken(_l("One of these dates has passed already."), field="dates")
    if any(not season.starts_on <= local_date(each.span.start) <= season.ends_on for each in places):
        raise RuleBroken(_l("This day is not within the season."), field="dates")


def _whole() -> tuple[_AbstractLoad, ...]:
    return (
        joinedload(DatePoll.season).joinedload(Season.troupe),
        joinedload(DatePoll.session),
        selectinload(DatePoll.options).joinedload(PollOption.room).selectinload(Room.parent),
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="answer to a poll for a date")
