"""The catalogue of works: entered, described, put forward, taken out. Called inside a `transaction()`."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from center.activities.photos.images import Picture
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.troupes.models.troupes import Troupe, TroupeMember
from center.troupes.models.works import SaleDay, SaleDayState, Work, WorkPhoto, WorkState
from center.troupes.works.rules import Price, may_step

A_MOMENT = timedelta(minutes=1)
NOT_NOW = _l("The work stands otherwise by now. Please look at it again.")


@dataclass(frozen=True, kw_only=True)
class WorkFacts:
    """What a work is called, who made it, and how its maker is named in public."""

    title: str
    title_en: str = ""
    maker_id: int
    maker_shown: str = ""


def register(troupe: Troupe, facts: WorkFacts, price: Price, *, by: Person, now: datetime) -> Work:
    """Enter a work under the next number of the studio; the very same within a minute is one. Raises RuleBroken."""
    lock(troupe)  # so that two who enter one at once get two numbers
    check_maker(troupe, facts.maker_id)
    if known := _just_registered(troupe, facts, price, by=by, now=now):
        return known
    last = db.session.scalar(select(func.max(Work.number)).where(Work.troupe_id == troupe.id)) or 0
    work = Work(
        troupe_id=troupe.id,
        number=last + 1,
        state=WorkState.REGISTERED,
        registered_by_id=by.id,
        registered_at=now,
        **asdict(facts),
        **_money(price),
    )
    db.session.add(work)
    db.session.flush()
    return work


def edit(work: Work, facts: WorkFacts, price: Price) -> None:
    """Describe a work otherwise. Once it is offered its price and maker stay. Raises RuleBroken, Conflict."""
    lock(work)
    is_fixed = work.state not in (WorkState.REGISTERED, WorkState.PENDING)
    if is_fixed and (work.price_fen, work.maker_fen, work.maker_id) != (price.fen, price.maker_fen, facts.maker_id):
        raise Conflict(_l("Once a work is on sale, its price and its maker stay."), field="price")
    if facts.maker_id != work.maker_id:
        check_maker(work.troupe, facts.maker_id)
    for name, value in {**asdict(facts), **_money(price)}.items():
        setattr(work, name, value)
    db.session.flush()


def put_photo(work: Work, picture: Picture, *, alt: str, alt_en: str, by: Person, now: datetime) -> None:
    """Give a work this photograph in place of the one before."""
    lock(work)
    remove_photo(work)
    name = f"w{work.id}-{secrets.token_hex(16)}"[:32]
    facts = {"alt": alt, "alt_en": alt_en, "added_by_id": by.id, "added_at": now}
    db.session.add(WorkPhoto(work_id=work.id, name=name, **asdict(picture), **facts))
    db.session.flush()


def remove_photo(work: Work) -> None:
    """Take the photograph away. Twice is once."""
    gone = delete(WorkPhoto).where(WorkPhoto.work_id == work.id)
    db.session.execute(gone.execution_options(synchronize_session="fetch"))


def put_forward(day: SaleDay, works: Sequence[Work]) -> int:
    """Ask that these works be sold on a day; at once on sale where it is approved already. Raises Conflict."""
    lock(day)
    if day.state not in (SaleDayState.REQUESTED, SaleDayState.APPROVED) or day.published_at is not None:
        raise Conflict(_l("This sale day takes no more works."))
    done = 0
    for work in sorted(works, key=lambda each: each.id):
        lock(work)
        if work.troupe_id != day.troupe_id or not _may_go_on(work, day):
            continue
        become(work, WorkState.PENDING, sale_day_id=day.id)
        if day.state is SaleDayState.APPROVED:
            become(work, WorkState.ON_SALE)
        done += 1
    if not done:
        raise RuleBroken(_l("Please choose at least one work."), field="works")
    return done


def withdraw(work: Work) -> None:
    """Take a work out of the catalogue, with whatever was asked for it. Raises Conflict."""
    lock(work)
    become(work, WorkState.WITHDRAWN)


def bring_back(work: Work) -> None:
    """A work is in the catalogue again. Raises Conflict."""
    lock(work)
    become(work, WorkState.REGISTERED, sale_day_id=None)


def become(work: Work, state: WorkState, **more: object) -> None:
    """Let a held work stand otherwise; raises Conflict where it cannot from where it stands."""
    if not may_step(work.state, state):
        raise Conflict(NOT_NOW)
    if state is not WorkState.RESERVED:
        more |= {"reserved_until": None, "reserved_for": ""}
    for name, value in {**more, "state": state}.items():
        setattr(work, name, value)
    db.session.flush()


def check_maker(troupe: Troupe, person_id: int) -> None:
    """Whoever made it is or was of the studio. Raises RuleBroken."""
    query = select(TroupeMember.id).where(TroupeMember.troupe_id == troupe.id, TroupeMember.person_id == person_id)
    if db.session.scalar(query.limit(1)) is None:
        raise RuleBroken(_l("Please choose somebody of this troupe."), field="maker")


def _just_registered(troupe: Troupe, facts: WorkFacts, price: Price, *, by: Person, now: datetime) -> Work | None:
    """The same that the same person has entered a moment ago: the form came back with what was typed."""
    lately = (Work.registered_at > now - A_MOMENT, Work.registered_by_id == by.id, Work.troupe_id == troupe.id)
    same = (getattr(Work, name) == value for name, value in {**asdict(facts), **_money(price)}.items())
    return db.session.scalars(select(Work).where(*lately, *same).order_by(Work.id).limit(1)).first()


def _may_go_on(work: Work, day: SaleDay) -> bool:
    """New ones, and those that an earlier day left over."""
    if work.state is WorkState.ON_SALE:
        return work.sale_day_id != day.id
    return work.state is WorkState.REGISTERED


def _money(price: Price) -> dict[str, int]:
    return {"price_fen": price.fen, "maker_fen": price.maker_fen, "charity_fen": price.charity_fen}
