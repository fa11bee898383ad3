"""What is due is found by an index, however much is over: the plan of every sweep's statements, on both engines."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from center.activities import actions as activity_actions
from center.activities.models import Activity
from center.app.wiring import SWEEPS
from center.bookings.models import Booking, BookingStatus
from center.bookings.models.waiting import SlotWish, WishState
from center.kernel.db import db, transaction
from center.notices.models import Delivery, DeliveryState, Notice, Way
from center.rooms.models import Occupancy, RoomUse
from center.signups.models import Pool, Roster, SignUp
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_booking, make_centre, make_person, make_room
from tests.history import copy_back
from tests.statements import selects

HISTORY = 1500  # days
FEW = 40  # rows that a statement may read, of what is now and ahead
# Do not grow with time.
SMALL = {"buildings", "centre_facts", "grids", "organisations", "reading_versions", "rooms", "terms"}
# What waits in one of these states leaves it when its time has come, so all of them together are few.
OPEN_ONLY = {
    ("requests_expire", "bookings"),
    ("wishes_lapsed", "slot_wishes"),
    ("times_free_again", "slot_wishes"),
    ("activities_over", "activities"),
    ("activities_over", "sessions"),
    ("lotteries_drawn", "activities"),
    ("proposals_kept", "activity_proposals"),  # what is over is emptied
    ("calls that are too late", "notice_deliveries"),
    ("messages to send", "notice_deliveries"),
    ("what former leads were to hear", "notice_deliveries"),
    ("drafts of long ago", "drafts"),  # what is over is deleted
    ("forms sent long ago", "sent_forms"),  # the same
    ("who looked long ago", "access_events"),  # the same
    ("evidence packs that are over", "evidence_packs"),  # what is over is expired
    ("evidence packs to make", "evidence_packs"),
    ("feedback that is over", "feedback_rounds"),
    ("deadlines of the incubator", "incubations"),
    ("offers_unanswered", "slot_wishes"),
    ("offers_expired", "sign_ups"),
    ("shifts_forgotten", "volunteer_shifts"),
    ("swaps_expire", "room_swaps"),
    ("checks_run_out", "staff_checks"),
    ("performances_over", "performances"),  # once over, they are performed or called off
    ("loans_late", "loan_lines"),  # what is out comes back
    ("loans_needed_for_a_show", "loan_lines"),
    ("works_reserved", "works"),
    *(
        ("what is kept of children long enough", table)  # what is over is deleted
        for table in ("care_alarms", "incidents", "pick_up_codes", "plan_changes")
    ),
}
# Read whole, once an hour: some rows a child, and what is over is deleted. Places stay, a hundred or two a year.
OF_CHILDREN = {
    *("call_orders", "child_consents", "child_photos", "collection_bars", "collectors", "day_notes", "deletion_asks"),
    *("enrolment_events", "enrolments", "guardian_disputes", "health_notes", "holdings", "legal_holds"),
    *("collector_agreements", "collector_photos", "guardian_words"),
    *("priority_claims", "retention_periods", "ways_home"),
}


Seen = list[tuple[str, str, Any]]  # a sweep, a statement of it, its values


@pytest.fixture
def swept(app: Flask) -> Seen:
    """Every sweep's statements with the engine's plan of each, in an evening that has years behind it."""
    make_years_of_history()
    found: Seen = []
    hours = (at(10, days=0), at(18, 30, days=0))  # some look by day alone, some in the evening
    for sweep, now in itertools.product(SWEEPS, hours):
        db.session.rollback()
        with selects() as seen:
            sweep.due(now)
        found += [(sweep.name, sql, values) for sql, values in seen if not sql.startswith("PRAGMA")]
    assert len({name for name, *_ in found}) == len(SWEEPS)
    return found


def make_years_of_history() -> None:
    make_centre()
    room = make_room(release_minutes=15)
    booking = make_booking(room=room, starts_at=at(9, days=-3), ends_at=at(10, days=-3), status=BookingStatus.CONFIRMED)
    person = make_person()
    times = {"starts_at": at(9, days=-3), "ends_at": at(10, days=-3), "asked_at": at(9, days=-5)}
    who = {"room_id": room.id, "person_id": person.id, "asked_by_id": person.id, "channel": "online"}
    with transaction() as session:
        lapsed = SlotWish(**times, **who, state=WishState.LAPSED, purpose="x", people=2)
        session.add(lapsed)
    activity = make_activity(starts=[at(9, days=-3)], now=at(9, days=-9))
    roster = make_roster(activity)
    [signed] = sign_up(roster, person, now=at(9, days=-8))
    with transaction():
        activity_actions.close_if_over(db.session.get_one(Activity, activity.id), now=at(12, days=0))
    [notice] = db.session.scalars(select(Notice).where(Notice.about.like("sign_up:%")).limit(1)).all()
    with transaction() as session:
        done = Delivery(
            notice_id=notice.id, way=Way.CALL, message_id="m1", state=DeliveryState.DONE_BY_HAND, due_at=at(9, days=-8)
        )
        session.add(done)
    use = db.session.get_one(RoomUse, booking.use_id)
    [row] = db.session.scalars(select(Occupancy).where(Occupancy.use_id == use.id)).all()
    [pool] = db.session.scalars(select(Pool).where(Pool.roster_id == roster.id)).all()
    of_room = [use, row, db.session.get_one(Booking, booking.id), lapsed]
    of_activity = [
        db.session.get_one(Activity, activity.id),
        activity.sessions[0],
        db.session.get_one(Roster, roster.id),
    ]
    copy_back(
        [*of_room, *of_activity, pool, signed.group, db.session.get_one(SignUp, signed.id), notice, done], HISTORY
    )
    if db.engine.dialect.name == "postgresql":  # which does so by itself, now and then
        with db.engine.begin() as connection:
            connection.execute(text("ANALYZE"))


def test_no_sweep_reads_what_is_over(swept: Seen, engine: str) -> None:
    plan = {"sqlite": sqlite_faults, "postgresql": postgresql_faults}[engine]
    faults = [f"{name}: {fault}\n{sql}" for name, sql, values in swept for fault in plan(name, sql, values)]
    assert not faults, "\n\n".join(faults)


def sqlite_faults(name: str, sql: str, values: Any) -> Iterator[str]:
    """Steps of the plan that read a growing table as a whole, or from its beginning up to now."""
    for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all():
        step = re.match(r"(SCAN|SEARCH) (\w+)(?: .*?\((.*)\))?", row[3])
        if step is None or not (table := table_of(step[2], sql)) or table in SMALL:
            continue
        if name == "what is kept of children long enough" and table in OF_CHILDREN:
            continue
        conditions = step[3] or ""
        is_bounded = ">" in conditions or re.search(r"\b(\w*id|rowid|about|key|reference|on_date)=", conditions)
        if step[1] == "SCAN" or not (is_bounded or (name, table) in OPEN_ONLY):
            yield row[3]


def table_of(alias: str, sql: str) -> str | None:
    """The table that a plan's step reads; None for a subquery."""
    if alias in db.metadata.tables:
        return alias
    renamed = re.search(rf"(\w+) AS {alias}\b", sql)
    return renamed[1] if renamed else None


def postgresql_faults(_name: str, sql: str, values: Any) -> Iterator[str]:
    """Steps that read, or threw away, more rows of a growing table than are now or ahead."""
    explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}"
    [[[plan]]] = db.session.connection().exec_driver_sql(explain, values).all()
    for step in steps_of(plan["Plan"]):
        read = (step["Actual Rows"] + step.get("Rows Removed by Filter", 0)) * step["Actual Loops"]
        if step.get("Relation Name") not in {None, *SMALL} and read > FEW:
            yield f"{step['Node Type']} of {step['Relation Name']} read {read} rows"


def steps_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from steps_of(below)


def test_the_check_sees_a_statement_that_reads_history(swept: Seen, engine: str) -> None:
    now = at(18, 30, days=0)
    mark, value = ("?", now.isoformat(" ")) if engine == "sqlite" else ("%s", now)
    check = {"sqlite": sqlite_faults, "postgresql": postgresql_faults}[engine]
    begun = f"SELECT id FROM bookings WHERE status = 'confirmed' AND starts_at <= {mark} AND checked_in_at IS NULL"
    assert list(check("a sweep", begun, (value,)))
