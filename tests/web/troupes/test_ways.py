"""Whoever leads a troupe and does not work for its organisation finds no link that leads nowhere."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from center.troupes.models.troupes import MemberState
from tests.builders import make_account, sign_in
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_member, make_piece, part_of
from tests.troupes.lending_builders import make_loan, make_thing
from tests.troupes.performances.builders import make_performance
from tests.troupes.rehearsals.builders import make_poll
from tests.troupes.rehearsals.scene import MORNING, TUE, drums, plan

pytestmark = ONE_ENGINE
AREAS = re.compile(r"/(?:me/troupes|troupes|workspace)(?:/|$)")
HREF = re.compile(r'<a [^>]*?href="(/[^"#]*)')
# One page of many that look alike is enough: figures and numbers of loans do not tell pages apart.
ALIKE = re.compile(r"\d+|[A-Z0-9]{4}-[A-Z0-9]{4}")
MOST = 90


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(MORNING):
        yield


def test_no_link_on_pages_of_troupes_and_registers_is_a_dead_end_for_a_troupes_leader(client: FlaskClient) -> None:
    scene = drums()
    troupe, member = scene.season.troupe, scene.members[1]
    plan(scene, TUE)
    make_member(troupe, state=MemberState.APPLIED)
    piece = make_piece(troupe, heads={part_of(troupe): 1})
    make_performance(troupe, season=scene.season, pieces=[piece], cast={1: [member]})
    make_poll(scene.season, scene.leader)
    make_loan(make_thing(troupe), member.person)
    sign_in(client, make_account(scene.leader, locale="en"))
    starts = ("/me/troupes", f"/workspace/troupes/{troupe.slug}")
    waiting, seen, dead = [("", each) for each in starts], set[str](), []
    while waiting and len(seen) < MOST:
        whence, address = waiting.pop(0)
        kind = ALIKE.sub("#", address.partition("?")[0])
        if kind in seen:
            continue
        seen.add(kind)
        answer = client.get(address)
        if answer.status_code == 404:
            dead.append((whence, address))
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found = [unescape(each) for each in HREF.findall(answer.text)]
            waiting += [(address, each) for each in found if AREAS.match(each)]
    assert dead == []
    assert any("register" in each for each in seen), "it came to the registers"
    assert len(seen) < MOST, "all of them were asked for"
