"""Paper: the sheet to sign, entering it on one page, and its photo as evidence."""

import io

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from center.attendance.models import AttendanceEvent, How, Status
from center.attendance.models.paper import SheetPhoto
from center.kernel.access_log import AccessEvent
from center.kernel.db import db
from center.people.models import Role
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.pictures import picture, with_a_secret
from tests.web.workspace.register.conftest import Lesson

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]


def send(lesson: Lesson, file: bytes) -> int:
    boundary, body = encode_multipart({"photo": FileStorage(io.BytesIO(file), filename="sheet.jpg")})
    kind = f"multipart/form-data; boundary={boundary}"
    return lesson.client.post(f"{lesson.address}/register/sheets", data=body, content_type=kind).status_code


def test_the_sheet_has_as_many_blank_rows_as_are_asked_for(lesson: Lesson) -> None:
    assert lesson.get("/roll/print").text.count("roll-sheet__blank") == 8
    assert lesson.get("/roll/print", blank="0").text.count("roll-sheet__blank") == 0
    assert lesson.get("/roll/print", blank="999").text.count("roll-sheet__blank") == 40
    page = lesson.get("/roll/print", blank="x").text
    assert page.count("roll-sheet__blank") == 8
    assert "<svg" in page


def test_a_sheet_is_entered_at_once(lesson: Lesson) -> None:
    first, second, third = lesson.people
    walker = make_person(name="路人丙")
    typed = {f"mark-{first.id}": "here", f"came-{first.id}": "9:55", f"mark-{second.id}": "leave"}
    typed |= {f"mark-{third.id}": "absent"}
    assert lesson.post("/register/enter", **typed).status_code == 303
    assert [lesson.status(each) for each in lesson.people] == [Status.PRESENT, Status.ON_LEAVE, None]
    assert {each.how for each in db.session.scalars(select(AttendanceEvent))} == {How.PAPER}
    assert lesson.status(walker) is None


def test_one_bad_line_leaves_all_unsaved_and_typed_as_it_was(lesson: Lesson) -> None:
    first, second, _third = lesson.people
    typed = {f"mark-{first.id}": "here", f"mark-{second.id}": "late", f"came-{second.id}": "23:59"}
    answer = lesson.post("/register/enter", **typed, **{"walkin-0": "没有这个人"})
    assert answer.status_code == 422
    assert "Nobody was found by this" in answer.text
    assert 'value="没有这个人"' in answer.text
    del typed[f"came-{second.id}"]
    answer = lesson.post("/register/enter", **typed, **{f"came-{first.id}": "23:59"})
    assert "This time is still to come" in answer.text
    assert 'value="23:59"' in answer.text
    assert lesson.status(first) is None
    assert lesson.post("/register/enter", **{f"came-{first.id}": "noon"}).status_code == 422
    assert lesson.post("/register/enter", **{f"came-{first.id}": "09:50"}).status_code == 422


def test_who_is_here_is_not_entered_as_absent(lesson: Lesson) -> None:
    first = lesson.people[0]
    lesson.post("/register/say", say=f"here-{first.id}")
    answer = lesson.post("/register/enter", **{f"mark-{first.id}": "absent"})
    assert answer.status_code == 422
    assert "They are written down as here." in answer.text


def test_walk_ins_are_entered_by_number_or_name(lesson: Lesson, app: Flask) -> None:
    walker = make_person(name="路人丙")
    clerk = app.test_client()
    sign_in(clerk, make_account(roles=[Role.CLERK]))
    address = f"{lesson.address}/register/enter"
    assert clerk.post(address, data={"walkin-0": "路人丙", "came-w0": "09:58"}).status_code == 303
    assert lesson.status(walker) is Status.PRESENT


def test_a_photo_of_the_sheet_is_drawn_anew_and_every_look_is_written_down(lesson: Lesson) -> None:
    assert send(lesson, with_a_secret()) == 303
    photo = db.session.scalars(select(SheetPhoto)).one()
    shown = lesson.get(f"/register/sheets/{photo.name}.jpg")
    assert shown.mimetype == "image/jpeg"
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert b"SecretPhone" not in shown.data
    looked = {
        each.person_id for each in db.session.scalars(select(AccessEvent)) if each.endpoint.endswith("sheet_photo")
    }
    assert looked == {each.id for each in lesson.people}


def test_nobody_else_sees_it(app: Flask, lesson: Lesson) -> None:
    send(lesson, picture())
    photo = db.session.scalars(select(SheetPhoto)).one()
    client = app.test_client()
    sign_in(client, make_account())
    assert client.get(f"{lesson.address}/register/sheets/{photo.name}.jpg").status_code == 404
    assert client.get(f"{lesson.address}/register/sheets").status_code == 404


def test_what_is_no_picture_is_refused(lesson: Lesson) -> None:
    assert send(lesson, b"%PDF-1.7") == 422
    assert send(lesson, b"") == 422


def test_taking_it_away_needs_a_reason_and_leaves_a_record(lesson: Lesson) -> None:
    send(lesson, picture())
    photo = db.session.scalars(select(SheetPhoto)).one()
    address = f"/register/sheets/{photo.name}/remove"
    assert lesson.post(address, reason="").status_code == 422
    assert lesson.post(address, reason="拍错了").status_code == 303
    assert lesson.get(f"/register/sheets/{photo.name}.jpg").status_code == 404
    assert "拍错了" in lesson.get("/register/sheets").text
    db.session.rollback()
    assert db.session.scalars(select(SheetPhoto)).one().digest
