"""Roles: granted and ended by the director, dated."""

from datetime import date, timedelta

from sqlalchemy import delete, or_, select

from center.kernel.acts import Act
from center.kernel.db import change_rows, db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people import queries, rules
from center.people.models import ClaimCode, Grid, Person, Role, RoleGrant


def grant_role(
    person: Person,
    role: Role,
    *,
    starts_on: date,
    by: Person | None,
    ends_on: date | None = None,
    grid: Grid | None = None,
) -> RoleGrant:
    """Give a person a role from one date until (and including) another. `by` is None on the command line.

    Their open claim codes end with it: those were handed out when less hung on the account. Raises RuleBroken for dates
    the wrong way round or somebody the desk has not confirmed, Conflict for a role already held.
    """
    rules.check_role_dates(starts_on, ends_on)
    lock(person)
    account = queries.account_of(person.id)
    if by is not None and account is not None and not account.is_confirmed:
        raise RuleBroken(_l("The desk has not yet confirmed who this is, so they cannot have a role."))
    grid_id = grid.id if grid and role is Role.GRID_WORKER else None
    if _held_meanwhile(person.id, role, grid_id, starts_on, ends_on):
        raise Conflict(_l("This person already has this role in that time."), field="role")
    grant = RoleGrant(
        person_id=person.id,
        role=role,
        grid_id=grid_id,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by_id=by.id if by else None,
    )
    db.session.add(grant)
    change_rows(delete(ClaimCode).where(ClaimCode.person_id == person.id, ClaimCode.used_at.is_(None)))
    db.session.flush()
    note(Act.ROLE_GRANTED, role.value, person_id=person.id, by=by)
    return grant


def end_role(grant: RoleGrant, *, by: Person, today: date) -> None:
    """End a role at once: yesterday was its last day. One that had not begun before today is taken away whole.

    Raises what `rules.check_role_end` raises.
    """
    concerned = RoleGrant.person_id.in_({grant.person_id, by.id})
    held = db.session.scalars(select(RoleGrant).where(concerned).with_for_update().order_by(RoleGrant.id)).all()
    mine = [each for each in held if each.person_id == by.id and each.role is Role.DIRECTOR and each.id != grant.id]
    others = sum(1 for each in mine if rules.is_current(each, today))
    rules.check_role_end(role=grant.role, is_own=grant.person_id == by.id, other_directorships=others)
    if grant.starts_on >= today:
        db.session.delete(grant)
    elif grant.ends_on is None or grant.ends_on >= today:
        grant.ends_on = today - timedelta(days=1)
    note(Act.ROLE_ENDED, grant.role.value, person_id=grant.person_id, by=by)


def _held_meanwhile(person_id: int, role: Role, grid_id: int | None, starts_on: date, ends_on: date | None) -> bool:
    query = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role == role,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= starts_on),
    )
    if ends_on is not None:
        query = query.where(RoleGrant.starts_on <= ends_on)
    same_grid = RoleGrant.grid_id.is_(None) if grid_id is None else RoleGrant.grid_id == grid_id
    return db.session.scalar(query.where(same_grid).limit(1)) is not None
