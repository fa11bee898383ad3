"""Everybody of the access matrix, and two of everything that somebody may own: what is ours, and what is others'.

Ours is what belongs to the resident and to the organisation of `tests/world.py`: helper, guardian, housemate, members
and lead belong to these. Theirs belongs to another resident, and to another organisation with a lead of its own.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.routing import Rule

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import Term
from center.kernel import clock
from center.kernel.access_log import AccessEvent
from center.kernel.db import db, transaction
from center.notices import data_asks
from center.notices.models import AskedFor, Delivery
from center.organisations.models import MemberRole, Membership, Organisation
from center.people.models import Account, Delegation, Guardianship, Person, Role, RoleGrant
from center.people.session_models import UserSession
from center.rooms.models import Room
from center.signups.models import Roster, SignUp
from center.web.desk.after_school.call_keys import key_for
from tests import world as worlds
from tests.activity_builders import sign_up
from tests.afterschool.plan_samples import of_a_guardian
from tests.afterschool.samples import of_the_programme, record_of
from tests.allocation.samples import of_allocation
from tests.attendance.hours.builders import give_hours
from tests.builders import (
    LONG_AGO,
    at,
    make_account,
    make_booking,
    make_building,
    make_grid,
    make_grid_worker,
    make_organisation,
    make_person,
    make_room,
    session_cookie,
    trust,
)
from tests.engines import keep_rows, put_rows_back
from tests.feedback.samples import of_feedback
from tests.incubator.application_samples import of_applications
from tests.incubator.evidence.samples import of_evidence
from tests.incubator.house_samples import of_the_house
from tests.incubator.samples import of_the_incubator
from tests.told import tell
from tests.troupes.lending_samples import of_things
from tests.troupes.samples import of_a_troupe
from tests.world import World, address_of

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)  # at the centre
WRITING = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)", re.IGNORECASE)
# What is sent with a button that says nothing without it.
SENT: dict[str, dict[str, str]] = {
    "posting.sign_volunteer": {"all_out": "1"},
    "troupes.rearrange_rehearsals": {"how": "up"},
    "troupes.step_performance": {"to": "pieces_set"},
    "notices.set_consent": {"agrees": "1"},
    "notices.set_consent_of": {"agrees": "1"},
}
# Pages that open for the clerk who found a guardian by their number.
CALLS = (
    "desk.after_school_call",
    *(f"desk.caller_{each}" for each in ("collectors", "consent", "leave", "matters", "order", "pause")),
    *(f"desk.caller_{each}" for each in ("photo", "reasons", "resume", "revoke_collector")),
    *(f"desk.caller_{each}" for each in ("school", "week")),
)
# The columns of tests/access_matrix.txt, in order.
EVERYBODY = (
    "visitor",
    "newcomer",
    "resident",
    "helper",
    "guardian",
    "housemate",
    "member",
    "check_in",
    "editor",
    "lead",
    "lead_elsewhere",
    "tutor",
    "grid_worker",
    "clerk",
    "director",
    "auditor",
    "former",
)


@dataclass(frozen=True)
class Scenes:
    """Who there is, as the cookie of their browser, and what stands in an address that leads to ours or to theirs."""

    cookies: Mapping[str, str]
    ours: Mapping[str, Any]
    theirs: Mapping[str, Any]
    child: Mapping[str, Any]  # what is the guardian's, beside ours
    other_child: Mapping[str, Any]  # what is another guardian's
    person_ids: Mapping[str, int]  # by who they are
    on_pages: Mapping[str, Mapping[str, Any]]  # what stands in the address of a page, whosever the rest is

    def addresses(self, rule: Rule, who: str) -> Iterator[tuple[str, str]]:
        """("ours", address) and ("theirs", address) of a page; once where nothing in its address is anybody's."""
        ours = dict(self.ours)
        if who == "guardian" and rule.rule.startswith("/sign-ups/"):
            ours |= {"reference": self.child["reference"]}
        theirs = {**self.ours, **self.theirs}
        if rule.rule.startswith("/children/"):  # of the guardian's own child, and of another's
            ours, theirs = {**ours, **self.child}, {**theirs, **self.other_child}
        if rule.rule.startswith("/desk/round/"):  # there a delivery is a visit, at the desk a call
            ours["delivery_id"], theirs["delivery_id"] = ours["visit_id"], theirs["visit_id"]
        mine, others = (address_of(rule, {**each, **self.on_pages.get(rule.endpoint, {})}) for each in (ours, theirs))
        key = self._key_of_call(who) if rule.endpoint in CALLS else ""
        yield "ours", mine + key
        if others != mine:
            yield "theirs", others + key

    def _key_of_call(self, who: str) -> str:
        """What the search for a guardian by their number would have given whoever asks."""
        call = self.on_pages["desk.after_school_call"]
        clerk_id = self.person_ids.get(who, 0)
        return f"?key={key_for(clerk_id, call['person_id'], call['enrolment_id'])}"


def make_scenes(app: Flask) -> Scenes:
    """Fill the database."""
    world = worlds.build()
    ours = {**world.samples(), "visit_id": world.told.visit_id}
    people = {**_of_world(world), **_beside(world)}
    child, helper = _child_of(people["guardian"].person, world), people["helper"].person
    trust_helper = _permit(world.resident.person, helper)
    theirs = _theirs(world, people["lead_elsewhere"])
    ours |= of_the_programme(people["tutor"].person)
    cookies = {name: session_cookie(app, account) for name, account in people.items()}
    ours |= {"delegation_id": trust_helper, "session_id": _browser_of(app, world.resident)}
    ours |= {"person_id": world.resident.person_id, "data_ask_id": _asked_by(world.resident.person)}
    term = db.session.get_one(Term, ours["term_id"])
    own = {**child, **of_a_guardian(people["guardian"].person, term)}
    other = of_a_guardian(make_person(), term)
    own, other = ({**each, **record_of(each["enrolment_id"])} for each in (own, other))
    ids = {name: account.person_id for name, account in people.items()}
    pages = _on_pages(world, ours["enrolment_id"])
    return Scenes(cookies, ours, theirs, child=own, other_child=other, person_ids=ids, on_pages=pages)


def _on_pages(world: World, enrolment_id: int) -> dict[str, dict[str, Any]]:
    """Where two values of one address belong together, or something must be in another state."""
    child, dead = db.session.get_one(Guardianship, world.guardianship_id).child_id, {"delivery_id": world.told.dead_id}
    caller = db.session.get_one(Enrolment, enrolment_id).applied_by_id
    return {
        "classroom.child_day": {"person_id": db.session.get_one(Enrolment, enrolment_id).child_id},
        "classroom.collector_photo": {"person_id": db.session.get_one(Enrolment, enrolment_id).child_id},
        **{each: {"enrolment_id": enrolment_id, "person_id": caller} for each in CALLS},
        "desk.end_guardian": {"person_id": child},
        "notices.give_up": dead,
        "notices.try_again": dead,
        "people.end_role": {"person_id": world.clerk.person_id},
        "posting.amend": {"person_id": world.lead.person_id},
    }


def _of_world(world: World) -> dict[str, Account]:
    return {
        "newcomer": world.newcomer,
        "resident": world.resident,
        "lead": world.lead,
        "grid_worker": world.grid_worker,
        "clerk": world.clerk,
        "director": world.director,
    }


def _beside(world: World) -> dict[str, Account]:
    """Those whom that small centre has not: some belong to the resident or the organisation, some to nobody."""
    home = world.resident.person
    door = {"building_id": home.building_id, "unit": home.unit, "door": home.door}
    accounts = {name: make_account() for name in ("helper", "guardian", "lead_elsewhere")}
    accounts["housemate"] = make_account(make_person(**door))
    for name, role in (("member", MemberRole.MEMBER), ("check_in", MemberRole.CHECK_IN), ("editor", MemberRole.EDITOR)):
        accounts[name] = _belongs(make_account(), world.organisation, role)
    accounts["tutor"] = make_account(roles=[Role.TUTOR])
    accounts["auditor"] = make_account(roles=[Role.AUDITOR])
    accounts["former"] = _formerly(make_account(), world.organisation)
    return accounts


def _belongs(account: Account, organisation: Organisation, role: MemberRole, **dates: Any) -> Account:
    known = {"organisation_id": organisation.id, "person_id": account.person_id, "role": role, "starts_on": LONG_AGO}
    with transaction() as session:
        session.add(Membership(**known, **dates))
    return account


def _formerly(account: Account, organisation: Organisation) -> Account:
    """Until yesterday they led the organisation, and had every role of the staff."""
    ended = {"ends_on": at(12, days=-1).date()}
    _belongs(account, organisation, MemberRole.LEAD, **ended)
    with transaction() as session:
        for role in (Role.CLERK, Role.DIRECTOR, Role.AUDITOR, Role.TUTOR):
            session.add(RoleGrant(person_id=account.person_id, role=role, starts_on=LONG_AGO, **ended))
    return account


def _child_of(guardian: Person, world: World) -> dict[str, Any]:
    """A child of the guardian who has a place, and the reference of it."""
    child = make_person(name="陈小明", birth_year=2018)
    with transaction() as session:
        session.add(Guardianship(child_id=child.id, guardian_id=guardian.id, starts_on=LONG_AGO))
    reference = _signed(world, world.roster_id, child).reference
    return {"reference": reference, "person_id": child.id}


def _signed(world: World, roster_id: int, person: Person) -> SignUp:
    roster = db.session.get_one(Roster, roster_id)
    [made] = sign_up(roster, person)
    return made


def _permit(person: Person, to: Person) -> int:
    """One lets another act for them; the id of that."""
    trust(person, to)
    db.session.rollback()
    given = select(Delegation.id).where(Delegation.person_id == person.id, Delegation.delegate_id == to.id)
    with transaction() as session:  # and not the other way round
        for back in session.scalars(select(Delegation).where(Delegation.person_id == to.id)):
            session.delete(back)
    return db.session.scalars(given).one()


def _browser_of(app: Flask, account: Account) -> int:
    """One more browser in which somebody is signed in."""
    session_cookie(app, account)
    latest = select(UserSession.id).where(UserSession.account_id == account.id).order_by(UserSession.id.desc())
    return db.session.scalars(latest.limit(1)).one()


def _theirs(world: World, lead: Account) -> dict[str, Any]:
    """What belongs to another resident, and to another organisation."""
    owner, driver, clerk = make_account(), make_person(), world.clerk.person
    organisation = make_organisation(leads=[lead.person], about="一支合唱队", about_en="A choir")
    rooms = [make_room() for _n in range(5)]
    bookings = [make_booking(room=room, person=owner.person, purpose="唱歌") for room in rooms[:4]]
    taken = make_booking(room=rooms[4], starts_at=at(15))
    roster, offer = worlds.busy_activity(organisation, owner.person, [each.reference for each in bookings])
    question, driven = worlds.ask_something(roster, driver, clerk)
    roster = db.session.get_one(Roster, roster.id)
    shift_id, number = give_hours(roster.activity.sessions[0], owner.person, clerk)
    return {
        "slug": organisation.slug,
        "reference": bookings[0].reference,
        "roster_id": roster.id,
        "date_id": roster.session_id,
        "pool_id": roster.pools[0].id,
        "question_id": question.id,
        "proposal_id": worlds.propose_words(roster.activity, lead.person),
        "driver_id": driven.id,
        "event_id": worlds.unclear_entry(roster.session_id or 0, owner.person, clerk),
        "name": worlds.put_photo(roster.activity, lead.person),
        "offer": offer,
        "shift_id": shift_id,
        "number": number,
        "delegation_id": _permit(owner.person, make_account().person),
        "membership_id": organisation.memberships[0].id,
        "person_id": owner.person_id,
        "wish_id": worlds.wait_for(taken.room, owner.person, at(15)).id,
        "notice_id": tell(owner.person, "booking.approved", key="theirs", now=clock.now(), path="/me").id,
        "session_id": _session_of(owner),
        "data_ask_id": _asked_by(owner.person),
        "visit_id": _visit_elsewhere(),
        **of_the_programme(),
        **of_feedback(roster.activity.sessions[0].id, owner.person),
        **of_evidence(roster.activity.sessions[0].id, lead.person),
        **of_the_incubator(organisation, roster.activity, owner.person),
        **of_a_troupe(organisation, owner.person),
        **of_allocation(organisation, lead.person),
        **of_applications(organisation, lead.person, owner.person),
        **of_things(organisation.slug, owner.person),
        **of_the_house(organisation, lead.person),
        **_series_of(rooms[4], lead.person, organisation),
    }


def _series_of(room: Room, lead: Person, organisation: Organisation) -> dict[str, str]:
    series = worlds.repeat_weekly(room, lead, organisation)
    return {"series": series.reference, "on": series.dates[0].on_date.isoformat()}


def _asked_by(person: Person) -> int:
    """Something about their data that somebody asked the desk to correct."""
    with transaction() as session:
        me = session.get_one(Person, person.id)
        return data_asks.ask(me, AskedFor.CORRECTION, words="门牌不对", by=me, now=clock.now()).id


def _session_of(account: Account) -> int:
    """A sign-in of somebody whom the matrix does not sign in."""
    now = clock.now()
    with transaction() as session:
        row = UserSession(token_hash="0" * 64, account_id=account.id, created_at=now, seen_at=now, proved_at=now)
        session.add(row)
    return row.id


def _visit_elsewhere() -> int:
    """A message for somebody whom the worker of another grid visits."""
    grid = make_grid()
    make_grid_worker(grid, name="网格乙")
    home = make_building(grid_id=grid.id)
    far, now = make_person(building=home, unit="1", door="101", lives_alone=True), clock.now()
    notice = tell(far, "booking.reminder_day", key="far", now=now, until=now + timedelta(days=1))
    db.session.rollback()
    return db.session.scalars(select(Delivery.id).where(Delivery.notice_id == notice.id)).one()


@dataclass(frozen=True)
class Stage:
    """The centre as it is before anybody asks for anything, and a file to begin anew from."""

    app: Flask
    scenes: Scenes
    file: Path

    def put_back(self) -> None:
        """Undo what was done."""
        put_rows_back(self.file)

    def browser(self, who: str) -> FlaskClient:
        """Somebody's browser, signed in."""
        browser = self.app.test_client()
        if who != "visitor":
            browser.set_cookie("center", self.scenes.cookies[who])
        return browser


def set_up(app: Flask, file: Path) -> Stage:
    """Fill the database of an app on SQLite, and keep it in a file."""
    scenes = make_scenes(app)
    keep_rows(file)
    return Stage(app, scenes, file)


@contextmanager
def writes() -> Iterator[set[str]]:
    """The tables that are written while the block runs, but for that which notes who looked and was refused."""
    found: set[str] = set()

    def note(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if (match := WRITING.match(sql)) and match[1] != AccessEvent.__tablename__:
            found.add(match[1])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
