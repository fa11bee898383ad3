"""Ordered reads of wishes."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from center.allocation.models import AllocationRound, TermWish, TermWishChoice, WeeklyTime
from center.kernel.db import db, must_find
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.rooms.models import Room
from center.rooms.rule_models import Purpose


def get_wish(reference: str) -> TermWish:
    """The wish with this reference that was not withdrawn; raises NotFound."""
    query = _with_all(select(TermWish).where(TermWish.reference == reference.upper(), TermWish.withdrawn_at.is_(None)))
    return must_find(db.session.scalar(query), _l("There is no wish with this number."))


def wishes_of(found: AllocationRound) -> Sequence[TermWish]:
    """Every wish of a round, by organisation and by what matters most to it."""
    return _in_round(found.id)


def own_wishes(found: AllocationRound, organisation_id: int) -> Sequence[TermWish]:
    """The wishes of one organisation, what matters most to it first."""
    return _in_round(found.id, organisation_id)


def kinds_to_wish() -> list[tuple[int, str]]:
    """The kinds of use that staff keep a list of, as choices of a form."""
    kinds = db.session.scalars(select(Purpose).order_by(Purpose.position, Purpose.id)).all()
    return [(each.id, in_language(each.name, each.name_en)) for each in kinds]


def _in_round(round_id: int, organisation_id: int | None = None) -> Sequence[TermWish]:
    query = select(TermWish).where(TermWish.round_id == round_id, TermWish.withdrawn_at.is_(None))
    if organisation_id is not None:
        query = query.where(TermWish.organisation_id == organisation_id)
    found = db.session.scalars(_with_all(query)).unique().all()
    return sorted(found, key=lambda each: (each.organisation.sort_key, each.organisation_id, each.position, each.id))


def _with_all(query: Select[TermWish]) -> Select[TermWish]:
    return query.options(
        joinedload(TermWish.round),
        joinedload(TermWish.organisation),
        joinedload(TermWish.person),
        joinedload(TermWish.kind_of_use),
        selectinload(TermWish.choices)
        .joinedload(TermWishChoice.time)
        .joinedload(WeeklyTime.room)
        .options(selectinload(Room.parent), selectinload(Room.parts)),
    )
