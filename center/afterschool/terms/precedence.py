"""Which reasons for priority count in a term, and in which order: as its rules were published. Never commits.

The first reason in the order that staff accepted counts; among equals the lot decides. A later version of the rules
may say another order until lots are drawn: what was accepted by then is reckoned anew.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.priorities import Priority, RulePriority
from center.afterschool.models.terms import Term, TermRules
from center.kernel.db import db
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.signups.lottery.queries import draws_of
from center.signups.models import SignUpState
from center.signups.roster_state import hold
from center.signups.rosters import rosters_of

# What most centres say, where a term's rules are written for the first time.
USUAL = (
    Priority.LEFT_BEHIND,
    Priority.HARDSHIP,
    Priority.NEW_EMPLOYMENT,
    Priority.SIBLING,
    Priority.BOTH_WORK,
)  # fmt: skip


def order_of(rules: TermRules | None) -> tuple[Priority, ...]:
    """The reasons that count by a version of the rules, the first before all others."""
    return tuple(each.reason for each in rules.priorities) if rules else ()


def precedence_of(accepted: Collection[Priority], order: Sequence[Priority]) -> int:
    """The higher is drawn before the lower; 0 without a reason that counts. Pure."""
    return max((len(order) - order.index(each) for each in accepted if each in order), default=0)


def publish(rules: TermRules, order: Sequence[Priority]) -> None:
    """Write down the order of a new version of the rules."""
    db.session.add_all(
        RulePriority(rules_id=rules.id, position=position, reason=reason)
        for position, reason in enumerate(order, start=1)
    )
    db.session.flush()
    db.session.expire(rules, ["priorities"])


def reckon_anew(term: Term, order: Sequence[Priority]) -> None:
    """Let what staff have accepted count in another order; raises RuleBroken where lots were drawn by the old one."""
    for roster in rosters_of(term.activity):
        hold(roster)
        draw = draws_of([roster.id]).get(roster.id)
        if draw is not None and draw.drawn_at is not None:
            raise RuleBroken(_l("Lots were drawn by this order, so it stays as it is."), field="priority")
    query = select(Enrolment).where(Enrolment.term_id == term.id).options(selectinload(Enrolment.claims))
    for enrolment in db.session.scalars(query.execution_options(populate_existing=True)):
        count(enrolment, order)
    db.session.flush()


def count(enrolment: Enrolment, order: Sequence[Priority]) -> None:
    """Let a child's place in the draw follow from what staff have accepted, while nothing is drawn yet."""
    if enrolment.sign_up.state is SignUpState.REQUESTED:
        accepted = [each.reason for each in enrolment.claims if each.is_accepted]
        enrolment.sign_up.precedence = precedence_of(accepted, order)
