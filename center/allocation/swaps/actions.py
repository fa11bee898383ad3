"""Proposing a swap, answering it, taking it back. Each function is called inside one `transaction()`; none commits."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from center.allocation.models.swaps import LIVE_SWAPS, Swap, SwapPair, SwapState
from center.allocation.swaps import news
from center.allocation.swaps.exchanging import both, exchange, hold, put_back, rehearse
from center.allocation.swaps.pairing import Pair, pairs_of, refuse_unswappable
from center.allocation.swaps.series import change_places
from center.allocation.swaps.slots import Slot, last_answer, organisation_of, room_of
from center.bookings.models import Booking, Channel
from center.bookings.models.series import BookingSeries
from center.bookings.series.actions import hold_dates
from center.bookings.series.planning import limit_refusals
from center.kernel import undoing
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken, broken_rules
from center.kernel.i18n import format_span
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import new_reference
from center.kernel.trail import note
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms import ledger

ANSWER_WITHIN = timedelta(days=3)


def propose(ours: Slot | BookingSeries, theirs: Slot | BookingSeries, *, words: str, by: Person, now: datetime) -> Swap:
    """Offer a time, or the whole of a series, for one of another organisation. Nothing changes before it agrees.

    Raises what the rules of either room say against who would use it, Conflict where a time cannot be had any more.
    """
    pairs = _pairs(ours, theirs, now=now)
    hold(pairs, by)
    refuse_unswappable(both(pairs), now=now)
    mine, other = _whose(ours), _whose(theirs)
    if mine is None or other is None or mine.id == other.id:
        raise RuleBroken(_l("Times are swapped between two organisations."))
    _refuse_too_many(ours, theirs, now=now)
    rehearse(pairs, now=now)
    swap = Swap(
        reference=f"T-{new_reference()}",
        state=SwapState.PROPOSED,
        from_organisation=mine,
        to_organisation=other,
        from_series=ours if isinstance(ours, BookingSeries) else None,
        to_series=theirs if isinstance(theirs, BookingSeries) else None,
        note=words.strip(),
        proposed_at=now,
        proposed_by=by,
        expires_at=min(now + ANSWER_WITHIN, *(last_answer(each) for each in both(pairs))),
    )
    swap.pairs = [_written(each) for each in pairs]
    db.session.add(swap)
    db.session.flush()
    news.tell(swap, news.PROPOSED, [other], by=by, now=now)
    return swap


def agree(swap: Swap, *, by: Person, now: datetime) -> None:
    """The other organisation agrees: the times are swapped, or wait for staff where a room asks for that.

    Agreeing twice is once. Raises Conflict, with nothing changed, where a time was cancelled or moved meanwhile.
    """
    pairs = _hold(swap, by)
    if swap.state in {SwapState.DONE, SwapState.WAITING}:
        return
    _refuse_unless(swap, SwapState.PROPOSED, now=now)
    _refuse_changed(swap, pairs, now=now)
    if rehearse(pairs, now=now):
        swap.answered_at, swap.answered_by_id = now, by.id
        swap.state = SwapState.WAITING
        swap.expires_at = min(last_answer(each) for each in both(pairs))
        db.session.flush()
        news.tell(swap, news.WAITS, _both_of(swap), by=by, now=now)
        return
    swap.answered_at, swap.answered_by_id = now, by.id
    _do(swap, pairs, by=by, channel=Channel.ONLINE, now=now)


def approve(swap: Swap, *, by: Person, now: datetime) -> None:
    """Staff agree to a swap to which both organisations agree. Twice is once."""
    pairs = _hold(swap, by)
    if swap.state is SwapState.DONE:
        return
    _refuse_unless(swap, SwapState.WAITING, now=now)
    _refuse_changed(swap, pairs, now=now)
    swap.decided_by_id = by.id
    _do(swap, pairs, by=by, channel=Channel.DESK, now=now)
    note(Act.SWAP_DECIDED, swap.reference, by=by)


def refuse(swap: Swap, *, reason: str, by: Person, now: datetime, as_staff: bool = False) -> None:
    """The other organisation, or staff, say no and why. Twice is once."""
    lock(swap)
    if swap.state is SwapState.REFUSED:
        return
    _refuse_unless(swap, *(LIVE_SWAPS if as_staff else (SwapState.PROPOSED,)), now=now)
    if not reason.strip():
        raise RuleBroken(_l("Please say why: the others will read it."), field="reason")
    swap.state, swap.reason = SwapState.REFUSED, reason.strip()
    if as_staff:
        swap.decided_by_id = by.id
    else:
        swap.answered_at, swap.answered_by_id = now, by.id
    db.session.flush()
    if as_staff:
        note(Act.SWAP_DECIDED, swap.reference, by=by, reason=reason)
    news.tell(swap, news.ENDED, _both_of(swap) if as_staff else [swap.from_organisation], by=by, now=now, reason=reason)


def withdraw(swap: Swap, *, by: Person, now: datetime) -> None:
    """Whoever proposed it takes the proposal back, while it is not done. Twice is once."""
    lock(swap)
    if swap.state is SwapState.WITHDRAWN:
        return
    _refuse_unless(swap, *LIVE_SWAPS, now=now)
    swap.state = SwapState.WITHDRAWN
    db.session.flush()
    news.tell(swap, news.ENDED, [swap.to_organisation], by=by, now=now, reason=_("The proposal was withdrawn."))


def expire(swap: Swap, *, now: datetime) -> None:
    """Put away a proposal that nobody answered in time; whoever proposed it hears of it."""
    lock(swap)
    if swap.state_at(now) is not SwapState.EXPIRED or swap.state is SwapState.EXPIRED:
        return
    swap.state = SwapState.EXPIRED
    db.session.flush()
    news.tell(swap, news.LAPSED, _both_of(swap), by=None, now=now)


def may_take_back(swap: Swap, *, now: datetime) -> bool:
    """Whether what was done is so fresh that it can be undone as a slip."""
    return swap.state is SwapState.DONE and swap.done_at is not None and undoing.may_undo(swap.done_at, now=now)


def take_back(swap: Swap, *, by: Person, now: datetime) -> None:
    """Undo a swap within the minutes for a slip: everybody has their own times again. Twice is once.

    Raises Conflict where one of the times has changed since, RuleBroken after the minutes.
    """
    pairs = _hold(swap, by)
    if swap.state is SwapState.TAKEN_BACK:
        return
    if swap.state is not SwapState.DONE:
        raise Conflict(_l("This swap stands otherwise by now. Please look at it again."))
    if not may_take_back(swap, now=now):
        raise RuleBroken(_l("It can be undone for ten minutes, and they have passed. Propose a swap back instead."))
    _refuse_changed(swap, pairs, now=now)
    words = _("Swap %(number)s taken back", number=swap.reference)
    put_back(pairs, by=by, channel=Channel.ONLINE, now=now, reason=words)
    _follow(swap, pairs, by=by, now=now)
    swap.state = SwapState.TAKEN_BACK
    db.session.flush()
    news.tell(swap, news.TAKEN_BACK, _both_of(swap), by=by, now=now)


def _do(swap: Swap, pairs: Sequence[Pair], *, by: Person, channel: Channel, now: datetime) -> None:
    words = _("Swap %(number)s", number=swap.reference)
    if swap.from_series and swap.to_series:
        _refuse_too_many(swap.from_series, swap.to_series, now=now)
    exchange(pairs, by=by, channel=channel, now=now, reason=words)
    _follow(swap, pairs, by=by, now=now)
    swap.state, swap.done_at = SwapState.DONE, now
    db.session.flush()
    news.tell(swap, news.DONE, _both_of(swap), by=by, now=now)


def _follow(swap: Swap, pairs: Sequence[Pair], *, by: Person, now: datetime) -> None:
    """Let the series follow their bookings, and know how often each booking has changed by now."""
    if swap.from_series and swap.to_series:
        swap.from_series, swap.to_series = change_places(swap.from_series, swap.to_series, pairs, by=by, now=now)
    for each in swap.pairs:
        each.from_seen, each.to_seen = each.offered.sequence, each.asked_for.sequence
    db.session.flush()


def _pairs(ours: Slot | BookingSeries, theirs: Slot | BookingSeries, *, now: datetime) -> list[Pair]:
    if isinstance(ours, BookingSeries) and isinstance(theirs, BookingSeries):
        return pairs_of(ours, theirs, now=now)
    if not isinstance(ours, BookingSeries) and not isinstance(theirs, BookingSeries):
        return [Pair(ours, theirs)]
    raise RuleBroken(_l("Swap a date for a date, or a whole series for a whole series."))


def _whose(offer: Slot | BookingSeries) -> Organisation | None:
    return offer.organisation if isinstance(offer, BookingSeries) else organisation_of(offer)


def _written(pair: Pair) -> SwapPair:
    ours, theirs = pair.ours, pair.theirs
    return SwapPair(
        from_booking=ours if isinstance(ours, Booking) else None,
        from_session=None if isinstance(ours, Booking) else ours,
        to_booking=theirs if isinstance(theirs, Booking) else None,
        to_session=None if isinstance(theirs, Booking) else theirs,
        from_room=pair.ours.room,
        from_starts_at=pair.ours.starts_at,
        from_ends_at=pair.ours.ends_at,
        to_room=pair.theirs.room,
        to_starts_at=pair.theirs.starts_at,
        to_ends_at=pair.theirs.ends_at,
        from_seen=pair.ours.sequence,
        to_seen=pair.theirs.sequence,
    )


def _hold(swap: Swap, by: Person) -> list[Pair]:
    """Hold a swap with all that it would change, and read it anew."""
    ledger.line_up()
    lock(swap)
    pairs = [Pair(each.offered, each.asked_for) for each in swap.pairs]
    hold(pairs, by)
    for series in (swap.from_series, swap.to_series):
        if series is not None:
            hold_dates(series)
    return pairs


def _refuse_unless(swap: Swap, *states: SwapState, now: datetime) -> None:
    if swap.state_at(now) is SwapState.EXPIRED:
        raise Conflict(_l("Nobody answered this proposal in time, so it is over. Propose it again."))
    if swap.state not in states:
        raise Conflict(_l("This swap stands otherwise by now. Please look at it again."))


def _refuse_changed(swap: Swap, pairs: Sequence[Pair], *, now: datetime) -> None:
    """Raises Conflict that names the first time that is not what it was when it was proposed."""
    refuse_unswappable(both(pairs), now=now)
    for slot in changed(swap):
        raise Conflict(
            _l("%(room)s, %(when)s: this has changed since the swap was proposed. Nothing was swapped.",
               room=room_of(slot).full_name, when=format_span(slot.starts_at, slot.ends_at))
        )  # fmt: skip


def changed(swap: Swap) -> list[Slot]:
    """What is not as it was when the swap was proposed, or done."""
    seen = [(each.offered, each.from_seen) for each in swap.pairs]
    seen += [(each.asked_for, each.to_seen) for each in swap.pairs]
    return [slot for slot, sequence in seen if slot.sequence != sequence]


def _refuse_too_many(ours: Slot | BookingSeries, theirs: Slot | BookingSeries, *, now: datetime) -> None:
    """Raises RuleBroken where one would have more series in a room than an organisation may have there."""
    if not (isinstance(ours, BookingSeries) and isinstance(theirs, BookingSeries)) or ours.room_id == theirs.room_id:
        return
    broken_rules(
        [
            *limit_refusals(theirs.room, ours.organisation, now=now, but=ours),
            *limit_refusals(ours.room, theirs.organisation, now=now, but=theirs),
        ]
    )


def _both_of(swap: Swap) -> list[Organisation]:
    return [swap.from_organisation, swap.to_organisation]
