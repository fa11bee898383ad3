"""What an organisation that leaves still has, and what becomes of each: called off, handed to another, or given back.

Nothing is kept of this list: it is read from the bookings, activities, seats and keys themselves, so it is always true.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from center.activities import actions as activities
from center.activities import sessions as activity_sessions
from center.activities.history import Change
from center.activities.history import note as note_change
from center.activities.models import Activity, ActivityChange, ActivityState, Session, SessionState
from center.bookings import actions as bookings
from center.bookings import history
from center.bookings.models import Booking, BookingChange, Channel
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.series.actions import cancel_dates, hold_dates
from center.bookings.series.queries import live_series
from center.bookings.states import is_live_at
from center.incubator import moves
from center.incubator.agreements import messages, queries
from center.incubator.models.agreements import HandOverAct, HandOverWay, KeyGiven, LeftKind, SeatLetting
from center.incubator.models.incubations import Incubation, IncubationDecision, IncubationStage
from center.incubator.stages.deciding import LEFT, Ruling
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.kernel.i18n import format_moment, in_language, local_date
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.organisations.models import Organisation, Stage
from center.organisations.queries import leads_of
from center.people.models import Person
from center.signups.messages import tell_together
from center.signups.models import LIVE
from center.signups.news.handing_on import HANDED_ON
from center.signups.queries import on_roster, rosters_with

GONE = _l("Somebody else has seen to this already.")
ALL = "all"  # single bookings
OVER = (ActivityState.CANCELLED, ActivityState.HELD)


@dataclass(frozen=True, kw_only=True)
class Left:
    """What an organisation still has."""

    bookings: Sequence[Booking]
    series: Sequence[BookingSeries]
    activities: Sequence[Activity]
    seats: Sequence[SeatLetting]
    keys: Sequence[KeyGiven]

    @property
    def count(self) -> int:
        """How many things are to be seen to."""
        return sum(map(len, (self.bookings, self.series, self.activities, self.seats, self.keys)))


def what_is_left(incubation: Incubation, *, now: datetime) -> Left:
    """Everything of an organisation that must be seen to before it has left."""
    organisation_id = incubation.organisation_id
    terms = queries.terms_of(incubation.id)
    return Left(
        bookings=_bookings(organisation_id, now=now),
        series=live_series(organisation_ids=[organisation_id], now=now),
        activities=_activities(organisation_id, now=now),
        seats=[letting for term in terms for letting in term.live],
        keys=[each for each in queries.keys_of(incubation.id) if each.returned_on is None],
    )


def call_off(incubation: Incubation, kind: LeftKind, name: str, *, reason: str, by: Person, now: datetime) -> None:
    """Call off a booking, a series or an activity: its rooms are free, and whoever was to come is told."""
    _refuse_unless_leaving(incubation)
    if not reason.strip():
        raise RuleBroken(_l("Please say why. Those who signed up will read it."), field="reason")
    for found in _found(incubation, kind, name, now=now):
        if isinstance(found, Activity):
            activities.cancel(found, reason=reason, by=by, now=now, as_staff=True)
        elif isinstance(found, BookingSeries):
            dates = [each.on_date for each in found.dates]
            cancel_dates(found, dates, by=by, now=now, reason=reason, as_staff=True)
        else:
            bookings.cancel(found, by=by, now=now, reason=reason, as_staff=True)
        _write_down(incubation, kind, _say(found), HandOverWay.CANCELLED, None, by=by, now=now)


def hand_to(incubation: Incubation, kind: LeftKind, name: str, *, to: Organisation, by: Person, now: datetime) -> None:
    """Let another organisation have a booking, a series or an activity as it is; its leads hear of it.

    Raises RuleBroken for one that cannot take it: it leaves itself, or nobody leads it.
    """
    _refuse_unless_leaving(incubation)
    leads = leads_of(to.id, on=local_date(now))
    leaves = to.stage is Stage.WITHDRAWN or to.uses_until is not None
    if to.id == incubation.organisation_id or leaves or not leads:
        raise RuleBroken(_l("This organisation cannot take it: nobody leads it, or it leaves itself."), field="to")
    every = _found(incubation, kind, name, now=now)
    for found in every:
        _hand(found, to, leads[0], by=by, now=now)
        _write_down(incubation, kind, _say(found), HandOverWay.HANDED, to, by=by, now=now)
    what = _say(every[0]) if len(every) == 1 else _("%(what)s and %(n)d more", what=_say(every[0]), n=len(every) - 1)
    messages.tell_handed(to, what, incubation.organisation, by=by, now=now)


def refuse_while_left(incubation: Incubation, *, now: datetime) -> None:
    """Nothing ends while something is left; the database says the same. Raises Conflict."""
    if what_is_left(incubation, now=now).count:
        raise Conflict(LEFT)


def _bookings(organisation_id: int, *, now: datetime) -> Sequence[Booking]:
    """Those that are no date of a series."""
    of_series = select(SeriesDate.booking_id).where(SeriesDate.booking_id == Booking.id)
    query = select(Booking).where(
        Booking.organisation_id == organisation_id, Booking.ends_at > now, is_live_at(now), ~of_series.exists()
    )
    return db.session.scalars(query.order_by(Booking.starts_at, Booking.id)).all()


def _activities(organisation_id: int, *, now: datetime) -> Sequence[Activity]:
    ahead = select(Session.id).where(
        Session.activity_id == Activity.id, Session.state == SessionState.SCHEDULED, Session.ends_at > now
    )
    query = select(Activity).where(
        Activity.organisation_id == organisation_id, Activity.state.not_in(OVER), ahead.exists()
    )
    return db.session.scalars(query.order_by(Activity.id)).all()


def _found(
    incubation: Incubation, kind: LeftKind, name: str, *, now: datetime
) -> Sequence[Activity | Booking | BookingSeries]:
    """What is named, or all single bookings, if it is this organisation's and ahead; raises Conflict or NotFound."""
    organisation_id = incubation.organisation_id
    found: Sequence[Activity | Booking | BookingSeries]
    if kind is LeftKind.ACTIVITY:
        found = [each for each in _activities(organisation_id, now=now) if each.slug == name]
    elif kind is LeftKind.SERIES:
        found = [each for each in live_series(organisation_ids=[organisation_id], now=now) if each.reference == name]
    elif kind is LeftKind.BOOKING:
        found = [each for each in _bookings(organisation_id, now=now) if name in (ALL, each.reference)]
    else:
        raise NotFound(_l("There is no such thing to see to."))
    if not found:
        raise Conflict(GONE)
    return found


def _hand(
    found: Activity | Booking | BookingSeries, to: Organisation, lead: Person, *, by: Person, now: datetime
) -> None:
    if isinstance(found, Activity):
        lock(found)
        found.organisation, found.changed_at = to, now
        db.session.flush()
        activity_sessions.label_uses(found)
        note_change(Change(activity=found, what=ActivityChange.EDITED, by=by, now=now, reason=to.name))
        for roster in rosters_with(found):
            tell_together(on_roster(roster, *LIVE), HANDED_ON, now=now, by=by)
        return
    if isinstance(found, BookingSeries):
        dates = hold_dates(found)
        found.organisation_id, found.person_id, found.changed_at = to.id, lead.id, now
        held = [each.booking for each in dates if each.booking is not None and each.is_to_come(now)]
    else:
        bookings.lock_to_free(found)
        held = [found]
    for booking in held:
        _hand_booking(booking, to, lead, by=by, now=now)


def _hand_booking(booking: Booking, to: Organisation, lead: Person, *, by: Person, now: datetime) -> None:
    booking.organisation_id, booking.person_id, booking.changed_at = to.id, lead.id, now
    booking.sequence += 1
    db.session.flush()
    history.note(booking, BookingChange.EDITED, by=by, channel=Channel.DESK, now=now, reason=to.name)


def _say(found: Activity | Booking | BookingSeries) -> str:
    """What it is called, as it is kept."""
    if isinstance(found, Activity):
        return in_language(found.title, found.title_en)
    if isinstance(found, BookingSeries):
        return f"{found.room.name} · {found.purpose} · {found.reference}"
    return f"{found.room.name} · {format_moment(found.starts_at)} · {found.reference}"


def _write_down(
    incubation: Incubation,
    kind: LeftKind,
    what: str,
    way: HandOverWay,
    to: Organisation | None,
    *,
    by: Person,
    now: datetime,
) -> None:
    db.session.add(
        HandOverAct(
            incubation_id=incubation.id,
            kind=kind,
            what=what[:200],
            way=way,
            to_organisation_id=to.id if to else None,
            by_id=by.id,
            at=now,
        )
    )
    note(Act.HANDED_OVER, incubation.organisation, by=by, reason=what)


def _refuse_unless_leaving(incubation: Incubation) -> None:
    if incubation.stage is not IncubationStage.WITHDRAWING:
        raise Conflict(_l("This organisation is not leaving."))


def finish(incubation: Incubation, *, step: int, by: Person, now: datetime) -> IncubationDecision:
    """The organisation has left: nothing of it is here any more. Raises Conflict while something is."""
    lock(incubation)
    _refuse_unless_leaving(incubation)
    refuse_while_left(incubation, now=now)
    return moves.move(incubation, Ruling(to_stage=IncubationStage.WITHDRAWN, step=step), by=by, now=now)
