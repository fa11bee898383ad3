"""Two children with a value of their own in every field, everybody who might look, and what their pages show."""

import html
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from center.afterschool.alarms import raising
from center.afterschool.day_list import notes
from center.afterschool.handing_over import arrivals
from center.afterschool.handing_over.saying import Saying
from center.afterschool.models.care import AlarmKind, DayNoteKind
from center.afterschool.models.consents import AlertLevel, HealthNote, Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Different, PlanChange
from center.afterschool.models.staff import DutyRole
from center.afterschool.models.terms import SchoolHours, Term
from center.afterschool.plans import codes
from center.afterschool.records import accesses, incidents
from center.afterschool.records.accesses import Grant
from center.afterschool.records.incidents import Happened
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Guardianship, Person, Role
from center.web.desk.after_school.call_keys import key_for
from tests.afterschool.builders import make_child, make_duty, make_enrolment, make_school, make_term, set_hours
from tests.afterschool.photo_builders import make_collector_photo
from tests.afterschool.plan_builders import make_bar, make_collector, make_consent, set_week, today
from tests.builders import (
    make_account,
    make_grid,
    make_grid_worker,
    make_organisation,
    make_person,
    session_cookie,
)
from tests.web.checkin.devices import paired
from tests.world import address_of, rules, stopped_with

FIELDS = {  # what is known of a child: of ours, and of the other one
    "name": ("欧阳小满", "司马大雪"),
    "school": ("青石桥小学", "白沙洲小学"),
    "class": ("七(9)班", "八(6)班"),
    "mark": ("绿雨靴", "紫围巾"),
    "trigger": ("腰果", "芒果"),
    "reaction": ("嘴唇发紫", "眼睛红肿"),
    "what_to_do": ("叫黄医生", "叫白医生"),
    "consent": ("9月3日", "8月7日"),  # the day on which it was given
    "guardian": ("欧阳妈妈", "司马妈妈"),
    "phone": ("19955550011", "19955550022"),
    "collector": ("上官伯伯", "诸葛伯伯"),
    "its_phone": ("19955550033", "19955550044"),
    "barred": ("皇甫某甲", "尉迟某乙"),
    "document": ("鄂民初9191号", "鄂民初8282号"),
    "looks": ("左脸有疤", "右手纹身"),
    "change": ("校车苹果线", "校车葡萄线"),
    "incident": ("攀爬架上滑落", "楼梯口绊倒"),
    "note": ("忘带算术本", "借了一支笔"),
    "code": ("", ""),  # drawn by lot
    "face": ("圆脸短发", "方脸长须"),  # the bytes of the photo of whoever collects
}
OURS, OTHERS = 0, 1
AREAS = ("after_school.", "children.", "classroom.", "desk.after_school", "desk.paper", "desk.receipt")


@dataclass
class Known:
    """A child and all that is known of it."""

    guardian: Person
    child: Person
    enrolment: Enrolment
    values: dict[str, Any]
    words: dict[str, str]

    def on(self, rule: Rule) -> dict[str, Any]:
        """What stands in the address of a page; the desk asks for the guardian who rings, all others for the child."""
        rings = rule.endpoint == "desk.after_school_call"
        return {**self.values, "person_id": self.guardian.id} if rings else self.values


@dataclass
class Seen:
    """The two children, the browsers of everybody, and the pages that concern children."""

    app: Flask
    ours: Known
    other: Known
    browsers: dict[str, FlaskClient]
    cookies: dict[str, str]
    person_ids: dict[str, int]
    extra: Mapping[str, Any] = field(default_factory=dict)

    def by(self, who: str) -> str:
        """All that somebody is shown, whatever they ask for."""
        return "\n".join(self._pages(who))

    def _pages(self, who: str) -> Iterator[str]:
        stopped = stopped_with(self.app, self.cookies[who]) if who in self.cookies else frozenset()
        for rule in rules(self.app):
            if rule.endpoint.startswith(AREAS) and "GET" in (rule.methods or ()) and rule.endpoint not in stopped:
                for address in self._addresses(rule, who):
                    answer = self.browsers[who].get(address)
                    assert answer.status_code < 500, (who, address)
                    yield text_of(answer)

    def _addresses(self, rule: Rule, who: str) -> set[str]:
        if rule.endpoint == "desk.after_school_call":
            return {self._call(rule, each, who) for each in (self.ours, self.other)}
        found = {address_of(rule, {**self.extra, **each.on(rule)}) for each in (self.ours, self.other)}
        if rule.endpoint == "desk.after_school_calls":
            return {f"{address}?phone={each.guardian.phone}" for address in found for each in (self.ours, self.other)}
        if rule.rule.startswith("/classroom/day") and not rule.rule.startswith("/classroom/days"):
            yesterday = today() - timedelta(days=1)
            found |= {f"{address}?date={yesterday.isoformat()}" for address in found}
        return found

    def _call(self, rule: Rule, known: Known, who: str) -> str:
        """The page of a guardian whom the search by a number would find for whoever asks."""
        key = key_for(self.person_ids.get(who, 0), known.guardian.id, known.enrolment.id)
        return f"{address_of(rule, {**self.extra, **known.on(rule)})}?key={key}"


def text_of(answer: TestResponse) -> str:
    """What stands in an answer, whether a page, a file of facts, a workbook or a parcel of files."""
    if answer.status_code != 200:
        return ""
    if answer.data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.data)) as parcel:
            return "\n".join(parcel.read(name).decode(errors="ignore") for name in parcel.namelist())
    if answer.is_json:
        return json.dumps(answer.json, ensure_ascii=False)
    return html.unescape(answer.data.decode(errors="ignore")).replace("\u2060", "")  # keeps dates on one line


def make_seen(app: Flask) -> Seen:
    """Fill the database: the other child is of another term, and its guardian's."""
    ours, other = _known(OURS), _known(OTHERS)
    people = _people(ours, other)
    cookies = {who: session_cookie(app, account) for who, account in people.items()}
    browsers = {who: app.test_client() for who in [*people, "visitor"]}
    for who, cookie in cookies.items():
        browsers[who].set_cookie("center", cookie)
    browsers["device"] = paired(app)[0]
    db.session.rollback()
    ids = {who: account.person_id for who, account in people.items()}
    return Seen(app, ours, other, browsers, cookies, ids, extra={"version": 1, "purpose": "health"})


def marks(text: str, seen: Seen) -> str:
    """A letter for each field: o of our child alone, t of the other alone, x of both, a point of neither."""
    which = {(True, True): "x", (True, False): "o", (False, True): "t", (False, False): "."}
    return " ".join(which[seen.ours.words[each] in text, seen.other.words[each] in text] for each in FIELDS)


def _known(n: int) -> Known:
    """A child who is here today, with a value in every field."""
    now, words = clock.now(), {name: both[n] for name, both in FIELDS.items()}
    term = make_term(days=[today() + timedelta(days=each) for each in range(-1, 5)])
    hours = db.session.scalars(select(SchoolHours).where(SchoolHours.term_id == term.id)).first()
    assert hours is not None
    set_hours(term, hours.school, weekdays=(5, 6))
    mother = make_person(name=words["guardian"], phone=words["phone"])
    tutor, child = make_account(roles=[Role.TUTOR]).person, make_child(mother, name=words["name"])
    school = make_school(name=words["school"])
    facts = {"school_id": school.id, "school_class": words["class"], "mark": words["mark"]}
    enrolment = make_enrolment(term, child, **facts)
    set_week(enrolment)
    duty = make_duty(term.days[1], tutor, role=DutyRole.RESPONSIBLE, is_owner=True)
    collector = make_collector(child, words["collector"], phone=words["its_phone"])
    make_collector_photo(collector, words["face"].encode())
    bar = make_bar(child, words["barred"], document=words["document"], looks=words["looks"])
    known: dict[str, Any] = {
        "enrolment": enrolment,
        "term": term,
        "mother": mother,
        "tutor": tutor,
        "words": words,
        "now": now,
    }
    values: dict[str, Any] = {**_records(**known), "collector_id": collector.id, "bar_id": bar.id, "duty_id": duty.id}
    values |= {
        "check_id": 1,
        "school_day_id": 1,
        "claim_id": 1,
        "ask_id": 1,
        "dispute_id": 1,
        "access_id": 1,
        "hold_id": 1,
        "kept": "ways_home",
    }
    values |= {"term_id": term.id, "class_id": term.classes[0].id, "school_id": school.id}
    values |= {"day_id": term.days[1].id, "day": today().isoformat(), "guardian_id": mother.id}
    return Known(mother, child, enrolment, {**values, "enrolment_id": enrolment.id, "person_id": child.id}, words)


def _records(
    *, enrolment: Enrolment, term: Term, mother: Person, tutor: Person, words: dict[str, str], now: datetime
) -> dict[str, int]:
    """What is written down of the child: health, a change, that it came, a note, an incident, an alarm, a code."""
    child, days = enrolment.child, {"9月3日": 82, "8月7日": 109}
    clock.start_at(now - timedelta(days=days[words["consent"]]))
    consent = make_consent(child, Purpose.HEALTH)
    clock.start_at(now)
    texts = {"trigger": words["trigger"], "reaction": words["reaction"], "what_to_do": words["what_to_do"]}
    with transaction() as session:
        health = HealthNote(child_id=child.id, consent_id=consent.id, by_id=mother.id, at=now, **texts)
        health.level = AlertLevel.EMERGENCY
        who = {"by_id": mother.id, "recorded_by_id": mother.id, "at": now}
        change = PlanChange(enrolment_id=enrolment.id, on_date=today(), what=Different.BUS, bus=words["change"], **who)
        session.add_all([health, change])
        session.flush()
        arrivals.arrive(child, Saying(by=tutor, now=now, on=today(), day=term.days[1]))
        notes.write(enrolment, today(), DayNoteKind.NOTE, is_done=False, words=words["note"], by=tutor, now=now)
        happened = Happened(at=now, place="操场", what=words["incident"], done="冰敷")
        incident = incidents.record(child, happened, by=tutor, now=now)
        alarm = raising.raise_alarm(AlarmKind.MISSING, f"child:{child.id}", on_date=today(), now=now, child=child)
        words["code"] = codes.spaced(codes.code_of(child, today(), by=mother, now=now))
        return {
            "note_id": health.id,
            "change_id": change.id,
            "incident_id": incident.id,
            "alarm_id": alarm.id,
            "event_id": 1,
        }


def _people(ours: Known, other: Known) -> dict[str, Any]:
    """Everybody who has an account, by what they are to our child."""
    child, day = ours.child, ours.enrolment.term.days
    father, former, uncle = make_person(), make_person(), make_person()
    last = today() - timedelta(days=1)
    with transaction() as session:
        for guardian, ends in ((father, None), (former, last)):
            starts = today() - timedelta(days=300)
            session.add(Guardianship(child_id=child.id, guardian_id=guardian.id, starts_on=starts, ends_on=ends))
    make_collector(child, "诸位叔叔", person_id=uncle.id)
    tutors = {who: make_account(roles=[Role.TUTOR]) for who in ("on_duty", "duty_before", "off_duty", "let")}
    make_duty(day[1], tutors["on_duty"].person)
    make_duty(day[0], tutors["duty_before"].person)
    director, now = make_account(roles=[Role.DIRECTOR]), clock.now()
    with transaction() as session:
        session.get_one(type(day[0]), day[0].id).opened_at = now - timedelta(days=1)
        session.get_one(type(day[0]), day[0].id).closed_at = now - timedelta(hours=20)
        grant = Grant(reason="核对名单", starts_on=today(), ends_on=today())
        accesses.give(tutors["let"].person, grant, by=director.person, now=now, today=today())
    lead = make_account()
    make_organisation(leads=[lead.person])
    return {
        "guardian": make_account(ours.guardian),
        "other_guardian": make_account(father),
        "former_guardian": make_account(former),
        "guardian_of_other": make_account(other.guardian),
        "collector": make_account(uncle),
        **tutors,
        "clerk": make_account(roles=[Role.CLERK]),
        "director": director,
        "auditor": make_account(roles=[Role.AUDITOR]),
        "grid_worker": make_grid_worker(make_grid()),
        "lead": lead,
        "resident": make_account(),
    }
