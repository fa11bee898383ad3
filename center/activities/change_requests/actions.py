"""Proposing and deciding. Each function is called inside one `transaction()` and never commits.

The activity is held first, then its proposals, so proposing and deciding wait for each other.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from center.activities import messages, news
from center.activities.actions import ActivityFacts, check_words, facts_of
from center.activities.change_requests.models import ChangeRequest, ChangeRequestKind, ChangeRequestState
from center.activities.change_requests.queries import find_waiting
from center.activities.models import Activity
from center.activities.photos.images import Picture
from center.activities.undoing import too_late
from center.bookings.rulebook.deciding import TAKEN_BACK_WITHIN, may_take_back
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.notices.withdrawing import withdraw
from center.people.models import Person

UNDOABLE = frozenset({ChangeRequestState.ACCEPTED, ChangeRequestState.RETURNED})


def propose_words(
    activity: Activity, facts: ActivityFacts, *, was: ActivityFacts, by: Person, now: datetime, reason: str = ""
) -> ChangeRequest | None:
    """Ask staff to let an activity say this. None where it says all of it already: then nothing waits any more.

    Raises Outdated where it is not as it `was` for whoever wrote it.
    """
    lock(activity)
    check_words(activity, facts, was=was)
    present = vars(facts_of(activity))
    wanted = {name: value for name, value in vars(facts).items() if value != present[name]}
    if not wanted:
        _replace(activity, ChangeRequestKind.WORDS, "", by=by, now=now)
        return None
    return propose(activity, ChangeRequestKind.WORDS, wanted, by=by, now=now, reason=reason)


def propose(
    activity: Activity,
    kind: ChangeRequestKind,
    wanted: Mapping[str, Any],
    *,
    by: Person,
    now: datetime,
    target: str = "",
    reason: str = "",
    picture: Picture | None = None,
) -> ChangeRequest:
    """Let something wait for staff, in place of what waited before. The very same once more changes nothing."""
    lock(activity)
    said = json.dumps(wanted, ensure_ascii=False, sort_keys=True)
    known = find_waiting(activity.id, kind, target)
    if known is not None and (known.wanted, known.reason) == (said, reason) and picture is None:
        return known
    _replace(activity, kind, target, by=by, now=now)
    made = ChangeRequest(
        activity=activity,
        kind=kind,
        target=target,
        wanted=said,
        reason=reason,
        large=picture.large if picture else None,
        small=picture.small if picture else None,
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        proposed_by=by,
        proposed_at=now,
        state=ChangeRequestState.WAITING,
    )
    db.session.add(made)
    db.session.flush()
    if known is None:
        messages.tell_staff_it_waits(activity, key=f"proposal:{made.id}", now=now)
    return made


def take_back(proposal: ChangeRequest, *, by: Person, now: datetime) -> None:
    """It is not wanted any more. Twice is once."""
    _hold(proposal)
    if proposal.state is ChangeRequestState.WAITING:
        _decide(proposal, ChangeRequestState.REPLACED, by=by, now=now)


def hold_waiting(proposal: ChangeRequest) -> Activity:
    """The activity of a proposal, with both held; raises Conflict where it waits no longer."""
    _hold(proposal)
    if proposal.state is not ChangeRequestState.WAITING:
        raise Conflict(_l("This does not wait any more: it was decided, or written anew. Please look again."))
    return proposal.activity


def accepted(
    proposal: ChangeRequest, *, before: Mapping[str, Any], picture: Picture | None = None, by: Person, now: datetime
) -> None:
    """Note that what was proposed is public now, and what stood before it, which may come back for a minute."""
    _decide(proposal, ChangeRequestState.ACCEPTED, by=by, now=now)
    proposal.before = json.dumps(before, ensure_ascii=False, sort_keys=True)
    _keep(proposal, picture)
    messages.tell(proposal.activity, news.CHANGE_ACCEPTED, now=now, also=proposal.proposed_by)


def send_back(proposal: ChangeRequest, *, reason: str, by: Person, now: datetime) -> None:
    """Refuse a proposal with a reason that its organisation reads; what is public stays as it is."""
    activity = hold_waiting(proposal)
    if not reason:
        raise RuleBroken(_l("Please say why, so that they know what to change."), field="reason")
    proposal.answer = reason
    _decide(proposal, ChangeRequestState.RETURNED, by=by, now=now)
    messages.tell(activity, news.CHANGE_RETURNED, now=now, reason=reason, also=proposal.proposed_by)


def hold_decided(proposal: ChangeRequest, *, by: Person, now: datetime) -> bool:
    """Hold a proposal about which somebody has just decided; False where it waits again already.

    Raises RuleBroken after the minute, Conflict where it is another's decision or something newer waits.
    """
    _hold(proposal)
    if proposal.state is ChangeRequestState.WAITING:
        return False
    newer = find_waiting(proposal.activity_id, proposal.kind, proposal.target)
    if proposal.state not in UNDOABLE or proposal.decided_by_id != by.id or newer is not None:
        raise Conflict(_l("This does not wait any more: it was decided, or written anew. Please look again."))
    decided_at = proposal.decided_at
    if decided_at is None or proposal.kept_until is None or not may_take_back(decided_at, now=now):
        raise too_late()
    return True


def waits_again(proposal: ChangeRequest, *, picture: Picture | None = None, now: datetime) -> None:
    """Let a proposal wait as before it was decided, with its `picture` where the activity has had that meanwhile.

    Whom the decision has not reached hears nothing; the others are told that it does not stand.
    """
    decided_at = proposal.decided_at
    assert decided_at is not None
    if proposal.state is ChangeRequestState.ACCEPTED:
        _keep(proposal, picture)
    proposal.state, proposal.answer, proposal.before = ChangeRequestState.WAITING, "", None
    proposal.decided_by_id = proposal.decided_at = proposal.kept_until = None
    db.session.flush()
    said = [news.CHANGE_ACCEPTED, news.CHANGE_RETURNED]
    if reached := withdraw([messages.about(proposal.activity)], said, said_at=decided_at):
        messages.tell(proposal.activity, news.DECISION_UNDONE, now=now, also=proposal.proposed_by, only=reached)


def facts_wanted(proposal: ChangeRequest) -> ActivityFacts:
    """What an activity would say if this were accepted: all else as it is now."""
    return ActivityFacts(**{**vars(facts_of(proposal.activity)), **proposal.values})


def _hold(proposal: ChangeRequest) -> None:
    lock(proposal.activity)
    lock(proposal)


def _replace(activity: Activity, kind: ChangeRequestKind, target: str, *, by: Person, now: datetime) -> None:
    known = find_waiting(activity.id, kind, target)
    if known is not None:
        _decide(known, ChangeRequestState.REPLACED, by=by, now=now)


def _decide(proposal: ChangeRequest, state: ChangeRequestState, *, by: Person, now: datetime) -> None:
    """What can be undone keeps its picture for the minute; of all else nothing is kept."""
    proposal.state, proposal.decided_by_id, proposal.decided_at = state, by.id, now
    proposal.kept_until = now + TAKEN_BACK_WITHIN if state in UNDOABLE else None
    if state not in UNDOABLE:
        _keep(proposal, None)
    db.session.flush()


def _keep(proposal: ChangeRequest, picture: Picture | None) -> None:
    proposal.large, proposal.small = (picture.large, picture.small) if picture else (None, None)
    db.session.flush()
