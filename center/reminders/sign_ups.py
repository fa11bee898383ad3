"""Who is to be reminded of a session that they signed up for, and how they are told: whoever has a place."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, false, literal, or_, select

from center.activities.models import Activity, ActivityState, Session, SessionState
from center.kernel.db import db, lock
from center.notices.kinds import Kind
from center.notices.models import Notice, NoticeTopic
from center.people import households
from center.people.acting import Ground
from center.people.queries import has_account_of
from center.reminders.hours import Near
from center.reminders.words import SESSION_SOON, SESSION_TOMORROW
from center.signups import messages
from center.signups.models import Roster, SignUp, SignUpState
from center.signups.queries import is_date_of_roster

MOST_TOGETHER = 50


def due(near: Near) -> Select[int, int]:
    """The sign-ups to remind, each with the session, and of which nobody was reminded."""
    query = (
        select(SignUp.id, Session.id)
        .join(Roster, Roster.id == SignUp.roster_id)
        .join(Activity, Activity.id == Roster.activity_id)
        .join(Session, is_date_of_roster())
        .where(
            Session.starts_at >= near.starts.start,
            Session.starts_at < near.starts.end,
            Session.state == SessionState.SCHEDULED,
            Session.changed_at < near.heard_before,
            Activity.state == ActivityState.PUBLISHED,
            ~Activity.is_confined,
            SignUp.state == SignUpState.CONFIRMED,
            SignUp.changed_at < near.heard_before,
            ~_was_told(_kind(near)),
        )
    )
    if near.by_hand:
        query = query.where(~has_account_of(SignUp.person_id))
    return query.order_by(Session.starts_at, SignUp.id)


def remind(sign_up_id: int, near: Near, now: datetime) -> None:
    """Remind of whatever of a sign-up's sessions it is time for, if it still is: with those who live with them."""
    sign_up = db.session.get(SignUp, sign_up_id)
    if sign_up is None:
        return
    together = _together_with(sign_up)
    for each in sorted(together, key=lambda each: each.id):
        lock(each)
    rows = db.session.execute(due(near).where(SignUp.id.in_([each.id for each in together]))).all()
    for session_id in dict.fromkeys(row[1] for row in rows):
        ids = {row[0] for row in rows if row[1] == session_id}
        theirs = [each for each in together if each.id in ids]
        messages.tell_of_session(theirs, _kind(near), db.session.get_one(Session, session_id), now=now)


def _kind(near: Near) -> Kind:
    return SESSION_SOON if near.is_soon else SESSION_TOMORROW


def _together_with(sign_up: SignUp) -> list[SignUp]:
    """This sign-up and those on its roster of the same household, or by the same hand: often one person is told."""
    person = sign_up.person
    by_one_hand = SignUp.signed_by_id == sign_up.signed_by_id if sign_up.ground is not Ground.STAFF else false()
    at_home = households.lives_with(person) if households.is_verified(person) else false()
    query = (
        select(SignUp)
        .join(SignUp.person)
        .where(SignUp.roster_id == sign_up.roster_id, SignUp.state == SignUpState.CONFIRMED)
        .where(or_(SignUp.id == sign_up.id, by_one_hand, at_home))
    )
    return list(db.session.scalars(query.order_by(SignUp.queue_order, SignUp.id).limit(MOST_TOGETHER)))


def _was_told(kind: Kind) -> ColumnElement[bool]:
    """Whether anybody was reminded of this session as it stands; its key says so."""
    number, version = cast(Session.id, String), cast(Session.sequence, String)
    topic = literal("sign_up:", String) + SignUp.reference + literal(":", String) + number
    what = literal(f"%:{kind.name}:", String)
    is_such = and_(
        Notice.kind == kind.code,
        Notice.key.like(what + number + literal(".", String) + version + literal(":%", String)),
    )
    with_others = exists().where(NoticeTopic.about == topic, NoticeTopic.notice_id == Notice.id, is_such)
    return or_(exists().where(Notice.about == topic, is_such), with_others)
