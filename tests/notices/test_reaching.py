"""How somebody is told, when, and how often it is tried again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from center.notices import reaching
from center.notices.kinds import Calls
from center.notices.models import Preferred, Way
from center.notices.reaching import Reach
from tests.builders import ZONE

EVERYTHING: dict[str, Any] = {
    "has_account": True,
    "has_gateway": True,
    "email": "a@example.org",
    "phone": "19900000001",
}
NOBODY: dict[str, object] = {}
PHONE: dict[str, Any] = {"phone": "19900000001"}
ACCOUNT = {"has_account": True, **PHONE}

WAYS = [
    # who they are, what they prefer, when it is worth a call, and how it goes out
    ("e-mail first", EVERYTHING, "automatic", "unless_read", Way.EMAIL),
    ("e-mail for one's own doing too", EVERYTHING, "automatic", "never", Way.EMAIL),
    ("no gateway, no e-mail", {**EVERYTHING, "has_gateway": False}, "automatic", "unless_read", Way.CALL),
    ("no gateway, account is enough", {**EVERYTHING, "has_gateway": False}, "automatic", "without_account", None),
    ("nobody rings over one's own doing", PHONE, "automatic", "never", None),
    ("a phone is rung", PHONE, "automatic", "without_account", Way.CALL),
    ("no phone: paper", NOBODY, "automatic", "without_account", Way.SLIP),
    ("an account is enough for good news", ACCOUNT, "automatic", "without_account", None),
    ("an account is not enough for changed plans", ACCOUNT, "automatic", "unless_read", Way.CALL),
    ("an account without phone", {"has_account": True}, "automatic", "unless_read", None),
    ("calls wanted", EVERYTHING, "call", "without_account", Way.CALL),
    ("calls wanted, but not over one's own doing", EVERYTHING, "call", "never", None),
    ("calls wanted without a phone", NOBODY, "call", "without_account", Way.SLIP),
    ("paper wanted", EVERYTHING, "slip", "without_account", Way.SLIP),
    ("paper wanted, but not over one's own doing", EVERYTHING, "slip", "never", None),
    ("e-mail wanted and there", EVERYTHING, "email", "without_account", Way.EMAIL),
    ("e-mail wanted, but there is none", PHONE, "email", "without_account", Way.CALL),
    ("a reminder by e-mail", EVERYTHING, "automatic", "if_wanted", Way.EMAIL),
    ("a reminder at the door, without an account", PHONE, "automatic", "if_wanted", Way.VISIT),
    ("a reminder at the door, without anything", NOBODY, "automatic", "if_wanted", Way.VISIT),
    ("a reminder at the door for want of e-mail", PHONE, "email", "if_wanted", Way.VISIT),
    ("nobody with an account is rung who did not ask for it", ACCOUNT, "automatic", "if_wanted", None),
    ("a reminder by telephone for those who like it", PHONE, "call", "if_wanted", Way.CALL),
    ("a reminder on paper for those who like it", PHONE, "slip", "if_wanted", Way.SLIP),
    ("inbox only", EVERYTHING, "inbox", "unless_read", None),
    ("inbox only without an account", PHONE, "inbox", "unless_read", Way.CALL),
]


@pytest.mark.parametrize(("who", "preferred", "calls", "expected"), [w[1:] for w in WAYS], ids=[w[0] for w in WAYS])
def test_the_way_out(who: Any, preferred: Any, calls: Any, expected: Any) -> None:
    assert reaching.way_out(Reach(preferred=Preferred(preferred), **who), Calls(calls)) is expected


@pytest.mark.parametrize("calls", Calls)
@pytest.mark.parametrize("preferred", Preferred)
def test_once_consent_is_withdrawn_what_must_be_heard_is_told_in_person_and_nothing_else_leaves_the_house(
    preferred: Any, calls: Any
) -> None:
    of_account = reaching.way_out(Reach(preferred=preferred, is_withdrawn=True, **EVERYTHING), calls)
    of_nobody = reaching.way_out(Reach(preferred=preferred, is_withdrawn=True, **PHONE), calls)
    assert of_account is (Way.IN_PERSON if calls is Calls.UNLESS_READ else None)
    assert of_nobody is (Way.IN_PERSON if calls in {Calls.UNLESS_READ, Calls.WITHOUT_ACCOUNT} else None)


@pytest.mark.parametrize(
    ("who", "calls", "expected"),
    [
        (EVERYTHING, Calls.WITHOUT_ACCOUNT, Way.CALL),
        (EVERYTHING, Calls.NEVER, None),
        ({**EVERYTHING, "is_withdrawn": True}, Calls.UNLESS_READ, Way.IN_PERSON),
        ({"email": "a@example.org", "has_gateway": True}, Calls.UNLESS_READ, Way.SLIP),
        ({"email": "a@example.org", "has_gateway": True}, Calls.IF_WANTED, Way.VISIT),
    ],
)
def test_whose_e_mail_came_back_is_told_by_hand(who: dict[str, Any], calls: Calls, expected: Way | None) -> None:
    assert reaching.instead_of_email(Reach(**who), calls) is expected


def local(hour: int, minute: int = 0, *, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (local(8), local(8)),
        (local(20, 59), local(20, 59)),
        (local(21), local(8, day=25)),
        (local(23, 30), local(8, day=25)),
        (local(0), local(8)),
        (local(7, 59), local(8)),
    ],
)
def test_nobody_is_disturbed_between_nine_and_eight(now: datetime, expected: datetime) -> None:
    assert reaching.decent_time(now.astimezone(UTC), zone=ZONE, is_asked_for=False) == expected
    assert reaching.decent_time(now, zone=ZONE, is_asked_for=True) == now


def test_waits_grow_to_four_hours_and_end() -> None:
    now = local(12)
    tries = [reaching.next_try(now, attempts=n) for n in range(1, reaching.MOST_TRIES)]
    waits = [moment for moment in tries if moment]
    assert len(waits) == len(tries)
    minutes = [(moment - now) // timedelta(minutes=1) for moment in waits]
    assert minutes[:9] == [1, 2, 4, 8, 16, 32, 64, 128, 240]
    assert set(minutes[8:]) == {240}
    assert timedelta(hours=24) < sum((moment - now for moment in waits), timedelta()) < timedelta(hours=48)
    assert reaching.next_try(now, attempts=reaching.MOST_TRIES) is None
