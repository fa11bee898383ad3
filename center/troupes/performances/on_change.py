"""What performances do when their date changes, when somebody leaves the troupe, and once they are over."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from center.activities.history import Change
from center.activities.models import ActivityChange, Session, SessionState
from center.kernel.db import db, lock, transaction
from center.kernel.i18n import local_date
from center.kernel.sweeps import Sweep
from center.people.models import Person
from center.troupes.members import actions as members
from center.troupes.models.troupes import MemberState, TroupeMember
from center.troupes.performances import casting, messages, news, queries, replies, steps
from center.troupes.performances.models import AHEAD, Performance, PerformanceState, Performer

REMIND_BEFORE = timedelta(days=2)
SOME = 50


def follow(change: Change) -> None:
    """A date moves: so does everybody's time, or it stays where it is; a date is called off: so is the performance."""
    if change.session is None:
        return
    if change.what is ActivityChange.SESSION_MOVED:
        _move(change.session, change)
    if change.what is ActivityChange.SESSION_CANCELLED:
        for performance in queries.at_session(change.session.id):
            if performance.state in AHEAD:
                reason = change.reason[:200]
                steps.cancel(performance, reason, by=change.by, now=change.now, calls_off=False)


def when_left(member: TroupeMember, by: Person, now: datetime) -> None:
    """Whoever leaves is free; those who lead hear in which programmes they are missing now."""
    query = select(Performer.performance_id).where(Performer.member_id == member.id).distinct()
    for performance_id in db.session.scalars(query.order_by(Performer.performance_id)).all():
        performance = queries.get_performance(member.troupe, performance_id)
        if performance.state not in AHEAD or performance.session.ends_at <= now:
            continue
        replies.revoke_links(performance, now=now, member_id=member.id)
        casting.keep_appearances(performance.session_id)
        newest = queries.newest_of(performance.id)
        down = [each for each in newest.items if member.id in {who.member_id for who in each.performers}]
        if down:
            messages.tell_left(performance, member, down, by=by, now=now)


def _move(session: Session, change: Change) -> None:
    before = change.before
    assert before is not None
    if (before.starts_at, before.ends_at) == (session.starts_at, session.ends_at):
        return
    casting.follow_move(session)
    for performance in queries.at_session(session.id):
        if performance.state in AHEAD:
            lock(performance)
            performance.call_at += session.starts_at - before.starts_at
            performance.reminded_at = None
            db.session.flush()
            replies.revoke_links(performance, now=change.now)
            if change.by is not None and performance.asked_at is not None:
                asked = [each for each in queries.asked_for(performance) if each.state is not MemberState.LEFT]
                replies.open_links(performance, asked, by=change.by, now=change.now)
            messages.tell_moved(performance, by=change.by, now=change.now)


def _over(now: datetime) -> Sequence[int]:
    query = (
        select(Performance.id)
        .join(Performance.session)
        .where(
            Performance.state == PerformanceState.PUBLISHED,
            Session.ends_at <= now,
            Session.state != SessionState.CANCELLED,
        )
    )
    return db.session.scalars(query.order_by(Session.ends_at, Performance.id).limit(SOME)).all()


def _close(performance_id: int, now: datetime) -> None:
    with transaction() as session:
        steps.close(session.get_one(Performance, performance_id), now=now)


def _unanswered(now: datetime) -> Sequence[int]:
    query = select(Performance.id).where(
        Performance.state.in_(list(AHEAD)),
        Performance.reminded_at.is_(None),
        Performance.reply_until.is_not(None),
        Performance.reply_until <= local_date(now) + REMIND_BEFORE,
    )
    return db.session.scalars(query.order_by(Performance.reply_until, Performance.id).limit(SOME)).all()


def _remind(performance_id: int, now: datetime) -> None:
    """Who has not answered hears of it once, two days before answers are wanted."""
    with transaction() as session:
        performance = session.get_one(Performance, performance_id)
        lock(performance)
        if performance.reminded_at is not None or performance.reply_until is None or performance.state not in AHEAD:
            return
        performance.reminded_at = now
        is_new = performance.asked_at is not None and local_date(performance.asked_at) == local_date(now)
        if performance.session.starts_at > now and not is_new:
            known = queries.replies_to(performance)
            asked = [each for each in queries.asked_for(performance) if each.state is not MemberState.LEFT]
            missing = [each for each in asked if each.id not in known]
            messages.ask(performance, missing, news.REMINDED, by=None, now=now)


SWEEPS = (Sweep("performances_over", _over, _close), Sweep("performances_unanswered", _unanswered, _remind))
members.when_left.append(when_left)
