"""Who has borrowed is reminded in time, once, and not of what is back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from center.kernel.db import db, transaction
from center.notices.models import Notice
from center.troupes.lending import loans
from center.troupes.lending.sweeps import SWEEPS
from center.troupes.models.lending import Loan, LoanLine
from center.troupes.performances import steps
from center.troupes.performances.models import Performance
from tests.builders import at
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_troupe
from tests.troupes.lending_builders import make_loan, make_thing
from tests.troupes.performances.builders import make_performance

pytestmark = [ONE_ENGINE, pytest.mark.usefixtures("app")]
DUE, LATE, SHOW = SWEEPS


def settle(now: datetime) -> list[str]:
    """Do all that is due, twice; what people were told of loans."""
    for _time in range(2):
        for sweep in SWEEPS:
            for number in sweep.due(now):
                sweep.settle(number, now)
    db.session.rollback()
    query = select(Notice.kind).where(Notice.kind.startswith("lending.")).order_by(Notice.id)
    return [kind.removeprefix("lending.") for kind in db.session.scalars(query) if kind != "lending.handed_out"]


def test_a_borrower_is_reminded_the_evening_before_and_once_when_it_is_late() -> None:
    make_loan(make_thing(), is_out=True, due_at=at(0, days=5))
    assert settle(at(17, days=3)) == []
    assert settle(at(19, days=3)) == ["due"]
    assert settle(at(1, days=5)) == ["due", "late"]
    assert settle(at(12, days=9)) == ["due", "late"]


def test_of_what_is_back_or_was_only_kept_nobody_is_reminded() -> None:
    back, kept = make_loan(make_thing(), is_out=True), make_loan(make_thing())
    with transaction():
        loans.take_back(db.session.get_one(LoanLine, back.lines[0].id), by=back.made_by, now=at(12))
    assert settle(kept.due_at - timedelta(hours=1)) == []
    assert settle(kept.due_at + timedelta(days=1)) == []


def test_lent_for_longer_is_reminded_of_the_new_day() -> None:
    loan = make_loan(make_thing(), is_out=True, due_at=at(0, days=5))
    assert settle(at(19, days=3)) == ["due"]
    with transaction():
        loans.lend_longer(db.session.get_one(Loan, loan.id), at(0, days=9), now=at(20, days=3))
    assert settle(at(1, days=5)) == ["due", "longer"]
    assert settle(at(19, days=7)) == ["due", "longer", "due"]


def test_before_a_show_the_troupe_asks_for_what_is_due_by_then_and_for_no_show_that_is_off() -> None:
    troupe = make_troupe()
    show = make_performance(troupe, starts_at=at(15, days=6))
    lent = make_thing(troupe)
    make_loan(lent, is_out=True, due_at=at(0, days=6))
    make_loan(lent, is_out=True, due_at=at(0, days=20))  # agreed to be away meanwhile
    make_loan(make_thing(), is_out=True, due_at=at(0, days=6))  # of another troupe
    assert SHOW.due(at(14, days=3)) == []
    assert settle(at(16, days=3)) == ["needed"]
    off = make_performance(troupe, starts_at=at(15, days=4))
    with transaction():
        steps.cancel(db.session.get_one(Performance, off.id), "下雨", by=off.session.activity.created_by, now=at(9))
    assert settle(at(17, days=3)) == ["needed"]
    assert show.session.starts_at == at(15, days=6)
