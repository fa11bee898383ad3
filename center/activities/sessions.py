"""Sessions and the rooms they take: added, moved and cancelled, each with its room's time in the same transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from center.activities.clashes import Clash, SessionPlan, clashes_of
from center.activities.differences import Difference, Told
from center.activities.history import Before, Change, note
from center.activities.models import Activity, ActivityChange, ActivityState, Session, SessionState
from center.activities.rules import MOST_SESSIONS, may_session_become
from center.activities.words import where
from center.bookings.waiting.offers import offer_freed_time
from center.kernel.db import change_rows, db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import centre_zone, ngettext
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span
from center.people.models import Person
from center.rooms import ledger
from center.rooms.known_rooms import lock_rooms_shared
from center.rooms.models import Room, RoomUse, UseKind


class SessionsClash(Conflict):
    """Some of the sessions cannot take place where and when they were planned."""

    def __init__(self, clashes: Sequence[Clash]) -> None:
        words = ngettext(
            "%(num)d session cannot take place as planned. Change it or leave it out.",
            "%(num)d sessions cannot take place as planned. Change them or leave them out.",
            len(clashes),
        )
        super().__init__(words, field="date")
        self.clashes = tuple(clashes)


def add_sessions(activity: Activity, plans: Sequence[SessionPlan], *, by: Person, now: datetime) -> list[Session]:
    """Add sessions to an activity, in the order of time, and take their rooms: all of them or none.

    Raises SessionsClash with what is in the way.
    """
    ledger.line_up()
    lock(activity)
    refuse_once_over(activity)
    if len(activity.sessions) + len(plans) > MOST_SESSIONS:
        raise RuleBroken(_l("An activity has at most %(most)s sessions.", most=MOST_SESSIONS), field="date")
    in_order = sorted(plans, key=lambda plan: plan.span)
    _hold_rooms(plan.room for plan in in_order)
    if found := _clashes(activity, in_order, by=by, now=now):
        raise SessionsClash(found)
    made = [_enter(activity, plan, now=now) for plan in in_order]
    db.session.flush()
    db.session.expire(activity, ["sessions"])
    for session in made:
        note(Change(activity=activity, session=session, what=ActivityChange.SESSION_ADDED, by=by, now=now))
    return made


def move_session(session: Session, plan: SessionPlan, *, by: Person, now: datetime, reason: str = "") -> None:
    """Let a session take place at another time or in another room; whoever comes to it is told.

    Moving it to where it is changes nothing. Raises SessionsClash, and then it stays where it was.
    """
    activity = hold_with_activity(session)
    if not session.is_scheduled or session.ends_at <= now:
        raise RuleBroken(_l("This session is over or cancelled, so it cannot be moved."))
    before = _as_it_is(session)
    after = (plan.room.id if plan.room else None, plan.span.start, plan.span.end, plan.place)
    if after == (session.room_id, session.starts_at, session.ends_at, session.place):
        return
    _hold_rooms([session.room, plan.room])
    if found := _clashes(activity, [plan], by=by, now=now, instead_of=session):
        raise SessionsClash(found)
    old_use_id = session.use_id
    if old_use_id is not None:
        ledger.release(old_use_id)
    use = _take_room(plan, activity)
    _put(session, plan, use.id if use else None, now=now)
    if before.room is not None:
        db.session.execute(delete(RoomUse).where(RoomUse.id == old_use_id))
        offer_freed_time(before.room, _cleared(before.room, before.starts_at, before.ends_at), now=now)
    what = ActivityChange.SESSION_MOVED
    note(Change(activity=activity, session=session, what=what, by=by, now=now, before=before, reason=reason))


def change_place(session: Session, plan: SessionPlan, *, by: Person, now: datetime, reason: str) -> None:
    """Let a session take place where the ledger has it already, since it changes places with something else.

    It is held and judged. Whoever comes to it is told.
    """
    before = _as_it_is(session)
    change_rows(update(RoomUse).where(RoomUse.id == session.use_id).values(ends_at=plan.span.end))
    _put(session, plan, session.use_id, now=now)
    what, activity = ActivityChange.SESSION_MOVED, session.activity
    note(Change(activity=activity, session=session, what=what, by=by, now=now, before=before, reason=reason))


def _put(session: Session, plan: SessionPlan, use_id: int | None, *, now: datetime) -> None:
    activity = session.activity
    if activity.is_public and plan.span.start != session.starts_at:  # else nobody knew of the time before
        session.was_starts_at, session.moved_at = session.starts_at, now
    session.starts_at, session.ends_at, session.place = plan.span.start, plan.span.end, plan.place
    session.room, session.use_id, session.is_doubled = plan.room, use_id, False
    _touch(session, activity, now=now)


@dataclass(frozen=True, kw_only=True)
class MovePreview:
    """What moving a session would mean, before it is confirmed."""

    before: Before
    plan: SessionPlan
    clashes: Sequence[Clash]


def preview_move(session: Session, plan: SessionPlan, *, by: Person, now: datetime) -> MovePreview:
    """The difference that a move would make, and what is in its way; nothing is written."""
    clashes = _clashes(session.activity, [plan], by=by, now=now, instead_of=session)
    return MovePreview(before=_as_it_is(session), plan=plan, clashes=clashes)


def cancel_session(session: Session, *, reason: str, by: Person, now: datetime) -> None:
    """Call a session off and free its room; whoever comes to it is told. Twice is once."""
    activity = hold_with_activity(session)
    if session.state is SessionState.CANCELLED:
        return
    if session.ends_at <= now:
        raise RuleBroken(_l("This session is over, so it cannot be cancelled."))
    cancel_one(session, activity, reason=reason, by=by, now=now)


def cancel_one(
    session: Session, activity: Activity, *, reason: str, by: Person, now: datetime, with_all: bool = False
) -> None:
    """What cancelling means for one session of an activity that is locked already."""
    if not may_session_become(session.state, SessionState.CANCELLED):
        raise Conflict(_l("This session has changed meanwhile. Please look at it again."))
    session.state, session.cancelled_at, session.cancel_reason = SessionState.CANCELLED, now, reason
    if session.use_id is not None and session.room is not None:
        ledger.release(session.use_id)
        offer_freed_time(session.room, _cleared(session.room, session.starts_at, session.ends_at), now=now)
    _touch(session, activity, now=now)
    what = ActivityChange.SESSION_CANCELLED
    note(Change(activity=activity, session=session, what=what, by=by, now=now, reason=reason, with_all=with_all))


def concerned_by(activity: Activity, difference: Difference, *, now: datetime) -> list[Session]:
    """The sessions ahead that a change of what an activity says concerns: of its place, those that are held there."""
    ahead = [session for session in activity.sessions if session.is_scheduled and session.ends_at > now]
    if difference.what is not Told.PLACE:
        return ahead
    return [session for session in ahead if session.room_id is None and not session.place]


def count_change(activity: Activity, found: Iterable[Difference], *, now: datetime) -> None:
    """Let calendars know that what they say of the sessions ahead has changed."""
    changed = {session.id: session for each in found for session in concerned_by(activity, each, now=now)}
    for session in changed.values():
        session.changed_at = now
        session.sequence += 1
    db.session.flush()


def refuse_once_over(activity: Activity) -> None:
    """Raises RuleBroken where an activity is over or cancelled: nothing of it changes any more."""
    if activity.state in {ActivityState.CANCELLED, ActivityState.HELD}:
        raise RuleBroken(_l("This activity is over or cancelled. Copy it to do it again."))


def label_uses(activity: Activity) -> None:
    """Write on the uses of its rooms what boards may say: whose session it is and which, once it is public."""
    use_ids = [session.use_id for session in activity.sessions if session.use_id is not None]
    label, label_en = _labels(activity)
    change_rows(update(RoomUse).where(RoomUse.id.in_(use_ids)).values(label=label, label_en=label_en))


def _labels(activity: Activity) -> tuple[str, str]:
    if not activity.is_public:
        return "", ""
    owner = activity.organisation
    english = f"{owner.name_en or owner.name} · {activity.title_en or activity.title}"
    return f"{owner.name} · {activity.title}", english


def _enter(activity: Activity, plan: SessionPlan, *, now: datetime) -> Session:
    use = _take_room(plan, activity)
    session = Session(
        activity_id=activity.id,
        room=plan.room,
        use_id=use.id if use else None,
        place=plan.place,
        topic=plan.topic,
        starts_at=plan.span.start,
        ends_at=plan.span.end,
        moved_at=now if activity.is_public else None,  # those who have signed up hear of a time they did not know
        state=SessionState.SCHEDULED,
        changed_at=now,
    )
    db.session.add(session)
    return session


def _take_room(plan: SessionPlan, activity: Activity) -> RoomUse | None:
    """Enter a session's time in the ledger; raises TimeTaken when somebody was faster by a moment."""
    if plan.room is None:
        return None
    until_cleared = _cleared(plan.room, plan.span.start, plan.span.end)
    span = {"starts_at": until_cleared.start, "clear_at": until_cleared.end}
    use = ledger.take(UseKind.SESSION, plan.room, **span, zone=centre_zone())
    use.label, use.label_en = _labels(activity)
    use.ends_at = plan.span.end
    return use


def _clashes(
    activity: Activity, plans: Sequence[SessionPlan], *, by: Person, now: datetime, instead_of: Session | None = None
) -> Sequence[Clash]:
    return clashes_of(
        plans,
        expected=activity.expected,
        organisation=activity.organisation,
        beside=activity.sessions,
        instead_of=instead_of,
        by=by,
        now=now,
    )


def _hold_rooms(rooms: Iterable[Room | None]) -> None:
    lock_rooms_shared(room for room in rooms if room is not None)


def hold_with_activity(session: Session) -> Activity:
    """The line of those who change room time, the activity, then its session: the same order for all."""
    ledger.line_up()
    lock(session.activity)
    lock(session)
    return session.activity


def _touch(session: Session, activity: Activity, *, now: datetime) -> None:
    session.changed_at = activity.changed_at = now
    session.sequence += 1
    db.session.flush()
    db.session.expire(activity, ["sessions"])


def _cleared(room: Room, starts_at: datetime, ends_at: datetime) -> Span:
    return Span(starts_at, ends_at + timedelta(minutes=room.buffer_minutes))


def _as_it_is(session: Session) -> Before:
    place = "" if session.room else where(session)
    return Before(room=session.room, starts_at=session.starts_at, ends_at=session.ends_at, place=place)
