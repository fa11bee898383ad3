"""Works: what may be sold, when, by whom and how often; and what a sale day came to."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from center.commands.ledger_checks import missing_holds
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, Forbidden, RuleBroken
from center.notices.models import Notice
from center.troupes.models.works import Sale, SaleDay, SaleDayState, Work, WorkState
from center.troupes.works import catalogue, days, queries, selling
from center.troupes.works.catalogue import WorkFacts
from center.troupes.works.rules import Price, Totals
from center.troupes.works.selling import SoldAlready
from center.troupes.works.sweeps import SWEEPS
from tests import race
from tests.builders import at, make_person
from tests.conftest import make_app
from tests.engines import ONE_ENGINE, Engines, dispose
from tests.troupes.lending import rivals
from tests.troupes.lending_builders import make_day, make_studio, make_work


def on_sale() -> tuple[SaleDay, Work]:
    """A work on sale tomorrow."""
    studio = make_studio()
    work = make_work(studio)
    day = make_day(studio, [work], starts_at=at(9))
    db.session.refresh(work)
    return day, work


def stands(work: Work) -> WorkState:
    db.session.rollback()
    return db.session.scalars(select(Work.state).where(Work.id == work.id)).one()


@ONE_ENGINE
def test_nothing_is_sold_that_staff_have_not_approved(app: Flask) -> None:
    work = make_work()
    day = make_day(work.troupe, [work], is_approved=False)
    for act in (
        lambda: selling.sell(work, by=day.requested_by, now=at(10)),
        lambda: selling.reserve(work, at(12), now=at(10)),
    ):
        with pytest.raises(Conflict), transaction():
            act()
    assert stands(work) is WorkState.PENDING


def test_the_database_sells_nothing_behind_the_back_of_staff(app: Flask) -> None:
    work = make_work()
    day = make_day(work.troupe, [work], is_approved=False)
    fresh = make_work(work.troupe)
    sale = "INSERT INTO sales (work_id, sale_day_id, price_fen, maker_fen, charity_fen, at, by_id)"
    for statement in (
        f"UPDATE works SET state = 'on_sale' WHERE id = {work.id}",
        f"UPDATE works SET state = 'sold' WHERE id = {work.id}",
        f"UPDATE works SET state = 'on_sale', sale_day_id = {day.id} WHERE id = {fresh.id}",
        f"UPDATE works SET maker_fen = maker_fen + 1 WHERE id = {work.id}",
        f"UPDATE sale_days SET decided_by_id = requested_by_id, decided_at = requested_at WHERE id = {day.id}",
        f"UPDATE sale_days SET state = 'approved' WHERE id = {day.id}",
        f"{sale} SELECT {work.id}, {day.id}, 3500, 2500, 1000, starts_at, {work.maker_id} FROM sale_days",
    ):
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(text(statement))


@ONE_ENGINE
def test_whoever_asked_does_not_approve_and_a_refusal_says_why(app: Flask) -> None:
    asked, clerk = make_person(), make_person()
    work = make_work()
    day = make_day(work.troupe, [work], by=asked, is_approved=False)
    with pytest.raises(Forbidden), transaction():
        days.approve(day, by=asked, now=clock.now())
    with pytest.raises(RuleBroken), transaction():
        days.decline(day, reason="", by=clerk, now=clock.now())
    db.session.rollback()
    with transaction():
        days.decline(day, reason="大厅有检查", by=clerk, now=clock.now())
    assert stands(work) is WorkState.REGISTERED
    query = select(Notice.body).where(Notice.person_id == asked.id, Notice.kind == "works.day_declined")
    assert "大厅有检查" in db.session.scalars(query).one()


@ONE_ENGINE
def test_a_decision_is_taken_back_within_ten_minutes_unless_something_was_reserved(app: Flask) -> None:
    clerk = make_person()
    work, other = make_work(), make_work()
    first, second = make_day(work.troupe, [work], approved_by=clerk), make_day(other.troupe, [other], approved_by=clerk)
    decided = first.decided_at
    assert decided is not None
    with transaction():
        selling.reserve(db.session.get_one(Work, other.id), at(12), now=decided)
    for day, minutes in ((first, 11), (second, 1)):
        with pytest.raises(Conflict), transaction():
            days.undo(day, by=clerk, now=decided + timedelta(minutes=minutes))
    db.session.rollback()
    with transaction():
        days.undo(first, by=clerk, now=decided + timedelta(minutes=9))
    assert (first.state, stands(work)) == (SaleDayState.REQUESTED, WorkState.PENDING)


@ONE_ENGINE
def test_a_reserved_work_is_nobody_elses_until_its_time_is_over(app: Flask) -> None:
    _day, work = on_sale()
    with transaction():
        selling.reserve(work, at(12), whom="李奶奶", now=at(10))
    with pytest.raises(SoldAlready), transaction():
        selling.reserve(work, at(13), now=at(11))
    for until in (at(10), at(18)):
        with pytest.raises(RuleBroken), transaction():
            selling.reserve(work, until, now=at(12))
    db.session.rollback()
    with transaction():
        selling.reserve(work, at(14), whom="王", now=at(12))
    assert (work.reserved_for, work.reserved_until) == ("王", at(14))
    [sweep] = SWEEPS
    assert list(sweep.due(at(13))) == []
    assert list(sweep.due(at(14))) == [work.id]
    sweep.settle(work.id, at(14))
    assert stands(work) is WorkState.ON_SALE
    assert db.session.get_one(Work, work.id).reserved_for == ""


@ONE_ENGINE
def test_a_work_is_sold_once_and_a_slip_is_taken_back_in_time_by_whoever_pressed(app: Flask) -> None:
    _day, work = on_sale()
    seller = make_person()
    with transaction():
        selling.sell(work, by=seller, now=at(10))
    with pytest.raises(SoldAlready), transaction():
        selling.sell(work, by=seller, now=at(10))
    for by, minutes in ((make_person(), 1), (seller, 11)):
        with pytest.raises(Conflict), transaction():
            selling.take_back(work, by=by, now=at(10) + timedelta(minutes=minutes))
    db.session.rollback()
    with transaction():
        selling.take_back(work, by=seller, now=at(10, 5))
    assert stands(work) is WorkState.ON_SALE
    with transaction():
        selling.sell(work, by=seller, now=at(11))
    assert stands(work) is WorkState.SOLD


def test_published_totals_stay_as_they_are(app: Flask) -> None:
    studio, seller = make_studio(), make_person()
    works = [make_work(studio), make_work(studio, price=2000, maker=0), make_work(studio)]
    day = make_day(studio, works)
    with transaction():
        for work in works[:2]:
            selling.sell(db.session.get_one(Work, work.id), by=seller, now=at(10))
    with pytest.raises(Conflict), transaction():
        days.publish(day, by=seller, now=at(16))
    db.session.rollback()
    with transaction():
        days.publish(day, by=seller, now=at(18))
    assert queries.totals([day])[day.id] == Totals(2, 5500, 2500, 3000)
    with pytest.raises(Conflict), transaction():
        selling.sell(db.session.get_one(Work, works[2].id), by=seller, now=at(18))
    for statement in ("DELETE FROM sales", "UPDATE sales SET price_fen = 1, maker_fen = 1, charity_fen = 0"):
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(text(statement))
    with pytest.raises(DBAPIError), transaction() as session:
        session.execute(text("UPDATE sale_days SET published_at = NULL"))


@ONE_ENGINE
def test_a_day_that_is_called_off_gives_its_works_back(app: Flask) -> None:
    day, work = on_sale()
    with transaction():
        selling.reserve(work, at(12), now=at(10))
        days.call_off(day, reason="下雨", by=day.requested_by, now=at(10))
    assert (day.state, stands(work)) == (SaleDayState.WITHDRAWN, WorkState.REGISTERED)
    day, work = on_sale()
    with transaction():
        selling.sell(work, by=work.maker, now=at(10))
    with pytest.raises(Conflict), transaction():
        days.call_off(day, reason="下雨", by=work.maker, now=at(10))


@ONE_ENGINE
def test_a_work_on_sale_keeps_its_price_and_its_maker(app: Flask) -> None:
    _day, work = on_sale()
    facts = WorkFacts(title="新名", maker_id=work.maker_id)
    with pytest.raises(Conflict), transaction():
        catalogue.edit(work, facts, Price(1, 1))
    db.session.rollback()
    with transaction():
        catalogue.edit(work, facts, Price(work.maker_fen, work.charity_fen))
    assert work.title == "新名"
    with pytest.raises(RuleBroken):
        make_work(work.troupe, maker_id=make_person().id)


@ONE_ENGINE
def test_what_a_day_left_over_goes_on_the_next_one(app: Flask) -> None:
    day, work = on_sale()
    later = make_day(day.troupe, starts_at=at(9, days=8))
    with transaction():
        assert catalogue.put_forward(later, [work]) == 1
    assert (stands(work), work.sale_day_id) == (WorkState.ON_SALE, later.id)


def test_of_two_who_sell_one_work_at_once_one_does(app: Flask) -> None:
    studio, seller = make_studio(), make_person()
    works = [make_work(studio) for _ in range(4)]
    make_day(studio, works)
    url, ids = db.engine.url.render_as_string(hide_password=False), [each.id for each in works]
    db.session.rollback()
    sold = race.run([(rivals.sell, (url, ids, seller.id, at(10)))] * 3)
    assert sum(sold) == len(ids)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Sale)) == len(ids)


@pytest.mark.parametrize("is_held", [False, True], ids=["without the index", "with the index"])
def test_it_is_the_database_that_sells_once(engine: str, engines: Engines, worker: str, is_held: bool) -> None:
    """The negative control: writers that do not look first sell a work twice as soon as the index is gone."""
    app = make_app(engines.new_url(engine, f"works_{worker}_{is_held}".lower()))
    try:
        with app.app_context():
            studio, seller = make_studio(), make_person()
            works = [make_work(studio) for _ in range(3)]
            make_day(studio, works)
            if not is_held:
                with transaction() as session:
                    session.execute(text("DROP INDEX uq_sales_work"))
                assert missing_holds() == ["uq_sales_work"]
            url, ids = db.engine.url.render_as_string(hide_password=False), [each.id for each in works]
            seller_id = seller.id
            db.session.remove()
            entered = sum(race.run([(rivals.sell_blindly, (url, ids, seller_id, at(10)))] * 3))
    finally:
        dispose(app)
    assert entered == len(ids) if is_held else entered == 3 * len(ids)
