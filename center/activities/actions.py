"""What happens to activities. Each function is called inside one `transaction()` and never commits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from center.activities import messages, news, rules, sessions
from center.activities.differences import differences
from center.activities.history import Change, note
from center.activities.models import Activity, ActivityChange, ActivityKind, ActivityState, Session, SessionState
from center.activities.titles import reading, slug_for
from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.facts import Party, ProposedUse
from center.bookings.rulebook.room_hours import agreed_hours, month_of
from center.bookings.rulebook.rules import needs_approval
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, DomainError, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import refuse_unless_same
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms import ledger


@dataclass(frozen=True, kw_only=True)
class ActivityFacts:
    """What an organisation says of an activity, checked for shape only."""

    kind_id: int
    title: str
    title_en: str = ""
    summary: str = ""
    summary_en: str = ""
    about: str = ""
    about_en: str = ""
    bring: str = ""
    fee: str = ""
    contact: str = ""
    place: str = ""
    place_en: str = ""
    expected: int = 20
    age_from: int | None = None
    age_to: int | None = None
    is_step_free: bool = False
    is_narrated: bool = False
    has_sign_language: bool = False
    has_companion_seats: bool = False
    has_pick_up: bool = False


def create(
    organisation: Organisation, facts: ActivityFacts, *, by: Person, now: datetime, request_key: str | None = None
) -> Activity:
    """A draft of an organisation; raises RuleBroken on the field at fault."""
    lock(organisation)
    broken_rules(_faults(facts))
    activity = Activity(
        organisation=organisation,
        slug=slug_for(facts.title, facts.title_en),
        state=ActivityState.DRAFT,
        created_by_id=by.id,
        request_key=request_key,
        created_at=now,
        changed_at=now,
        sort_key=reading(facts.title),
        **asdict(facts),
    )
    db.session.add(activity)
    db.session.flush()
    note(Change(activity=activity, what=ActivityChange.CREATED, by=by, now=now))
    return activity


def edit(
    activity: Activity,
    facts: ActivityFacts,
    *,
    by: Person,
    now: datetime,
    was: ActivityFacts | None = None,
    reason: str = "",
    not_before: datetime | None = None,
    undoes: datetime | None = None,
) -> None:
    """Say something else of an activity; what is the same already is not a change.

    Once it is public, another place, other things to bring or another fee count for calendars as a move does, and
    whoever signed up is told, with the reason: not before some moment, or, where this `undoes` what was told at
    another, only those whom that has reached. Raises Outdated where it is not as it `was` for whoever changes it.
    """
    lock(activity)
    check_words(activity, facts, was=was)
    if facts == facts_of(activity):
        return
    if any(session.is_scheduled and session.room and session.room.capacity < facts.expected
           for session in activity.sessions):  # fmt: skip
        raise RuleBroken(_l("A room of this activity holds fewer people. Move that session first."), field="expected")
    found = differences(activity, facts) if activity.is_public else []
    for name, value in asdict(facts).items():
        setattr(activity, name, value)
    activity.sort_key, activity.changed_at = reading(facts.title), now
    db.session.flush()
    db.session.expire(activity, ["kind"])
    sessions.label_uses(activity)
    sessions.count_change(activity, found, now=now)
    told: dict[str, Any] = {"reason": reason, "differences": found, "not_before": not_before, "undoes": undoes}
    note(Change(activity=activity, what=ActivityChange.EDITED, by=by, now=now, **told))


def facts_of(activity: Activity) -> ActivityFacts:
    """What is said of an activity."""
    return ActivityFacts(**{name: getattr(activity, name) for name in ActivityFacts.__dataclass_fields__})


def check_words(activity: Activity, facts: ActivityFacts, *, was: ActivityFacts | None) -> None:
    """Raises what stands against an activity's saying this: it is over, or not as it `was`, or a field is at fault."""
    sessions.refuse_once_over(activity)
    refuse_unless_same(was, facts_of(activity))
    broken_rules(_faults(facts, kept_kind_id=activity.kind_id))


def submit(activity: Activity, *, by: Person, now: datetime) -> None:
    """Ask staff to publish it; asking twice is asking once."""
    lock(activity)
    if activity.state is ActivityState.SUBMITTED:
        return
    _refuse_while_lacking(activity)
    activity.submitted_at, activity.reason = now, ""
    _change_state(activity, ActivityState.SUBMITTED, what=ActivityChange.SUBMITTED, by=by, now=now)
    messages.tell(activity, news.SUBMITTED, now=now)


def withdraw(activity: Activity, *, by: Person, now: datetime) -> None:
    """Take a submitted activity back before staff looked at it; it is a draft again."""
    lock(activity)
    if activity.state is ActivityState.DRAFT:
        return
    _change_state(activity, ActivityState.DRAFT, what=ActivityChange.WITHDRAWN, by=by, now=now)


def publish(activity: Activity, *, by: Person, now: datetime, as_staff: bool) -> None:
    """Let everybody see it and sign up; publishing twice is publishing once.

    An organisation that staff trust publishes itself, but not what needs staff's agreement for its room.
    """
    lock(activity)
    if activity.state is ActivityState.PUBLISHED:
        return
    if not as_staff:
        _refuse_without_review(activity)
    _refuse_while_lacking(activity)
    activity.published_at, activity.reason = now, ""
    was_submitted = activity.state is ActivityState.SUBMITTED
    _change_state(activity, ActivityState.PUBLISHED, what=ActivityChange.PUBLISHED, by=by, now=now)
    sessions.label_uses(activity)
    if was_submitted:
        messages.tell(activity, news.PUBLISHED, now=now)


def needs_agreement(activity: Activity) -> bool:
    """Whether staff must agree to one of its rooms before it is published by anybody else."""
    if is_beyond_hours(activity):
        return True
    return any(
        needs_approval(
            ProposedUse(Span(session.starts_at, session.ends_at), activity.expected, Party.ORGANISATION),
            rules_of(session.room),
        )
        for session in activity.sessions
        if session.room is not None and session.is_scheduled
    )


def is_beyond_hours(activity: Activity) -> bool:
    """Whether some of its sessions lie in a month in which its organisation uses rooms beyond what is agreed."""
    held = [each for each in activity.sessions if each.room_id is not None and each.is_scheduled]
    if not held:
        return False
    months = {month_of(each.starts_at) for each in held}  # its own dates are counted already
    agreed = agreed_hours([activity.organisation_id], months, min(each.starts_at for each in held))
    return any(hours.is_over for hours in agreed.values())


def send_back(activity: Activity, *, reason: str, by: Person, now: datetime) -> None:
    """Return a submitted activity to its organisation, with a reason the leads read."""
    lock(activity)
    if activity.state is ActivityState.RETURNED:
        return
    if not reason:
        raise RuleBroken(_l("Please say why, so that they know what to change."), field="reason")
    activity.reason = reason
    _change_state(activity, ActivityState.RETURNED, what=ActivityChange.RETURNED, by=by, now=now, reason=reason)
    messages.tell(activity, news.RETURNED, now=now, reason=reason)


def cancel(activity: Activity, *, reason: str, by: Person, now: datetime, as_staff: bool = False) -> None:
    """Call off an activity with all its sessions ahead; their rooms are free and whoever comes is told. Twice is once.

    Sessions that took place stay as they were.
    """
    ledger.line_up()
    lock(activity)
    if activity.state is ActivityState.CANCELLED:
        return
    was_public = activity.is_public
    if was_public and not reason:
        raise RuleBroken(_l("Please say why. Those who signed up will read it."), field="reason")
    rows = _locked_sessions(activity)
    _note_held(activity, rows, now=now)
    for session in rows:
        if session.is_scheduled:
            sessions.cancel_one(session, activity, reason=reason, by=by, now=now, with_all=True)
    activity.reason = reason
    _change_state(activity, ActivityState.CANCELLED, what=ActivityChange.CANCELLED, by=by, now=now, reason=reason)
    if as_staff:
        messages.tell(activity, news.CANCELLED_BY_STAFF, now=now, reason=reason)


def close_if_over(activity: Activity, *, now: datetime) -> bool:
    """Note which sessions took place, and that the activity is over once none is ahead; says whether it is."""
    lock(activity)
    if activity.state is not ActivityState.PUBLISHED:
        return False
    rows = _locked_sessions(activity)
    _note_held(activity, rows, now=now)
    if not rows or any(session.is_scheduled for session in rows):
        return False
    if not any(session.state is SessionState.HELD for session in rows):
        return False  # all were called off: a date may still be added
    _change_state(activity, ActivityState.HELD, what=ActivityChange.HELD, by=None, now=now)
    return True


def _note_held(activity: Activity, rows: Sequence[Session], *, now: datetime) -> None:
    """Write down which of its sessions took place."""
    for session in rows:
        if session.is_scheduled and session.ends_at <= now:
            session.state, session.changed_at = SessionState.HELD, now
            note(Change(activity=activity, session=session, what=ActivityChange.SESSION_HELD, by=None, now=now))


def _change_state(
    activity: Activity,
    to: ActivityState,
    *,
    what: ActivityChange,
    by: Person | None,
    now: datetime,
    reason: str = "",
) -> None:
    if not rules.may_become(activity.state, to):
        raise Conflict(_l("This activity has changed meanwhile. Please look at it again."))
    activity.state, activity.changed_at = to, now
    db.session.flush()
    note(Change(activity=activity, what=what, by=by, now=now, reason=reason))


def _faults(facts: ActivityFacts, *, kept_kind_id: int | None = None) -> list[DomainError]:
    faults: list[DomainError] = []
    kind = db.session.get(ActivityKind, facts.kind_id)
    if kind is None or (kind.is_retired and kind.id != kept_kind_id):
        faults.append(RuleBroken(_l("Please choose one of these."), field="kind_id"))
    if not facts.title.strip():
        faults.append(RuleBroken(_l("Please fill this in."), field="title"))
    if facts.age_from is not None and facts.age_to is not None and facts.age_to < facts.age_from:
        faults.append(RuleBroken(_l("The upper age is below the lower one."), field="age_to"))
    if facts.expected < 1:
        faults.append(RuleBroken(_l("Please write a number of at least 1."), field="expected"))
    return faults


MISSING_WORDS = {
    rules.Missing.PLACE: (_l("Say where it takes place: a room for each session, or a place."), "place"),
    rules.Missing.SESSIONS: (_l("Say when it takes place: it has no session yet."), "date"),
    rules.Missing.SUMMARY: (_l("Say in a sentence what it is about."), "summary"),
}


def _refuse_while_lacking(activity: Activity) -> None:
    scheduled = [(s.room_id is not None, s.place) for s in activity.sessions if s.is_scheduled]
    lacks = rules.missing(summary=activity.summary, sessions=scheduled, place=activity.place)
    broken_rules([RuleBroken(MISSING_WORDS[each][0], field=MISSING_WORDS[each][1]) for each in lacks])


def _refuse_without_review(activity: Activity) -> None:
    if not activity.organisation.publishes_directly:
        raise RuleBroken(_l("Staff look at this organisation's activities first. Please submit it."))
    if needs_agreement(activity):
        raise RuleBroken(_l("One of its rooms needs the staff's agreement. Please submit it."))


def _locked_sessions(activity: Activity) -> list[Session]:
    query = select(Session).where(Session.activity_id == activity.id).order_by(Session.id)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    rows = db.session.scalars(query).all()
    return sorted(rows, key=lambda session: (session.starts_at, session.id))
