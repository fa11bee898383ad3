"""Guard-rails over every address of the site: what it may write, and what it does with nonsense.

Who may use it stands in `access_matrix.txt`.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.globals import request_ctx
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect, Rule
from werkzeug.test import TestResponse

from center.kernel.access import Access, Permission, access_of
from center.kernel.access_log import AccessEvent
from center.kernel.db import Base, db
from center.people.models import Account
from tests.builders import sign_in
from tests.engines import ONE_ENGINE
from tests.noting import Noting, noting_requests
from tests.well_made import faults
from tests.world import World, address_of, addresses, closed_to, rules

TEXT_NONSENSE = ["0", "-1", "x" * 300, "'; DROP TABLE rooms; --", "..", "%00", "😀", "<b>", "١٢", "9" * 40]
TEXT_FOR_POSTGRESQL = ["%00", "😀", "9" * 40]  # what it may mind; the rest is text to it as to SQLite
NUMBER_NONSENSE = ["0", "-1", "1.5", "abc", "2147483647", "2147483648", "9" * 40, "١", "%00"]
QUERIES = [
    "?date=9999-99-99&start=99:99&person=abc&q=%00&channel=x&page=-1&lang=xx&elder=7",
    "?date=0001-01-01&start=25:00&person=" + "9" * 5000 + "&q=%F0%9F%98%80&page=99999999999999999999&next=//[",
    "?date=9999-12-31&start=10:00:00%2B08:00&person=2147483647&q=" + "%27" * 400 + "%25_%5C&next=javascript:x",
    "?date=2026-02-30&start=%00&person=0000000000199999999999999999999&q=&page=&lang=&elder=&next=//example.org",
]
FORMS: list[dict[str, str]] = [
    dict.fromkeys(
        [
            "login",
            "password",
            "name",
            "phone",
            "date",
            "start",
            "minutes",
            "people",
            "purpose",
            "party",
            "request_key",
            "reason",
            "q",
            "stage",
            "step",
            "next",
        ],
        "\x00\u202e😀" * 200,
    ),
    {
        "date": "9999-12-31",
        "start": "23:59",
        "minutes": "99999999999",
        "people": "-1",
        "party": "organisation-99999999",
    },
]


def test_every_endpoint_says_who_may_use_it(app: Flask) -> None:
    assert [rule.endpoint for rule in rules(app) if access_of(app.view_functions[rule.endpoint]) is None] == []


def test_a_page_that_is_not_public_sends_visitors_to_the_sign_in_page(app: Flask, world: World) -> None:
    wrong = []
    for endpoint, address, access in addresses(app, world):
        if access and not access.is_public:
            answer = app.test_client().get(address)
            if answer.status_code not in {302, 303} or not answer.location.startswith("/sign-in"):
                wrong.append((endpoint, answer.status_code, answer.location))
    assert wrong == []


@pytest.mark.slow("it sends every form")
@pytest.mark.usefixtures("undrawn")
@ONE_ENGINE
def test_nothing_is_written_without_a_csrf_token(app: Flask, world: World) -> None:
    """Not even by somebody who may do everything, with a form that would otherwise be accepted.

    Such a form is refused before either engine is asked.
    """
    for who in (world.director, world.resident, None):
        client, stopped = _client_of(app, who), closed_to(app, who)
        before = _all_rows()
        for endpoint, address, _access in addresses(app, world, "POST", variants=1):
            if endpoint in stopped:
                continue
            status = _status(client, "POST", address, data={"reason": "x", "note": "x", "stage": "book"}, csrf=False)
            assert isinstance(status, int), (endpoint, status)
            assert status < 500, (endpoint, status)
        assert _changed_tables(before) == []


@pytest.mark.slow("it draws every page")
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_every_page_opens_on_postgresql_and_writes_nothing(app: Flask, world: World) -> None:
    """For those who see most: who sees less is shown by fewer statements of the same. SQLite's turn is further down."""
    for who in (world.lead, world.director):
        client, stopped = _client_of(app, who), closed_to(app, who)
        before = _all_rows()
        for endpoint, address, _access in addresses(app, world):
            assert endpoint in stopped or client.get(address).status_code < 500, endpoint
        assert _all_rows() == before


@pytest.mark.slow("it asks for every address with every absurd value")
@pytest.mark.usefixtures("undrawn")
def test_absurd_addresses_lead_nowhere(app: Flask, world: World, engine: str) -> None:
    """A name in an address is read by the same few lines wherever it stands, so that each nonsense is tried on one rule
    in five; on PostgreSQL with what it alone minds."""
    client, wrong = _client_of(app, world.director), []
    texts = TEXT_NONSENSE if engine == "sqlite" else TEXT_FOR_POSTGRESQL
    turn = count()
    for rule in rules(app):
        for name in sorted(rule.arguments):
            all_of_them = NUMBER_NONSENSE if name.endswith("_id") else texts
            for nonsense in all_of_them[next(turn) % 5 :: 5]:
                address = address_of(rule, world.samples(), **{name: "@"}).replace("%40", nonsense)
                for method in _methods_that_lead_somewhere(app, address):
                    status = _status(client, method, address)
                    if status not in {301, 308, 404} and not _is_for_grid_workers(app, rule):
                        wrong.append((method, address[:100], status))
    assert wrong == []


def _is_for_grid_workers(app: Flask, rule: Rule) -> bool:
    """Whether a director has no business there, whatever the address says."""
    access = access_of(app.view_functions[rule.endpoint])
    return access is not None and access.permission is Permission.WALK_ROUND


def _methods_that_lead_somewhere(app: Flask, address: str) -> Iterator[str]:
    """The methods with which an address leads to a page at all, whether or not the page then finds anything."""
    with app.test_request_context(address):
        assert request_ctx.url_adapter is not None
        for method in ("GET", "POST"):
            with suppress(NotFound, MethodNotAllowed):
                with suppress(RequestRedirect):
                    request_ctx.url_adapter.match(method=method)
                yield method


@pytest.mark.slow("it opens every page")
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize("who", ["visitor", "director"])
def test_absurd_queries_are_no_error_of_ours(
    app: Flask, world: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the engine that minds more; tests/fuzz feeds pages on SQLite with others. A page that looks for no more than
    all pages do is asked with the first query alone."""
    monkeypatch.setattr(app, "request_class", noting_requests(app))
    client, wrong = _client_of(app, world.director if who == "director" else None), []
    client.get(f"/nowhere{QUERIES[0]}")
    everywhere, looking = set(Noting.looked_for), 0
    for endpoint, address, access in addresses(app, world, variants=1):
        if who == "director" or (access and access.is_public):
            Noting.looked_for.clear()
            answers = [_status(client, "GET", address + QUERIES[0])]
            if not everywhere >= Noting.looked_for:
                looking += 1
                answers += [_status(client, "GET", address + query) for query in QUERIES[1:]]
            wrong += [(endpoint, status) for status in answers if not isinstance(status, int) or status >= 500]
    assert wrong == []
    assert looking > 10


@pytest.mark.slow("it sends every form")
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize("form", FORMS, ids=["control characters", "absurd numbers"])
def test_absurd_forms_are_no_error_of_ours(app: Flask, world: World, form: dict[str, str]) -> None:
    """As with queries; each by whom it is for. The access matrix sends every form empty. What is refused is a page as
    well made as any."""
    wrong: list[Any] = []
    not_hers = closed_to(app, world.resident)
    for who in (None, world.resident, world.director):
        for endpoint, address, access in addresses(app, world, "POST", variants=1):
            is_for = endpoint in not_hers if who is world.director else endpoint not in not_hers
            if is_for and (who or (access and access.is_public)):
                answer = _answer(_client_of(app, who), "POST", address, data=form)
                if isinstance(answer, str) or answer.status_code >= 500:
                    wrong.append((endpoint, getattr(answer, "status", answer)))
                elif answer.status_code in {409, 422} and answer.mimetype == "text/html":
                    wrong += [(endpoint, fault) for fault in faults(answer.text, "zh")]
    assert wrong == []


@pytest.mark.slow("it draws every page as everybody")
@ONE_ENGINE
def test_every_page_is_well_made_for_everybody(app: Flask, world: World) -> None:
    """Every room and booking for those who see most. What is read is the same on either engine; the journeys read every
    page in the other language and size, too."""
    few, many = (None, world.newcomer, world.resident, world.clerk), (world.lead, world.director)
    assert _faults_seen_by(few, app, world, variants=1) + _faults_seen_by(many, app, world) == []


def _faults_seen_by(people: Sequence[Account | None], app: Flask, world: World, *, variants: int = 9) -> list[Any]:
    """What is wrong with any page that one of these people can see, and what looking at it wrote."""
    wrong: set[Any] = set()
    for who in people:
        client, stopped = _client_of(app, who), closed_to(app, who)
        stopped -= set(sorted(stopped)[:1])  # the refusal is the same page everywhere
        before = _all_rows()
        for endpoint, address, _access in addresses(app, world, variants=variants):
            if endpoint in stopped:
                continue
            answer = client.get(address)
            assert answer.status_code < 500, endpoint
            if answer.mimetype == "text/html" and answer.status_code not in {301, 302, 303, 308}:
                wrong |= {(endpoint, fault) for fault in faults(answer.get_data(as_text=True), "zh")}
        wrong |= {(table, "was written by looking") for table in _changed_tables(before)}
    return sorted(wrong)


def _client_of(app: Flask, account: Account | None) -> FlaskClient:
    client = app.test_client()
    if account is not None:
        sign_in(client, account)
    return client


def _status(client: FlaskClient, method: str, address: str, **kwargs: Any) -> int | str:
    """The status of the answer, or the error that broke out of the site."""
    answer = _answer(client, method, address, **kwargs)
    return answer if isinstance(answer, str) else answer.status_code


def _answer(client: FlaskClient, method: str, address: str, **kwargs: Any) -> TestResponse | str:
    """The answer, or the error that broke out of the site."""
    try:
        return client.open(address, method=method, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:300]


def _all_rows() -> dict[str, list[Any]]:
    """The whole database but for who looked at it, which looking writes."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(str, connection.execute(text(f"SELECT * FROM {table.name}"))))
            for table in Base.metadata.sorted_tables
            if table.name != AccessEvent.__tablename__
        }


def _changed_tables(before: dict[str, list[Any]]) -> list[str]:
    """The tables that are not as they were."""
    return [name for name, rows in _all_rows().items() if rows != before[name]]


def test_the_guard_rails_see_every_kind_of_endpoint(app: Flask) -> None:
    """Without this the walks above might pass because they walk nowhere."""
    declared = [access_of(app.view_functions[rule.endpoint]) for rule in rules(app)]
    assert Access(is_public=True) in declared
    assert Access() in declared
    assert any(access and access.permission for access in declared)
