"""Taking back right away what staff decided about an activity that waited for review. Inside one `transaction()`.

What is published is public at once, so somebody may sign up within the minute: then it stays public, and staff are
told so. Whoever signs up holds the rosters, and taking back holds them too (a listener of sign-ups does): one of the
two comes first, and the other sees it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from center.activities import messages, news, sessions
from center.activities.history import Change, history, note
from center.activities.models import Activity, ActivityChange, ActivityEvent, ActivityState
from center.bookings.rulebook.deciding import TAKEN_BACK_WITHIN, may_take_back
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.notices.withdrawing import withdraw
from center.people.models import Person

DECIDED = {ActivityChange.PUBLISHED: ActivityState.PUBLISHED, ActivityChange.RETURNED: ActivityState.RETURNED}
BEFORE = frozenset({*DECIDED, ActivityChange.SUBMITTED, ActivityChange.WITHDRAWN, ActivityChange.DECISION_UNDONE})


def just_decided(by: Person, *, now: datetime) -> Sequence[Activity]:
    """About which activities somebody decided so lately that they can take it back, the latest first."""
    query = (
        select(ActivityEvent)
        .join(ActivityEvent.activity)
        .where(
            ActivityEvent.at > now - TAKEN_BACK_WITHIN,
            ActivityEvent.by_id == by.id,
            ActivityEvent.what.in_(DECIDED),
            Activity.submitted_at.is_not(None),
        )
        .options(contains_eager(ActivityEvent.activity).joinedload(Activity.organisation))
        .order_by(ActivityEvent.at.desc(), ActivityEvent.id.desc())
    )
    events = db.session.scalars(query).all()
    return [each.activity for each in events if _stands(each) and may_take_back(each.at, now=now)]


def take_back(activity: Activity, *, by: Person, now: datetime) -> None:
    """Let an activity wait for review again about which one has just decided; twice is once.

    Whom the decision has not reached hears nothing; the others are told that it does not stand. Raises RuleBroken
    after the minute, Conflict where something has happened since, such as somebody's sign-up.
    """
    lock(activity)
    events = history(activity)
    last = events[-1]
    if last.what is ActivityChange.DECISION_UNDONE and last.by_id == by.id:
        return
    before = next((each.what for each in reversed(events[:-1]) if each.what in BEFORE), None)
    waited = before in {ActivityChange.SUBMITTED, ActivityChange.DECISION_UNDONE}
    if last.by_id != by.id or not _stands(last) or not waited:
        raise changed_meanwhile(activity)
    if not may_take_back(last.at, now=now):
        raise too_late()
    activity.state, activity.changed_at = ActivityState.SUBMITTED, now
    activity.reason, activity.published_at = "", None
    db.session.flush()
    sessions.label_uses(activity)
    note(Change(activity=activity, what=ActivityChange.DECISION_UNDONE, by=by, now=now))
    said = [news.PUBLISHED, news.RETURNED]
    if reached := withdraw([messages.about(activity)], said, said_at=last.at):
        messages.tell(activity, news.DECISION_UNDONE, now=now, only=reached)


def changed_meanwhile(activity: Activity) -> Conflict:
    """Why a decision stays although it is not too late to take it back."""
    return Conflict(_l("“%(title)s” has changed meanwhile, so it stays as it is. Look at it.", title=activity.title))


def too_late() -> RuleBroken:
    """Why a decision stays once its minute is over."""
    return RuleBroken(_l("A decision can be taken back for one minute, and that has passed. Look at the activity."))


def _stands(event: ActivityEvent) -> bool:
    """Whether a decision is still how things stand."""
    return event.activity.state is DECIDED.get(event.what) and event.activity.changed_at == event.at
