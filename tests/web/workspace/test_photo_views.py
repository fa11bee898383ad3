"""Sending a cover photo, looking at it, taking it away: by whoever writes the activity, and nobody else."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from center.activities.models import Activity
from center.activities.photos.models import ActivityPhoto
from center.kernel.db import db
from center.organisations.models import Organisation
from center.people.models import Account
from tests.activity_builders import make_activity
from tests.builders import make_account, make_organisation, sign_in
from tests.engines import ONE_ENGINE
from tests.pictures import picture

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]
SOUND = {"alt": "八个人围着桌子剪红纸", "alt_en": "Eight people cut red paper", "is_agreed": "y"}


@pytest.fixture
def lead(client: FlaskClient) -> Account:
    """Somebody who leads an organisation, signed in."""
    account = make_account()
    sign_in(client, account)
    return account


@pytest.fixture
def team(lead: Account) -> Organisation:
    """The organisation that they lead."""
    return make_organisation(leads=[lead.person], publishes_directly=True)


def send(
    client: FlaskClient, activity: Activity, file: bytes | None = None, name: str = "photo.jpg", **typed: Any
) -> TestResponse:
    data = {**SOUND, **typed}
    if file is not None:
        data["photo"] = FileStorage(io.BytesIO(file), filename=name)
    boundary, body = encode_multipart(data)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(f"/workspace/activities/{activity.slug}/photo?lang=en", data=body, content_type=kind)


def address_in(text: str, size: str) -> Any:
    [found] = set(re.findall(rf"/photos/[\w-]+/{size}\.jpg", text))
    return found


def test_a_photo_is_sent_shown_and_taken_away(app: Flask, client: FlaskClient, team: Organisation) -> None:
    activity = make_activity(organisation=team)
    assert send(client, activity, picture()).status_code == 303
    visitor = app.test_client()
    page = visitor.get(f"/activities/{activity.slug}?lang=en").text
    assert 'alt="Eight people cut red paper"' in page
    assert 'property="og:image" content="http://localhost/photos/' in page
    shown = visitor.get(address_in(page, "large"))
    assert shown.mimetype == "image/jpeg"
    assert shown.headers["Cache-Control"] == "public, max-age=300"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert visitor.get(address_in(visitor.get("/activities").text, "small")).data.startswith(b"\xff\xd8\xff")
    address = f"/workspace/activities/{activity.slug}/photo/remove"
    for _twice in range(2):
        assert client.post(address).status_code == 303
    assert visitor.get(address_in(page, "large")).status_code == 404
    assert "og:image" not in visitor.get(f"/activities/{activity.slug}").text
    assert send(client, activity, picture()).status_code == 303, "the same photo once more"
    assert visitor.get(address_in(page, "large")).status_code == 404, "its old address stays gone"


def test_another_photo_has_another_address_and_words_can_change_without_one(
    client: FlaskClient, team: Organisation
) -> None:
    activity = make_activity(organisation=team)
    page = f"/activities/{activity.slug}"
    send(client, activity, picture())
    first = address_in(client.get(page).text, "large")
    assert send(client, activity, picture()).status_code == 303, "sent twice it is the same"
    assert send(client, activity, alt="别的话", alt_en="").status_code == 303
    assert address_in(client.get(page).text, "large") == first
    assert "别的话" in client.get(page).text
    send(client, activity, picture(800, 800))
    assert address_in(client.get(page).text, "large") != first
    assert client.get(first).status_code == 404


@pytest.mark.parametrize(
    ("file", "typed", "says"),
    [
        pytest.param(None, {}, "Please choose a photo.", id="no photo"),
        pytest.param(b"<svg/>", {}, "no JPEG, PNG or WebP", id="an SVG called a JPEG"),
        pytest.param(picture()[:3000], {}, "damaged", id="half of one"),
        pytest.param(picture(), {"alt": ""}, "Please fill this in.", id="no words"),
        pytest.param(picture(), {"is_agreed": ""}, "make sure of this first", id="nobody asked"),
        pytest.param(b"\xff\xd8\xff" + b"x" * 26_000_000, {}, "larger than 24 MB", id="too large"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_typed_is_lost(
    client: FlaskClient, team: Organisation, file: Any, typed: dict[str, Any], says: str
) -> None:
    activity = make_activity(organisation=team)
    answer = send(client, activity, file, **typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert 'role="alert"' in answer.text
    assert "Eight people cut red paper" in answer.text
    assert db.session.scalar(select(func.count()).select_from(ActivityPhoto)) == 0


def test_only_whoever_writes_an_activity_gives_it_a_photo_or_sees_that_of_a_draft(
    app: Flask, client: FlaskClient, team: Organisation
) -> None:
    draft = make_activity(organisation=team, is_published=False)
    assert send(client, draft, picture()).status_code == 303
    preview = client.get(f"/workspace/activities/{draft.slug}/preview").text
    address = address_in(preview, "large")
    assert client.get(address).headers["Cache-Control"] == "private, no-store"
    stranger = app.test_client()
    assert stranger.get(address).status_code == 404
    sign_in(stranger, make_account())
    assert stranger.get(address).status_code == 404
    assert stranger.get(f"/workspace/activities/{draft.slug}/photo").status_code == 404
    assert send(stranger, draft, picture()).status_code == 404
    assert stranger.post(f"/workspace/activities/{draft.slug}/photo/remove").status_code == 404
    assert client.get(address).status_code == 200
