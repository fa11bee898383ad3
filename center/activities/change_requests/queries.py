"""Ordered reads of what waits for staff."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, undefer
from sqlalchemy.orm.strategy_options import _AbstractLoad

from center.activities.change_requests.models import ChangeRequest, ChangeRequestKind, ChangeRequestState
from center.activities.models import Activity
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l

ANSWERS_SHOWN = timedelta(days=14)


def find_waiting(activity_id: int, kind: ChangeRequestKind, target: str = "") -> ChangeRequest | None:
    """What waits of one thing of an activity."""
    query = select(ChangeRequest).where(
        ChangeRequest.activity_id == activity_id,
        ChangeRequest.kind == kind,
        ChangeRequest.target == target,
        ChangeRequest.state == ChangeRequestState.WAITING,
    )
    return db.session.scalar(query)


def get_proposal(proposal_id: int, *, with_picture: bool = False) -> ChangeRequest:
    """The proposal with this id; raises NotFound."""
    query = select(ChangeRequest).where(ChangeRequest.id == proposal_id).options(*_whole())
    if with_picture:
        query = query.options(undefer(ChangeRequest.large), undefer(ChangeRequest.small))
    return must_find(db.session.scalar(query), _l("There is nothing here, or it is not yours to see."))


def just_decided(by_id: int, *, now: datetime) -> Sequence[ChangeRequest]:
    """What somebody accepted or sent back so lately that they can take that back, the latest first."""
    query = select(ChangeRequest).where(ChangeRequest.kept_until > now, ChangeRequest.decided_by_id == by_id)
    return db.session.scalars(
        query.options(*_whole()).order_by(ChangeRequest.decided_at.desc(), ChangeRequest.id.desc())
    ).all()


def count_proposals() -> int:
    """How many proposals wait for staff."""
    return db.session.scalar(select(func.count()).where(ChangeRequest.state == ChangeRequestState.WAITING)) or 0


def proposals_of(activity_id: int, *, now: datetime) -> Sequence[ChangeRequest]:
    """What waits of an activity, and what was returned lately, the latest first."""
    lately = (ChangeRequest.state == ChangeRequestState.RETURNED) & (ChangeRequest.decided_at > now - ANSWERS_SHOWN)
    query = select(ChangeRequest).where(
        ChangeRequest.activity_id == activity_id, or_(ChangeRequest.state == ChangeRequestState.WAITING, lately)
    )
    return db.session.scalars(
        query.options(*_whole()).order_by(ChangeRequest.proposed_at.desc(), ChangeRequest.id.desc())
    ).all()


def _whole() -> tuple[_AbstractLoad, ...]:
    return (joinedload(ChangeRequest.activity).joinedload(Activity.organisation), joinedload(ChangeRequest.proposed_by))
