"""Pages of troupes: joining, what members see, files for members alone, and nothing for anybody else."""

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.kernel import clock
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.db import db, transaction
from center.organisations.models import Organisation
from center.people.models import Account, Role
from center.troupes.members import actions
from center.troupes.models.pieces import PieceFile, PieceKnowledge
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import Handover, MemberState, Troupe, TroupeMember
from tests.activity_builders import make_activity
from tests.builders import make_account, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects
from tests.troupes.builders import make_leader, make_member, make_piece, make_season, make_troupe, part_of

pytestmark = ONE_ENGINE

PDF = b"%PDF-1.4 score"


@pytest.fixture(name="lead")
def _lead(app: Flask) -> Account:
    """Whoever leads an organisation."""
    return make_account(locale="en")


@pytest.fixture(name="troupe")
def _troupe(lead: Account) -> Troupe:
    """A troupe of it."""
    organisation: Organisation = make_organisation(leads=[lead.person])
    return make_troupe(organisation=organisation, slug="choir", parts=("高声部", "低声部"))


def upload(client: FlaskClient, piece_id: int, sent: bytes, name: str = "谱子.pdf") -> int:
    """Send a file of a piece."""
    data = {"file": (io.BytesIO(sent), name), "name": "谱子"}
    answer = client.post(f"/workspace/troupes/choir/pieces/{piece_id}/files", data=data)
    return answer.status_code


def test_who_joins_is_decided_by_the_lead_and_reads_what_was_decided(
    client: FlaskClient, troupe: Troupe, lead: Account
) -> None:
    newcomer = make_account(locale="en")
    sign_in(client, newcomer)
    assert client.get("/me/troupes/choir").status_code == 404
    sent = {"parts": [str(part_of(troupe).id)], "words": "会唱"}
    assert client.post("/troupes/choir/join", data=sent).location == "/me/troupes"
    member = db.session.scalars(select(TroupeMember)).one()
    assert "Asks to join" in client.get("/me/troupes/choir").text
    step = f"/workspace/troupes/choir/members/{member.id}/stand"
    assert client.post(f"{step}/active", data={}).status_code == 404
    sign_in(client, lead)
    assert "会唱" in client.get("/workspace/troupes/choir").text
    assert client.post(f"{step}/left", data={"reason": ""}).status_code == 422
    assert client.post(f"{step}/resting", data={}).status_code == 404
    assert client.post(f"{step}/active", data={"reason": ""}).status_code == 303
    assert client.post(f"{step}/trial", data={}).status_code == 404
    sign_in(client, newcomer)
    assert "In the troupe" in client.get("/me/troupes/choir").text
    assert client.post("/me/troupes/choir/stand/resting", data={"reason": "出差"}).status_code == 303
    assert client.post("/me/troupes/choir/stand/resting", data={}).status_code == 404
    assert client.post("/me/troupes/choir/stand/left", data={}).status_code == 303
    assert client.get("/me/troupes/choir").status_code == 404


def test_scores_and_recordings_are_the_members_alone(client: FlaskClient, troupe: Troupe, lead: Account) -> None:
    piece = make_piece(troupe)
    inside, applied, outside, director = (make_account(roles=roles) for roles in ((), (), (), (Role.DIRECTOR,)))
    member = make_member(troupe, inside.person)
    make_member(troupe, applied.person, state=MemberState.APPLIED)
    sign_in(client, lead)
    assert upload(client, piece.id, b"MZ program") == 422
    assert upload(client, piece.id, b"") == 422
    assert upload(client, piece.id, PDF) == 303
    assert upload(client, piece.id, PDF) == 422
    address = f"/me/troupes/choir/files/{db.session.scalars(select(PieceFile.id)).one()}"
    for account in (lead, inside):
        sign_in(client, account)
        answer = client.get(address)
        assert (answer.data, answer.mimetype) == (PDF, "application/pdf")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    other = make_troupe(slug="other")
    make_member(other, outside.person)
    for account in (applied, outside, director):
        sign_in(client, account)
        assert client.get(address).status_code == 404
        assert client.get(address.replace("choir", "other")).status_code == 404
    with transaction():
        actions.step(member, MemberState.LEFT, by=inside.person, now=clock.now())
    sign_in(client, inside)
    assert client.get(address).status_code == 404


def test_a_recording_is_heard_on_the_page_in_parts(client: FlaskClient, troupe: Troupe, lead: Account) -> None:
    piece = make_piece(troupe)
    sign_in(client, lead)
    assert upload(client, piece.id, b"OggS" + bytes(range(256)), "录音.ogg") == 303
    page = client.get(f"/me/troupes/choir/pieces/{piece.id}")
    [address] = re.findall(r'<audio[^>]* src="([^"]+)"', page.text)
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    part = client.get(address, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"OggS")
    assert not part.headers["Content-Disposition"].startswith("attachment")


def test_each_says_what_they_know_and_a_lead_only_for_who_has_no_account(
    client: FlaskClient, troupe: Troupe, lead: Account
) -> None:
    piece, part = make_piece(troupe), part_of(troupe)
    account = make_account(locale="en")
    own, elder = make_member(troupe, account.person, parts=[part]), make_member(troupe, make_person(), parts=[part])
    sign_in(client, account)
    level = f"/me/troupes/choir/pieces/{piece.id}/level"
    assert client.post(level, data={"part": part.id, "level": "learning"}).status_code == 303
    client.post(level, data={"part": part.id, "level": "perfect"})
    client.post(level, data={"part": "x", "level": "knows"})
    sign_in(client, lead)
    for member in (own, elder):
        data = {"part": part.id, "member": member.id, "level": "knows"}
        assert client.post(f"/workspace/troupes/choir/pieces/{piece.id}/level", data=data).status_code == 303
    found = {each.member_id: (each.level.value, each.is_by_lead) for each in db.session.scalars(select(PieceKnowledge))}
    assert found == {own.id: ("learning", False), elder.id: ("knows", True)}
    page = client.get(f"/workspace/troupes/choir/pieces/{piece.id}").text
    assert "(entered by a lead)" in page
    assert "1 of 1 know it" in page


def test_a_change_of_leader_leads_to_the_sheet_that_the_new_one_takes_over(
    client: FlaskClient, troupe: Troupe, lead: Account
) -> None:
    goes, follower = make_account(locale="en"), make_account(make_person(name="程凤英"), locale="en")
    make_leader(troupe, goes.person)
    member = make_member(troupe, follower.person)
    sign_in(client, lead)
    sent = {"member": member.id, "keys": "鼓房钥匙", "notes": ""}
    answer = client.post("/workspace/troupes/choir/leaders", data=sent)
    sheet = db.session.scalars(select(Handover)).one()
    assert answer.location == f"/workspace/troupes/choir/handovers/{sheet.id}"
    page = client.get(answer.location).text
    assert "鼓房钥匙" in page
    assert "程凤英" in page
    assert "/take" not in page
    sign_in(client, goes)
    assert client.get("/workspace/troupes/choir").status_code == 404
    assert "鼓房钥匙" in client.get(answer.location).text
    stranger = make_account()
    make_member(troupe, stranger.person)
    sign_in(client, stranger)
    assert client.get(answer.location).status_code == 404
    sign_in(client, follower)
    assert "/take" in client.get(answer.location).text
    assert client.post(f"{answer.location}/take").status_code == 303
    assert sheet.taken_at is not None


def test_a_leader_and_a_deputy_lead_their_troupe_and_no_other(client: FlaskClient, troupe: Troupe) -> None:
    leader = make_account(locale="en")
    make_leader(troupe, leader.person)
    other = make_troupe(slug="other")
    sign_in(client, leader)
    assert client.get("/workspace/troupes/choir").status_code == 200
    assert client.get("/workspace/troupes/choir/leaders").status_code == 200
    for page in ("", "/leaders", "/pieces", "/members/new", "/parts", "/edit"):
        assert client.get(f"/workspace/troupes/{other.slug}{page}").status_code == 404
    season, piece = make_season(other), make_piece(other)
    for address in (f"seasons/{season.id}", f"pieces/{piece.id}"):
        assert client.get(f"/workspace/troupes/choir/{address}").status_code == 404


def test_a_season_is_planned_and_its_public_dates_are_in_the_troupes_calendar(
    client: FlaskClient, troupe: Troupe, lead: Account
) -> None:
    member, piece = make_member(troupe), make_piece(troupe, title="茉莉花")
    sign_in(client, lead)
    today = clock.now().date()
    sent = {"name": "春季", "starts_on": str(today), "ends_on": str(today - timedelta(days=3))}
    assert client.post("/workspace/troupes/choir/seasons/new", data=sent).status_code == 422
    sent["ends_on"] = str(today + timedelta(days=60))
    address = client.post("/workspace/troupes/choir/seasons/new", data=sent).location
    assert client.post(f"{address}/pieces", data={"pieces": [piece.id]}).status_code == 303
    page = client.get(address).text
    assert member.person.name in page
    assert "茉莉花" in page
    assert client.post(f"{address}/roster", data={"sent": "1"}).status_code == 303
    assert member.person.name not in client.get(address).text
    shown, hidden = make_activity(title="公开演出"), make_activity(title="内部排练")
    for activity in (shown, hidden):
        with transaction():
            season = db.session.scalars(select(Season)).one()
            season.activity_id, hidden.is_confined = activity.id, True
        feed = client.get("/troupes/choir/calendar.ics").text
        assert ("公开演出" in feed, "内部排练" in feed) == (activity is shown, False)
        public = client.get("/troupes/choir").text
        assert ("To take part, ask to join first." in public) == (activity is shown)
        assert "place" not in public.partition("rehearsals-title")[2].partition("</section>")[0]


def test_who_looked_at_a_roster_is_written_down(client: FlaskClient, troupe: Troupe, lead: Account) -> None:
    member = make_member(troupe)
    sign_in(client, lead)
    client.get("/workspace/troupes/choir")
    seen = db.session.scalars(select(AccessEvent).where(AccessEvent.kind == Kind.ROLL)).all()
    assert [(each.by_id, each.person_id, each.subject) for each in seen] == [
        (lead.person_id, member.person_id, troupe.name)
    ]


def test_the_pages_of_a_large_troupe_ask_the_database_no_more_than_those_of_a_small_one(
    client: FlaskClient, troupe: Troupe, lead: Account
) -> None:
    counts: list[list[int]] = []
    piece = make_piece(troupe)
    for _round in range(2):
        for _n in range(4):
            make_member(troupe, parts=["高声部"])
            make_piece(troupe)
        sign_in(client, lead)
        counts.append([])
        for address in ("", "/pieces", f"/pieces/{piece.id}", "/leaders"):
            with selects() as seen:
                assert client.get(f"/workspace/troupes/choir{address}").status_code == 200
            counts[-1].append(len(seen))
    assert counts[0] == counts[1]
