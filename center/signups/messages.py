"""What people are told of their sign-ups. `center.signups.news` has the words.

A sign-up is told to the person, for a child to their guardians instead, and to whoever signed them up and may still
act for them.
"""

import enum
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from center.activities.changes import Before
from center.activities.messages import say_when, where, why
from center.activities.models import Session
from center.bookings.messages import name_of_room, say_desk
from center.db import db
from center.i18n import format_moment, format_span, in_language, local_date
from center.i18n import gettext as _
from center.notices import outbox
from center.notices.lasting import last_until
from center.organisations.queries import leads_of
from center.people.acting import Ground, ground_to_act, hearers_for
from center.people.models import DelegationScope, Person
from center.signups import news as words  # noqa: F401  (makes its kinds known to the outbox)
from center.signups import offer_links
from center.signups.lottery import news as lottery_words  # noqa: F401  (the same)
from center.signups.models import LIVE, Roster, SignUp, SignUpState
from center.signups.queries import place_in_queue
from center.signups.rules import cancel_deadline
from center.web import path_to

BY_RIGHT_OF_OTHERS = frozenset({Ground.DELEGATION, Ground.GUARDIAN, Ground.HOUSEHOLD})


class News(enum.StrEnum):
    """What there is to tell of a sign-up."""

    APPROVED = "sign_up.approved"  # the lead gave a place
    CALLED_OFF = "sign_up.called_off"  # none of what they signed up for takes place any more, with the reason
    CANCELLED = "sign_up.cancelled"  # they cancelled it themselves: a receipt
    CANCELLED_BY_STAFF = "sign_up.cancelled_by_staff"  # the lead or the desk cancelled it, with the reason
    CANCELLED_LATE = "sign_up.cancelled_late"  # to the leads: somebody cannot come after all, and says why
    DRAWN = "sign_up.drawn"  # the lot gave a place
    DRAWN_LATER = "sign_up.drawn_later"  # not drawn, and at which place in the queue
    ENTERED = "sign_up.entered"  # takes part in a draw, and when it is
    MOVED_BACK = "sign_up.moved_back"  # there are fewer places than there were: back in the queue, with the reason
    NOT_DRAWN = "sign_up.not_drawn"  # not drawn, and nobody waits
    CONFIRMED = "sign_up.confirmed"  # a place: when, where, what to bring, until when to cancel
    DECLINED = "sign_up.declined"  # no place, with the lead's reason
    GIVEN_AWAY = "sign_up.given_away"  # their place is somebody else's of the family now
    OFFER_EXPIRED = "sign_up.offer_expired"  # the offer ran out and went to the next; how to queue again
    OFFERED = "sign_up.offered"  # a place is held until `offer_expires_at`; accept or turn down
    PROMOTED = "sign_up.promoted"  # from the waiting list to a place, without asking; cancel if you cannot come
    QUEUED = "sign_up.queued"  # on the waiting list, and at which place
    REMINDER_DAY = "sign_up.reminder_day"
    REMINDER_SOON = "sign_up.reminder_soon"
    REQUESTED = "sign_up.requested"  # waits for the lead or for the draw; when they will know
    SESSION_CANCELLED = "sign_up.session_cancelled"  # one session of several is called off, with the reason
    SESSION_MOVED = "sign_up.session_moved"  # another time or room: from where, to where
    TAKEN_OVER = "sign_up.taken_over"  # a place that was somebody else's of the family
    TOO_MANY = "sign_up.too_many"  # there are fewer places now than they are together; what they can do


ENDS = frozenset(
    {
        News.CALLED_OFF,
        News.CANCELLED,
        News.CANCELLED_BY_STAFF,
        News.DECLINED,
        News.GIVEN_AWAY,
        News.NOT_DRAWN,
        News.OFFER_EXPIRED,
    }
)


def tell(
    sign_up: SignUp, news: News, *, now: datetime, by: Person | None = None, reason: str = "", **more: str
) -> None:
    """Tell whoever a sign-up concerns, in the transaction of the change itself; to who did it (`by`) it is no news."""
    ends = [about(sign_up, session) for session in sign_up.roster.sessions] if news in ENDS else []
    facts = {**facts_of(sign_up, now=now), "reason": reason, "why": lambda: why(reason), **more}
    what = news.rpartition(".")[2]
    if news is News.CANCELLED_LATE:
        facts["person"] = sign_up.person.name
        for lead in leads_of(sign_up.roster.activity.organisation_id, on=local_date(now)):
            _tell(sign_up, lead, news, what=what, facts=facts, until=_tell_until(sign_up, now), now=now)
        return
    until = sign_up.offer_expires_at if news is News.OFFERED else _tell_until(sign_up, now)
    told = readers(sign_up, now=now)
    if ends:
        outbox.forget(ends, now=now, except_for={reader.id for reader in told})
    for reader in told:
        _tell(sign_up, reader, news, what=what, facts=facts, until=until, by=by, now=now, ends=ends)


def tell_of_session(
    sign_up: SignUp, news: News, session: Session, *, now: datetime, reason: str = "", before: Before | None = None
) -> None:
    """Tell of one session: that it moved, is called off, or begins soon. Once for each standing of the session."""
    facts = {
        **facts_of(sign_up, now=now),
        "when": lambda: format_span(session.starts_at, session.ends_at),
        "where": lambda: where(session),
        "reason": reason,
        "why": lambda: why(reason),
        "was": lambda: _was(session, before),
    }
    what = f"{news.rpartition('.')[2]}:{session.id}.{session.sequence}"
    for reader in readers(sign_up, now=now):
        _tell(sign_up, reader, news, what=what, facts=facts, until=session.starts_at, now=now, session=session)


def readers(sign_up: SignUp, *, now: datetime) -> list[Person]:
    """Who hears of a sign-up, each once."""
    today, signed_by = local_date(now), sign_up.signed_by
    found = hearers_for(sign_up.person, on=today)
    if sign_up.ground in BY_RIGHT_OF_OTHERS and signed_by.id not in {each.id for each in found}:
        ground = ground_to_act(signed_by, sign_up.person, scope=DelegationScope.SIGN_UPS, on=today)
        found = [*found, signed_by] if ground is not None else found
    return found


def about(sign_up: SignUp, session: Session | None = None) -> str:
    """How the outbox names this sign-up; one of its sessions stands for itself, so that news of another one stays."""
    return f"sign_up:{sign_up.reference}" + (f":{session.id}" if session is not None else "")


def facts_of(sign_up: SignUp, *, now: datetime) -> Mapping[str, Any]:
    """What the words of every kind may say of a sign-up, each said in the reader's language."""
    activity = sign_up.roster.activity
    sessions = [each for each in sign_up.roster.sessions if each.is_scheduled] or sign_up.roster.sessions
    ahead = [each for each in sessions if each.ends_at > now] or sessions
    return {
        "title": lambda: in_language(activity.title, activity.title_en),
        "organisation": lambda: in_language(activity.organisation.name, activity.organisation.name_en),
        "when": lambda: say_when(sessions, now=now),
        "where": lambda: where(ahead[0]) if ahead else "",
        "bring": lambda: _("Bring along: %(what)s", what=activity.bring) if activity.bring else "",
        "reference": sign_up.reference,
        "desk": say_desk,
        "place": lambda: place_in_queue(sign_up) or "",
        "until": lambda: format_moment(sign_up.offer_expires_at) if sign_up.offer_expires_at else "",
        "deadline": lambda: _deadline(sign_up, now),
        "draw": lambda: format_moment(sign_up.roster.closes_at) if sign_up.roster.closes_at else "",
    }


def _tell(
    sign_up: SignUp,
    reader: Person,
    news: News,
    *,
    what: str,
    facts: Mapping[str, Any],
    until: datetime | None,
    now: datetime,
    session: Session | None = None,
    by: Person | None = None,
    ends: Sequence[str] = (),
) -> None:
    is_person = reader.id == sign_up.person_id
    outbox.tell(
        reader,
        news,
        key=f"{about(sign_up)}:{what}:{reader.id}",
        facts={**facts, "who": "" if is_person else lambda: _("For: %(name)s", name=sign_up.person.name)},
        path=_page(sign_up, reader, news),
        about=about(sign_up, session),
        ends=ends,
        until=until,
        by=by,
        now=now,
    )


def _page(sign_up: SignUp, reader: Person, news: News) -> str:
    """Where to go on: an offer is answered by its own link, signed in or not."""
    if news is News.OFFERED:
        return path_to("signups.offer", offer=offer_links.link_for(sign_up, reader))
    return path_to("signups.show_sign_up", reference=sign_up.reference)


def keep_until(roster: Roster, *, now: datetime) -> None:
    """Calls about a roster's sign-ups that were not made yet are worth making until its dates as they are now."""
    query = select(SignUp).where(SignUp.roster_id == roster.id, SignUp.state.in_(LIVE)).order_by(SignUp.id)
    sign_ups = db.session.scalars(query.execution_options(populate_existing=True)).all()
    if sign_ups and (until := _tell_until(sign_ups[0], now)):
        last_until([about(each) for each in sign_ups], until, but=News.OFFERED)
    for each in sign_ups:
        if each.state is SignUpState.OFFERED and each.offer_expires_at is not None:
            last_until([about(each)], each.offer_expires_at, kinds=[News.OFFERED])


def _next_start(sign_up: SignUp, now: datetime) -> datetime | None:
    """When the next of its sessions starts; what is called off would have been then."""
    starts = [each.starts_at for each in sign_up.roster.sessions if each.starts_at > now]
    return min(starts, default=None)


def _tell_until(sign_up: SignUp, now: datetime) -> datetime | None:
    """From then on nobody needs to be rung up about it: the next start, or the end of what has begun already."""
    ends = [each.ends_at for each in sign_up.roster.sessions if each.ends_at > now]
    return _next_start(sign_up, now) or max(ends, default=None)


def _deadline(sign_up: SignUp, now: datetime) -> str:
    coming = [each for each in sign_up.roster.sessions if each.starts_at > now]
    if not coming:
        return ""
    first, minutes = min(coming, key=lambda each: each.starts_at), sign_up.roster.cancel_minutes
    return format_moment(max(now, cancel_deadline(first.starts_at, cancel_minutes=minutes, moved_at=first.moved_at)))


def _was(session: Session, before: Before | None) -> str:
    if before is None:
        return ""
    when = format_span(before.starts_at, before.ends_at)
    return _("%(when)s, %(where)s", when=when, where=name_of_room(before.room)) if before.room else when
