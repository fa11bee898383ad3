"""Lending: what is refused, what comes back how, and whom it is told."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.kernel.spans import Span
from center.notices.models import Notice
from center.people.models import Person
from center.troupes.lending import loans, promises, stock
from center.troupes.lending.loans import LoanItem, Taken, Terms
from center.troupes.models.lending import (
    LineState,
    Loan,
    LoanLine,
    LoanUndoing,
    StockChange,
    Thing,
    ThingEvent,
    UnitState,
)
from tests.builders import at, make_organisation, make_person
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_troupe
from tests.troupes.lending_builders import make_loan, make_thing

pytestmark = pytest.mark.usefixtures("app")


def told(person: Person) -> list[str]:
    query = select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)
    return [kind for kind in db.session.scalars(query) if kind.startswith("lending.")]


def lines(loan: Loan) -> list[LineState]:
    db.session.rollback()
    return list(db.session.scalars(select(LoanLine.state).where(LoanLine.loan_id == loan.id).order_by(LoanLine.id)))


def test_a_piece_is_not_promised_twice_for_one_time() -> None:
    drum = make_thing(labels=["1号", "2号"])
    make_loan(drum, unit=0)
    with pytest.raises(Taken):
        make_loan(drum, unit=0, starts_at=at(10, days=2))
    make_loan(drum, unit=1)
    make_loan(drum, unit=0, starts_at=at(10, days=3))


def test_never_more_are_promised_than_there_are() -> None:
    fans = make_thing(quantity=12)
    make_loan(fans, count=8)
    with pytest.raises(Taken):
        make_loan(fans, count=5, starts_at=at(10, days=2))
    make_loan(fans, count=4, starts_at=at(10, days=2))
    make_loan(fans, count=12, starts_at=at(10, days=4))


def test_what_is_not_back_yet_is_handed_to_nobody_else() -> None:
    fans, drum = make_thing(quantity=12), make_thing(labels=["1"])
    for thing, count, unit in ((fans, 8, None), (drum, 1, 0)):
        make_loan(thing, count=count, unit=unit, starts_at=at(10, days=-3), due_at=at(10, days=-1), is_out=True)
        kept = make_loan(
            thing, count=count, unit=unit, starts_at=at(0, days=0), due_at=at(10, days=2), now=at(0, days=0)
        )
        with pytest.raises(Taken), transaction():
            loans.hand_out(kept, by=kept.made_by, now=at(10, days=1))
        assert lines(kept) == [LineState.RESERVED]


def test_a_damaged_piece_calls_off_what_was_promised_of_it() -> None:
    drum, waiting = make_thing(labels=["1号"]), make_person()
    out = make_loan(drum, unit=0, is_out=True)
    later = make_loan(drum, waiting, unit=0, starts_at=at(10, days=9))
    with transaction():
        loans.take_back(out.lines[0], damaged=1, words="鼓皮破了", by=out.made_by, now=at(12, days=2))
    assert (lines(out), lines(later)) == ([LineState.DAMAGED], [LineState.CANCELLED])
    assert told(waiting) == ["lending.called_off"]
    assert drum.units[0].state is UnitState.DAMAGED
    with pytest.raises(Taken):
        make_loan(drum, unit=0, starts_at=at(10, days=20))
    with transaction():
        stock.mend(drum, unit=drum.units[0], by=out.made_by, now=clock.now())
    make_loan(drum, unit=0, starts_at=at(10, days=20))


def test_lost_pieces_of_a_kind_are_there_no_more_and_whoever_asked_last_gets_none() -> None:
    fans, second, third = make_thing(quantity=12), make_person(), make_person()
    out = make_loan(fans, count=6, is_out=True)
    kept = make_loan(fans, second, count=6, starts_at=at(10, days=9))
    gone = make_loan(fans, third, count=6, starts_at=at(10, days=9))
    with transaction():
        loans.take_back(out.lines[0], damaged=1, lost=2, words="雨", by=out.made_by, now=at(12, days=2))
    db.session.rollback()
    fans = db.session.get_one(Thing, fans.id)
    assert (fans.quantity, fans.damaged, fans.lost) == (9, 1, 2)
    assert (lines(kept), lines(gone)) == ([LineState.RESERVED], [LineState.CANCELLED])
    assert (told(second), told(third)) == ([], ["lending.called_off"])
    changes = select(ThingEvent.what, ThingEvent.count).where(ThingEvent.thing_id == fans.id).order_by(ThingEvent.id)
    assert db.session.execute(changes).all() == [
        (StockChange.ADDED, 12),
        (StockChange.DAMAGED, 1),
        (StockChange.LOST, 2),
    ]


@ONE_ENGINE
def test_it_is_taken_back_once_and_no_more_than_went_out() -> None:
    fans = make_thing(quantity=12)
    loan = make_loan(fans, count=6, is_out=True)
    with pytest.raises(RuleBroken), transaction():
        loans.take_back(loan.lines[0], damaged=4, lost=3, by=loan.made_by, now=clock.now())
    with transaction():
        loans.take_back(loan.lines[0], by=loan.made_by, now=clock.now())
    with pytest.raises(Conflict), transaction():
        loans.take_back(loan.lines[0], by=loan.made_by, now=clock.now())
    with pytest.raises(Conflict), transaction():
        loans.hand_out(loan, by=loan.made_by, now=clock.now())


@ONE_ENGINE
def test_it_is_lent_longer_only_where_nobody_waits_for_it() -> None:
    drum = make_thing(labels=["1"])
    out = make_loan(drum, unit=0, is_out=True)
    make_loan(drum, unit=0, starts_at=at(10, days=5))
    with pytest.raises(Taken), transaction():
        loans.lend_longer(out, at(12, days=5), now=at(11))
    db.session.rollback()
    with transaction():
        loans.lend_longer(out, at(10, days=5), now=at(11))
    assert "lending.longer" in told(db.session.get_one(Person, out.person_id))


@ONE_ENGINE
def test_things_of_another_troupe_and_nothing_at_all_are_not_lent() -> None:
    troupe, theirs, person = make_troupe(), make_thing(), make_person()
    terms = Terms(person=person, starts_at=at(10), due_at=at(10, days=3))
    with pytest.raises(NotFound), transaction():
        loans.promise(troupe, [LoanItem(thing_id=theirs.id)], terms, by=person, now=clock.now())
    with pytest.raises(RuleBroken), transaction():
        loans.promise(troupe, [], terms, by=person, now=clock.now())


@ONE_ENGINE
def test_what_is_promised_is_not_taken_off_the_list() -> None:
    fans, drum = make_thing(quantity=3), make_thing(labels=["1"])
    kept = make_loan(fans, count=2)
    make_loan(drum, unit=0)
    by = kept.made_by
    for thing, count in ((fans, 2), (drum, 1), (fans, 4)):
        unit = drum.units[0] if thing is drum else None
        with pytest.raises((Conflict, RuleBroken)), transaction():
            stock.take_out(thing, unit=unit, count=count, why="旧了", by=by, now=clock.now())
    with transaction():
        stock.take_out(fans, count=1, why="旧了", by=by, now=clock.now())


@ONE_ENGINE
def test_an_organisation_borrows_and_its_leads_are_told() -> None:
    lead, fans = make_person(), make_thing(quantity=3)
    organisation = make_organisation(leads=[lead])
    terms = Terms(organisation=organisation, starts_at=at(10), due_at=at(10, days=3))
    with transaction():
        loan = loans.promise(fans.troupe, [LoanItem(thing_id=fans.id, count=2)], terms, by=lead, now=clock.now())
        loans.hand_out(loan, by=lead, now=at(10))
    assert told(lead) == ["lending.handed_out"]


def test_the_database_lets_no_line_go_backwards_or_away() -> None:
    loan = make_loan(make_thing(quantity=3), is_out=True)
    for statement in (
        "UPDATE loan_lines SET state = 'reserved', out_at = NULL, out_by_id = NULL",
        "DELETE FROM loan_lines",
        "UPDATE things SET quantity = -1",
        "DELETE FROM thing_events",
        "UPDATE thing_events SET count = 9",
    ):
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(text(statement))
    assert lines(loan) == [LineState.OUT]


@ONE_ENGINE
def test_what_is_free_is_said_for_the_time_asked_for() -> None:
    fans, drum = make_thing(quantity=12), make_thing(labels=["1", "2"])
    make_loan(fans, count=8)
    make_loan(drum, unit=0)
    span = Span(at(10), at(10) + timedelta(days=1))
    live = promises.promises_of([fans.id, drum.id])
    assert promises.free_pieces(fans, live[fans.id], span, now=at(10)) == 4
    assert [unit.label for unit in promises.free_units(drum, live[drum.id], span, now=at(10))] == ["2"]


@ONE_ENGINE
def test_what_is_late_is_not_free_today_and_is_not_counted_as_here() -> None:
    fans = make_thing(quantity=12)
    make_loan(fans, count=8, starts_at=at(10, days=-9), due_at=at(10, days=-3), is_out=True)
    live, now = promises.promises_of([fans.id])[fans.id], at(10, days=0)
    free = [promises.free_pieces(fans, live, Span(at(11, days=n), at(12, days=n)), now=now) for n in (0, 5)]
    assert free == [4, 12]
    assert (promises.pieces_here(fans, live), promises.late_pieces(live, now=now)) == (4, 8)


def undo(line: LoanLine, *, minutes: int = 0) -> None:
    by = make_person()
    with transaction():
        loans.undo_back(line, by=by, now=clock.now() + timedelta(minutes=minutes))


def back(loan: Loan, *, damaged: int = 0, lost: int = 0) -> LoanLine:
    by = make_person()
    with transaction():
        loans.take_back(loan.lines[0], damaged=damaged, lost=lost, words="破了", by=by, now=clock.now())
    return loan.lines[0]


@ONE_ENGINE
def test_a_return_is_undone_for_ten_minutes_and_no_longer() -> None:
    loan = make_loan(make_thing(quantity=3), count=2, is_out=True)
    with pytest.raises(Conflict):
        undo(loan.lines[0])
    line = back(loan)
    with pytest.raises(Conflict):
        undo(line, minutes=11)
    undo(line)
    assert lines(loan) == [LineState.OUT]
    assert (line.back_at, line.back_by_id) == (None, None)
    back(loan)
    undo(line)
    assert lines(loan) == [LineState.OUT]


@ONE_ENGINE
def test_what_came_back_damaged_by_a_slip_is_whole_again_with_its_loan_out() -> None:
    fans, drum = make_thing(quantity=5), make_thing(labels=["1"])
    some = back(make_loan(fans, count=3, is_out=True), damaged=1, lost=1)
    one = back(make_loan(drum, unit=0, is_out=True), damaged=1)
    for line in (some, one):
        undo(line)
        assert (line.state, line.damaged, line.lost, line.note) == (LineState.OUT, 0, 0, "")
    assert (fans.quantity, fans.damaged, fans.lost) == (5, 0, 0)
    assert drum.units[0].state is UnitState.FIT


@ONE_ENGINE
def test_what_somebody_else_has_meanwhile_does_not_go_out_again() -> None:
    drum = make_thing(labels=["1"])
    line = back(make_loan(drum, unit=0, is_out=True, starts_at=at(10), due_at=at(10, days=2)))
    make_loan(drum, unit=0, starts_at=at(10, days=1), due_at=at(10, days=3))
    with pytest.raises(Taken):
        undo(line)


def test_the_ledger_lets_nothing_go_out_again_without_an_undoing_within_ten_minutes() -> None:
    line = back(make_loan(make_thing(quantity=2), is_out=True))
    whose = {"line_id": line.id, "back_by_id": line.back_by_id, "undone_by_id": line.back_by_id}
    assert line.back_at is not None
    for back_at, later in ((line.back_at, 10), (line.back_at, -1), (line.back_at + timedelta(minutes=1), 2)):
        with pytest.raises(DBAPIError, match="loan_undoings_soon"), transaction() as session:
            undone_at = line.back_at + timedelta(minutes=later)
            session.add(LoanUndoing(back_at=back_at, undone_at=undone_at, **whose))
        db.session.rollback()
    with pytest.raises(DBAPIError, match="loan_lines_forward"), transaction() as session:
        session.execute(update(LoanLine).values(state=LineState.OUT, back_at=None, back_by_id=None))
    undo(line)
    for change in (update(LoanUndoing).values(undone_at=at(10)), delete(LoanUndoing)):
        with pytest.raises(DBAPIError, match="loan_undoings_append_only"), transaction() as session:
            session.execute(change)
