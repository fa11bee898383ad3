"""Grids and who looks after them. A grid worker sees people of their own grid alone, while their role lasts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from center.kernel.db import db
from center.people.models import Account, Building, Role, RoleGrant


def grids_of(person_id: int, *, on: date) -> Sequence[int]:
    """The ids of the grids that somebody looks after that day."""
    query = select(RoleGrant.grid_id).where(RoleGrant.person_id == person_id, _looks_after(on)).distinct()
    return [grid_id for grid_id in db.session.scalars(query.order_by(RoleGrant.grid_id)) if grid_id is not None]


def lives_in(grid_ids: Sequence[int], building_id: Any) -> ColumnElement[bool]:
    """In a query: whether the building in this column lies in one of these grids."""
    found: ColumnElement[bool] = building_id.in_(select(Building.id).where(Building.grid_id.in_(grid_ids)))
    return found


def is_looked_after(building_id: Any, *, on: date) -> ColumnElement[bool]:
    """In a query: whether the building in this column lies in a grid whose worker can look at their round that day."""
    workers = (
        select(RoleGrant.grid_id)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(_looks_after(on), Account.confirmed_at.is_not(None), Account.disabled_at.is_(None))
    )
    return exists().where(Building.id == building_id, Building.grid_id.in_(workers))


def _looks_after(on: date) -> ColumnElement[bool]:
    return and_(
        RoleGrant.role == Role.GRID_WORKER,
        RoleGrant.grid_id.is_not(None),
        RoleGrant.starts_on <= on,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on),
    )
