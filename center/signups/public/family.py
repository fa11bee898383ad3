"""What I and everybody I act for are signed up for, in my own calendar behind its secret address."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import func, or_, select

from center.activities.calendars import COLUMNS, called, entry_words, with_rooms
from center.activities.models import Activity, Session, SessionState
from center.bookings.calendars.entries import Entry, uid_of
from center.bookings.calendars.feeds import GONE_STAY, Feed, feed_span
from center.kernel.db import db
from center.kernel.i18n import format_moment, local_date
from center.kernel.i18n import gettext as _
from center.people.acting import people_acted_for
from center.people.models import Person
from center.signups.models import LIVE, Audience, Roster, SignUp, SignUpState
from center.signups.models.history import SignUpEvent
from center.signups.queries import is_date_of_roster


def sign_up_feed(person_id: int, *, now: datetime) -> Feed | None:
    """The sign-ups of a person, their household, children and whoever agreed to it; None where there is none."""
    me = db.session.get_one(Person, person_id)
    people = [each.person.id for each in people_acted_for(me, on=local_date(now))]
    rows = _rows(people, now=now)
    if not rows:
        return None
    changes = _changes({row.sign_up_id for row in rows})
    entries = tuple(_entry(row, changes=changes.get(row.sign_up_id, 1), reader_id=person_id, now=now) for row in rows)
    return Feed(entries, max(min(entry.stamp, now) for entry in entries))


def _rows(people: Collection[int], *, now: datetime) -> Sequence[Any]:
    """Every session of every sign-up that counts, or that was given up not long ago."""
    within = feed_span(now)
    its_own = (
        SignUp.id.label("sign_up_id"),
        SignUp.reference,
        SignUp.state.label("sign_up_state"),
        SignUp.offer_expires_at,
        SignUp.changed_at.label("sign_up_changed_at"),
        SignUp.person_id,
        Person.name.label("person"),
        Roster.audience,
    )
    query = (
        select(*its_own, *COLUMNS)
        .select_from(SignUp)
        .join(Person, Person.id == SignUp.person_id)
        .join(Roster, Roster.id == SignUp.roster_id)
        .join(Activity, Activity.id == Roster.activity_id)
        .join(Session, is_date_of_roster())
        .where(
            SignUp.person_id.in_(sorted(people)),
            or_(SignUp.state.in_(LIVE), SignUp.changed_at >= now - GONE_STAY),
            Session.starts_at >= within.start,
            Session.starts_at < within.end,
        )
        .order_by(Session.starts_at, SignUp.id)
    )
    return db.session.execute(with_rooms(query)).all()


def _changes(sign_up_ids: Collection[int]) -> dict[int, int]:
    """How often each sign-up changed, so that programmes know a newer entry from an older one."""
    query = select(SignUpEvent.sign_up_id, func.count()).where(SignUpEvent.sign_up_id.in_(sorted(sign_up_ids)))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(SignUpEvent.sign_up_id))}


def _entry(row: Any, *, changes: int, reader_id: int, now: datetime) -> Entry:
    words = entry_words(row)
    words["stamp"] = max(words["stamp"], row.sign_up_changed_at)
    title = called(row) if row.audience is Audience.PARTICIPANTS else _("%(what)s (as a volunteer)", what=called(row))
    what = title if row.person_id == reader_id else _("%(name)s: %(what)s", name=row.person, what=title)
    address = url_for("signups.show_sign_up", reference=row.reference, _external=True)
    is_off = row.state is SessionState.CANCELLED or row.sign_up_state not in LIVE
    has_place = row.sign_up_state is SignUpState.CONFIRMED
    return Entry(
        uid=uid_of(f"sign-up:{row.sign_up_id}:{row.id}"),
        sequence=row.sequence + changes - 1,
        status="CANCELLED" if is_off else "CONFIRMED" if has_place else "TENTATIVE",
        summary=_standing(row, what),
        description=_(
            "Sign-up %(reference)s. To change or cancel it: %(address)s", reference=row.reference, address=address
        ),
        address=address,
        reminder=what if has_place and not is_off else "",
        is_own=True,
        **words,
    )


def _standing(row: Any, what: str) -> str:
    """The words, after how it stands where it does not stand as signed up."""
    if row.state is SessionState.CANCELLED:
        return _("Called off: %(what)s", what=what)
    match row.sign_up_state:
        case SignUpState.CONFIRMED:
            return what
        case SignUpState.WAITING:
            return _("On the waiting list: %(what)s", what=what)
        case SignUpState.REQUESTED:
            return _("Not decided yet: %(what)s", what=what)
        case SignUpState.OFFERED:
            return _("Please answer by %(when)s: %(what)s", when=format_moment(row.offer_expires_at), what=what)
    return _("Cancelled: %(what)s", what=what)
