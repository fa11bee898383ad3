"""A file of check-ins at the desk: read whole or not at all, each line answered, and twice changes nothing."""

import io
import json
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from center.attendance.models import Attendance, AttendanceEvent
from center.attendance.snapshots import key_of
from center.kernel import clock
from center.kernel.db import db
from center.people.models import Role
from center.web.scan_files import FORMAT, MOST_BYTES, digest_of
from tests.attendance.conftest import Class, make_class
from tests.builders import make_account, sign_in
from tests.engines import ONE_ENGINE

PAGE = "/desk/check-in-import?lang=en"


@pytest.fixture
def lesson(client: FlaskClient) -> Class:
    """A session that begins now; a clerk is signed in."""
    made = make_class(people=2)
    clock.start_at(made.session.starts_at)
    sign_in(client, make_account(roles=[Role.CLERK]))
    return made


def item(lesson: Class, number: int, **said: Any) -> dict[str, Any]:
    plain = {
        "session": lesson.session.id,
        "nonce": str(uuid4()),
        "verb": "arrived",
        "how": "roll",
        "key": key_of(lesson.session.id, lesson.people[number].id),
        "device_at": clock.now().isoformat(),
        "offset_ms": 0,
        "sequence": number + 1,
        "stored": True,
    }
    return {**plain, **said}


def file_of(items: list[Any], **other: Any) -> bytes:
    whole = {"format": FORMAT, "version": 1, "device": "平板", "digest": digest_of(items), "items": items, **other}
    return json.dumps(whole).encode()


def send(client: FlaskClient, content: bytes) -> Any:
    file = FileStorage(io.BytesIO(content), filename="check-in.json")
    boundary, body = encode_multipart({"file": file})  # in memory: the client's own way leaves a temporary file open
    return client.post(PAGE, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def counted() -> tuple[int | None, int | None]:
    db.session.rollback()
    return tuple(db.session.scalar(select(func.count()).select_from(each)) for each in (Attendance, AttendanceEvent))  # type: ignore[return-value]


@ONE_ENGINE
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"items": []}',
        b'{"format": "qinghe-check-in", "items": 3}',
        b'{"format": "qinghe-check-in", "items": [{"session": "1"}], "digest": ""}',
        b"[" * 100_000,
        b" " * (MOST_BYTES + 1),
    ],
    ids=range(10),
)
def test_any_other_file_is_refused_in_words(client: FlaskClient, lesson: Class, content: bytes) -> None:
    page = send(client, content)
    assert page.status_code == 422
    assert "error-summary" in page.text
    assert counted() == (0, 0)


@ONE_ENGINE
def test_a_file_that_somebody_altered_is_refused(client: FlaskClient, lesson: Class) -> None:
    content = file_of([item(lesson, 0)]).replace(b'"arrived"', b'"left"')
    assert "This file was changed" in send(client, content).text
    assert counted() == (0, 0)


@ONE_ENGINE
def test_no_file_is_refused(client: FlaskClient, lesson: Class) -> None:
    assert client.post(PAGE, data={}).status_code == 422


def test_each_line_is_answered_and_twice_changes_nothing(client: FlaskClient, lesson: Class) -> None:
    items = [
        item(lesson, 0),
        item(lesson, 1, key="nobody"),
        item(lesson, 1, verb="burned"),
        item(lesson, 1, session=987_654),
        item(lesson, 1),
    ]
    page = send(client, file_of(items))
    assert page.status_code == 200
    for words in ("Taken in", "Waits for a decision", "Cannot be read", "There is no such session"):
        assert words in page.text
    assert counted() == (2, 3)
    assert send(client, file_of(items)).status_code == 200
    assert counted() == (2, 3)
