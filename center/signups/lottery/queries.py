"""Reading lotteries: how many take part, what was drawn, and whether drawing again gives the same."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from center.activities.models import Activity
from center.kernel.db import db
from center.signups.lottery.rules import Entry, draw
from center.signups.models import Roster, SignUp
from center.signups.models.lottery import Draw, DrawPool, Lot


def draws_of(roster_ids: Collection[int]) -> dict[int, Draw]:
    """The lotteries of these rosters, by the roster's id."""
    if not roster_ids:
        return {}
    query = select(Draw).where(Draw.roster_id.in_(sorted(roster_ids))).order_by(Draw.id)
    return {each.roster_id: each for each in db.session.scalars(query)}


def lot_of(sign_up: SignUp) -> Lot | None:
    """What somebody drew; None where they took part in no draw."""
    return db.session.scalar(select(Lot).where(Lot.sign_up_id == sign_up.id))


def whole_draw(roster: Roster) -> Draw | None:
    """A roster's lottery with every lot and the places there were."""
    return db.session.scalar(select(Draw).where(Draw.roster_id == roster.id).options(*_all_of_it()))


def drawn_of(activity: Activity) -> Sequence[Draw]:
    """The lotteries of an activity that were drawn, with every lot."""
    query = select(Draw).join(Draw.roster).where(Roster.activity_id == activity.id, Draw.drawn_at.is_not(None))
    return db.session.scalars(query.options(*_all_of_it()).order_by(Draw.drawn_at, Draw.id)).all()


def is_repeatable(made: Draw) -> bool:
    """Draw again from what was written down: whether order and places are the same."""
    entries = [
        Entry(
            reference=lot.reference,
            unit=lot.unit,
            fits=tuple(int(each) for each in lot.fits.split()),
            wants_companion=lot.wants_companion,
            precedence=lot.precedence,
        )
        for lot in made.lots
    ]
    left = {each.pool_id: each.places for each in made.pools}
    beside = {each.pool_id for each in made.pools if each.is_beside}
    again = draw(reversed(entries), seed=made.seed, left=left, beside=beside)
    return [(each.entry.reference, each.pool_id) for each in again] == [
        (lot.reference, lot.pool_id) for lot in made.lots
    ]


def _all_of_it() -> tuple[_AbstractLoad, ...]:
    return (
        joinedload(Draw.roster).joinedload(Roster.session),
        selectinload(Draw.lots),
        selectinload(Draw.pools).joinedload(DrawPool.pool),
    )
