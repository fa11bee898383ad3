"""What the words of every kind of message may say of sign-ups."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from center.activities.messages import say_when, where
from center.bookings.messages import say_desk
from center.kernel.i18n import format_moment, in_language
from center.kernel.i18n import gettext as _
from center.people.models import Person
from center.signups import whom
from center.signups.deciding import decide_by
from center.signups.models import SignUp
from center.signups.rules import cancel_deadline


def facts_of(theirs: Sequence[SignUp], reader: Person, *, now: datetime, by: Person | None = None) -> Mapping[str, Any]:
    """What the words of every kind may say of sign-ups of one roster, each said in the reader's language."""
    first = theirs[0]
    roster, activity = first.roster, first.roster.activity
    sessions = [each for each in roster.sessions if each.is_scheduled] or roster.sessions
    ahead = [each for each in sessions if each.ends_at > now] or sessions
    return {
        "title": lambda: in_language(activity.title, activity.title_en),
        "organisation": lambda: in_language(activity.organisation.name, activity.organisation.name_en),
        "when": lambda: say_when(sessions, now=now),
        "where": lambda: where(ahead[0]) if ahead else "",
        "bring": lambda: _("Bring along: %(what)s", what=activity.bring) if activity.bring else "",
        "reference": ", ".join(each.reference for each in theirs),
        "desk": say_desk,
        "whom": lambda: whom.whom(theirs, reader),
        "aside": lambda: whom.aside(theirs, reader),
        "group": lambda: whom.group(theirs, reader),
        "who": lambda: whom.for_whom(theirs, reader),
        "hand": lambda: _("Done by: %(name)s", name=by.name) if by is not None and by.id != reader.id else "",
        "standing": lambda: whom.standing(theirs, reader),
        "if_not": lambda: whom.if_not(theirs),
        "place": lambda: whom.numbers(theirs),
        "until": lambda: format_moment(first.offer_expires_at) if first.offer_expires_at else "",
        "deadline": lambda: _deadline(first, now),
        "draw": lambda: format_moment(roster.closes_at) if roster.closes_at else "",
        "decided": lambda: format_moment(moment) if (moment := decide_by(first)) else "",
    }


def _deadline(sign_up: SignUp, now: datetime) -> str:
    coming = [each for each in sign_up.roster.sessions if each.starts_at > now]
    if not coming:
        return ""
    first, minutes = min(coming, key=lambda each: each.starts_at), sign_up.roster.cancel_minutes
    return format_moment(max(now, cancel_deadline(first.starts_at, cancel_minutes=minutes, moved_at=first.moved_at)))
