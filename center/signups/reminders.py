"""Reminders of sessions: the evening before, and two hours before; once each, to whoever has a place.

Of people without an account the day before begins in the morning: somebody goes to their door or rings them.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, Row, Select, String, and_, cast, exists, false, literal, or_, select

from center.activities.models import Activity, ActivityState, Session, SessionState
from center.kernel.db import db, lock, transaction
from center.kernel.i18n import centre_zone, local_date
from center.kernel.spans import Span, day_span
from center.kernel.sweeps import Sweep
from center.kernel.waking import RESTS_AT, WAKES_AT, is_waking
from center.notices.models import Notice, NoticeTopic
from center.people import households
from center.people.acting import Ground
from center.people.queries import has_account_of
from center.signups import messages
from center.signups.messages import News
from center.signups.models import Roster, SignUp, SignUpState

EVENING = time(18)
LATEST, EARLIEST = timedelta(hours=1), timedelta(hours=2)  # how long before its start a session is "soon"
JUST_HEARD = timedelta(hours=2)  # whoever signed up or was told of a move so lately knows
SOME = 50


def due_for_tomorrow(now: datetime) -> Sequence[int]:
    """Some of the sign-ups for tomorrow of which nobody was reminded."""
    return _due(_for_tomorrow(now))


def due_for_rounds(now: datetime) -> Sequence[int]:
    """Some of the sign-ups for tomorrow of people who are reminded by hand, and were not yet."""
    return _due(_for_rounds(now))


def due_soon(now: datetime) -> Sequence[int]:
    """Some of the sign-ups for what begins in an hour or two, and of which nobody was reminded."""
    return _due(_soon(now))


def remind(sign_up_id: int, news: News, now: datetime) -> None:
    """Remind of whatever of a sign-up's sessions it is time for, if it still is: with those who live with them."""
    with transaction() as session:
        sign_up = session.get(SignUp, sign_up_id)
        which = _day_before(now) if news is News.REMINDER_DAY else _soon(now)
        if sign_up is None or which is None:
            return
        near = _near(sign_up)
        for each in sorted(near, key=lambda each: each.id):
            lock(each)
        due = session.execute(which.where(SignUp.id.in_([each.id for each in near]))).all()
        for session_id in dict.fromkeys(row[1] for row in due):
            ids = {row[0] for row in due if row[1] == session_id}
            together = [each for each in near if each.id in ids]
            messages.tell_of_session(together, news, session.get_one(Session, session_id), now=now)


def _near(sign_up: SignUp) -> list[SignUp]:
    """This sign-up and those on its roster of the same household, or by the same hand: often one person is told."""
    person = sign_up.person
    by_one_hand = SignUp.signed_by_id == sign_up.signed_by_id if sign_up.ground is not Ground.STAFF else false()
    at_home: ColumnElement[bool] = false()
    if households.is_verified(person):
        at_home = households.lives_with(person)
    query = (
        select(SignUp)
        .join(SignUp.person)
        .where(SignUp.roster_id == sign_up.roster_id, SignUp.state == SignUpState.CONFIRMED)
        .where(or_(SignUp.id == sign_up.id, by_one_hand, at_home))
    )
    return list(db.session.scalars(query.order_by(SignUp.queue_order, SignUp.id).limit(SOME)))


def _day_before(now: datetime) -> Select[int, int] | None:
    evening = _for_tomorrow(now)
    return _for_rounds(now) if evening is None else evening


def _for_tomorrow(now: datetime) -> Select[int, int] | None:
    """What of tomorrow to remind of now; None outside the hours of the evening."""
    return _of_tomorrow(EVENING, RESTS_AT, now)


def _for_rounds(now: datetime) -> Select[int, int] | None:
    """What of tomorrow to remind of by hand; None before the morning and in the evening, when all are due."""
    found = _of_tomorrow(WAKES_AT, EVENING, now)
    return None if found is None else found.where(~has_account_of(SignUp.person_id))


def _of_tomorrow(begins: time, ends: time, now: datetime) -> Select[int, int] | None:
    today, zone = local_date(now), centre_zone()
    hours = Span(datetime.combine(today, begins, zone), datetime.combine(today, ends, zone))
    if not hours.start <= now < hours.end:
        return None
    return _which(News.REMINDER_DAY, day_span(today + timedelta(days=1), zone), heard_before=hours.start - JUST_HEARD)


def _soon(now: datetime) -> Select[int, int] | None:
    """What to remind of because it begins soon; None while people sleep."""
    if not is_waking(now, centre_zone()):
        return None
    coming = Span(now + LATEST, now + EARLIEST + timedelta(minutes=1))
    return _which(News.REMINDER_SOON, coming, heard_before=now - JUST_HEARD)


def _which(news: News, starts: Span, *, heard_before: datetime) -> Select[int, int]:
    return (
        select(SignUp.id, Session.id)
        .join(Roster, Roster.id == SignUp.roster_id)
        .join(Activity, Activity.id == Roster.activity_id)
        .join(
            Session,
            and_(Session.activity_id == Activity.id, or_(Roster.session_id.is_(None), Roster.session_id == Session.id)),
        )
        .where(
            Session.starts_at >= starts.start,
            Session.starts_at < starts.end,
            Session.state == SessionState.SCHEDULED,
            Session.changed_at < heard_before,
            Activity.state == ActivityState.PUBLISHED,
            SignUp.state == SignUpState.CONFIRMED,
            SignUp.changed_at < heard_before,
            ~_was_told(news),
        )
        .order_by(Session.starts_at, SignUp.id)
    )


def _was_told(news: News) -> ColumnElement[bool]:
    """Whether anybody was reminded of this session as it stands; its key says so."""
    number, roster_state = cast(Session.id, String), cast(Session.sequence, String)
    topic = literal("sign_up:", String) + SignUp.reference + literal(":", String) + number
    what = literal(f"%:{news.rpartition('.')[2]}:", String)
    is_such = and_(
        Notice.kind == news.value,
        Notice.key.like(what + number + literal(".", String) + roster_state + literal(":%", String)),
    )
    with_others = exists().where(NoticeTopic.about == topic, NoticeTopic.notice_id == Notice.id, is_such)
    return or_(exists().where(Notice.about == topic, is_such), with_others)


def _due(which: Select[int, int] | None) -> Sequence[int]:
    if which is None:
        return []
    rows: Sequence[Row[int, int]] = db.session.execute(which.limit(SOME)).all()
    return list(dict.fromkeys(row[0] for row in rows))


SWEEPS = (
    Sweep(
        "reminders of tomorrow's sessions",
        due_for_tomorrow,
        lambda sign_up_id, now: remind(sign_up_id, News.REMINDER_DAY, now),
    ),
    Sweep(
        "reminders of sessions to give by hand",
        due_for_rounds,
        lambda sign_up_id, now: remind(sign_up_id, News.REMINDER_DAY, now),
    ),
    Sweep(
        "reminders of sessions that are soon",
        due_soon,
        lambda sign_up_id, now: remind(sign_up_id, News.REMINDER_SOON, now),
    ),
)
