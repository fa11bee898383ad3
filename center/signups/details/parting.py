"""People who were to stay together come one by one after all. Never commits."""

from datetime import datetime

from center.kernel.db import db
from center.people.models import Person
from center.signups.history import note
from center.signups.models import SignUp
from center.signups.models.history import SignUpChange
from center.signups.offers import offer_held, settle_due
from center.signups.roster_state import hold


def part(sign_up: SignUp, *, by: Person, now: datetime) -> None:
    """Let each of a group have a place as one comes; all keep their number in the queue. Twice is once."""
    roster_state = hold(sign_up.roster)
    group = sign_up.group
    db.session.refresh(group)
    if not group.stays_together:
        return
    group.stays_together = False
    for each in group.sign_ups:
        if each.is_live:
            note(each, SignUpChange.EDITED, by=by, now=now)
    db.session.flush()
    settle_due(roster_state, now=now)
    offer_held(roster_state, now=now)
