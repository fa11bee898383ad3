"""The after-school programme: the page of a day, children handed over by the code of the day, alarms of the missing.

A term of its own is made for it, with eighty children, of whom forty come and are collected today. The sweep
of alarms is then asked at a time of tomorrow when whoever has not come is missing.
"""

import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as clock_time

from flask import Flask
from sqlalchemy import func, select, update

from bench.crowd import End, Errand, send_crowd
from bench.load import Outcome, put_load, request
from center.afterschool.alarms import sweeps
from center.afterschool.models.care import Alarm, AlarmKind
from center.afterschool.models.custody import Custody, Holder
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Collector
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.queries import account_of
from center.signups.models import Pool
from tests.afterschool.builders import make_child, the_roster
from tests.afterschool.custody_cases import collector_of, today
from tests.afterschool.handing_over.scene import Scene
from tests.afterschool.plan_builders import enrol
from tests.builders import ZONE, make_person, session_cookie
from tests.statements import selects

DAY = "/classroom/day"
SIZES = (10, 40, 80)  # children on the page
COLLECTED = 40
DOORS = 2  # browsers of staff that hand over at once
DONE = 303
LATE = clock_time(17)  # long after school and fifteen minutes


@dataclass
class Children:
    """How it went, and what is wrong with any of it."""

    page: Outcome
    page_floor: Outcome
    handed: Sequence[End]
    presses: Sequence[Outcome]
    size: int = 0
    statements: dict[int, int] = field(default_factory=dict)
    swept: float = 0.0  # seconds
    alarms: int = 0
    wrong: list[str] = field(default_factory=list)

    def told(self) -> str:
        """What came of it, in a few sentences."""
        handed = Outcome(1, [each.milliseconds for each in self.handed])
        seconds = max(each.answered for each in self.handed) - min(each.pressed for each in self.handed)
        rate, floor = len(self.handed) / seconds, sum(each.rate for each in self.presses) / len(self.presses)
        asked = ", ".join(f"{number} with {size}" for size, number in self.statements.items())
        told = (
            f"The page of a day of {COLLECTED} children: {self.page.rate:.0f}/s, p50 {self.page.percentile(0.5):.1f} "
            f"ms, p99 {self.page.percentile(0.99):.1f} ms, {self.size:,} bytes, a bare page "
            f"{self.page_floor.rate:.0f}/s, ratio {self.page.rate / self.page_floor.rate:.3f}; SELECTs: {asked}. "
            f"{len(self.handed)} children handed over by code at {DOORS} doors: {rate:.0f}/s, "
            f"p50 {handed.percentile(0.5):.1f} ms, p99 {handed.percentile(0.99):.1f} ms; a bare INSERT {floor:.0f}/s, "
            f"ratio {rate / floor:.2f}. {self.alarms} missing children written down and told of by one round of the "
            f"sweep in {self.swept:.1f} s, which begins every {sweeps.EVERY:g} s."
        )
        return told + "".join(f" WRONG: {each}." for each in self.wrong)


def open_day(app: Flask, site: int, floor: int, *, seconds: float) -> Children:
    """Let staff look at a day that grows, and hand over half of its children; then let it be late."""
    with app.app_context():
        scene = Scene()
        with transaction() as session:  # or the forty-first waits for a place
            of_term = Pool.roster_id == the_roster(scene.enrolment.term).id
            session.execute(update(Pool).where(of_term).values(capacity=SIZES[-1]))
        account = account_of(scene.tutor.id)
        assert account is not None
        cookie = session_cookie(app, account)
        there, statements, lengths = [(scene.enrolment, scene.granny)], {}, {}
        bare, wanted = [request("/press", method="POST")], [request(DAY, cookie=f"center={cookie}")]
        for number in SIZES:
            there += [_enrolled(scene, n) for n in range(len(there), number)]
            statements[number], lengths[number] = _asked(app, cookie)
            if number == COLLECTED:
                put_load(site, wanted, seconds=seconds / 2, connections=DOORS)
                page_floor = put_load(floor, [request("/")], seconds=seconds, connections=DOORS)
                page = put_load(site, wanted, seconds=seconds, connections=DOORS)
        before = put_load(floor, bare, seconds=seconds, connections=DOORS)
        handed = _hand_over(site, scene, there[:COLLECTED], cookie)
        after = put_load(floor, bare, seconds=seconds, connections=DOORS)
        found = Children(page, page_floor, handed, (before, after), lengths[COLLECTED], statements)
        if page.failures or {each.status for each in handed} != {DONE}:
            statuses = dict(Counter(each.status for each in handed))
            found.wrong.append(f"pages {page.failures} failures, presses {statuses}")
        _expect_gone(found, there[:COLLECTED])
        _let_it_be_late(found)
    return found


def _enrolled(scene: Scene, number: int) -> tuple[Enrolment, Collector]:
    """Another child of the day, whom a grandmother may collect."""
    child = make_child(make_person(name=f"妈妈{number}"), name=f"孩子{number}", sort_key=f"{number:03d}")
    return enrol(scene.enrolment.term, child), collector_of(child, f"奶奶{number}")


def _asked(app: Flask, cookie: str) -> tuple[int, int]:
    """The SELECTs of the page, and its bytes."""
    client = app.test_client()
    client.set_cookie("center", cookie)
    client.get(DAY)
    with app.app_context(), selects() as sent:
        answer = client.get(DAY)
    assert answer.status_code == 200, answer.status_code
    return len(sent), len(answer.data)


def _hand_over(site: int, scene: Scene, there: Sequence[tuple[Enrolment, Collector]], cookie: str) -> list[End]:
    """Let them come, then press "hand over" for each with the code of the day."""
    wanted = []
    for enrolment, collector in there:
        child = enrolment.child
        scene.arrive(child)
        wanted.append((child.id, f"hand:c{collector.id}", scene.code(child)))
    db.session.rollback()
    [opened] = send_crowd(site, [Errand(DAY, cookie)], connections=1)
    known = {"csrf_token": opened.hidden["csrf_token"]}
    errands = [
        Errand(f"{DAY}/{child}", opened.cookie, {**known, "act": act, "code": code, "nonce": str(uuid.uuid4())})
        for child, act, code in wanted
    ]
    return send_crowd(site, errands, connections=DOORS)


def _expect_gone(found: Children, there: Sequence[tuple[Enrolment, Collector]]) -> None:
    db.session.rollback()
    ids = [enrolment.child_id for enrolment, _collector in there]
    gone = Custody.child_id.in_(ids), Custody.holder == Holder.COLLECTOR
    number = db.session.scalar(select(func.count()).select_from(Custody).where(*gone))
    if number != len(there):
        found.wrong.append(f"{number} of {len(there)} children were handed over")


def _let_it_be_late(found: Children) -> None:
    """One round of the sweep, tomorrow, when nobody has come: today's are perhaps written down by the site's worker."""
    sweep = sweeps.SWEEPS[0]
    clock.start_at(datetime.combine(today() + timedelta(days=1), LATE, ZONE))
    missing = select(func.count()).where(Alarm.kind == AlarmKind.MISSING)
    before, began = db.session.scalar(missing) or 0, time.perf_counter()
    db.session.rollback()
    for each in sweep.due(clock.now()):
        sweep.settle(each, clock.now())
    found.swept = time.perf_counter() - began
    clock.start_at(None)
    db.session.rollback()
    found.alarms = (db.session.scalar(missing) or 0) - before
    if found.alarms < SIZES[-1]:
        found.wrong.append("too few missing children have an alarm")
