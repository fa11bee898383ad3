"""How news reaches somebody: what they wish and what is there, on which way, when, and what newer words overtake.

A call, a slip or a message that waits is overtaken only by what reaches somebody. A reminder overtakes reminders alone.
Other words overtake what they say anew: where they go out by some way, or where the reader did this minute what they
tell of. Whoever was still to be rung hears the newer words instead of the older.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, or_, select, update

from center.kernel.db import change_rows, db
from center.kernel.waking import next_waking
from center.notices import kinds
from center.notices.kinds import Calls, Kind
from center.notices.models import (
    BY_HAND,
    ContactPreference,
    Delivery,
    DeliveryState,
    Notice,
    NoticeTopic,
    OutgoingAddress,
    Preferred,
    Purpose,
    Way,
)
from center.people.models import Account, Person

# 1, 2, 4 … minutes, then every 4 hours, for about 32 hours in all. Fixed, so that anyone can say when the next try is.
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
MOST_TRIES = 16
LEASE = timedelta(minutes=5)  # a hand-over takes seconds; after this long whoever made it is taken to be dead
RING_AGAIN_AFTER = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How somebody can be reached. `email` and `phone` are empty where there is none; `has_gateway` says whether the
    centre can send e-mail at all.
    """

    preferred: Preferred = Preferred.AUTOMATIC
    is_withdrawn: bool = False
    has_account: bool = False
    has_gateway: bool = False
    email: str = ""
    phone: str = ""

    @property
    def can_email(self) -> bool:
        """Whether a letter can leave: there is an address, and a gateway to send it by."""
        return bool(self.email and self.has_gateway)


def way_out(reach: Reach, calls: Calls) -> Way | None:
    """The way on which a notice leaves the house; None where the inbox has to do."""
    if reach.is_withdrawn:
        return Way.IN_PERSON if _must_hear(reach, calls) else None
    if reach.preferred is Preferred.INBOX and reach.has_account:
        return None
    if reach.can_email and reach.preferred in {Preferred.AUTOMATIC, Preferred.EMAIL}:
        return Way.EMAIL
    if calls is Calls.NEVER:
        return None
    if reach.preferred is Preferred.SLIP:
        return Way.SLIP
    if calls is Calls.IF_WANTED and reach.preferred is not Preferred.CALL:
        return None if reach.has_account else Way.VISIT
    is_enough = reach.has_account and calls is Calls.WITHOUT_ACCOUNT and reach.preferred is not Preferred.CALL
    if is_enough:
        return None
    return _by_hand(reach)


def instead_of_email(reach: Reach, calls: Calls) -> Way | None:
    """How somebody is told whose e-mail came back. An account is not enough then: they count on their e-mail."""
    if reach.phone and not reach.is_withdrawn and calls is not Calls.NEVER:
        return Way.CALL
    return way_out(replace(reach, email=""), calls)


def _must_hear(reach: Reach, calls: Calls) -> bool:
    """Whether somebody who wants no messages and no calls has to hear it all the same, when they are met."""
    return calls is Calls.UNLESS_READ or (calls is Calls.WITHOUT_ACCOUNT and not reach.has_account)


def _by_hand(reach: Reach) -> Way | None:
    """By telephone; on paper where there is none; an account's inbox rather than paper that nobody asked for."""
    if reach.phone:
        return Way.CALL
    return None if reach.has_account else Way.SLIP


def decent_time(now: datetime, *, zone: ZoneInfo, is_asked_for: bool) -> datetime:
    """When a notice may go out: at once if the person asked for it this minute, else not between 21:00 and 08:00."""
    return now if is_asked_for else next_waking(now, zone)


def next_try(now: datetime, *, attempts: int) -> datetime | None:
    """When to try again after so many tries; None when it has been tried often enough."""
    if attempts >= MOST_TRIES:
        return None
    wait: timedelta = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    return now + wait


def reaches_of(people: Iterable[Person]) -> dict[int, Reach]:
    """How each of these people can be reached, by their ids: one read, however many they are."""
    by_id = {person.id: person for person in people}
    rows = db.session.execute(select_reach().add_columns(Person.id).where(Person.id.in_(by_id))).all()
    return {row[-1]: reach_from(by_id[row[-1]], row) for row in rows}


def reach_of(person: Person) -> Reach:
    """How somebody can be reached."""
    return reaches_of([person])[person.id]


def select_reach() -> Select[int, Preferred, datetime | None, bool]:
    """What is to be read of people so that `reach_from` knows; more may be joined and read with it."""
    has_gateway = exists().where(OutgoingAddress.purpose == Purpose.EMAIL, OutgoingAddress.is_on)
    return (
        select(Account.id, ContactPreference.preferred, ContactPreference.withdrawn_at, has_gateway)
        .select_from(Person)
        .outerjoin(Account, (Account.person_id == Person.id) & Account.disabled_at.is_(None))
        .outerjoin(ContactPreference, ContactPreference.person_id == Person.id)
    )


def reach_from(person: Person, row: Any) -> Reach:
    """How somebody can be reached, by a row of `select_reach`."""
    account_id, preferred, withdrawn_at, has_gateway = row[:4]
    return Reach(
        preferred=preferred or Preferred.AUTOMATIC,
        is_withdrawn=withdrawn_at is not None,
        has_account=account_id is not None,
        has_gateway=bool(has_gateway),
        email=person.email or "",
        phone=person.phone or "",
    )


@dataclass(frozen=True)
class Waiting:
    """A delivery that waits, as it was read: others may settle it meanwhile."""

    id: int
    way: Way
    drop_at: datetime | None

    def is_too_late(self, now: datetime) -> bool:
        """Whether it would tell nobody anything new any more."""
        return self.drop_at is not None and self.drop_at <= now


def waiting(notice: Notice, kind: Kind, topics: Collection[str], *, ends: Collection[str] = ()) -> list[Waiting]:
    """What waits to be said to the same person of these things and of nothing else, and would be said anew by this
    notice; and whatever waits to be said of what ends with it.
    """
    if not topics:
        return []
    asked = {"topics": sorted({*topics, *ends}), "ends": list(ends), "person_id": notice.person_id, "id": notice.id}
    reminders = [each.code for each in kinds.all_kinds() if each.is_reminder]
    found = db.session.execute(_waiting(is_reminder=kind.is_reminder), {**asked, "reminders": reminders})
    return [Waiting(*row) for row in found]


@cache
def _waiting(*, is_reminder: bool) -> Select[int, Way, datetime | None]:
    """Made once, since everything that is told asks it."""
    of_reminder = Notice.kind.in_(_some("reminders"))
    return (
        select(Delivery.id, Delivery.way, Delivery.drop_at)
        .join(Delivery.notice)
        .where(
            _is_only_about(_some("topics")),
            Notice.person_id == bindparam("person_id"),
            Notice.id < bindparam("id"),
            Delivery.state == DeliveryState.DUE,
            or_(
                of_reminder if is_reminder else or_(Delivery.way.in_(BY_HAND), of_reminder),
                Notice.about.in_(_some("ends")),
            ),
        )
        .order_by(Delivery.id)
    )


def _some(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


def way_out_after(
    reach: Reach, kind: Kind, older: Collection[Waiting], *, is_known: bool = False, now: datetime
) -> Way | None:
    """The way on which a notice leaves the house. Who was still to be told by hand is told the newer words by hand,
    however little these would be worth a call on their own; but not whoever did it this minute, and knows.
    """
    way = way_out(reach, kind.calls)
    is_owed = any(each.way in BY_HAND and not each.is_too_late(now) for each in older)
    if way is None and is_owed and not is_known and not kind.is_reminder:
        return way_out(reach, Calls.UNLESS_READ)
    return way


def overtake(older: Collection[Waiting], *, is_told: bool, now: datetime) -> None:
    """Take off the lists what the newer words replace; where these reach nobody it stays there."""
    take_off_lists([each.id for each in older if is_told or each.is_too_late(now)], now=now)


def forget(abouts: Collection[str], *, now: datetime, except_for: Collection[int] = ()) -> None:
    """Nobody but these people needs to hear of these things any more: what waits for others is not said."""
    told = select(Notice.id).where(_is_only_about(abouts), Notice.person_id.not_in(sorted(except_for)))
    drop(Delivery.notice_id.in_(told), now=now)


def last_until(abouts: Collection[str], until: datetime, *, only: Kind | None = None, but: Kind | None = None) -> None:
    """Let calls, slips and e-mails about these things that are still due be so until then."""
    told = select(Notice.id).where(Notice.about.in_(sorted(abouts)))
    told = told.where(Notice.kind == only.code) if only else told
    told = told.where(Notice.kind != but.code) if but else told
    due = Delivery.state == DeliveryState.DUE, Delivery.drop_at.is_not(None), Delivery.drop_at != until
    change_rows(update(Delivery).where(Delivery.notice_id.in_(told), *due).values(drop_at=until))


def take_off_lists(delivery_ids: Collection[int], *, now: datetime) -> None:
    """Take deliveries that wait off their lists: they are not needed any more."""
    if delivery_ids:
        drop(Delivery.id.in_(sorted(delivery_ids)), now=now)


def _is_only_about(topics: Collection[str] | BindParameter[Any]) -> ColumnElement[bool]:
    """Of a notice in a query: whether all it tells of is among these things."""
    listed: Any = topics if isinstance(topics, BindParameter) else sorted(topics)
    other = exists().where(NoticeTopic.notice_id == Notice.id, NoticeTopic.about.not_in(listed))
    return and_(Notice.about.in_(listed), ~other)


def drop(*which: ColumnElement[bool], now: datetime) -> None:
    """Say nothing more of what waits to be handed over, of these deliveries."""
    change_rows(
        update(Delivery)
        .where(*which, Delivery.state == DeliveryState.DUE)
        .values(state=DeliveryState.DROPPED, settled_at=now)
    )
