"""Passkeys: a second step that no false page gets out of anybody, for one account, sign-in and question each."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from center.kernel import clock
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.db import db, transaction
from center.kernel.trail import StaffEvent
from center.people.models import Account, Role
from center.people.second_factor import rules
from center.people.second_factor.models import Passkey, PasskeyChallenge
from center.people.second_factor.rules import Site, site_at
from tests.authenticator import PRESENT, Authenticator, bytes_of, text_of
from tests.builders import PASSWORD, make_account, sign_in
from tests.engines import ONE_ENGINE
from tests.people.second_factor.test_second_factor import by_password, required

__all__ = ["required"]

LIST, ADD, GIVE, PROVE = (
    "/me/account/passkeys",
    "/me/account/passkeys/new",
    "/sign-in/passkey",
    "/sign-in/prove/passkey",
)


@pytest.fixture
def clerk() -> Account:
    return make_account(roles=[Role.CLERK])


@pytest.fixture
def phone(app: Flask) -> Authenticator:
    """A phone that is shown the pages of this site."""
    return Authenticator(origin=f"http://localhost:{app.extensions['settings'].port}")


def asked(client: FlaskClient, address: str, **sent: str) -> dict[str, Any]:
    """What a page tells its script to ask of a key."""
    page = client.post(address, data=sent).get_data(as_text=True)
    found = re.search(r'data-options="([^"]+)"', page)
    assert found, page
    return json.loads(unescape(found.group(1)))


def add(client: FlaskClient, phone: Authenticator, name: str = "我的手机") -> TestResponse:
    return client.post(ADD, data={"name": name, "answer": phone.create(asked(client, LIST, name=name))})


def another(client: FlaskClient, account: Account) -> FlaskClient:
    """Another browser in which somebody has typed the password."""
    other = client.application.test_client()
    by_password(other, account)
    return other


@pytest.fixture
def known(client: FlaskClient, required: Any, clerk: Account, phone: Authenticator) -> Authenticator:
    """The clerk's own phone, which the site knows."""
    by_password(client, clerk)
    add(client, phone)
    return phone


@ONE_ENGINE
def test_a_clerk_adds_one_and_signs_in_with_it(
    client: FlaskClient, required: Any, clerk: Account, phone: Authenticator
) -> None:
    by_password(client, clerk)
    assert client.get("/desk").location.startswith("/me/account/second-factor")
    page = add(client, phone).get_data(as_text=True)
    assert len(re.findall(r">([0-9A-Z]{5}-[0-9A-Z]{5})<", page)) == rules.RECOVERY_CODES  # for when the phone is lost
    assert client.get("/desk").status_code == 200
    assert "我的手机" in client.get(LIST).get_data(as_text=True)
    other = another(client, clerk)
    assert other.get("/desk").location.startswith("/sign-in/code")
    assert other.get(LIST).location.startswith("/sign-in/code")  # no way round
    answer = phone.get(asked(other, GIVE))
    assert other.post(GIVE, data={"answer": answer, "next": "/desk"}).location == "/desk"
    assert other.get("/desk").status_code == 200
    key = db.session.scalars(select(Passkey)).one()
    assert (key.sign_count, key.account_id) == (1, clerk.id)
    assert key.used_at is not None


WRONG = {
    "another site's page": {"origin": "https://qinghe.example.net"},
    "another port": {"origin": "http://localhost:1"},
    "another question": {"challenge": text_of(bytes(32))},
    "another site's key": {"site": "qinghe.example.net"},
    "an answer to something else": {"type": "webauthn.create"},
}


@ONE_ENGINE
@pytest.mark.parametrize("told", WRONG.values(), ids=WRONG)
def test_an_answer_from_elsewhere_or_to_something_else_opens_nothing(
    client: FlaskClient, clerk: Account, known: Authenticator, told: Any
) -> None:
    other = another(client, clerk)
    answer = known.get(asked(other, GIVE), **told)
    assert other.post(GIVE, data={"answer": answer}).status_code == 422
    assert other.get("/desk").location.startswith("/sign-in/code")
    assert "passkey" in db.session.scalars(select(AccessEvent.subject).where(AccessEvent.kind == Kind.CODE_FAILED))


@ONE_ENGINE
@pytest.mark.parametrize(
    "said", ["", "{}", "[]", "no JSON", '{"id": 7}', '{"id": "x", "response": []}', "[" * 19_000, "[" * 30_000]
)
@pytest.mark.parametrize("address", [GIVE, ADD])
def test_nonsense_is_refused_kindly(
    client: FlaskClient, clerk: Account, known: Authenticator, address: Any, said: str
) -> None:
    other = another(client, clerk) if address == GIVE else client
    asked(other, GIVE if address == GIVE else LIST, name="x")
    assert other.post(address, data={"name": "x", "answer": said}).status_code in {200, 303, 422}
    assert len(db.session.scalars(select(Passkey)).all()) == 1
    assert address == ADD or other.get("/desk").location.startswith("/sign-in/code")


def test_no_answer_counts_twice_and_a_wrong_one_uses_up_its_question(
    client: FlaskClient, clerk: Account, known: Authenticator
) -> None:
    other = another(client, clerk)
    question = asked(other, GIVE)
    answer = known.get(question)
    assert other.post(GIVE, data={"answer": known.get(question, challenge=text_of(bytes(32)))}).status_code == 422
    db.session.rollback()
    assert other.post(GIVE, data={"answer": answer}).status_code == 422  # the question is gone
    assert other.post(GIVE, data={"answer": known.get(asked(other, GIVE))}).status_code == 303
    third = another(client, clerk)
    asked(third, GIVE)
    assert third.post(GIVE, data={"answer": answer}).status_code == 422  # taken down elsewhere


@ONE_ENGINE
def test_a_question_is_answered_within_minutes(client: FlaskClient, clerk: Account, known: Authenticator) -> None:
    other = another(client, clerk)
    answer = known.get(asked(other, GIVE))
    clock.start_at(clock.now() + rules.CHALLENGE_LASTS)
    assert other.post(GIVE, data={"answer": answer}).status_code == 422


@ONE_ENGINE
def test_a_question_belongs_to_one_sign_in(client: FlaskClient, clerk: Account, known: Authenticator) -> None:
    first, second = another(client, clerk), another(client, clerk)
    answer = known.get(asked(first, GIVE))
    asked(second, GIVE)
    assert second.post(GIVE, data={"answer": answer}).status_code == 422


@ONE_ENGINE
def test_a_question_for_one_ceremony_answers_no_other(
    client: FlaskClient, clerk: Account, known: Authenticator
) -> None:
    other = another(client, clerk)
    answer = known.get(asked(other, PROVE))
    asked(other, GIVE)
    assert other.post(GIVE, data={"answer": answer}).status_code == 422


@ONE_ENGINE
def test_a_key_that_counts_backwards_is_a_copy(client: FlaskClient, clerk: Account, known: Authenticator) -> None:
    known.count = 7
    assert another(client, clerk).post(GIVE, data={"answer": "x"}).status_code == 422
    other = another(client, clerk)
    assert other.post(GIVE, data={"answer": known.get(asked(other, GIVE))}).status_code == 303
    copied = replace(known, count=3)
    third = another(client, clerk)
    assert third.post(GIVE, data={"answer": copied.get(asked(third, GIVE))}).status_code == 422
    assert db.session.scalars(select(Passkey.sign_count)).one() == 8


@ONE_ENGINE
def test_who_only_holds_the_phone_is_not_recognised(client: FlaskClient, clerk: Account, known: Authenticator) -> None:
    other = another(client, clerk)
    question = asked(other, GIVE)
    assert question["userVerification"] == "required"
    taken = replace(known, flags=PRESENT)
    assert other.post(GIVE, data={"answer": taken.get(question)}).status_code == 422


@ONE_ENGINE
def test_nobody_elses_key_opens_an_account(
    client: FlaskClient, clerk: Account, known: Authenticator, phone: Authenticator
) -> None:
    boss = make_account(roles=[Role.DIRECTOR])
    theirs = Authenticator(origin=phone.origin)
    other = another(client, boss)
    add(other, theirs)
    third = another(client, clerk)
    question = asked(third, GIVE)
    assert [each["id"] for each in question["allowCredentials"]] == [text_of(known.credential_id)]
    assert third.post(GIVE, data={"answer": theirs.get(question)}).status_code == 422
    forged = replace(theirs, credential_id=known.credential_id)  # says it is that one, and signs with another
    assert third.post(GIVE, data={"answer": forged.get(asked(third, GIVE))}).status_code == 422


def test_a_key_belongs_to_one_account(client: FlaskClient, clerk: Account, known: Authenticator) -> None:
    other = another(client, make_account(roles=[Role.DIRECTOR]))
    assert add(other, replace(known)).status_code == 422
    assert other.get("/desk").location.startswith("/me/account/second-factor")
    mine = db.session.scalars(select(Passkey)).one()
    with pytest.raises(IntegrityError), transaction() as session:
        same = {"credential_id": mine.credential_id, "public_key": b"x", "sign_count": 0, "site_name": "x", "name": "x"}
        session.add(Passkey(account_id=clerk.id, made_at=clock.now(), **same))


@ONE_ENGINE
@pytest.mark.parametrize(
    ("flags", "told"),
    [(PRESENT, {}), (5, {"origin": "https://qinghe.example.net"}), (5, {"challenge": text_of(bytes(32))})],
    ids=["nobody recognised", "another site's page", "another question"],
)
def test_no_key_is_kept_that_was_not_made_here_for_somebody_recognised(
    client: FlaskClient, required: Any, clerk: Account, phone: Authenticator, flags: Any, told: dict[str, Any]
) -> None:
    by_password(client, clerk)
    phone.flags = flags
    answer = phone.create(asked(client, LIST, name="x"), **told)
    assert client.post(ADD, data={"name": "x", "answer": answer}).status_code == 422
    assert db.session.scalars(select(Passkey)).all() == []
    assert client.get("/desk").location.startswith("/me/account/second-factor")


@ONE_ENGINE
def test_a_sign_in_by_password_alone_adds_no_key_to_an_account_that_has_a_factor(
    client: FlaskClient, required: Any, clerk: Account, phone: Authenticator
) -> None:
    other = another(client, clerk)  # before there was one
    question = asked(other, LIST, name="x")
    by_password(client, clerk)
    add(client, Authenticator(origin=phone.origin))
    assert other.post(ADD, data={"name": "x", "answer": phone.create(question)}).status_code == 403
    assert len(db.session.scalars(select(Passkey)).all()) == 1


@ONE_ENGINE
def test_it_stands_for_the_password_that_is_asked_for_again(
    client: FlaskClient, clerk: Account, known: Authenticator
) -> None:
    clock.start_at(clock.now() + timedelta(minutes=30))
    assert client.get(LIST).location.startswith("/sign-in/prove")
    assert PROVE in client.get("/sign-in/prove").get_data(as_text=True)
    answer = known.get(asked(client, PROVE))
    assert client.post(PROVE, data={"answer": answer, "next": LIST}).location == LIST
    assert client.get(LIST).status_code == 200


@ONE_ENGINE
def test_the_old_password_is_still_needed_for_a_new_one(
    client: FlaskClient, clerk: Account, known: Authenticator
) -> None:
    client.post(PROVE, data={"answer": known.get(asked(client, PROVE))})
    new = {"current": "not the password", "password": "lotus tea by the green pond"}
    assert client.post("/me/account/password", data=new).status_code == 422


@ONE_ENGINE
def test_guessing_is_slowed_down(client: FlaskClient, clerk: Account, known: Authenticator) -> None:
    answers = []
    for _ in range(8):
        other = another(client, clerk)
        answers.append(other.post(GIVE, data={"answer": known.get(asked(other, GIVE), origin="https://x.cn")}))
    assert answers[0].status_code == 422
    assert answers[-1].status_code in {422, 429}
    assert "分钟" in answers[-1].get_data(as_text=True)  # wait some minutes


@ONE_ENGINE
def test_one_is_taken_away_but_not_the_last_and_not_another_persons(
    client: FlaskClient, clerk: Account, known: Authenticator, phone: Authenticator
) -> None:
    key_id = db.session.scalars(select(Passkey.id)).one()
    client.post(f"{LIST}/{key_id}/remove")
    assert len(db.session.scalars(select(Passkey)).all()) == 1  # their only second step
    assert add(client, Authenticator(origin=phone.origin), "钥匙扣").status_code == 303  # codes are there already
    stranger = another(client, make_account(roles=[Role.DIRECTOR]))
    add(stranger, Authenticator(origin=phone.origin))
    assert stranger.post(f"{LIST}/{key_id}/remove").status_code == 404
    assert client.post(f"{LIST}/{key_id}/remove").status_code == 303
    acts = db.session.scalars(select(StaffEvent.act).where(StaffEvent.person_id == clerk.person_id)).all()
    assert [acts.count("passkey_added"), acts.count("passkey_removed")] == [2, 1]
    other = another(client, clerk)
    assert text_of(known.credential_id) not in str(asked(other, GIVE))


@ONE_ENGINE
def test_there_is_an_end_to_how_many(
    client: FlaskClient, clerk: Account, known: Authenticator, phone: Authenticator
) -> None:
    for n in range(rules.MOST_PASSKEYS - 1):
        add(client, Authenticator(origin=phone.origin), str(n))
    assert client.post(LIST, data={"name": "one more"}).status_code == 422
    assert len(db.session.scalars(select(Passkey)).all()) == rules.MOST_PASSKEYS


@ONE_ENGINE
def test_a_director_takes_them_away_in_person_and_it_is_written_down(
    client: FlaskClient, clerk: Account, known: Authenticator, phone: Authenticator
) -> None:
    boss = make_account(roles=[Role.DIRECTOR])
    director = another(client, boss)
    add(director, Authenticator(origin=phone.origin))
    assert "/second-factor/reset" in director.get(f"/desk/people/{clerk.person_id}/roles").get_data(as_text=True)
    assert director.post(f"/desk/people/{clerk.person_id}/second-factor/reset").status_code == 303
    assert db.session.scalars(select(Passkey.account_id)).all() == [boss.id]
    event = db.session.scalars(select(StaffEvent).where(StaffEvent.act == "second_factor_reset")).one()
    assert (event.by_id, event.person_id) == (boss.person_id, clerk.person_id)
    assert client.get("/desk").location.startswith("/sign-in")


@ONE_ENGINE
def test_a_printed_code_helps_where_the_key_is_lost(
    client: FlaskClient, required: Any, clerk: Account, phone: Authenticator
) -> None:
    by_password(client, clerk)
    codes = re.findall(r">([0-9A-Z]{5}-[0-9A-Z]{5})<", add(client, phone).get_data(as_text=True))
    other = another(client, clerk)
    assert other.post("/sign-in/code", data={"code": codes[0], "next": "/desk"}).location == "/desk"


@ONE_ENGINE
def test_a_key_of_another_name_of_the_site_is_not_asked_for_but_counts_as_a_factor(
    client: FlaskClient, clerk: Account, known: Authenticator
) -> None:
    with transaction() as session:
        session.execute(update(Passkey).values(site_name="old.example.cn"))
    other = another(client, clerk)
    page = other.get("/sign-in/code").get_data(as_text=True)
    assert GIVE not in page
    assert other.get(LIST).location.startswith("/sign-in/code")
    assert other.post(GIVE, data={"answer": known.get({**asked(other, GIVE)})}).status_code == 422


@ONE_ENGINE
def test_what_was_asked_is_kept_here_and_goes_with_the_sign_in(
    client: FlaskClient, clerk: Account, known: Authenticator
) -> None:
    other = another(client, clerk)
    question = asked(other, GIVE)
    row = db.session.scalars(select(PasskeyChallenge)).one()
    assert row.challenge == bytes_of(question["challenge"])
    assert len(row.challenge) >= 16
    asked(other, GIVE)
    assert len(db.session.scalars(select(PasskeyChallenge)).all()) == 1  # one for each sign-in and ceremony


@ONE_ENGINE
def test_a_form_that_was_sent_without_it_is_kept(client: FlaskClient, clerk: Account, known: Authenticator) -> None:
    other = another(client, clerk)
    page = other.post("/desk/people/new", data={"name": "李新来"}).get_data(as_text=True)
    kept = re.search(r'name="kept"[^>]*value="([^"]+)"', page)
    assert kept
    answer = known.get(asked(other, GIVE, kept=unescape(kept.group(1))))
    done = other.post(GIVE, data={"answer": answer, "kept": unescape(kept.group(1))})
    assert "李新来" in done.get_data(as_text=True)


@ONE_ENGINE
def test_a_resident_is_not_asked_for_one(client: FlaskClient, required: Any) -> None:
    sign_in(client, make_account())
    assert client.get("/me/account").status_code == 200
    assert LIST not in client.get("/me/account").get_data(as_text=True)
    assert client.post("/sign-in", data={"login": "x", "password": PASSWORD}).status_code in {302, 303, 422}


MAIN = "https://center.example.cn"
SITES = {
    "its own name": ("center.example.cn", MAIN, Site("center.example.cn", MAIN)),
    "its own name in capitals": ("Center.Example.CN", MAIN, Site("center.example.cn", MAIN)),
    "a port in the request": ("center.example.cn:9999", MAIN, Site("center.example.cn", MAIN)),
    "a port of its own": ("c.cn:8443", "https://c.cn:8443", Site("c.cn", "https://c.cn:8443")),
    "the usual port, said": ("c.cn", "https://c.cn:443", Site("c.cn", "https://c.cn")),
    "another of its names": ("events.example.cn", MAIN, Site("events.example.cn", "https://events.example.cn")),
    "a name that is not its own": ("example.net", MAIN, None),
    "no HTTPS": ("center.example.cn", "http://center.example.cn", None),
    "a number": ("127.0.0.1:8000", "", None),
    "a number as its address": ("10.0.0.7", "https://10.0.0.7", None),
    "this machine": ("localhost:8000", "", Site("localhost", "http://localhost:8000")),
    "this machine, another port said": ("localhost:99", "", Site("localhost", "http://localhost:8000")),
    "nothing": ("", MAIN, None),
}


@pytest.mark.parametrize(("host", "site_url", "site"), SITES.values(), ids=SITES)
def test_under_which_names_they_work(host: str, site_url: str, site: Site | None) -> None:
    own = None if site_url else 8000
    is_https = site_url.startswith("https:")
    assert site_at(host, site_url=site_url, hosts=["events.example.cn"], is_https=is_https, own_port=own) == site
