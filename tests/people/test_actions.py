"""Accounts, claim codes and roles, on a fresh database of either engine."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, Forbidden, RuleBroken
from center.people import actions, claims, passwords, queries, sign_ins
from center.people.actions import LoginTaken, Password
from center.people.models import Account, ClaimCode, Person, Role
from center.people.records import PersonRecord
from center.people.session_models import SignInAttempt, UserSession
from center.people.sign_ins import TooManyTries, WrongPassword
from tests.builders import PASSWORD, make_account, make_building, make_person
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
HASH = passwords.hash_password(PASSWORD)
HOME, ELSEWHERE = "address:192.0.2.1", "address:198.51.100.9"


@pytest.fixture(autouse=True)
def _a_request(app: Flask) -> Any:
    with app.test_request_context("/"):
        yield


def record(**facts: Any) -> PersonRecord:
    return PersonRecord(**{"name": "贾新人", "phone": "199-0000-0099", **facts})


def register(login: str = "", **facts: Any) -> Account:
    with transaction():
        return actions.register(record(**facts), login=login, password=Password(HASH), now=NOW)


def issue(person: Person, *, now: datetime = NOW) -> str:
    clerk = make_person()
    with transaction():
        return claims.issue(person, by=clerk, now=now)


def claim(code: str, *, now: datetime = NOW, login: str = "", phone: str = "") -> Account:
    with transaction():
        return claims.claim(claims.get_open(code, now=now), login=login, phone=phone, password=Password(HASH), now=now)


def fail(login: str, source: str, times: int = 1, *, now: datetime = NOW) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            sign_ins.sign_in(login, "wrong", source=source, now=now)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


class TestSigningIn:
    def test_a_failed_try_stays_on_record_although_it_is_refused(self) -> None:
        fail("19900000001", HOME)
        assert [row.succeeded for row in db.session.scalars(select(SignInAttempt))] == [False]

    @ONE_ENGINE
    def test_the_sixth_wrong_try_must_wait_even_with_the_right_password(self) -> None:
        account = make_account()
        fail(account.login, HOME, 5)
        with pytest.raises(TooManyTries) as refusal:
            sign_ins.sign_in(account.login, PASSWORD, source=HOME, now=NOW)
        assert refusal.value.status == 429
        assert sign_ins.sign_in(account.login, PASSWORD, source=HOME, now=NOW + timedelta(minutes=1)).token

    @ONE_ENGINE
    def test_a_strangers_tries_do_not_shut_the_owner_out(self) -> None:
        account = make_account()
        fail(account.login, ELSEWHERE, 5)
        with pytest.raises(TooManyTries):
            sign_ins.sign_in(account.login, PASSWORD, source=ELSEWHERE, now=NOW)
        assert sign_ins.sign_in(account.login, PASSWORD, source=HOME, now=NOW).token
        assert sign_ins.sign_in(account.login, PASSWORD, source="device:known", now=NOW).token

    def test_tries_from_a_hundred_places_leave_every_new_place_one_try(self) -> None:
        account = make_account()
        with transaction() as session:
            session.add_all(
                SignInAttempt(login=account.login, source=f"address:203.0.113.{n}", at=NOW, succeeded=False)
                for n in range(120)
            )
        assert sign_ins.sign_in(account.login, PASSWORD, source=HOME, now=NOW).token
        fail(account.login, ELSEWHERE)
        with pytest.raises(TooManyTries):
            sign_ins.sign_in(account.login, PASSWORD, source=ELSEWHERE, now=NOW)

    def test_an_address_that_tries_many_logins_is_slowed_and_a_known_browser_there_is_not(self) -> None:
        account = make_account()
        with transaction() as session:
            session.add_all(SignInAttempt(login=f"someone{n}", source=HOME, at=NOW, succeeded=False) for n in range(30))
        with pytest.raises(TooManyTries):
            sign_ins.sign_in(account.login, PASSWORD, source=HOME, now=NOW)
        assert sign_ins.sign_in(account.login, PASSWORD, source="device:known", now=NOW).token
        assert sign_ins.sign_in(account.login, PASSWORD, source=HOME, now=NOW + timedelta(seconds=11)).token

    @ONE_ENGINE
    def test_a_success_clears_the_failures_before_it(self) -> None:
        account = make_account()
        fail(account.login, HOME, 4)
        sign_ins.sign_in(account.login, PASSWORD, source=HOME, now=NOW + timedelta(seconds=1))
        fail(account.login, HOME, 4, now=NOW + timedelta(seconds=2))
        assert sign_ins.sign_in(account.login, PASSWORD, source=HOME, now=NOW + timedelta(seconds=3)).token

    def test_an_unknown_login_is_refused_in_the_same_words_and_throttled_alike(self) -> None:
        account = make_account()
        said = set()
        for login in (account.login, "nobody"):
            with pytest.raises(WrongPassword) as refusal:
                sign_ins.sign_in(login, "wrong", source=HOME, now=NOW)
            said.add(str(refusal.value))
        assert len(said) == 1
        fail("nobody", HOME, 4)
        with pytest.raises(TooManyTries):
            sign_ins.sign_in("nobody", "wrong", source=HOME, now=NOW)

    def test_tries_of_yesterday_are_not_kept(self) -> None:
        fail("19900000001", HOME, 3, now=NOW - timedelta(hours=25))
        fail("19900000001", HOME)
        assert count(SignInAttempt) == 1

    @ONE_ENGINE
    def test_an_old_hash_is_replaced_by_a_stronger_one(self) -> None:
        account = make_account()
        assert passwords.is_outdated(account.password_hash)
        sign_ins.sign_in(account.login, PASSWORD, source=HOME, now=NOW)
        assert not passwords.is_outdated(account.password_hash)
        assert sign_ins.sign_in(account.login, PASSWORD, source=HOME, now=NOW).token

    @ONE_ENGINE
    def test_the_phone_may_be_written_in_any_way(self) -> None:
        person = make_person(phone="19900000001")
        make_account(person)
        assert sign_ins.sign_in("+86 199-0000-0001", PASSWORD, source=HOME, now=NOW).token

    def test_sign_ins_too_old_to_count_are_forgotten(self) -> None:
        account = make_account()
        for days in (0, 29, 31):
            sign_ins.sign_in(account.login, PASSWORD, source=HOME, now=NOW + timedelta(days=days))
        assert count(UserSession) == 2

    @ONE_ENGINE
    def test_a_session_keeps_the_hash_of_its_token_only(self) -> None:
        account = make_account()
        token = sign_ins.sign_in(account.login, PASSWORD, source=HOME, now=NOW).token
        row = db.session.scalars(select(UserSession)).one()
        assert len(row.token_hash) == 64
        assert token not in row.token_hash

    def test_retyping_the_password_is_counted_by_session(self) -> None:
        account = make_account()
        for _ in range(5):
            with pytest.raises(WrongPassword):
                sign_ins.prove_again(account, "wrong", session_id=1, now=NOW)
        with pytest.raises(TooManyTries):
            sign_ins.prove_again(account, PASSWORD, session_id=1, now=NOW)
        sign_ins.prove_again(account, PASSWORD, session_id=2, now=NOW)
        assert sign_ins.sign_in(account.login, PASSWORD, source=HOME, now=NOW).token


class TestRegistering:
    @ONE_ENGINE
    def test_a_new_account_can_look_but_is_not_confirmed(self) -> None:
        account = register()
        assert account.login == "19900000099"
        assert not account.is_confirmed
        assert account.person.sort_key == "jia xin ren"
        assert account.person.phone_tail == "0099"

    @ONE_ENGINE
    def test_a_phone_that_has_an_account_gets_one_more_and_nobody_is_told(self) -> None:
        first, second = register(), register(name="贾家人")
        assert first.signs_in_with == second.signs_in_with == "19900000099"
        assert first.login != second.login

    @ONE_ENGINE
    def test_whoever_shares_a_phone_has_a_sign_in_name_of_their_own(self) -> None:
        register()
        assert register("JiaJia", name="贾家人").login == "jiajia"
        with pytest.raises(LoginTaken) as refusal:
            register("jiajia", name="贾小人")
        assert refusal.value.field == "login"

    @pytest.mark.parametrize(
        ("facts", "field"),
        [({"name": "贾😀"}, "name"), ({"phone": "123"}, "phone"), ({"birth_year": 1800}, "birth_year"),
         ({"building_id": 99}, "building_id"), ({"name": "王" * 200}, "name")],
    )  # fmt: skip
    def test_odd_input_lands_on_its_field_and_nothing_is_written(self, facts: dict[str, Any], field: str) -> None:
        with pytest.raises(RuleBroken) as refusal:
            register(**facts)
        assert field in {each.field for each in refusal.value.every}
        assert (count(Person), count(Account)) == (0, 0)

    @ONE_ENGINE
    def test_a_person_has_one_account_at_most(self) -> None:
        account = make_account()
        with pytest.raises(Conflict), transaction():
            actions.open_account(account.person, login="another", password=Password(HASH), now=NOW)


class TestConfirming:
    @ONE_ENGINE
    def test_the_desk_confirms_somebody_new(self) -> None:
        account, clerk = register(), make_person()
        with transaction():
            actions.confirm_account(account, by=clerk, now=NOW)
        assert account.is_confirmed
        assert account.confirmed_by_id == clerk.id

    @ONE_ENGINE
    def test_two_clerks_do_not_deal_with_one_account(self) -> None:
        account, clerk = register(), make_person()
        with transaction():
            actions.confirm_account(account, by=clerk, now=NOW)
        with pytest.raises(Conflict), transaction():
            actions.refuse_account(account, reason="?", by=clerk, now=NOW)

    def test_merging_moves_the_account_and_empties_the_double(self) -> None:
        clerk, known = make_person(), make_person(name="贾新人", phone=None, birth_year=None)
        account = register(birth_year=1950)
        double_id = account.person_id
        with transaction():
            actions.merge_account(account, onto=known, by=clerk, now=NOW)
        assert (account.person_id, account.is_confirmed) == (known.id, True)
        assert (known.phone, known.phone_tail, known.birth_year) == ("19900000099", "0099", 1950)
        double = db.session.get_one(Person, double_id)
        assert (double.is_double, double.phone, double.birth_year) == (True, None, None)

    @ONE_ENGINE
    def test_merging_onto_somebody_with_an_account_is_refused(self) -> None:
        account, known = register(), make_account().person
        clerk = make_person()
        with pytest.raises(Conflict), transaction():
            actions.merge_account(account, onto=known, by=clerk, now=NOW)
        assert account.person_id != known.id

    def test_a_refused_account_says_why_and_frees_its_phone(self) -> None:
        account, clerk = register(), make_person()
        with transaction():
            actions.refuse_account(account, reason="不认识", by=clerk, now=NOW)
        with pytest.raises(RuleBroken, match="不认识"):
            sign_ins.sign_in(account.login, PASSWORD, source=HOME, now=NOW)
        again = register(name="贾真人")
        assert again.login == "19900000099"
        assert again.id != account.id

    def test_likely_matches_share_the_name_or_door_and_year_and_never_the_phone_alone(self) -> None:
        building = make_building()
        make_person(phone="19900000099")
        same_door = make_person(building=building, unit="2", door="301", birth_year=1950)
        same_name = make_person(name="贾新人")
        make_person(building=building, unit="2", door="302", birth_year=1950)
        account = register(building_id=building.id, unit="2", door="301", birth_year=1950)
        register("another", phone="19900000099")  # also waiting: nobody the desk knows
        waiting = queries.waiting_accounts()
        found = [alike.person.id for alike in queries.likely_same(waiting)[account.id]]
        assert found == [same_name.id, same_door.id]


class TestClaimCodes:
    def test_a_code_gives_a_known_person_their_confirmed_account(self) -> None:
        person = make_person(phone="19900000001")
        account = claim(issue(person))
        assert (account.person_id, account.login, account.is_confirmed) == (person.id, "19900000001", True)
        assert count(ClaimCode) == 1

    @ONE_ENGINE
    def test_a_code_may_be_typed_as_it_is_printed_or_sloppily(self) -> None:
        code = issue(make_person())
        assert claims.get_open(f" {claims.in_groups(code).lower()} ", now=NOW)

    @ONE_ENGINE
    def test_a_used_code_is_refused(self) -> None:
        person = make_person()
        code = issue(person)
        claim(code)
        with pytest.raises(RuleBroken) as refusal:
            claim(code)
        assert refusal.value.field == "claim_code"

    def test_two_who_looked_before_either_used_it_do_not_both_get_it(self) -> None:
        code = issue(make_person())
        first, second = claims.get_open(code, now=NOW), claims.get_open(code, now=NOW)
        with transaction():
            claims.claim(first, login="", phone="", password=Password(HASH), now=NOW)
        with pytest.raises(RuleBroken), transaction():
            claims.claim(second, login="thief", phone="", password=Password("x"), now=NOW)
        assert db.session.scalars(select(Account)).one().password_hash == HASH

    @ONE_ENGINE
    def test_a_code_expires_after_fourteen_days(self) -> None:
        code = issue(make_person())
        assert claims.get_open(code, now=NOW + timedelta(days=13, hours=23))
        with pytest.raises(RuleBroken):
            claims.get_open(code, now=NOW + timedelta(days=14))

    @ONE_ENGINE
    def test_a_new_code_ends_the_old_one(self) -> None:
        person = make_person()
        old = issue(person)
        new = issue(person, now=NOW + timedelta(minutes=1))
        with pytest.raises(RuleBroken):
            claims.get_open(old, now=NOW + timedelta(minutes=2))
        assert claims.get_open(new, now=NOW + timedelta(minutes=2))

    @ONE_ENGINE
    def test_a_person_without_a_phone_gives_one_or_a_name_of_their_own(self) -> None:
        person = make_person(phone=None)
        code = issue(person)
        with pytest.raises(RuleBroken) as refusal:
            claim(code)
        assert refusal.value.field == "phone"
        account = claim(code, phone="199 0000 0077")
        assert (account.login, person.phone) == ("19900000077", "19900000077")

    def test_a_code_for_somebody_with_an_account_sets_the_password_and_ends_every_session(self) -> None:
        account = make_account()
        sign_ins.sign_in(account.login, PASSWORD, source=HOME, now=NOW)
        code = issue(account.person)
        with transaction():
            found = claims.get_open(code, now=NOW)
            claims.claim(
                found, login="", phone="", password=Password(passwords.hash_password("another one here")), now=NOW
            )
        assert db.session.scalars(select(UserSession)).one().ended_at is not None
        fail(account.login, HOME)
        assert sign_ins.sign_in(account.login, "another one here", source=HOME, now=NOW).token

    @ONE_ENGINE
    @pytest.mark.parametrize("typed", ["", "AAAAA-AAAAA", "\x00", "码" * 500, "' OR 1=1"])
    def test_what_is_no_code_is_refused(self, typed: str) -> None:
        with pytest.raises(RuleBroken):
            claims.get_open(typed, now=NOW)

    @ONE_ENGINE
    def test_a_new_role_ends_the_codes_handed_out_before_it(self) -> None:
        person = make_person()
        code = issue(person)
        with transaction():
            actions.grant_role(person, Role.CLERK, starts_on=TODAY, by=None)
        with pytest.raises(RuleBroken):
            claims.get_open(code, now=NOW)


class TestChanging:
    def test_a_new_phone_is_what_one_signs_in_with(self) -> None:
        account = make_account()
        with transaction():
            actions.change_phone(account, phone="199-0000-0055", is_relatives=True)
        assert (account.login, account.person.phone, account.person.phone_tail) == ("19900000055",) * 2 + ("0055",)
        assert account.person.phone_is_relatives

    @ONE_ENGINE
    def test_a_sign_in_name_stays_when_the_phone_changes(self) -> None:
        account = make_account(login="jia")
        with transaction():
            actions.change_phone(account, phone="19900000055", is_relatives=False)
        assert account.login == "jia"

    @ONE_ENGINE
    def test_nobody_takes_the_login_of_somebody_else_nor_learns_that_a_phone_is_one(self) -> None:
        other, named = make_account(), make_account(login="jia")
        account = make_account()
        with pytest.raises(LoginTaken), transaction():
            actions.change_login(account, login=named.login)
        changes: list[Callable[[], object]] = [
            lambda: actions.change_login(account, login=other.login),
            lambda: actions.change_phone(account, phone=other.login, is_relatives=False),
        ]
        for change in changes:
            with transaction():
                change()
            assert account.signs_in_with == other.login != account.login

    def test_a_new_password_ends_every_other_session(self) -> None:
        account = make_account()
        for _ in range(3):
            sign_ins.sign_in(account.login, PASSWORD, source=HOME, now=NOW)
        mine = db.session.scalars(select(UserSession.id).order_by(UserSession.id)).all()[1]
        with transaction():
            actions.change_password(account, password=Password(HASH), session_id=mine, now=NOW)
        alive = db.session.scalars(select(UserSession.id).where(UserSession.ended_at.is_(None))).all()
        assert alive == [mine]


class TestRoles:
    def test_a_role_is_not_given_twice_for_the_same_time(self) -> None:
        person, director = make_person(), make_person()
        with transaction():
            actions.grant_role(person, Role.CLERK, starts_on=TODAY, ends_on=TODAY + timedelta(days=30), by=director)
        with pytest.raises(Conflict), transaction():
            actions.grant_role(person, Role.CLERK, starts_on=TODAY + timedelta(days=30), by=director)
        with transaction():
            actions.grant_role(person, Role.CLERK, starts_on=TODAY + timedelta(days=31), by=director)
        assert len(queries.grants_of(person.id)) == 2

    @ONE_ENGINE
    def test_nobody_unconfirmed_gets_a_role(self) -> None:
        account, director = make_account(is_confirmed=False), make_person()
        with pytest.raises(RuleBroken), transaction():
            actions.grant_role(account.person, Role.CLERK, starts_on=TODAY, by=director)

    def test_an_ended_role_had_its_last_day_yesterday(self) -> None:
        clerk, director = make_account(roles=[Role.CLERK]).person, make_person()
        [grant] = queries.grants_of(clerk.id)
        with transaction():
            actions.end_role(grant, by=director, today=TODAY)
        assert grant.ends_on == TODAY - timedelta(days=1)

    def test_a_role_that_began_today_goes_at_once(self) -> None:
        person, director = make_person(), make_person()
        with transaction():
            grant = actions.grant_role(person, Role.CLERK, starts_on=TODAY, by=director)
        with transaction():
            actions.end_role(grant, by=director, today=TODAY)
        assert queries.grants_of(person.id) == []

    def test_a_director_cannot_end_the_own_last_directorship(self) -> None:
        director = make_account(roles=[Role.DIRECTOR]).person
        [grant] = queries.grants_of(director.id)
        with pytest.raises(RuleBroken), transaction():
            actions.end_role(grant, by=director, today=TODAY)
        assert grant.ends_on is None

    def test_two_directors_do_not_end_each_others_role(self) -> None:
        one, other = (make_account(roles=[Role.DIRECTOR]).person for _ in range(2))
        [grant_of_one], [grant_of_other] = queries.grants_of(one.id), queries.grants_of(other.id)
        with transaction():
            actions.end_role(grant_of_other, by=one, today=TODAY)
        with pytest.raises(Forbidden), transaction():
            actions.end_role(grant_of_one, by=other, today=TODAY)
        assert grant_of_one.ends_on is None
