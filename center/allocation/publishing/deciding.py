"""Working the result out, and adjusting it. Each function is called inside one `transaction()`; none commits."""

from datetime import datetime

from sqlalchemy import delete, select

from center.allocation.matching.acceptance import match
from center.allocation.models import Adjustment, AllocationRound, Award, RoundState, TermWish, WeeklyTime
from center.allocation.publishing.weighing import weigh
from center.allocation.rounds.actions import refuse_published
from center.allocation.wishes.queries import wishes_of
from center.allocation.wishes.suiting import Use, unsuited
from center.allocation.words import say_place, say_wish
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.kernel.i18n import format_moment
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Person


def work_out(found: AllocationRound, *, by: Person, now: datetime) -> int:
    """Give each time to a wish by the published criteria; how many got one. Nobody else reads it yet.

    Doing it again gives the same where nothing has changed, and takes adjustments back. Raises Conflict once it is
    published, RuleBroken while wishes can still be named.
    """
    lock(found)
    refuse_published(found)
    if found.state is RoundState.DRAFT:
        raise Conflict(_l("The round is not open yet."))
    if found.closes_at > now:
        raise RuleBroken(_l("Wishes can be named until %(when)s.", when=format_moment(found.closes_at)))
    wishes = wishes_of(found)
    given = match(weigh(found, wishes))
    db.session.execute(delete(Award).where(Award.round_id == found.id))
    ids = {wish.reference: wish.id for wish in wishes}
    for reference, time_id in sorted(given.items()):
        db.session.add(Award(round_id=found.id, wish_id=ids[reference], time_id=time_id))
    found.state, found.matched_at = RoundState.MATCHED, now
    db.session.flush()
    note(Act.ALLOCATION_MATCHED, found, by=by)
    return len(given)


def adjust(wish: TermWish, to: WeeklyTime | None, *, reason: str, by: Person, now: datetime) -> None:
    """Give a wish another time, or none, for a reason that everybody will read. The same again is once.

    Raises Conflict where somebody has the time, RuleBroken where the room's rules refuse the wish.
    """
    found = wish.round
    lock(found)
    refuse_published(found)
    if found.state is not RoundState.MATCHED:
        raise Conflict(_l("Work out the result first."))
    if wish.withdrawn_at is not None or (to is not None and to.round_id != found.id):
        raise NotFound(_l("There is no wish with this number."))
    award = db.session.scalar(select(Award).where(Award.wish_id == wish.id))
    if (award.time_id if award else None) == (to.id if to else None):
        return
    if not reason.strip():
        raise RuleBroken(_l("Please say why: everybody will read it."), field="reason")
    if to is not None:
        _refuse_taken(to)
        _refuse_unsuited(wish, to, now=now)
    was = award.time_id if award else None
    _give(wish, award, to)
    db.session.add(
        Adjustment(
            round_id=found.id,
            wish_id=wish.id,
            from_time_id=was,
            to_time_id=to.id if to else None,
            reason=reason.strip(),
            at=now,
            by_id=by.id,
        )
    )
    db.session.flush()
    note(Act.ALLOCATION_ADJUSTED, found, by=by, reason=reason)


def _give(wish: TermWish, award: Award | None, to: WeeklyTime | None) -> None:
    if award is not None and to is None:
        db.session.delete(award)
    elif award is not None and to is not None:
        award.time_id, award.is_adjusted = to.id, True
    elif to is not None:
        db.session.add(Award(round_id=wish.round_id, wish_id=wish.id, time_id=to.id, is_adjusted=True))
    db.session.flush()


def _refuse_taken(to: WeeklyTime) -> None:
    holder = db.session.scalar(select(TermWish).join(Award, Award.wish_id == TermWish.id).where(Award.time_id == to.id))
    if holder is not None:
        raise Conflict(
            _l("%(time)s is given to %(wish)s. Give that wish another time first.",
               time=say_place(to), wish=say_wish(holder)),
            field="time_id",
        )  # fmt: skip


def _refuse_unsuited(wish: TermWish, to: WeeklyTime, *, now: datetime) -> None:
    use = Use(people=wish.people, purpose_id=wish.purpose_id, organisation=wish.organisation, person=wish.person)
    if words := unsuited(wish.round, [to], use, now=now).get(to.id):
        raise RuleBroken(f"{say_place(to)}: {words}", field="time_id")
