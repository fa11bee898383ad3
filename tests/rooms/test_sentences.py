"""Each booking rule as one plain sentence."""

from collections.abc import Sequence
from datetime import time
from typing import Any

import pytest
from flask import Flask

from center.rooms.models import Approval, BookingWindow, Room
from center.rooms.sentences import rule_sentences
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE

USUAL = {
    "code": "R1",
    "name": "室",
    "capacity": 40,
    "residents_may_book": True,
    "organisations_may_book": True,
    "approval": Approval.FROM_PEOPLE,
    "approval_from_people": 30,
    "min_people": 1,
    "min_minutes": 30,
    "max_minutes": 120,
    "org_max_minutes": 180,
    "step_minutes": 30,
    "buffer_minutes": 15,
    "notice_minutes": 1440,
    "horizon_days": 14,
    "org_horizon_days": 30,
    "live_limit": 2,
    "org_live_limit": 0,
    "cancel_minutes": 120,
    "expire_minutes": 0,
    "release_minutes": 0,
    "set_up_minutes": 0,
    "series_weeks": 20,
    "org_series_limit": 0,
    "is_confidential": False,
}


def sentences(
    app: Flask, windows: Sequence[tuple[time, time, str]] = (), *, language: str = "en", **changes: Any
) -> list[str]:
    room = Room(**{**USUAL, **changes})
    room.windows = [
        BookingWindow(opens=opens, closes=closes, reason=reason, reason_en=reason) for opens, closes, reason in windows
    ]
    with app.test_request_context(f"/?lang={language}"):
        return rule_sentences(room)


def test_the_usual_rules_in_plain_words(app: Flask) -> None:
    assert sentences(app) == [
        "Residents and organisations can book this room.",
        "A resident's booking lasts from 30 minutes to 2 hours, an organisation's up to 3 hours.",
        "Bookings start every 30 minutes, counted from the full hour.",
        "Book at least 1 day before it starts.",
        "Residents can book up to 14 days ahead, organisations up to 30 days.",
        "The room is kept free for 15 minutes after each booking, for clearing up.",
        "For 30 people or more, the desk must approve the booking; your time is held until it does.",
        "A request that nobody has decided by noon of the day before is over; a later one, two hours before.",
        "A resident can have 2 bookings ahead at a time.",
        "An organisation can book a series of dates here, up to 20 weeks ahead.",
        "You can cancel until 2 hours before it starts.",
    ]


@pytest.mark.parametrize(
    ("changes", "said", "unsaid"),
    [
        pytest.param(
            {"residents_may_book": False},
            "Organisations can book this room; their leads do it.",
            "A resident",
            id="organisations",
        ),
        pytest.param(
            {"organisations_may_book": False}, "You can book up to 14 days ahead.", "rganisation", id="residents"
        ),
        pytest.param(
            {"approval": Approval.ALWAYS}, "The desk must approve every booking", "For 30", id="always approved"
        ),
        pytest.param({"approval": Approval.NEVER}, "A booking is confirmed at once.", "approve", id="never approved"),
        pytest.param({"approval_from_people": 99}, "A booking is confirmed at once.", "approve", id="never so many"),
        pytest.param(
            {"notice_minutes": 0}, "You can book until the moment it starts.", "Book at least", id="no notice"
        ),
        pytest.param({"cancel_minutes": 0}, "You can cancel until it starts.", "cancel until 2", id="cancel"),
        pytest.param({"buffer_minutes": 0}, "", "clearing up", id="no clearing up"),
        pytest.param({"live_limit": 0}, "", "ahead at a time", id="no limit"),
        pytest.param({"min_people": 5}, "This room is for groups of 5 people or more.", "", id="groups"),
        pytest.param({"is_confidential": True}, "What happens here is confidential", "", id="confidential"),
        pytest.param(
            {"org_max_minutes": 120}, "A booking lasts from 30 minutes to 2 hours.", "A resident's", id="same"
        ),
    ],
)
def test_a_rule_is_said_when_it_is_one(app: Flask, changes: dict[str, Any], said: str, unsaid: str) -> None:
    text = " ".join(sentences(app, **changes)) + " "
    assert said in text
    assert not unsaid or unsaid not in text


def test_a_room_that_only_the_desk_books_says_who_to_ask(app: Flask) -> None:
    said = sentences(app, residents_may_book=False, organisations_may_book=False)
    assert said[0] == "The desk books this room; please call or visit the desk."
    assert "cancel" not in " ".join(said)


def test_windows_are_listed_with_their_reason(app: Flask) -> None:
    said = sentences(app, [(time(9), time(11, 30), ""), (time(14, 30), time(17, 30), "drums")])
    assert "Bookings must lie within 09:00–11:30, 14:30–17:30 (drums)." in said


def test_every_sentence_ends_as_a_sentence_and_none_is_said_twice(app: Flask) -> None:
    nobody_but: tuple[dict[str, Any], ...] = ({}, {"residents_may_book": False}, {"organisations_may_book": False})
    for changes in nobody_but:
        said = sentences(app, **changes)
        assert all(each.endswith(".") for each in said)
        assert len(said) == len(set(said))
