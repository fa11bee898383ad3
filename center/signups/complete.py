"""What an activity must have of places before it is published, and when it can be hidden again."""

from sqlalchemy import func, select

from center.activities.history import Change
from center.activities.models import ActivityChange
from center.kernel.db import db
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.signups.models import Audience, Mode, Pool, PoolKind, Roster, SignUp
from center.signups.roster_state import hold

NO_PLACES = _l("It has no places yet: say how many there are, or that people just come.")


def refuse_once_signed_up(change: Change) -> None:
    """Let nothing be taken out of the public's sight for which somebody has signed up. Holds its rosters."""
    if change.what is not ActivityChange.DECISION_UNDONE:
        return
    rosters = select(Roster).where(Roster.activity_id == change.activity.id).order_by(Roster.id)
    for roster in db.session.scalars(rosters).all():
        hold(roster)
    signed = select(SignUp.id).join(Roster, Roster.id == SignUp.roster_id)
    if db.session.scalar(signed.where(Roster.activity_id == change.activity.id).limit(1)) is not None:
        raise Conflict(_l("Somebody has signed up meanwhile, so it stays public. Call it off, or leave it as it is."))


def refuse_without_places(change: Change) -> None:
    """Let nothing be submitted or published for which people sign up, but nobody can have a place."""
    if change.what not in {ActivityChange.SUBMITTED, ActivityChange.PUBLISHED}:
        return
    places = select(func.coalesce(func.sum(Pool.capacity), 0)).where(
        Pool.roster_id == Roster.id, Pool.kind != PoolKind.COMPANION
    )
    lacking = select(Roster.id).where(
        Roster.activity_id == change.activity.id,
        Roster.audience == Audience.PARTICIPANTS,
        Roster.mode != Mode.WALK_IN,
        Roster.removed_at.is_(None),
        places.correlate(Roster).scalar_subquery() == 0,
    )
    if db.session.scalar(lacking.limit(1)) is not None:
        raise RuleBroken(NO_PLACES, field="capacity")
