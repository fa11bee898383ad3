"""A troupe ends, and that is taken back. Called inside one `transaction()`; never commits.

What others count on stands against it and is named: loans that are out, performances ahead, sale days. What the troupe
alone counts on is ended with it: rehearsals and polls are called off, promised loans are free, applications are
declined. Members, offices and everything that was stay as they are, so that taking the end back brings them back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from center.activities import actions as activities
from center.kernel.db import db, lock
from center.kernel.errors import DomainError, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.people.models import Person
from center.rooms import ledger
from center.troupes import queries
from center.troupes.lending import loans
from center.troupes.lending.queries import open_loans
from center.troupes.members import actions as members
from center.troupes.members import messages
from center.troupes.models.lending import LineState, Loan
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import MemberState, Troupe, TroupeEnding, TroupeMember
from center.troupes.models.works import SaleDay, SaleDayState, Work, WorkState
from center.troupes.performances.models import AHEAD, Performance
from center.troupes.performances.queries import performances_of
from center.troupes.rehearsals import polls
from center.troupes.rehearsals.actions import OVER
from center.troupes.rehearsals.poll_models import PollState
from center.troupes.rehearsals.queries import ahead, rehearsals_of
from center.troupes.seasons.queries import seasons_of


@dataclass(frozen=True, kw_only=True)
class Left:
    """What is open in a troupe: what stands against its end, and what ends with it."""

    out: Sequence[Loan]
    performances: Sequence[Performance]
    sale_days: Sequence[SaleDay]
    reserved: Sequence[Work]
    members: Sequence[TroupeMember]
    applied: Sequence[TroupeMember]
    promised: Sequence[Loan]
    rehearsals: int
    polls: int

    @property
    def stands_against(self) -> bool:
        """Whether something has to be done before it can end."""
        return bool(self.out or self.performances or self.sale_days or self.reserved)


def left_in(troupe: Troupe, *, now: datetime) -> Left:
    """What is open in a troupe now."""
    lent = open_loans(troupe)
    out = [each for each in lent if any(line.state is LineState.OUT for line in each.lines)]
    found = queries.members_of(troupe.id, [each for each in MemberState if each is not MemberState.LEFT])
    seasons = seasons_of(troupe.id)
    days = select(SaleDay).where(
        SaleDay.troupe_id == troupe.id,
        SaleDay.state.in_([SaleDayState.REQUESTED, SaleDayState.APPROVED]),
        SaleDay.ends_at > now,
    )
    kept = select(Work).where(Work.troupe_id == troupe.id, Work.state == WorkState.RESERVED)
    return Left(
        out=out,
        performances=[each for each in performances_of(troupe.id) if each.state in AHEAD],
        sale_days=db.session.scalars(days.order_by(SaleDay.starts_at, SaleDay.id)).all(),
        reserved=db.session.scalars(kept.order_by(Work.number)).all(),
        members=[each for each in found if each.state is not MemberState.APPLIED],
        applied=[each for each in found if each.state is MemberState.APPLIED],
        promised=[each for each in lent if each not in out],
        rehearsals=sum(len(ahead(rehearsals_of(each), now=now)) for each in seasons),
        polls=sum(poll.state is PollState.OPEN for each in seasons for poll in polls.polls_of(each)),
    )


def end(troupe: Troupe, *, reason: str, by: Person, now: datetime) -> TroupeEnding:
    """The troupe is no more from today on; its members hear why. Twice is once.

    Raises RuleBroken with everything that has to be done before.
    """
    ledger.line_up()
    lock(troupe)
    known = queries.ending_of(troupe.id)
    if troupe.ended_on is not None and known is not None:
        return known
    found = left_in(troupe, now=now)
    broken_rules(_against(found, reason))
    for each in found.promised:
        loans.call_off(each, now=now)
    for member in found.applied:
        members.step(member, MemberState.LEFT, by=by, now=now, reason=reason.strip())
    for season in seasons_of(troupe.id):
        _call_off(season, reason.strip(), by=by, now=now)
    ending = TroupeEnding(troupe_id=troupe.id, on_date=local_date(now), reason=reason.strip(), by_id=by.id, at=now)
    db.session.add(ending)
    troupe.ended_on = ending.on_date
    db.session.flush()
    messages.tell_of_end(troupe, ending, found.members, by=by, now=now)
    return ending


def take_back(troupe: Troupe, *, by: Person, now: datetime) -> None:
    """It goes on after all, with its members and whoever led it; what was called off stays so. Twice is once."""
    lock(troupe)
    ending = queries.ending_of(troupe.id)
    if troupe.ended_on is None or ending is None:
        return
    troupe.ended_on = None
    ending.back_by_id, ending.back_at = by.id, now
    db.session.flush()
    messages.tell_of_end(troupe, ending, queries.members_of(troupe.id), by=by, now=now)


def _against(found: Left, reason: str) -> list[DomainError]:
    faults: list[DomainError] = []
    if not reason.strip():
        faults.append(RuleBroken(_l("Please say why. The members read it."), field="reason"))
    if found.out:
        faults.append(RuleBroken(_l("Loans are out. Take them back first.")))
    if found.performances:
        faults.append(RuleBroken(_l("Performances are ahead. Call them off first, or end the troupe after them.")))
    if found.sale_days or found.reserved:
        faults.append(RuleBroken(_l("Works are kept for somebody, or a sale day is ahead. See to these first.")))
    return faults


def _call_off(season: Season, reason: str, *, by: Person, now: datetime) -> None:
    """No rehearsal of a season takes place any more: each member hears of that once, their rooms are free."""
    for poll in polls.polls_of(season):
        if poll.state is PollState.OPEN:
            polls.call_off(poll, by=by, now=now)
    if season.activity is not None and season.activity.state not in OVER and ahead(rehearsals_of(season), now=now):
        activities.cancel(season.activity, reason=reason, by=by, now=now)
