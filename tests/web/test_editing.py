"""Two who change the same thing: the second is shown what the first changed, and nothing is overwritten in silence."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from center.incubator.models.incubations import IncubationStage
from center.kernel.db import db
from center.people.models import Role
from center.rooms.models import Room
from tests.builders import at, make_account, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.incubator.builders import make_incubation
from tests.troupes import forms as troupes
from tests.world import World

Change = dict[str, Any]

# A page that changes something: its address, what the first changes, and what the second changes beside it.
PAGES: dict[str, Callable[[World], tuple[str, Change, Change]]] = {
    "activity kind": lambda w: ("/settings/activity-kinds/1", {"name": "茶话"}, {"name_en": "Tea"}),
    "allocation": lambda w: ("/desk/allocation/autumn/edit", {"name": "秋季"}, {"name_en": "Autumn"}),
    "allocation criteria": lambda w: ("/desk/allocation/autumn/criteria", {"charity": "31"}, {"people": "21"}),
    "application": lambda w: (
        f"/me/incubation/{make_incubation(stage=IncubationStage.DRAFT, applicant=w.director.person).number}/edit",
        {"purpose": "互相帮忙"},
        {"serves": "独居老人"},
    ),
    "approval hours": lambda w: (
        f"/settings/rooms/{w.ruled.hours.room.code}/approval-hours/{w.ruled.hours.id}",
        {"closes": "19:00"},
        {"opens": "07:00"},
    ),
    "audience": lambda w: (f"/settings/rooms/{w.room.code}/audience", {"groups": str(w.ruled.people_group.id)}, {}),
    "calendar day": lambda w: (
        f"/settings/calendar/day?date={at(0, days=10).date()}",
        {"kind": "holiday", "name": "社区日"},
        {"name_en": "Our day", "kind": "working"},
    ),
    "care class": lambda w: (
        f"/classroom/classes/{w.programme['class_id']}",
        {"capacity": "41"},
        {"volunteers": "3"},
    ),
    "centre": lambda w: ("/settings/centre", {"desk_phone": "027-1111-1111"}, {"welcome": "欢迎"}),
    "closure": lambda w: (f"/settings/closures/{w.closure.id}", {"reason": "换灯"}, {"reason_en": "New lamps"}),
    "contact": lambda w: (f"/desk/people/{w.neighbour.id}/contact", {"email": "a@example.cn"}, {"preferred": "slip"}),
    "equipment": lambda w: (
        f"/settings/rooms/{w.room.code}/equipment",
        {"equipment": "鼓"},
        {"features": "hearing_loop"},
    ),
    "incubator days": lambda _w: ("/settings/incubator/days", {"screening_days": "7"}, {"review_days": "20"}),
    "kept hours": lambda w: (
        f"/settings/rooms/{w.ruled.window.room.code}/kept-hours/{w.ruled.window.id}",
        {"name": "晨练"},
        {"release_days": "3"},
    ),
    "opening hours": lambda w: (
        f"/settings/rooms/{w.room.code}/hours",
        {"monday": "07:00-21:00"},
        {"friday": "07:00-21:00"},
    ),
    "organisation": lambda w: (
        f"/settings/organisations/{w.organisation.slug}",
        {"contact": "办公室"},
        {"about": "唱歌"},
    ),
    "partner": lambda w: (
        f"/desk/partners/{w.incubator['partner_id']}/edit",
        {"contact": "办公室 027-0000"},
        {"offers": "送医上门"},
    ),
    "people group": lambda w: (
        f"/settings/rules/people-groups/{w.ruled.people_group.id}",
        {"name": "棋友"},
        {"name_en": "Chess"},
    ),
    "person": lambda w: (f"/desk/people/{w.neighbour.id}/edit", {"phone": "19900000099"}, {"birth_year": "1949"}),
    "presence": lambda w: ("/settings/presence", {"missed_visits": "5"}, {"within_days": "60"}),
    "purpose": lambda w: (f"/settings/rules/purposes/{w.ruled.purpose.id}", {"name": "读书"}, {"position": "77"}),
    "purposes": lambda w: (
        f"/settings/rooms/{w.room.code}/purposes",
        {f"purpose_{w.ruled.purpose.id}": "not_allowed"},
        {f"purpose_{w.ruled.purpose.id}": "approval"},
    ),
    "quota": lambda w: (f"/settings/rules/quotas/{w.ruled.quota.id}", {"most_bookings": "11"}, {"per": "month"}),
    "retention period": lambda w: ("/classroom/keeping/periods/ways_home", {"days": "400"}, {}),
    "yearly target": lambda w: ("/settings/yearly-targets/activities", {"least": "40"}, {"source": "青山区"}),
    "room": lambda w: (f"/settings/rooms/{w.room.code}/facts", {"capacity": "33"}, {"about": "朝南"}),
    "school": lambda w: (
        f"/classroom/terms/{w.programme['term_id']}/schools/{w.programme['school_id']}/name",
        {"phone": "027-1111"},
        {"name_en": "First school"},
    ),
    "school hours": lambda w: (
        f"/classroom/terms/{w.programme['term_id']}/schools/{w.programme['school_id']}",
        {"day_0": "14:30"},
        {"day_1": "14:45"},
    ),
    "term": lambda w: (
        f"/classroom/terms/{w.programme['term_id']}/edit",
        {"cut_off": "12:00"},
        {"alarm_minutes": "20"},
    ),
    "term day": lambda w: (
        f"/classroom/term-days/{w.programme['day_id']}/move",
        {"counts_as": "5"},
        {},
    ),
    "term rules": lambda w: (
        f"/classroom/terms/{w.programme['term_id']}/rules",
        {"who": "本社区的孩子"},
        {"other": "请带水杯"},
    ),
    "room group": lambda w: (
        f"/settings/rules/room-groups/{w.ruled.room_group.id}",
        {"name": "静房"},
        {"name_en": "Quiet"},
    ),
    "room rules": lambda w: (f"/settings/rooms/{w.room.code}/rules", {"live_limit": "7"}, {"notice_minutes": "45"}),
    "windows": lambda w: (
        f"/settings/rooms/{w.room.code}/windows",
        {"windows": "09:00-10:00"},
        {"windows": "11:00-12:00"},
    ),
    "words": lambda w: (
        "/settings/words/booking.confirmed/zh",
        {"subject": "订好了", "stage": "save"},
        {"body": "好的", "stage": "save"},
    ),
}


@ONE_ENGINE
def test_the_second_is_shown_what_the_first_changed_and_overwrites_nothing(
    app: Flask, client: FlaskClient, world: World
) -> None:
    sign_in(client, world.director)
    wrong = {page: fault for page, of in PAGES.items() if (fault := _fault(client, *of(world)))}
    sign_in(client, world.lead)
    wrong |= {page: fault for page, of in troupes.EDITING.items() if (fault := _fault(client, *of(world)))}
    assert wrong == {}


def _fault(client: FlaskClient, address: str, first: Change, second: Change) -> object:
    """What goes wrong where two change the same page; nothing where all is well."""
    typed = {name: value for name, value in second.items() if name != "stage"}
    kept = {name: value for name, value in first.items() if name not in second}
    opened = fields_of(client.get(address).text)
    done = client.post(address, data={**opened, **first})
    if done.status_code not in {302, 303}:
        return "the first", errors(done.text)
    answer = client.post(address, data={**opened, **second})
    if answer.status_code != 409 or 'id="changed"' not in answer.text:
        return "the second saw nothing", answer.status_code
    shown = fields_of(answer.text)
    if 'id="error-summary"' in answer.text:
        return "told of mistakes where there are none", errors(answer.text)
    if {name: shown.get(name) for name in {**kept, **typed}} != {**kept, **typed}:
        return "shown again without what either typed", shown
    again = client.post(address, data={**shown, **second})
    if again.status_code not in {302, 303}:
        return "the second, once more", errors(again.text)
    now_is = fields_of(client.get(address).text)
    return {name: now_is.get(name) for name in {**kept, **typed} if now_is.get(name) != {**kept, **typed}[name]}


@ONE_ENGINE
def test_whoever_saw_what_is_there_saves_at_once(app: Flask, client: FlaskClient) -> None:
    room = make_room(capacity=20)
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    address = f"/settings/rooms/{room.code}/facts"
    assert client.post(address, data={**fields_of(client.get(address).text), "capacity": "21"}).status_code == 303
    assert client.post(address, data={**fields_of(client.get(address).text), "capacity": "22"}).status_code == 303


def test_of_two_at_the_same_moment_one_is_shown_the_other(app: Flask, client: FlaskClient) -> None:
    room, director = make_room(capacity=20), make_account(roles=[Role.DIRECTOR])
    address = f"/settings/rooms/{room.code}/facts"
    browsers = [app.test_client() for _ in range(3)]
    for browser in browsers:
        sign_in(browser, director)
    opened = fields_of(browsers[0].get(address).text)
    db.session.rollback()

    def press(number: int) -> int:
        with app.app_context():
            return browsers[number].post(address, data={**opened, "capacity": str(31 + number)}).status_code

    with ThreadPoolExecutor(len(browsers)) as threads:
        answers = list(threads.map(press, range(len(browsers))))
    assert sorted(answers) == [303, 409, 409]
    db.session.expire_all()
    assert db.session.get_one(Room, room.id).capacity == 31 + answers.index(303)


@ONE_ENGINE
def test_what_is_gone_meanwhile_is_said_to_be_gone(app: Flask, client: FlaskClient, world: World) -> None:
    sign_in(client, world.director)
    address = f"/settings/rules/quotas/{world.ruled.quota.id}"
    opened = fields_of(client.get(address).text)
    assert client.post(f"{address}/remove").status_code == 303
    assert client.post(address, data=opened).status_code == 404


def fields_of(page: str) -> dict[str, Any]:
    """What the page's own form holds, as a browser sends it."""
    [form] = [each for each in re.findall(r"<form\b.*?</form>", page, re.S) if 'name="seen"' in each]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        name, value = _attribute(tag, "name"), _attribute(tag, "value")
        is_box = 'type="checkbox"' in tag or 'type="radio"' in tag
        if name and not (is_box and " checked" not in tag):
            _put(found, name, "y" if is_box and value is None else value or "")
    for name, text in re.findall(r'<textarea\b[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = unescape(text).lstrip("\r\n").replace("\r\n", "\n")
    for name, options in re.findall(r'<select\b[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.findall(r'<option selected value="([^"]*)"', options)
        first = re.findall(r'<option[^>]*value="([^"]*)"', options)
        found[name] = unescape((chosen or first or [""])[0])
    return found


def _put(found: dict[str, Any], name: str, value: str) -> None:
    known = found.get(name)
    if name not in found:
        found[name] = value
    else:
        found[name] = [*(known if isinstance(known, list) else [known]), value]


def _attribute(tag: str, name: str) -> str | None:
    match = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(match[1]) if match else None


def errors(page: str) -> list[str]:
    return re.findall(r'id="([\w-]+)-errors"', page) + re.findall(r"<li>(.*?)</li>", page, re.S)[:6]
