"""Who looked at what is sensitive is written down, nobody rewrites it, and those concerned can read it."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from center.kernel import access_log, clock
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.db import db, transaction
from center.kernel.logs import SECRETS_IN_ADDRESSES
from center.kernel.marks import Mark
from center.people.helpers import make_code
from center.people.looked import LooksFilter, latest
from center.people.models import Guardianship, Role
from tests.builders import LONG_AGO, ZONE, make_account, make_building, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects
from tests.world import rules

HARMLESS = frozenset(
    {
        *(
            "code",
            "day",
            "filename",
            "kept",
            "kind",
            "name",
            "news",
            "on",
            "position",
            "press",
            "purpose",
            "reference",
            "series",
        ),
        *("application", "at_step", "to_stage"),
        *("filed_day", "size", "slug", "step", "tongue", "version", "which"),
        *("counted", "loan_number", "work_number", "work_photo"),
        *("organisation", "picture_name", "swap_number", "term", "wish_number"),
    }
)


def events(*kinds: Kind) -> list[AccessEvent]:
    """What was written, in order."""
    query = select(AccessEvent).order_by(AccessEvent.id)
    return list(db.session.scalars(query.where(AccessEvent.kind.in_(kinds)) if kinds else query))


def written(at_days_ago: int) -> None:
    """A row of some days ago."""
    with transaction() as session:
        session.add(AccessEvent(at=clock.now() - timedelta(days=at_days_ago), kind=Kind.PERSON, by_id=1, person_id=2))


@pytest.fixture
def clerk(client: FlaskClient) -> int:
    """A clerk who is signed in; their person's id."""
    account = make_account(make_person(name="王芳"), roles=[Role.CLERK])
    sign_in(client, account)
    return account.person_id


def test_whoever_opens_a_page_of_somebody_is_written_down(client: FlaskClient, clerk: int) -> None:
    her = make_person(lives_alone=True)
    client.get(f"/desk/people/{her.id}")
    found = events()
    assert [(e.kind, e.by_id, e.person_id, e.endpoint) for e in found] == [
        (Kind.PERSON, clerk, her.id, "desk.person"),
        (Kind.CARE, clerk, her.id, "desk.person"),
    ]
    assert {e.object_id for e in found} == {f"person_id={her.id}"}
    assert len({e.press for e in found}) == 1
    assert all(re.fullmatch(r"[0-9a-f]{16}", e.address) for e in found)


@ONE_ENGINE
def test_a_child_is_written_down_as_one(client: FlaskClient, clerk: int) -> None:
    child = make_person(birth_year=clock.now().year - 7)
    client.get(f"/desk/people/{child.id}")
    assert [e.kind for e in events()] == [Kind.CHILD]


@ONE_ENGINE
def test_what_was_seen_a_moment_ago_is_not_written_again(client: FlaskClient, clerk: int) -> None:
    her, him = make_person(), make_person()
    for person in (her, him, her):
        client.get(f"/desk/people/{person.id}")
    assert [e.person_id for e in events()] == [her.id, him.id]
    clock.start_at(clock.now() + access_log.AGAIN_AFTER + timedelta(seconds=1))
    client.get(f"/desk/people/{her.id}")
    assert [e.person_id for e in events()] == [her.id, him.id, her.id]


@ONE_ENGINE
def test_a_whole_number_is_written_each_time_and_what_for(client: FlaskClient, clerk: int) -> None:
    her = make_person()
    for purpose in ("ring", "ring", "<b>"):
        client.post(f"/desk/people/{her.id}/phone", data={"purpose": purpose})
    assert [e.purpose for e in events(Kind.PHONE)] == ["ring", "ring", ""]


@ONE_ENGINE
def test_the_form_that_shows_a_number_says_so_even_without_a_token(client: FlaskClient, clerk: int) -> None:
    her = make_person()
    client.post(f"/desk/people/{her.id}/edit", data={"name": ""}, csrf=False)
    assert [e.person_id for e in events(Kind.PHONE)] == [her.id]


@ONE_ENGINE
def test_a_search_by_door_shows_a_door(client: FlaskClient, clerk: int) -> None:
    building = make_building(code="3栋")
    two = [make_person(building=building, unit="2", door="301") for _ in range(2)]
    client.get("/desk/people?q=3-2-301")
    assert {(e.person_id, e.subject) for e in events(Kind.DOOR)} == {(each.id, "3栋-2-301") for each in two}


@ONE_ENGINE
def test_nobody_is_written_down_for_looking_at_themselves(client: FlaskClient, clerk: int) -> None:
    client.get(f"/desk/people/{clerk}")
    assert events() == []


def test_many_who_are_shown_at_once_cost_one_reading_and_one_writing(client: FlaskClient, clerk: int) -> None:
    building = make_building(code="3栋")
    counts = []
    for door in range(2):
        for _ in range(1 + door * 8):
            make_person(building=building, unit="1", door=f"10{door}")
        with selects() as seen:
            client.get(f"/desk/people?q=3-1-10{door}&more")
        counts.append(sum("access_events" in sql for sql, _values in seen))
    assert counts == [0, 1]  # one match opens at once; nine are listed
    assert len(events(Kind.DOOR)) == 9


@ONE_ENGINE
def test_a_page_does_not_fail_where_it_cannot_be_written_down(
    client: FlaskClient, clerk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_busy(_rows: object) -> None:
        raise OperationalError("INSERT", {}, Exception("busy"))

    told: list[dict[str, object]] = []
    monkeypatch.setattr(access_log, "_not_written_lately", is_busy)
    monkeypatch.setattr(
        "center.kernel.access_log.log.error", lambda what, **facts: told.append({"what": what, **facts}), raising=False
    )
    her = make_person()
    assert client.get(f"/desk/people/{her.id}").status_code == 200
    assert [(each["what"], each["person_id"], each["by_id"]) for each in told] == [
        ("access_not_written", her.id, clerk)
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_events SET by_id = NULL",
        "DELETE FROM access_events",
        "INSERT OR REPLACE INTO access_events (id, at, kind, subject, purpose, endpoint, object_id, address, press) "
        "SELECT id, at, 'roll', '', '', '', '', '', '' FROM access_events",
        "TRUNCATE access_events",
    ],
)
def test_the_database_refuses_to_rewrite_who_looked(app: Flask, statement: str) -> None:
    engine = db.engine.dialect.name
    if ("REPLACE" in statement and engine != "sqlite") or ("TRUNCATE" in statement and engine != "postgresql"):
        return  # the other engine has no such words
    written(at_days_ago=182)
    written(at_days_ago=0)
    with pytest.raises(IntegrityError, match="access_events_append_only"), transaction() as session:
        session.execute(text(statement))
    assert len(events()) == 2


def test_the_worker_forgets_what_was_kept_long_enough_and_nothing_else(app: Flask) -> None:
    for days in (500, 401, 399, 0):
        written(days)
    for sweep in access_log.SWEEPS:
        for event_id in sweep.due(clock.now()):
            sweep.settle(event_id, clock.now())
    now = clock.now()
    assert [(now - event.at).days for event in events()] == [399, 0]


@ONE_ENGINE
def test_doors_of_the_site_are_written_down(client: FlaskClient) -> None:
    account = make_account()
    client.post("/sign-in", data={"login": account.login, "password": "wrong wrong wrong"})
    client.post("/sign-in", data={"login": account.login, "password": "green tea by the lotus pond"})
    client.get("/desk/people")
    client.get("/desk/people?q=other")
    client.post("/register", data={})
    client.post("/sign-out")
    found = [(e.kind, e.by_id, e.person_id) for e in events()]
    me = account.person_id
    assert found == [
        (Kind.SIGN_IN_FAILED, None, me),
        (Kind.SIGNED_IN, me, None),
        (Kind.DENIED, me, None),
        (Kind.SIGNED_OUT, me, None),
    ]


@ONE_ENGINE
def test_somebody_elses_object_is_a_refusal_too(client: FlaskClient) -> None:
    sign_in(client, make_account())
    slug = make_organisation().slug
    assert client.get(f"/workspace/organisations/{slug}").status_code == 404
    assert [(e.kind, e.object_id) for e in events()] == [(Kind.DENIED, f"slug={slug}")]


@ONE_ENGINE
def test_a_wrong_code_is_written_down(client: FlaskClient) -> None:
    account = make_account()
    with transaction():
        make_code(account.person, now=clock.now())
    sign_in(client, account)
    today = clock.now().date().isoformat()
    client.post("/me/helpers/new/code", data={"code": "7KQ2-M9DF", "ends_on": today})
    assert [(e.kind, e.subject) for e in events(Kind.CODE_FAILED)] == [(Kind.CODE_FAILED, "helper code")]


@ONE_ENGINE
def test_the_auditor_reads_it_with_filters(client: FlaskClient, clerk: int) -> None:
    her, him = make_person(name="李秀英"), make_person(name="赵国强")
    for person in (her, him):
        client.get(f"/desk/people/{person.id}")
    reader = client.application.test_client()
    sign_in(reader, make_account(roles=[Role.AUDITOR]))
    whole = reader.get("/desk/access").get_data(as_text=True)
    assert whole.index("赵国强") < whole.index("李秀英")
    assert "王芳" in whole
    only = reader.get("/desk/access?whom=李秀英").get_data(as_text=True)
    assert f"/desk/people/{her.id}" in only
    assert f"/desk/people/{him.id}" not in only
    assert "/desk/people/" not in reader.get("/desk/access?kind=roll").get_data(as_text=True)
    assert "/desk/people/" not in reader.get("/desk/access?last=2020-01-01").get_data(as_text=True)
    assert client.get("/desk/access").status_code == 403


@ONE_ENGINE
def test_the_list_goes_on(client: FlaskClient) -> None:
    for days in (3, 2, 1):
        written(days)
    first = latest(LooksFilter(), most=2)
    assert [look.head.id for look in first.looks] == [3, 2]
    assert [look.head.id for look in latest(LooksFilter(), before=Mark.read(str(first.before)), most=2).looks] == [1]


@ONE_ENGINE
def test_whoever_is_concerned_reads_who_looked_at_theirs_and_at_their_childrens(
    client: FlaskClient, clerk: int
) -> None:
    mother, child, other = make_person(), make_person(name="小宝"), make_person(name="别家")
    with transaction() as session:
        session.add(Guardianship(child_id=child.id, guardian_id=mother.id, starts_on=LONG_AGO))
    for person in (mother, child, other):
        client.get(f"/desk/people/{person.id}")
    reader = client.application.test_client()
    sign_in(reader, make_account(mother))
    page = reader.get("/me/account/looked").get_data(as_text=True)
    assert page.count("王芳") == 2
    assert "小宝" in page
    assert "别家" not in page
    assert "/desk/" not in page


@ONE_ENGINE
def test_whoever_no_longer_answers_for_somebody_does_not_read_who_looked_at_theirs(
    client: FlaskClient, clerk: int
) -> None:
    reader, ended, grown = make_person(), make_person(name="从前"), make_person(name="长大", birth_year=1990)
    with transaction() as session:
        gone = clock.today(ZONE) - timedelta(days=1)
        session.add(Guardianship(child_id=ended.id, guardian_id=reader.id, starts_on=LONG_AGO, ends_on=gone))
        session.add(Guardianship(child_id=grown.id, guardian_id=reader.id, starts_on=LONG_AGO))
    for person in (ended, grown):
        client.get(f"/desk/people/{person.id}")
    browser = client.application.test_client()
    sign_in(browser, make_account(reader))
    page = browser.get("/me/account/looked").get_data(as_text=True)
    assert "从前" not in page
    assert "长大" not in page


@ONE_ENGINE
def test_logs_say_what_an_address_names_but_no_secret(app: Flask) -> None:
    named = {name for rule in rules(app) for name in rule.arguments if not name.endswith("_id")}
    assert named == (HARMLESS & named) | SECRETS_IN_ADDRESSES
