"""How many tries are let through, and that nobody's tries can shut out somebody else."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.people import throttle
from center.people.throttle import BURST, FREE_TRIES, LONGEST_WAIT, Tries

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def ago(*minutes: float) -> list[datetime]:
    return [NOW - timedelta(minutes=each) for each in minutes]


def wait_minutes(**facts: object) -> float:
    return throttle.wait(Tries(**facts), now=NOW).total_seconds() / 60  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [
        pytest.param(0, 0, id="first try"),
        pytest.param(4, 0, id="the fifth is still free"),
        pytest.param(5, 1, id="then a minute"),
        pytest.param(6, 2, id="two"),
        pytest.param(7, 4, id="four"),
        pytest.param(9, 15, id="never more than fifteen"),
        pytest.param(500, 15, id="however many there were"),
    ],
)
def test_waits_grow_with_failures_from_the_same_place(failures: int, minutes: int) -> None:
    assert wait_minutes(of_pair=[NOW] * failures) == minutes


def test_waiting_is_over_when_its_time_has_passed() -> None:
    assert wait_minutes(of_pair=ago(5, 4, 3, 2, 0.5)) == pytest.approx(0.5)
    assert wait_minutes(of_pair=ago(5, 4, 3, 2, 1)) == 0


def test_failures_of_more_than_an_hour_ago_are_forgotten() -> None:
    assert wait_minutes(of_pair=ago(*[61] * 20)) == 0


def test_a_stranger_who_fails_a_thousand_times_elsewhere_costs_the_owner_nothing() -> None:
    assert wait_minutes(of_login=1000) == 0
    assert wait_minutes(of_login=1000, is_known_browser=True, of_pair=ago(3, 2, 1, 0)) == 0


@given(st.integers(0, 10**6), st.booleans())
def test_pressure_never_takes_the_last_free_try(of_login: int, is_known_browser: bool) -> None:
    tries = Tries(of_login=of_login, is_known_browser=is_known_browser)
    assert throttle.free_tries(tries) >= 1
    assert throttle.wait(tries, now=NOW) == timedelta(0)


def test_pressure_from_strangers_leaves_them_fewer_tries() -> None:
    allowed = [throttle.free_tries(Tries(of_login=n)) for n in (0, 15, 40, 100)]
    assert allowed == [5, 3, 2, 1]


def test_a_known_browser_keeps_its_tries_under_pressure() -> None:
    assert throttle.free_tries(Tries(of_login=10_000, is_known_browser=True)) == FREE_TRIES


def test_an_address_that_fails_at_many_logins_is_slowed_but_not_stopped() -> None:
    flood = ago(*[0] * BURST)
    assert 0 < wait_minutes(of_source=flood) <= 10 / 60
    assert wait_minutes(of_source=ago(*[1] * BURST)) == 0
    assert wait_minutes(of_source=flood, is_known_browser=True) == 0


@given(st.lists(st.integers(0, 7200), max_size=80), st.lists(st.integers(0, 7200), max_size=80), st.integers(0, 500))
def test_nobody_ever_waits_longer_than_the_longest_wait(pair: list[int], source: list[int], of_login: int) -> None:
    tries = Tries(
        of_pair=sorted(NOW - timedelta(seconds=s) for s in pair),
        of_source=sorted(NOW - timedelta(seconds=s) for s in source),
        of_login=of_login,
    )
    assert timedelta(0) <= throttle.wait(tries, now=NOW) <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.7", "address:192.0.2.7"),
        ("::ffff:192.0.2.7", "address:192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "address:2001:db8:1:2::"),
        ("fe80::1%eth0", "address:fe80::"),
        ("no address", "address:unknown"),
        (None, "address:unknown"),
    ],
)
def test_a_source_is_an_address_or_a_network_of_ipv6(address: str | None, source: str) -> None:
    assert throttle.source_of(address) == source
