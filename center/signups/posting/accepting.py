"""Accepting what was proposed of a public activity, and taking that back, or a refusal, within the minute.

Never commits. What stood before is kept with the proposal. It comes back only where nothing has happened to it since:
nobody changed it again, signed up under the new words or answered the new question. All of that is decided with the
activity and its rosters held.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from center.activities import actions as activity_actions
from center.activities.change_requests import actions as proposing
from center.activities.change_requests.models import ChangeRequest, ChangeRequestKind, ChangeRequestState
from center.activities.change_requests.queries import find_waiting
from center.activities.models import Activity
from center.activities.photos import actions as photos
from center.activities.photos.actions import PhotoFacts
from center.activities.photos.images import Picture
from center.activities.undoing import changed_meanwhile
from center.bookings.rulebook.deciding import TAKEN_BACK_WITHIN
from center.kernel.db import db
from center.kernel.errors import Conflict
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import register
from center.people.models import Person
from center.signups.details import questions as asking
from center.signups.details.questions import QuestionFacts
from center.signups.models import Question, QuestionKind, Roster, SignUp
from center.signups.queries import get_roster, rosters_with
from center.signups.roster_state import hold

register("undone", {"slip": _l("The change of a moment ago was a slip. It is as it was before.")})
SLIP = "{undone.slip}"


def accept(proposal: ChangeRequest, *, by: Person, now: datetime) -> None:
    """Let an activity say or show what was proposed; whoever must hear of it is told once it cannot be undone."""
    proposing.hold_waiting(proposal)
    put = {ChangeRequestKind.WORDS: _say, ChangeRequestKind.PHOTO: _show, ChangeRequestKind.QUESTION: _ask}[
        proposal.kind
    ]
    before, picture = put(proposal, by=by, now=now)
    proposing.accepted(proposal, before=before, picture=picture, by=by, now=now)


def undo(proposal: ChangeRequest, *, by: Person, now: datetime) -> None:
    """Let a proposal wait again that one has just accepted or sent back, with what was before. Twice is once.

    Raises RuleBroken after the minute, Conflict where something has happened since.
    """
    if not proposing.hold_decided(proposal, by=by, now=now):
        return
    picture = None
    if proposal.state is ChangeRequestState.ACCEPTED:
        picture = UNDO[proposal.kind](proposal, by=by, now=now)
    proposing.waits_again(proposal, picture=picture, now=now)


def _say(proposal: ChangeRequest, *, by: Person, now: datetime) -> tuple[dict[str, Any], None]:
    activity = proposal.activity
    wanted, present = proposing.facts_wanted(proposal), vars(activity_actions.facts_of(activity))
    before = {"facts": {name: present[name] for name in proposal.values}, "signed_up": _last_sign_up(activity)}
    reason, later = proposal.reason, now + TAKEN_BACK_WITHIN
    activity_actions.edit(activity, wanted, by=by, now=now, reason=reason, not_before=later)
    return before, None


def _unsay(proposal: ChangeRequest, *, by: Person, now: datetime) -> None:
    activity, before = proposal.activity, proposal.stood_before
    present = vars(activity_actions.facts_of(activity))
    if any(present[name] != value for name, value in proposal.values.items()):
        raise changed_meanwhile(activity)
    if _last_sign_up(activity) != before["signed_up"]:
        words = _l(
            "Somebody has signed up since, having read it like this, so it stays. Change it on its page if it is wrong."
        )
        raise Conflict(words)
    facts = activity_actions.ActivityFacts(**{**present, **before["facts"]})
    activity_actions.edit(activity, facts, by=by, now=now, reason=SLIP, undoes=proposal.decided_at)


def _last_sign_up(activity: Activity) -> int:
    """The number of the last one to sign up; with its rosters held, nobody does so meanwhile."""
    for roster in rosters_with(activity):
        hold(roster)
    query = select(func.max(SignUp.id)).join(Roster, Roster.id == SignUp.roster_id)
    return db.session.scalar(query.where(Roster.activity_id == activity.id)) or 0


def _show(proposal: ChangeRequest, *, by: Person, now: datetime) -> tuple[dict[str, Any], Picture | None]:
    activity, words = proposal.activity, proposal.values
    known = photos.find_whole_photo(activity.id)
    was, picture = (_kept(known), photos.picture_of(known)) if known else (None, None)
    if proposal.large is None or proposal.small is None:
        photos.describe(activity, alt=words["alt"], alt_en=words["alt_en"], by=by, now=now)
    else:
        new = Picture(proposal.large, proposal.small, proposal.width or 1, proposal.height or 1)
        photos.put(activity, new, alt=words["alt"], alt_en=words["alt_en"], by=by, now=now)
    shown = photos.find_photo(activity.id)
    return {"was": was, "name": shown.name if shown else ""}, picture if proposal.width else None


def _kept(photo: Any) -> dict[str, Any]:
    """A photo without its bytes, as it is written down."""
    facts = {name: getattr(photo, name) for name in ("alt", "alt_en", "added_by_id", "width", "height")}
    return {**facts, "added_at": photo.added_at.isoformat()}


def _hide(proposal: ChangeRequest, *, by: Person, now: datetime) -> Picture | None:
    """The photo from before, or none; the one that was accepted is the proposal's again."""
    activity, wanted, before = proposal.activity, proposal.values, proposal.stood_before
    shown, was = photos.find_whole_photo(activity.id), before["was"]
    if shown is None or (shown.name, shown.alt, shown.alt_en) != (before["name"], wanted["alt"], wanted["alt_en"]):
        raise changed_meanwhile(activity)
    if not proposal.width:
        photos.describe(activity, alt=was["alt"], alt_en=was["alt_en"], by=by, now=now)
        return None
    accepted = photos.picture_of(shown)
    picture = facts = None
    if was is not None and proposal.large is not None and proposal.small is not None:
        picture = Picture(proposal.large, proposal.small, was["width"], was["height"])
        names = {name: was[name] for name in ("alt", "alt_en", "added_by_id")}
        facts = PhotoFacts(**names, added_at=datetime.fromisoformat(was["added_at"]))
    photos.put_back(activity, picture, facts, by=by, now=now)
    return accepted


def _ask(proposal: ChangeRequest, *, by: Person, now: datetime) -> tuple[dict[str, Any], None]:
    said, facts, was, added = proposal.values, _facts(proposal.values["facts"]), None, []
    if said["question"]:
        question = asking.get_question_of(proposal.activity_id, said["question"])
        was = asdict(asking.facts_of(question))
        asking.change_question(question, facts, by=by)
    for roster_id in sorted(said["rosters"]):
        roster = get_roster(roster_id)
        hold(roster)
        db.session.expire(roster, ["questions"])
        known = {each.id for each in roster.questions}
        made = asking.add_question(roster, facts, by=by)
        added += [made.id] if made.id not in known else []
    return {"was": was, "added": added}, None


def _ask_no_more(proposal: ChangeRequest, *, by: Person, now: datetime) -> None:
    """Questions that were added go; one that was put differently is put as before. Neither where it is answered."""
    said, before, facts = proposal.values, proposal.stood_before, _facts(proposal.values["facts"])
    if before["was"] is not None:
        question = _question_as_accepted(proposal, said["question"], facts)
        asking.change_question(question, _facts(before["was"]), by=by)
    for question_id in before["added"]:
        asking.remove_question(_question_as_accepted(proposal, question_id, facts), by=by)


def _question_as_accepted(proposal: ChangeRequest, question_id: int, facts: QuestionFacts) -> Question:
    """The question, held; raises Conflict where something else became of it, or it is to be put anew."""
    question = asking.find_question(question_id)
    is_to_change = find_waiting(proposal.activity_id, ChangeRequestKind.QUESTION, f"question {question_id}") is not None
    if question is None or is_to_change:
        raise changed_meanwhile(proposal.activity)
    hold(get_roster(question.roster_id))
    db.session.refresh(question)
    if asking.facts_of(question) != facts:
        raise changed_meanwhile(proposal.activity)
    return question


def _facts(said: dict[str, Any]) -> QuestionFacts:
    return QuestionFacts(**{**said, "kind": QuestionKind(said["kind"])})


UNDO: dict[ChangeRequestKind, Callable[..., Picture | None]] = {
    ChangeRequestKind.WORDS: _unsay,
    ChangeRequestKind.PHOTO: _hide,
    ChangeRequestKind.QUESTION: _ask_no_more,
}
