"""Ordered reads of what waits for staff."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, undefer
from sqlalchemy.orm.strategy_options import _AbstractLoad

from center.activities.models import Activity
from center.activities.proposing.models import Proposal, ProposalKind, ProposalState
from center.kernel.db import db
from center.kernel.errors import NotFound
from center.kernel.i18n import lazy_gettext as _l

ANSWERS_SHOWN = timedelta(days=14)


def find_waiting(activity_id: int, kind: ProposalKind, target: str = "") -> Proposal | None:
    """What waits of one thing of an activity."""
    query = select(Proposal).where(
        Proposal.activity_id == activity_id,
        Proposal.kind == kind,
        Proposal.target == target,
        Proposal.state == ProposalState.WAITING,
    )
    return db.session.scalar(query)


def get_proposal(proposal_id: int, *, with_picture: bool = False) -> Proposal:
    """The proposal with this id; raises NotFound."""
    query = select(Proposal).where(Proposal.id == proposal_id).options(*_whole())
    if with_picture:
        query = query.options(undefer(Proposal.large), undefer(Proposal.small))
    proposal = db.session.scalar(query)
    if proposal is None:
        raise NotFound(_l("There is nothing here, or it is not yours to see."))
    return proposal


def just_decided(by_id: int, *, now: datetime) -> Sequence[Proposal]:
    """What somebody accepted or sent back so lately that they can take that back, the latest first."""
    query = select(Proposal).where(Proposal.kept_until > now, Proposal.decided_by_id == by_id)
    return db.session.scalars(query.options(*_whole()).order_by(Proposal.decided_at.desc(), Proposal.id.desc())).all()


def count_proposals() -> int:
    """How many proposals wait for staff."""
    return db.session.scalar(select(func.count()).where(Proposal.state == ProposalState.WAITING)) or 0


def proposals_of(activity_id: int, *, now: datetime) -> Sequence[Proposal]:
    """What waits of an activity, and what was returned lately, the latest first."""
    lately = (Proposal.state == ProposalState.RETURNED) & (Proposal.decided_at > now - ANSWERS_SHOWN)
    query = select(Proposal).where(
        Proposal.activity_id == activity_id, or_(Proposal.state == ProposalState.WAITING, lately)
    )
    return db.session.scalars(query.options(*_whole()).order_by(Proposal.proposed_at.desc(), Proposal.id.desc())).all()


def _whole() -> tuple[_AbstractLoad, ...]:
    return (joinedload(Proposal.activity).joinedload(Activity.organisation), joinedload(Proposal.proposed_by))
