"""Builders of things that are lent, works that are sold, and sale days. Each commits by itself."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Person
from center.troupes.lending import loans, stock
from center.troupes.lending.loans import LoanItem, Terms
from center.troupes.lending.stock import ThingFacts
from center.troupes.models.lending import Loan, Thing, ThingKind
from center.troupes.models.troupes import Troupe, TroupeKind, TroupeMember
from center.troupes.models.works import SaleDay, Work
from center.troupes.works import catalogue, days
from center.troupes.works.catalogue import WorkFacts
from center.troupes.works.days import DayFacts
from center.troupes.works.rules import price_of
from tests.builders import at, make_person
from tests.troupes.builders import make_member, make_troupe

_numbers = itertools.count(1)


def make_thing(
    troupe: Troupe | None = None, *, labels: Sequence[str] = (), quantity: int = 0, by: Person | None = None
) -> Thing:
    """A costume with these numbered pieces, or so many of one kind; three fans where nothing is said."""
    troupe, by = troupe or make_troupe(), by or make_person()
    facts = ThingFacts(kind=ThingKind.COSTUME, name=f"第{next(_numbers)}套演出服", name_en="Costume")
    with transaction():
        return stock.add_thing(
            troupe,
            facts,
            labels=labels,
            quantity=quantity if labels or quantity else 3,
            by=by,
            now=clock.now(),
        )


def make_loan(
    thing: Thing,
    person: Person | None = None,
    *,
    count: int = 1,
    unit: int | None = None,
    starts_at: datetime | None = None,
    due_at: datetime | None = None,
    is_out: bool = False,
    now: datetime | None = None,
) -> Loan:
    """Some of a thing, or the numbered piece at this place, kept for a member for two days from tomorrow on."""
    person = person or make_person()
    if not _is_in(thing.troupe_id, person):
        make_member(thing.troupe, person)
    starts_at = starts_at or at(10)
    terms = Terms(person=person, starts_at=starts_at, due_at=due_at or starts_at + timedelta(days=2), purpose="演出")
    unit_id = thing.units[unit].id if unit is not None else None
    now = now or min(clock.now(), starts_at)
    with transaction():
        loan = loans.promise(
            thing.troupe, [LoanItem(thing_id=thing.id, count=count, unit_id=unit_id)], terms, by=person, now=now
        )
        if is_out:
            loans.hand_out(loan, by=person, now=max(now, starts_at))
    return loan


def make_studio(**facts: Any) -> Troupe:
    """A paper-cut studio."""
    return make_troupe(**{"kind": TroupeKind.PAPER_CUT, "name": f"第{next(_numbers)}剪纸社", **facts})


def make_work(troupe: Troupe | None = None, *, price: int = 3500, maker: int = 2500, **facts: Any) -> Work:
    """A paper cut of a member for 35 yuan, of which 25 are the maker's."""
    troupe = troupe or make_studio()
    person = facts.pop("person", None) or make_person()
    if not _is_in(troupe.id, person):
        make_member(troupe, person)
    known = {"title": f"年年有余{next(_numbers)}", "title_en": "Plenty", "maker_id": person.id, **facts}
    with transaction():
        return catalogue.register(troupe, WorkFacts(**known), price_of(price, maker), by=person, now=clock.now())


def make_day(
    troupe: Troupe | None = None,
    works: Sequence[Work] = (),
    *,
    by: Person | None = None,
    approved_by: Person | None = None,
    is_approved: bool = True,
    starts_at: datetime | None = None,
    now: datetime | None = None,
) -> SaleDay:
    """A sale day tomorrow from nine to five with these works, which staff have approved unless told otherwise."""
    troupe, by, approved_by = troupe or make_studio(), by or make_person(), approved_by or make_person()
    starts_at = starts_at or at(9)
    now = now or min(clock.now(), starts_at - timedelta(hours=1))
    facts = DayFacts(
        name=f"第{next(_numbers)}场义卖", name_en="Sale", starts_at=starts_at, ends_at=starts_at + timedelta(hours=8),
        place="一楼大厅", purpose="困难家庭", purpose_en="Households in need",
    )  # fmt: skip
    with transaction():
        day = days.request(troupe, facts, by=by, now=now)
        if works:
            catalogue.put_forward(day, works)
        if is_approved:
            days.approve(day, by=approved_by, now=now)
    db.session.refresh(day)
    return day


def _is_in(troupe_id: int, person: Person) -> bool:
    query = select(TroupeMember.id).where(TroupeMember.troupe_id == troupe_id, TroupeMember.person_id == person.id)
    return db.session.scalar(query) is not None
