"""The desk's search box, among the people of the demonstration and among a hundred times as many.

The copies are made by the database itself: the same names, doors and phones over and over, which is harder than life.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Flask
from sqlalchemy import (
    ColumnElement,
    Insert,
    String,
    Table,
    cast,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute

from bench import report
from bench.load import put_load, request
from center.attendance import cards
from center.attendance.models.devices import Card
from center.bookings.models import Booking
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Building, Person, Role
from center.signups.models import SignUp
from tests.builders import make_account, session_cookie
from tests.statements import selects

SHOWN = 12  # of each kind, asked for in turn
STEP = 1_000_000  # between the ids of one copy and the next
FOUND = (200, 302)  # a list, or the one page that was meant
HEAD = ("the desk's search", "people", "p50 ms", "p99 ms", "searches/s", "queries")
P99 = HEAD.index("p99 ms")


@dataclass(frozen=True)
class Kind:
    """One way of looking somebody up, and what is typed for it, in turn."""

    name: str
    typed: Sequence[str]

    @property
    def paths(self) -> list[str]:
        """The addresses that the search box asks for."""
        return [f"/desk/people?q={quote(each)}" for each in self.typed]


@dataclass(frozen=True)
class Desk:
    """A clerk's browser, and what they look for."""

    cookie: str
    kinds: Sequence[Kind]


def clerk_of(app: Flask) -> Desk:
    """Somebody who works at the desk, and what they type."""
    with app.test_request_context("/"):
        clerk = make_account(roles=[Role.CLERK])
        kinds = list(_kinds(clerk.person))
        return Desk(session_cookie(app, clerk), kinds)


def multiply(app: Flask, times: int) -> None:
    """Let there be so many times the people that there are, with a card each; straight into the tables.

    Their indexes are made anew behind them, which is a matter of seconds, and not of a row at a time.
    """
    people, held = Person.__table__, Card.__table__
    assert isinstance(people, Table)
    assert isinstance(held, Table)
    with app.app_context(), db.engine.connect() as connection:
        connection.execute(_cards_for_all())
        for index in people.indexes:
            index.drop(connection)
        for copy in range(1, times):
            for table in (people, held):
                connection.execute(_copied(table, copy))
            connection.commit()
        for index in people.indexes:
            index.create(connection)
        connection.execute(text("ANALYZE"))
        connection.commit()


def measured(app: Flask, site: int, desk: Desk, *, seconds: float) -> Iterator[list[str]]:
    """A row of the table for each kind: one clerk, who has the next answer as soon as the one before was there."""
    with app.app_context():
        people = f"{db.session.scalar(select(func.count()).select_from(Person)) or 0:,}"
    for kind in desk.kinds:
        wanted = [request(path, cookie=f"lang=zh; center={desk.cookie}") for path in kind.paths]
        put_load(site, wanted, seconds=seconds / 2, connections=1, statuses=FOUND)
        came = put_load(site, wanted, seconds=seconds, connections=1, statuses=FOUND)
        failures = f" ({came.failures} FAILED)" if came.failures else ""
        times = [f"{came.percentile(share):.1f}" for share in (0.5, 0.99)]
        yield [kind.name, people, *times, f"{came.rate:.0f}{failures}", str(_queries(app, desk, kind))]


def told(rows: Sequence[Sequence[str]]) -> str:
    """All of them together."""
    return report.table(HEAD, rows)


def _kinds(clerk: Person) -> Iterator[Kind]:
    is_found = Person.is_double.is_(False), Person.erased_at.is_(None), Person.phone.is_not(None), Person.door != ""
    query = select(Person, Building.code).join(Building, Person.building_id == Building.id).where(*is_found)
    some = [row._tuple() for row in db.session.execute(query.order_by(Person.phone, Person.id).limit(SHOWN))]
    now = clock.now()
    with transaction():
        codes = [cards.issue(person, by=clerk, now=now) for person, _code in some]
    yield Kind("name", [person.name for person, _code in some])
    yield Kind("one character", [person.name[0] for person, _code in some])
    yield Kind("pinyin", [person.sort_key.replace(" ", "") for person, _code in some])
    yield Kind("initials", [person.initials for person, _code in some])
    yield Kind("initials that nobody has", ["qvq", "vvv", "zqxj"])
    yield Kind("end of a phone", [str(person.phone_tail) for person, _code in some])
    yield Kind("whole phone", [str(person.phone) for person, _code in some])
    yield Kind("door", [f"{code.rstrip('栋')}-{person.door}" for person, code in some])
    yield Kind("card", [f"QH1:{code}" for code in codes])
    yield Kind("number of a booking", _references(Booking.reference))
    yield Kind("number of a sign-up", _references(SignUp.reference))


def _references(column: InstrumentedAttribute[str]) -> list[str]:
    """Such as the site gives them out, which those of the load are not."""
    return list(db.session.scalars(select(column).where(func.length(column) == len("K7QM-2F9D")).limit(SHOWN)))


def _queries(app: Flask, desk: Desk, kind: Kind) -> int:
    client, most = app.test_client(), 0
    client.set_cookie("center", desk.cookie)
    for path in kind.paths:
        with app.app_context(), selects() as sent:
            answer = client.get(path)
        if answer.status_code not in FOUND or "sign-in" in answer.headers.get("Location", ""):
            raise RuntimeError(f"{answer.status_code} {answer.headers.get('Location', '')}: {path}")
        most = max(most, len(sent))
    return most


def _cards_for_all() -> Insert:
    """A card for everybody who has none."""
    has_one = select(Card.id).where(Card.person_id == Person.id)
    now = literal(clock.now(), type_=Card.issued_at.type)
    of = (Person.id, literal("all-") + cast(Person.id, String), now, Person.id)
    rows = select(*of).where(~has_one.exists(), Person.id < STEP)
    return insert(Card).from_select(["person_id", "code_hash", "issued_at", "issued_by_id"], rows)


def _copied(table: Table, copy: int) -> Insert:
    values = {column.name: column for column in table.c}
    further: dict[str, ColumnElement[Any]] = {"id": table.c.id + copy * STEP}
    if "code_hash" in values:
        further["person_id"] = table.c.person_id + copy * STEP
        further["code_hash"] = literal("copy-") + cast(further["id"], String)
    rows = select(*(further.get(name, column) for name, column in values.items())).where(table.c.id < STEP)
    return insert(table).from_select(list(values), rows)
