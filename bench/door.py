"""Four devices at the door of one class of 500: each scan is a request of its own, as the page at the door sends it.

Then what waited on a device, 200 entries at once, and what a roll of five and of five hundred asks the database.
"""

import json
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any

from flask import Flask

from bench.classes import Class, give_cards, make_class, some_people
from bench.crowd import End, Errand, send_crowd
from bench.load import Outcome, put_load, request
from center.attendance import devices
from center.attendance.devices import Post
from center.attendance.models.devices import Device
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.i18n import local_date
from center.people.models import Person, Role
from tests.builders import make_account, session_cookie
from tests.statements import selects

PEOPLE, FEW = 500, 5
DEVICES = 4
AT_ONCE = 200  # entries that waited on a device
DONE = 200
PAGES = ("/desk", "/desk/registers", "/desk/to-review")


@dataclass
class Door:
    """How it went: each scan, each parcel of stored entries, the floor's presses, and what is wrong with any of it."""

    scans: Sequence[End]
    parcels: Sequence[End]
    floor: Sequence[Outcome]
    statements: dict[str, tuple[int, int]] = field(default_factory=dict)  # of a page, with few and with many
    wrong: list[str] = field(default_factory=list)

    def told(self) -> str:
        """What came of it, in a few sentences."""
        scans, parcels = (Outcome(1, [each.milliseconds for each in some]) for some in (self.scans, self.parcels))
        seconds = max(each.answered for each in self.scans) - min(each.pressed for each in self.scans)
        rate, floor = len(self.scans) / seconds, sum(each.rate for each in self.floor) / len(self.floor)
        asked = "; ".join(f"{page} {few} and {many}" for page, (few, many) in self.statements.items())
        told = (
            f"{DEVICES} devices at the door of {PEOPLE} people, who come and leave: {rate:.0f} scans/s, "
            f"p50 {scans.percentile(0.5):.1f} ms, p99 {scans.percentile(0.99):.1f} ms; "
            f"a bare INSERT {floor:.0f}/s, ratio {rate / floor:.2f}. {AT_ONCE} stored entries at once: "
            f"p50 {parcels.percentile(0.5):.0f} ms, at most {max(parcels.milliseconds):.0f} ms. "
            f"SELECTs of pages with few people and with many: {asked}."
        )
        return told + "".join(f" WRONG: {each}." for each in self.wrong)


def open_door(app: Flask, site: int, floor: int, *, seconds: float) -> Door:
    """Let 500 people come and leave past four devices, and two devices send what they have stored of another class."""
    with app.test_request_context("/"):
        clerk = make_account(roles=[Role.CLERK])
        people = some_people(PEOPLE)
        live, stored, small = make_class(people), make_class(people), make_class(people[:FEW])
        cards = give_cards(people, clerk.person)
        tokens = [_device(clerk.person, n) for n in range(DEVICES)]
        cookie = session_cookie(app, clerk)
    senders = [_Sender.at(site, token) for token in tokens]
    few = _statements(app, cookie, small)
    bare = [request("/press", method="POST")]
    before = put_load(floor, bare, seconds=seconds, connections=DEVICES)
    codes = [card if n % 2 else slip for n, (card, slip) in enumerate(zip(cards, live.references, strict=True))]
    scans = [end for verb in ("arrived", "left") for end in _scan(site, live, senders, codes, verb)]
    parcels = [end for verb in ("arrived", "left") for end in _send_stored(site, stored, senders, verb)]
    after = put_load(floor, bare, seconds=seconds, connections=DEVICES)
    door = Door(scans, parcels, (before, after))
    _expect(door, "scans", scans, "accepted")
    _expect(door, "stored entries", parcels, "accepted")
    unclear = _parcel(stored, senders[0], [f"QH1:{'A' * 26}"] * AT_ONCE, "arrived", clock.now())
    _expect(door, "unknown cards", send_crowd(site, [unclear], connections=1), "needs_review")
    many = _statements(app, cookie, live)
    door.statements = {page: (few[page], many[page]) for page in few}
    return door


@dataclass(frozen=True)
class _Sender:
    """A device, with what it learnt when it last heard from the site."""

    device: str
    cookie: str
    token: str

    @classmethod
    def at(cls, port: int, device: str) -> "_Sender":
        """Ask the site as the page does before it sends anything."""
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/checkin/ping", headers={"Cookie": f"checkin={device}"})
        answer = connection.getresponse()
        told, carried = json.load(answer), SimpleCookie(answer.headers.get("Set-Cookie", ""))
        connection.close()
        return cls(device, carried["center"].value, told["csrf"])

    def errand(self, of: Class, items: Sequence[dict[str, Any]]) -> Errand:
        path = f"/checkin/sessions/{of.session_id}/scans"
        return Errand(path, self.cookie, json=json.dumps({"items": items}), device=self.device, token=self.token)


def _device(by: Person, number: int) -> str:
    """A device at the entrance, by its token."""
    now = clock.now()
    with transaction():
        _device, code = devices.announce(f"门口 {number}", Post(until=local_date(now)), by=by, now=now)
    paired: tuple[Device, str] = devices.pair(code, source=f"bench:{number}", now=now)
    return paired[1]


def _scan(port: int, of: Class, senders: Sequence[_Sender], codes: Sequence[str], verb: str) -> list[End]:
    now = clock.now()
    errands = [
        senders[n % len(senders)].errand(of, [_item(code, n, verb, now, is_stored=False)])
        for n, code in enumerate(codes)
    ]
    return send_crowd(port, errands, connections=len(senders))


def _send_stored(port: int, of: Class, senders: Sequence[_Sender], verb: str) -> Iterator[End]:
    """One parcel after the other, as a device sends them."""
    now = clock.now()
    for first in range(0, PEOPLE - AT_ONCE + 1, AT_ONCE):
        parcel = _parcel(of, senders[first % len(senders)], of.references[first : first + AT_ONCE], verb, now)
        yield from send_crowd(port, [parcel], connections=1)


def _parcel(of: Class, sender: _Sender, codes: Sequence[str], verb: str, now: datetime) -> Errand:
    return sender.errand(of, [_item(code, n, verb, now, is_stored=True) for n, code in enumerate(codes)])


def _item(code: str, sequence: int, verb: str, now: datetime, *, is_stored: bool) -> dict[str, Any]:
    at = now - timedelta(seconds=1)
    said = {"verb": verb, "code": code, "device_at": at.isoformat(), "offset_ms": 0, "sequence": sequence}
    return {"nonce": str(uuid.uuid4()), "how": "card" if ":" in code else "sign_up", "stored": is_stored, **said}


def _expect(door: Door, what: str, ends: Sequence[End], outcome: str) -> None:
    """Every request is answered, and every entry in it as it must be."""
    statuses = Counter(each.status for each in ends)
    answers = [answer for each in ends if each.status == DONE for answer in json.loads(each.told)["answers"]]
    outcomes = Counter(answer["outcome"] for answer in answers)
    if set(statuses) != {DONE} or set(outcomes) != {outcome}:
        door.wrong.append(f"{what} were answered {dict(statuses)} {dict(outcomes)}")


def _statements(app: Flask, cookie: str, of: Class) -> dict[str, int]:
    """How many SELECTs pages of attendance take: the roll of a class, and what the desk reads of all."""
    client = app.test_client()
    client.set_cookie("center", cookie)
    roll = f"/workspace/activities/{of.slug}/sessions/{of.session_id}/register"
    counted = {}
    for name, path in {"the roll": roll, **{page: page for page in PAGES}}.items():
        with app.app_context(), selects() as sent:
            assert client.get(path).status_code == DONE, path
        counted[name] = len(sent)
    return counted
