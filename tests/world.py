"""A small centre with something of everything, and an address of every page of it."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from flask import Flask, request
from sqlalchemy import inspect
from werkzeug.routing import Rule

from center.activities.change_requests import actions as proposing
from center.activities.change_requests.models import ChangeRequestKind
from center.activities.models import Activity
from center.activities.photos import actions as photos
from center.activities.photos.images import Picture, draw
from center.attendance.devices import Post, announce
from center.attendance.models import AttendanceEvent, How, Outcome, Verb, Why
from center.bookings import actions, history
from center.bookings.calendars import links
from center.bookings.changing import moving
from center.bookings.models import Booking, BookingChange, BookingNeed, BookingStatus, Channel, RoomReady
from center.bookings.models.series import BookingSeries
from center.bookings.models.visits import BookingLimit, NoShow, WelfareCall
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.rulebook.facts import Party
from center.bookings.series.actions import book_series
from center.bookings.series.date_checks import OnBehalf
from center.bookings.series.date_plans import BOOK, SKIP
from center.bookings.series.planning import SeriesRequest
from center.bookings.visits import actions as presence
from center.bookings.visits import limits, welfare
from center.kernel import clock
from center.kernel.access import Access, SecondFactorNeeded, SignInNeeded, access_of, guard
from center.kernel.acts import Act
from center.kernel.db import Base, db, transaction
from center.kernel.errors import Forbidden
from center.kernel.i18n import local_date
from center.kernel.recurrence import Frequency, Repeat, dates_of
from center.kernel.spans import Span
from center.kernel.trail import StaffEvent
from center.organisations.models import Organisation
from center.people.acting import grant
from center.people.actions import merge_account
from center.people.models import Account, Consent, DelegationScope, Guardianship, Person, Role
from center.people.second_factor.models import Passkey
from center.rooms.ledger import hold, take
from center.rooms.models import (
    AccessFeature,
    Approval,
    Closure,
    ExceptionSpan,
    HoursException,
    Room,
    RoomEquipment,
    RoomFeature,
    UseKind,
)
from center.rooms.rule_models import (
    ApprovalHours,
    PeopleGroup,
    PriorityWindow,
    Purpose,
    PurposeRule,
    Quota,
    RoomGroup,
    Whose,
)
from center.signups import roster_state
from center.signups.cancelling import cancel
from center.signups.details.questions import QuestionFacts, add_question
from center.signups.lottery.actions import draw_lots
from center.signups.models import Audience, Mode, Pool, PoolKind, Question, QuestionKind, Roster
from center.signups.models.attendee_lists import Driver
from center.signups.offer_links import link_for
from center.signups.offers import offer_held
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.afterschool.samples import of_the_programme
from tests.allocation.samples import of_allocation
from tests.attendance.hours.builders import give_hours
from tests.builders import (
    ZONE,
    at,
    make_account,
    make_booking,
    make_building,
    make_centre,
    make_grid,
    make_grid_worker,
    make_hall,
    make_organisation,
    make_people_group,
    make_person,
    make_priority,
    make_purpose,
    make_quota,
    make_room,
    make_room_group,
    session_cookie,
)
from tests.engines import keep_rows, put_rows_back
from tests.feedback.samples import of_feedback
from tests.incubator.application_samples import of_applications
from tests.incubator.evidence.samples import of_evidence
from tests.incubator.house_samples import of_the_house
from tests.incubator.samples import of_the_incubator
from tests.pictures import picture
from tests.told import Told, make_told
from tests.troupes.lending_samples import of_things
from tests.troupes.samples import of_a_troupe

PRESS = "0123456789ab"


@dataclass(frozen=True)
class Ruled:
    """What staff have set beside the rooms' own rules."""

    quota: Quota
    room_group: RoomGroup
    people_group: PeopleGroup
    purpose: Purpose
    window: PriorityWindow
    hours: ApprovalHours


@dataclass(frozen=True)
class Presence:
    """Who did not come, what was decided about it, and who waits for what."""

    missed: NoShow
    call: WelfareCall
    limit: BookingLimit
    waiting: SlotWish
    offered: SlotWish


STEPS = {  # others ask for "answers"
    "allocation.change_wish": {"step": "purpose"},
    "allocation.name_wish": {"step": "purpose"},
    "children.enrol_step": {"step": "check"},
    "desk.capability_card": {"which": "entry"},
    "desk.see_to": {"kind": "booking"},
    "desk.print_quarter": {"which": "2025-q4"},
    "desk.quarter": {"which": "2025-q4"},
    "incubation.apply_step": {"step": "purpose"},
    "posting.new_step": {"step": "title"},
    "posting.quarter": {"which": "2025-q4"},
    "signups.helper_step": {"step": "code"},
    "timetable.find_step": {"step": "day"},
}


@dataclass(frozen=True)
class World:
    """Who and what there is."""

    resident: Account
    newcomer: Account
    match_id: int
    lead: Account
    clerk: Account
    director: Account
    grid_worker: Account
    room: Room
    hall: Room
    drums: Room
    organisation: Organisation
    neighbour: Person
    booking: Booking
    request: Booking
    cancelled: Booking
    moved: Booking
    closure: Closure
    exception: HoursException
    token: str
    ruled: "Ruled"
    presence: Presence
    told: Told
    series: BookingSeries
    roster_id: int
    drawn_id: int
    date_id: int
    pool_id: int
    question_id: int
    proposal_id: int
    driver_id: int
    delegation_id: int
    guardianship_id: int
    device_id: int
    event_id: int
    photo: str
    offer: str
    shift_id: int
    certificate: str
    feedback: Mapping[str, Any]  # tests/feedback/samples.py
    evidence: Mapping[str, Any]  # tests/incubator/evidence/samples.py
    incubator: Mapping[str, Any]  # tests/incubator/samples.py
    allocation: Mapping[str, Any]  # tests/allocation/samples.py
    programme: Mapping[str, Any]  # of the after-school programme (tests/afterschool/samples.py)
    troupe: Mapping[str, Any]  # of a troupe at the organisation's address (tests/troupes/samples.py)

    def samples(self) -> dict[str, Any]:
        """A value for each name that stands in an address."""
        return {
            **self.programme,
            **self.feedback,
            **self.evidence,
            **self.incubator,
            **self.troupe,
            **self.allocation,
            "code": self.room.code,
            "slug": self.organisation.slug,  # the activity's, too
            "roster_id": self.roster_id,
            "date_id": self.date_id,
            "device_id": self.device_id,
            "event_id": self.event_id,
            "pool_id": self.pool_id,
            "question_id": self.question_id,
            "proposal_id": self.proposal_id,
            "driver_id": self.driver_id,
            "kind_id": 1,
            "delegation_id": self.delegation_id,
            "name": self.photo,
            "size": "large",
            "step": "answers",
            "offer": self.offer,
            "shift_id": self.shift_id,
            "number": self.certificate,
            "news": "sign_up.offered",
            "tongue": "zh",
            "reference": self.booking.reference,
            "person_id": self.neighbour.id,
            "guardian_id": self.lead.person_id,
            "guardianship_id": self.guardianship_id,
            "account_id": self.newcomer.id,
            "match_id": self.match_id,
            "press": PRESS,
            "closure_id": self.closure.id,
            "exception_id": self.exception.id,
            "membership_id": self.organisation.memberships[0].id,
            "grant_id": self.clerk.person.grants[0].id,
            "session_id": 1,
            "passkey_id": 1,
            "day": "2026-10-01",
            "token": self.token,
            "quota_id": self.ruled.quota.id,
            "room_group_id": self.ruled.room_group.id,
            "people_group_id": self.ruled.people_group.id,
            "group_member_id": self.ruled.people_group.members[0].id,
            "purpose_id": self.ruled.purpose.id,
            "window_id": self.ruled.window.id,
            "hours_id": self.ruled.hours.id,
            "no_show_id": self.presence.missed.id,
            "call_id": self.presence.call.id,
            "limit_id": self.presence.limit.id,
            "wish_id": self.presence.waiting.id,
            "notice_id": self.told.notice_id,
            "delivery_id": self.told.call_id,
            "ask_id": self.told.ask_id,
            "data_ask_id": self.told.data_ask_id,
            "outgoing_id": self.told.gateway_id,
            "series": self.series.reference,
            "on": self.series.dates[0].on_date.isoformat(),
        }

    def variants(self) -> list[dict[str, Any]]:
        """The same with other rooms and bookings, whose pages show other things."""
        base = self.samples()
        return [
            base,
            {
                **base,
                "roster_id": self.drawn_id,
                "delivery_id": self.told.visit_id,
                "code": self.hall.code,
                "reference": self.request.reference,
                "person_id": self.resident.person_id,
            },
            {
                **base,
                "code": self.drums.code,
                "reference": self.cancelled.reference,
                "delivery_id": self.told.dead_id,
                "outgoing_id": self.told.group_id,
                "news": "booking.request_waits",
                "tongue": "en",
            },
            {
                **base,
                "code": self.hall.parts[0].code,
                "reference": self.moved.reference,
                "wish_id": self.presence.offered.id,
            },
        ]


def build() -> World:
    """Fill the database."""
    make_centre(address="测试路1号", address_en="1 Test Road", desk_hours="8:00-20:00", desk_hours_en="8:00-20:00")
    grid = make_grid()
    building = make_building(code="3栋", grid_id=grid.id)
    resident = make_account(make_person(name="王秀英", building=building, unit="1", door="301", birth_year=1950))
    lead = make_account(make_person(name="李建国"))
    newcomer = make_account(make_person(name="陈新来"), is_confirmed=False)
    clerk = make_account(make_person(name="周敏"), roles=[Role.CLERK])
    director = make_account(make_person(name="赵主任"), roles=[Role.DIRECTOR])
    grid_worker = make_grid_worker(grid, name="仇网格")
    organisation = make_organisation(leads=[lead.person], about="一支鼓队", about_en="A drum troupe")
    room = make_room(code="R201", name="书画室", name_en="Calligraphy room", about="桌子六张", about_en="Six tables")
    _furnish(room)
    hall, _left, _right = make_hall(name="多功能厅", name_en="Hall", approval=Approval.ALWAYS)
    drums = make_room(code="R209", name="排练厅", name_en="Rehearsal room", approval=Approval.FROM_PEOPLE)
    booking = make_booking(room=room, person=resident.person, purpose="象棋")
    cancelled = make_booking(room=drums, person=resident.person, starts_at=at(9), status=BookingStatus.CANCELLED)
    with transaction() as session:
        facts = {"credential_id": "a2V5", "public_key": b"key", "sign_count": 0, "site_name": "center.example.cn"}
        session.add(Passkey(account_id=resident.id, name="我的手机", made_at=clock.now(), **facts))
        history.note(booking, BookingChange.CONFIRMED, by=clerk.person, channel=Channel.PHONE, now=clock.now())
        history.note(cancelled, BookingChange.CANCELLED, by=None, reason="下雨", now=clock.now())
    for status, hour in ((BookingStatus.DECLINED, 12), (BookingStatus.CONFIRMED, 14)):
        make_booking(room=drums, person=resident.person, starts_at=at(hour), status=status)
    request = make_booking(room=hall, person=resident.person, status=BookingStatus.REQUESTED, people=40)
    make_booking(room=drums, person=lead.person, organisation=organisation, starts_at=at(16), purpose="排练")
    neighbour = make_person(name="张桂芳", building=building, unit="2", door="402", lives_alone=True)
    moved = _moved(room, drums, resident.person, clerk.person)
    stand_for = [booking.reference, request.reference, cancelled.reference, moved.reference]
    _asked(hall, resident.person, clerk.person)
    roster, offer = busy_activity(organisation, resident.person, stand_for)
    question, driver = ask_something(roster, neighbour, clerk.person)
    shift_id, certificate = give_hours(
        db.session.get_one(Activity, roster.activity_id).sessions[0], resident.person, lead.person
    )
    return World(
        resident=resident,
        newcomer=newcomer,
        match_id=_match(clerk.person),
        lead=lead,
        clerk=clerk,
        director=director,
        grid_worker=grid_worker,
        room=room,
        hall=hall,
        drums=drums,
        organisation=organisation,
        neighbour=neighbour,
        booking=booking,
        request=request,
        cancelled=cancelled,
        moved=moved,
        exception=_except(room),
        closure=_close(room),
        token=_link(lead.person),
        roster_id=roster.id,
        drawn_id=_draw(roster, resident.person),
        offer=offer,
        shift_id=shift_id,
        certificate=certificate,
        date_id=roster.session_id or 0,
        pool_id=roster.pools[0].id,
        question_id=question.id,
        proposal_id=propose_words(roster.activity, lead.person),
        driver_id=driver.id,
        photo=put_photo(roster.activity, lead.person),
        delegation_id=permit(neighbour, resident.person, clerk.person),
        guardianship_id=_answer_for(make_person(name="周小宝", birth_year=2018), clerk.person),
        device_id=expect_device(room, clerk.person),
        event_id=unclear_entry(roster.session_id or 0, neighbour, clerk.person),
        ruled=_rule(room, drums, organisation, resident.person),
        presence=_presence(clerk.person, resident.person, drums),
        told=make_told(resident.person, neighbour, clerk.person),
        series=repeat_weekly(drums, lead.person, organisation),
        feedback=of_feedback(db.session.get_one(Activity, roster.activity_id).sessions[0].id, resident.person),
        evidence=of_evidence(db.session.get_one(Activity, roster.activity_id).sessions[0].id, lead.person),
        incubator=of_the_incubator(organisation, db.session.get_one(Activity, roster.activity_id), lead.person)
        | of_applications(organisation, lead.person, resident.person)
        | of_the_house(organisation, lead.person),
        programme=of_the_programme(),
        allocation=of_allocation(organisation, lead.person),
        troupe={**of_a_troupe(organisation, resident.person), **of_things(organisation.slug, resident.person)},
    )


class Kept:
    """The small centre of one test process on SQLite: built once, then copied from a file with its rows read anew."""

    FRESH = timedelta(minutes=10)  # offers and undoings of it end by the clock

    def __init__(self, file: Path) -> None:
        self.file = file
        self._built: tuple[World, datetime] | None = None

    def world(self) -> World:
        """The centre, built where none was or its day or hour has passed, in the database of the present app."""
        now = clock.now()
        if self._built is not None and self._is_fresh(self._built[1], now):
            put_rows_back(self.file)
            return cast("World", _read_anew(self._built[0]))
        self._built = build(), now
        keep_rows(self.file)
        return self._built[0]

    def _is_fresh(self, built_at: datetime, now: datetime) -> bool:
        is_today = built_at.astimezone(ZONE).date() == now.astimezone(ZONE).date()
        return is_today and timedelta() <= now - built_at < self.FRESH


def _read_anew(value: Any) -> Any:
    """The same row, or the same of several, in the present session."""
    if isinstance(value, Base):
        return db.session.get_one(type(value), inspect(value).identity)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: _read_anew(getattr(value, each.name)) for each in fields(value)})
    return value


def unclear_entry(session_id: int, person: Person, by: Person) -> int:
    """An entry of a register that a device sent and somebody has to decide about; its id."""
    facts = {"verb": Verb.ARRIVED, "how": How.CARD, "at": clock.now(), "recorded_at": clock.now(), "by_id": by.id}
    facts |= {"outcome": Outcome.NEEDS_REVIEW, "why": Why.OLD_CARD}
    with transaction() as session:
        event = AttendanceEvent(session_id=session_id, person_id=person.id, **facts)
        session.add(event)
        session.flush()
        return event.id


def expect_device(room: Room, by: Person) -> int:
    """A device that waits for its code."""
    post = Post(room=room, until=local_date(clock.now()))
    with transaction():
        return announce("门口的平板", post, by=by, now=clock.now())[0].id


def propose_words(activity: Activity, by: Person) -> int:
    """New words of a public activity that wait for staff."""
    wanted = {"about": "带一个水杯", "is_step_free": True}
    with transaction():
        return proposing.propose(activity, ChangeRequestKind.WORDS, wanted, by=by, now=clock.now()).id


def addresses(
    app: Flask, world: World, method: str = "GET", *, variants: int = 9
) -> Iterator[tuple[str, str, Access | None]]:
    """(endpoint, address, who may use it) of every rule that takes the method, for so many rooms and bookings."""
    values = world.variants()[:variants]
    for rule in rules(app):
        if method in (rule.methods or ()):
            for address in sorted({address_of(rule, each) for each in values}):
                yield rule.endpoint, address, access_of(app.view_functions[rule.endpoint])


def rules(app: Flask) -> list[Rule]:
    """Every address of the site except that of files."""
    found = [rule for rule in app.url_map.iter_rules() if not rule.endpoint.endswith("static")]
    return sorted(found, key=lambda rule: (rule.endpoint, rule.rule))


def closed_to(app: Flask, account: Account | None) -> frozenset[str]:
    """The endpoints before which the site's guard stops somebody, whatever the address says, asked of it alone.

    For tests that ask for every page as many people: whoever is stopped there is answered alike everywhere.
    """
    return stopped_with(app, "" if account is None else session_cookie(app, account))


def stopped_with(app: Flask, cookie: str) -> frozenset[str]:
    """The same of a browser that sends this cookie."""
    stopped = set()
    with app.app_context(), app.test_request_context("/", headers={"Cookie": f"center={cookie}"} if cookie else {}):
        for rule in rules(app):
            request.url_rule = rule
            try:
                guard()
            except (Forbidden, SecondFactorNeeded, SignInNeeded):
                stopped.add(rule.endpoint)
    return frozenset(stopped)


def address_of(rule: Rule, values: dict[str, Any], **given: str) -> str:
    """The rule's address with values put in; a name without a sample is a gap in `World.samples`. `given` wins."""
    address, values = rule.rule, {**values, **STEPS.get(rule.endpoint, {}), **given}
    for name in rule.arguments:
        assert name in values, f"tests/world.py has no sample for <{name}> of {rule.rule}"
        start = next(piece for piece in address.split("<") if piece.partition(">")[0].rpartition(":")[2] == name)
        address = address.replace(f"<{start.partition('>')[0]}>", quote(str(values[name]), safe=""))
    return address


def _moved(room: Room, to: Room, person: Person, clerk: Person) -> Booking:
    """A booking with wishes that staff have moved, today's task for the caretaker, and ready."""
    booking = make_booking(room=room, person=person, starts_at=at(19), purpose="编织", set_up="椅子围成一圈")
    with transaction() as session:
        session.add(BookingNeed(booking_id=booking.id, need=AccessFeature.LIFT))
        session.add(RoomReady(booking_id=booking.id, done_at=clock.now(), done_by_id=clerk.id))
    span, now = Span(booking.starts_at, booking.ends_at), clock.now()
    with transaction():
        moving.move_by_staff(booking, room=to, span=span, reason="消防检查", agreed=True, by=clerk, now=now)
        booking.move_agreed_at = None
    return booking


def _asked(hall: Room, person: Person, clerk: Person) -> None:
    """A request of which staff want something else first."""
    asked = make_booking(
        room=hall, person=person, starts_at=at(15), status=BookingStatus.REQUESTED, people=60, set_up="电影院式摆放"
    )
    with transaction():
        actions.ask_for_change(asked, "请减少到40人", by=clerk, now=clock.now())


def _furnish(room: Room) -> None:
    with transaction() as session:
        session.add(RoomEquipment(room_id=room.id, name="宣纸", name_en="Rice paper"))
        for feature in AccessFeature:
            session.add(RoomFeature(room_id=room.id, feature=feature))


def _except(room: Room) -> HoursException:
    with transaction() as session:
        exception = HoursException(room_id=room.id, on_date=at(8, days=5).date(), reason="开放日")
        exception.spans = [ExceptionSpan(opens=time(10), closes=time(12))]
        session.add(exception)
    return exception


def _close(room: Room) -> Closure:
    starts_at, ends_at = at(8, days=3), at(8, days=3) + timedelta(hours=4)
    with transaction() as session:
        use = take(UseKind.CLOSURE, room, starts_at=starts_at, clear_at=ends_at, zone=ZONE)
        closure = Closure(use_id=use.id, room_id=room.id, starts_at=starts_at, ends_at=ends_at, reason="粉刷")
        session.add(closure)
    assert closure.starts_at > clock.now()
    return closure


def _rule(room: Room, drums: Room, organisation: Organisation, person: Person) -> Ruled:
    loud, people = make_room_group(drums, name="响房"), make_people_group(person, organisation, name="织女")
    quota = make_quota(whose=Whose.HOUSEHOLD, most_bookings=9, most_minutes=600, room_group_id=loud.id)
    with transaction() as session:
        hours = ApprovalHours(room_id=room.id, weekdays=31, opens=time(8), closes=time(20))
        session.add(hours)
    return Ruled(
        quota=quota,
        room_group=loud,
        people_group=people,
        purpose=make_purpose(rule=PurposeRule.APPROVAL),
        window=make_priority(room, opens=time(19), closes=time(20), group_id=people.id, release_days=3),
        hours=hours,
    )


def _presence(clerk: Person, resident: Person, room: Room) -> Presence:
    """Somebody with a limit, somebody with a proposal, somebody alone who did not come; a wish and an open offer."""
    limited, proposed, alone = make_person(name="吴迟到"), make_person(name="郑迟到"), make_person(lives_alone=True)
    for person in (limited, proposed):
        for days in (4, 3, 2):
            _miss(room, person, days)
    with transaction():
        limit = limits.limit(limited, reason="三次没来", by=clerk, now=clock.now())
    _miss(room, alone, 1)
    missed = _miss(room, resident, 5)
    waiting, offered = wait_for(room, resident, at(14)), wait_for(room, resident, at(12))
    with transaction():
        start, end = offered.starts_at, offered.ends_at
        held_until = clock.now() + timedelta(minutes=30)
        use = hold(room, starts_at=start, clear_at=end, held_until=held_until, zone=ZONE)
        offered.state, offered.use_id, offered.clear_at = WishState.OFFERED, use.id, end
        offered.offered_at, offered.offer_ends_at = clock.now(), held_until
    return Presence(missed, welfare.open_calls()[0], limit, waiting, offered)


def _miss(room: Room, person: Person, days: int) -> NoShow:
    """A visit so many days ago to which nobody came; each at an hour of its own."""
    start = at(8 + person.id % 12, days=-days)
    booking = make_booking(room=room, person=person, starts_at=start, minutes=30)
    with transaction():
        presence.mark_missed(booking, by=person, now=start + timedelta(minutes=31))
    missed = presence.find_no_show(booking)
    assert missed is not None
    return missed


def wait_for(room: Room, person: Person, starts_at: datetime) -> SlotWish:
    """A wish for a room that is taken."""
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1), "asked_at": clock.now()}
    who = {"room_id": room.id, "person_id": person.id, "asked_by_id": person.id, "channel": Channel.ONLINE}
    wish = SlotWish(state=WishState.WAITING, purpose="象棋", people=5, **who, **times)
    with transaction() as session:
        session.add(wish)
    return wish


def repeat_weekly(room: Room, lead: Person, organisation: Organisation) -> BookingSeries:
    """Three weekly rehearsals, the second of which is skipped."""
    first = at(18, days=2).date()
    repeat = Repeat(frequency=Frequency.WEEKLY, weekdays=(first.weekday(),), first_on=first, count=3)
    request = SeriesRequest(
        room=room, repeat=repeat, starts=time(18), minutes=90, people=9, purpose="排练", request_key=str(uuid.uuid4())
    )
    first, second, third = dates_of(repeat)
    with transaction():
        whose = OnBehalf(lead, organisation, Party.ORGANISATION)
        choices = {first: BOOK, second: SKIP, third: BOOK}
        return book_series(request, choices, whose=whose, by=lead, now=clock.now())


def _link(person: Person) -> str:
    with transaction():
        return links.make(person, now=clock.now())


def _answer_for(child: Person, guardian: Person) -> int:
    with transaction() as session:
        row = Guardianship(child_id=child.id, guardian_id=guardian.id, starts_on=at(0).date())
        session.add(row)
    return row.id


def _match(clerk: Person) -> int:
    """An account that was matched with somebody known already, and what one press did."""
    account, known = make_account(make_person(name="陈又来"), is_confirmed=False), make_person(name="陈又来")
    with transaction() as session:
        session.add(
            StaffEvent(at=clock.now(), by_id=clerk.id, act=Act.ROOM_CLOSED, area=Act.ROOM_CLOSED.area, press=PRESS)
        )
        return merge_account(account, onto=known, by=clerk, now=clock.now()).id


def permit(person: Person, to: Person, clerk: Person) -> int:
    """A permission of the neighbour's for the resident, given at the desk."""
    now = clock.now()
    today = at(0, days=0).date()
    with transaction():
        scope, consent = DelegationScope.SIGN_UPS, Consent.AT_THE_DESK
        given = grant(person, to=to, scope=scope, starts_on=today, ends_on=today, consent=consent, by=clerk, now=now)
    return given.id


@cache
def _drawn_once() -> Picture:
    return draw(picture(400, 300))


def put_photo(activity: Activity, by: Person) -> str:
    """A cover photo of the activity; returns its name."""
    drawn = _drawn_once()
    with transaction() as session:
        photos.put(session.get_one(Activity, activity.id), drawn, alt="一面鼓", alt_en="A drum", by=by, now=clock.now())
    found = photos.find_photo(activity.id)
    assert found is not None
    return found.name


def busy_activity(organisation: Organisation, person: Person, references: Sequence[str]) -> tuple[Roster, str]:
    """An activity at the organisation's address, and a person with a place, in the queue, cancelled and offered one.

    Their references are those of bookings, since an address knows no more of either; returns a roster with one more,
    and the link of the offer.
    """
    activity = make_activity(
        organisation=organisation,
        starts=[at(10, days=days) for days in (5, 6, 7, 8, 9, 10)],
        about="一起打鼓",
        age_from=6,
        is_step_free=True,
    )
    rosters = [
        make_roster(activity, session=session, capacity=capacity)
        for session, capacity in zip(activity.sessions[:4], (5, 0, 5, 0), strict=True)
    ]
    closes_at = at(8, days=8)
    rosters.append(make_roster(activity, session=activity.sessions[4], mode=Mode.LOTTERY, closes_at=closes_at))
    make_roster(activity, session=activity.sessions[4], audience=Audience.VOLUNTEERS)
    signed = [sign_up(roster, person)[0] for roster in rosters[:4]]
    with transaction():
        cancel(signed[2], by=person, now=clock.now())
    with transaction():
        rosters[3].pools[0].capacity = 1
    with transaction():
        offer_held(roster_state.hold(rosters[3]), now=at(10))
    with transaction() as session:
        session.get_one(Activity, activity.id).slug = organisation.slug
        for each, reference in zip(signed, references, strict=True):
            each.reference = reference
    return rosters[4], link_for(signed[3], person)


def _draw(like: Roster, person: Person) -> int:
    """A lottery of the same activity's last session, drawn: one has a place, the other waits; its id."""
    closes_at = clock.now() + timedelta(hours=1)
    session = like.activity.sessions[5]
    roster = make_roster(like.activity, session=session, mode=Mode.LOTTERY, closes_at=closes_at, capacity=1)
    sign_up(roster, person)
    sign_up(roster, make_person(name="孙抽签"))
    with transaction():
        draw_lots(roster, by=person, now=closes_at)
    return roster.id


def ask_something(roster: Roster, driver: Person, clerk: Person) -> tuple[Question, Driver]:
    """A question of the roster with an answer, somebody to be picked up, and who drives."""
    db.session.rollback()
    roster = db.session.get_one(Roster, roster.id)
    guest = make_person(name="钱阿姨", building=make_building(), unit="1", door="909", birth_year=1941)
    with transaction() as session:
        roster.activity.has_pick_up = True
        session.flush()
        session.add(Pool(roster_id=roster.id, kind=PoolKind.COMPANION, capacity=2, position=9))
        asked = QuestionFacts(kind=QuestionKind.YES_NO, words="要耳机吗？", words_en="Headphones?")
        question = add_question(roster, asked, by=clerk)
    wish = {"wants_pick_up": True, "wants_companion": True, "uses_wheelchair": True, "answers": {question.id: "yes"}}
    sign_up(roster, guest, wish=wish)
    with transaction() as session:
        assert roster.session_id is not None
        who = {"session_id": roster.session_id, "person_id": driver.id}
        row = Driver(**who, named_by_id=clerk.id, named_at=clock.now())
        session.add(row)
    return question, row
