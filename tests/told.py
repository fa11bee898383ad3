"""Notices and deliveries of a small centre: some of every state."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from center.kernel import clock
from center.kernel.db import db, transaction
from center.notices import data_asks, outbox, rounds
from center.notices.kinds import get_kind
from center.notices.models import (
    AskedFor,
    ContactPreference,
    Delivery,
    DeliveryState,
    Notice,
    OutgoingAddress,
    Preferred,
    Purpose,
    Way,
)
from center.people.models import Person


@dataclass(frozen=True)
class Told:
    """What somebody was told, and what is still to be done."""

    notice_id: int
    call_id: int
    slip_id: int
    done_id: int
    dead_id: int
    gateway_id: int
    group_id: int
    visit_id: int
    ask_id: int
    data_ask_id: int


FACTS = {
    "room": "书画室",
    "when": "2026年11月24日 周二 10:00–11:00",
    "purpose": "象棋",
    "reference": "K7QM-2F9D",
    "desk": "",
    "why": "原因：漏水",
    "reason": "漏水",
}


def make_told(reader: Person, by_phone: Person, clerk: Person) -> Told:
    """Notices for somebody with an account, and for somebody who must be rung up."""
    now = clock.now()
    gateway = _address(Purpose.EMAIL, "邮件网关", "mailtos://desk:geheim@smtp.example.cn")
    group = _address(Purpose.GROUP, "前台群", "wecombot://geheim-0123456789")
    with transaction() as session:
        session.merge(reader).email = "reader@example.org"
        session.add(ContactPreference(person_id=reader.id, preferred=Preferred.EMAIL, changed_at=now))
        session.flush()
    first = tell(reader, "booking.approved", key="w1", now=now, path="/me")
    tell(reader, "booking.cancelled_by_staff", key="w2", now=now)
    dead = _delivery(first, state=DeliveryState.FAILED, attempts=16, last_error="550 no such user", settled_at=now)
    call = _delivery(tell(by_phone, "booking.cancelled_by_staff", key="w3", now=now), due_at=now)
    slip = _delivery(tell(by_phone, "booking.approved", key="w4", now=now), way=Way.SLIP, due_at=now)
    _delivery(tell(by_phone, "booking.declined", key="w5", now=now), attempts=1, due_at=now + timedelta(hours=1))
    done = _delivery(
        tell(by_phone, "booking.expired", key="w6", now=now),
        state=DeliveryState.DONE_BY_HAND,
        settled_at=now,
        settled_by_id=clerk.id,
    )
    with transaction():
        outbox.tell_staff(get_kind("booking.request_waits"), key="w7", facts=FACTS, now=now, path="/desk/requests")
    about = {"now": now, "until": now + timedelta(days=1)}
    visit = _delivery(tell(by_phone, "booking.reminder_day", key="w8", **about), due_at=now)
    asked = _delivery(tell(by_phone, "booking.reminder_day", key="w9", **about), due_at=now)
    with transaction() as session:
        ask = rounds.ask(
            session.get_one(Delivery, asked), AskedFor.PICK_UP, note="膝盖疼", by=session.merge(clerk), now=now
        )
    tell(by_phone, "booking.reminder_day", key="w10", **about)
    with transaction() as session:
        clerk, whose = session.merge(clerk), session.merge(by_phone)
        wrong = data_asks.ask(whose, AskedFor.CORRECTION, words="门牌不对，是501", by=clerk, now=now)
        data_asks.ask(whose, AskedFor.ERASURE, words="", by=clerk, now=now)
    return Told(first.id, call, slip, done, dead, gateway.id, group.id, visit, ask.id, wrong.id)


def tell(person: Person, code: str, *, key: str, now: datetime, **more: Any) -> Notice:
    """Tell somebody of an invented booking."""
    with transaction() as session:
        notice = outbox.tell(session.get_one(Person, person.id), get_kind(code), key=key, facts=FACTS, now=now, **more)
    assert notice is not None
    return notice


def _delivery(notice: Notice, **facts: Any) -> int:
    with transaction() as session:
        delivery_id = session.scalars(select(Delivery.id).where(Delivery.notice_id == notice.id)).one()
        session.execute(update(Delivery).where(Delivery.id == delivery_id).values(**facts))
    db.session.rollback()
    return delivery_id


def _address(purpose: Purpose, name: str, url: str) -> OutgoingAddress:
    with transaction() as session:
        address = OutgoingAddress(purpose=purpose, name=name, url=url, changed_at=clock.now())
        session.add(address)
    return address
