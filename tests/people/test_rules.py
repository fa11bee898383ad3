"""Roles, how long a sign-in lasts, names. No app."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from center.kernel.access import Permission
from center.kernel.errors import Forbidden, RuleBroken
from center.people import policy, rules
from center.people.models import Role

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Grant:
    role: Role
    starts_on: date = date(2020, 1, 1)
    ends_on: date | None = None


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "counts"),
    [
        pytest.param(TODAY, None, True, id="from its first day"),
        pytest.param(TODAY, TODAY, True, id="for one day"),
        pytest.param(TODAY + timedelta(days=1), None, False, id="not before"),
        pytest.param(date(2020, 1, 1), TODAY, True, id="on its last day"),
        pytest.param(date(2020, 1, 1), TODAY - timedelta(days=1), False, id="not after"),
    ],
)
def test_a_role_counts_from_its_first_to_its_last_day(starts_on: date, ends_on: date | None, counts: bool) -> None:
    assert (Role.CLERK in rules.roles_on([Grant(Role.CLERK, starts_on, ends_on)], TODAY)) is counts


def test_every_role_has_its_line_in_the_table() -> None:
    assert set(rules.PERMISSIONS) == set(Role) == set(rules.ROLE_NAMES)


def test_nobody_gets_anything_without_a_role() -> None:
    assert rules.permissions_of([]) == frozenset()
    assert rules.permissions_of([Role.RESIDENT]) == frozenset()


def test_a_tutor_looks_after_children_and_sees_nothing_of_the_desk() -> None:
    assert rules.PERMISSIONS[Role.TUTOR] == {Permission.CARE_FOR_CHILDREN}


def test_a_clerk_enrols_children_and_neither_sees_their_day_nor_runs_it() -> None:
    mine = rules.PERMISSIONS[Role.CLERK]
    assert Permission.ENROL_CHILDREN in mine
    assert not mine & {Permission.CARE_FOR_CHILDREN, Permission.RUN_AFTER_SCHOOL}


def test_a_grid_worker_walks_their_round_and_sees_nothing_else_of_the_desk() -> None:
    assert rules.PERMISSIONS[Role.GRID_WORKER] == {Permission.WALK_ROUND}


def test_an_auditor_reads_and_never_writes() -> None:
    assert rules.PERMISSIONS[Role.AUDITOR] == {
        Permission.FIND_PEOPLE,
        Permission.SEE_BOOKINGS,
        Permission.SEE_DESK,
        Permission.SEE_TRAIL,
    }


def test_a_director_may_all_that_a_clerk_may_and_more() -> None:
    assert rules.PERMISSIONS[Role.CLERK] < rules.PERMISSIONS[Role.DIRECTOR]
    assert Permission.GRANT_ROLES not in rules.PERMISSIONS[Role.CLERK]
    assert rules.PERMISSIONS[Role.DIRECTOR] == set(Permission) - {Permission.WALK_ROUND}  # who walks it has a grid


@pytest.mark.parametrize(
    ("age", "unused", "roles", "is_alive"),
    [
        pytest.param(hours(11), hours(11), {}, True, id="resident after half a day"),
        pytest.param(hours(13), hours(12), {}, False, id="resident idle for 12 hours"),
        pytest.param(timedelta(days=29), hours(1), {}, True, id="resident in use for weeks"),
        pytest.param(timedelta(days=30), hours(0), {}, False, id="resident after 30 days"),
        pytest.param(hours(3), hours(1.9), {Role.CLERK}, True, id="clerk at work"),
        pytest.param(hours(3), hours(2), {Role.CLERK}, False, id="clerk idle for 2 hours"),
        pytest.param(hours(12), hours(0), {Role.TUTOR}, False, id="anyone with a role after 12 hours"),
        pytest.param(hours(11), hours(11), {Role.RESIDENT}, True, id="being a resident is no such role"),
    ],
)
def test_a_sign_in_ends_unused_or_old(age: timedelta, unused: timedelta, roles: set[Role], is_alive: bool) -> None:
    limits = rules.limits_for(is_short=rules.is_short(roles, sees_others=False))
    facts = {"created_at": NOW - age, "seen_at": NOW - unused, "limits": limits, "now": NOW}
    assert rules.is_session_alive(**facts, ended_at=None) is is_alive  # type: ignore[arg-type]
    assert not rules.is_session_alive(**facts, ended_at=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("is_short", "is_kept", "unused", "is_alive"),
    [
        pytest.param(False, False, timedelta(days=2), False, id="a resident"),
        pytest.param(False, True, timedelta(days=29), True, id="a resident on their own phone"),
        pytest.param(False, True, timedelta(days=30), False, id="a resident on their own phone, a month later"),
        pytest.param(True, True, timedelta(hours=3), False, id="somebody who sees others, whatever they ticked"),
    ],
)
def test_a_sign_in_that_is_kept(is_short: bool, is_kept: bool, unused: timedelta, is_alive: bool) -> None:
    facts = {"created_at": NOW - unused, "seen_at": NOW - unused, "ended_at": None, "now": NOW}
    limits = rules.limits_for(is_short=is_short, is_kept=is_kept)
    assert rules.is_session_alive(**facts, limits=limits) is is_alive  # type: ignore[arg-type]


def test_a_password_proves_its_owner_for_ten_minutes() -> None:
    assert rules.is_proof_recent(NOW - timedelta(minutes=9, seconds=59), now=NOW)
    assert not rules.is_proof_recent(NOW - timedelta(minutes=10), now=NOW)


def test_a_role_cannot_end_before_it_starts() -> None:
    with pytest.raises(RuleBroken) as refusal:
        rules.check_role_dates(TODAY, TODAY - timedelta(days=1))
    assert refusal.value.field == "ends_on"
    rules.check_role_dates(TODAY, TODAY)


@pytest.mark.parametrize(
    ("role", "is_own", "others", "may"),
    [
        pytest.param(Role.DIRECTOR, True, 0, False, id="my last directorship"),
        pytest.param(Role.DIRECTOR, True, 1, True, id="one of my two"),
        pytest.param(Role.DIRECTOR, False, 1, True, id="somebody else's"),
        pytest.param(Role.DIRECTOR, False, 0, False, id="somebody else's, but mine has just been ended"),
        pytest.param(Role.CLERK, True, 0, True, id="my role as clerk"),
    ],
)
def test_whoever_ends_a_directorship_remains_a_director(role: Role, is_own: bool, others: int, may: bool) -> None:
    if may:
        rules.check_role_end(role=role, is_own=is_own, other_directorships=others)
        return
    with pytest.raises(RuleBroken if is_own else Forbidden):
        rules.check_role_end(role=role, is_own=is_own, other_directorships=others)


CLERKS, DIRECTORS = rules.PERMISSIONS[Role.CLERK], rules.PERMISSIONS[Role.DIRECTOR]


@pytest.mark.parametrize(
    ("permissions", "grants", "may"),
    [
        pytest.param(CLERKS, [], True, id="a clerk for a resident"),
        pytest.param(CLERKS, [Grant(Role.DIRECTOR)], False, id="a clerk not for a director"),
        pytest.param(CLERKS, [Grant(Role.CLERK, date(2030, 1, 1))], False, id="nor for somebody who will have a role"),
        pytest.param(CLERKS, [Grant(Role.TUTOR, ends_on=date(2021, 1, 1))], True, id="but for one whose role is over"),
        pytest.param(DIRECTORS, [Grant(Role.CLERK)], True, id="a director for a clerk"),
        pytest.param(rules.PERMISSIONS[Role.AUDITOR], [], False, id="an auditor for nobody"),
    ],
)
def test_a_clerk_cannot_get_hold_of_the_account_of_anyone_with_a_role(
    permissions: frozenset[Permission], grants: list[Grant], may: bool
) -> None:
    assert policy.may_hand_over(permissions, grants, today=TODAY) is may


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  李秀英 ", "李秀英"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("Zoë  Smith", "Zoë Smith"),
        ("䶮", "䶮"),
    ],
)
def test_a_name_is_one_field_of_letters_spaces_and_dots(typed: str, kept: str) -> None:
    assert rules.name_of(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", " ", "李😀英", "李<b>", "李1英", "李\x00英", "a" * 61, "王" * 200, "···", "=1+1"]
)
def test_anything_else_is_refused_as_a_name(typed: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        rules.name_of(typed)
    assert refusal.value.field == "name"


@pytest.mark.parametrize(
    ("typed", "kept"), [("XiuYing", "xiuying"), ("秀英76", "秀英76"), ("199-0000-0001", "19900000001")]
)
def test_a_sign_in_name_is_kept_casefolded(typed: str, kept: str) -> None:
    assert rules.login_of(typed) == kept


@pytest.mark.parametrize("typed", ["", "a", "12345", "x" * 33, "a b", "~4", "小😀明", "a\x00b", "new account"])
def test_what_is_no_sign_in_name_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        rules.tidy_login(typed)
    assert refusal.value.field == "login"


@pytest.mark.parametrize("year", [0, -5, 1900, 2027, 10**12])
def test_a_birth_year_is_within_a_lifetime(year: int) -> None:
    with pytest.raises(RuleBroken):
        rules.check_birth_year(year, today=TODAY)
    rules.check_birth_year(1950, today=TODAY)
    rules.check_birth_year(None, today=TODAY)


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (None, None),
        (2030, (0, 13)),
        (2014, (0, 13)),
        (2012, (14, 17)),
        (1966, (60, 69)),
        (1967, (18, 59)),
        (1948, (70, 79)),
        (1946, (80, None)),
        (1901, (80, None)),
    ],
)
def test_ages_are_told_in_bands(born: int | None, band: tuple[int, int | None] | None) -> None:
    assert rules.age_band(born, date(2026, 11, 23)) == band
