"""What is public of an organisation that may not publish by itself changes only once staff have read the change."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from center.activities import actions as activity_actions
from center.activities.change_requests import actions as proposing
from center.activities.change_requests.models import ChangeRequest, ChangeRequestKind, ChangeRequestState
from center.activities.models import Activity
from center.activities.photos.actions import find_photo
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict
from center.organisations.models import MemberRole, Membership, Organisation
from center.people.models import Account, Role
from center.signups.posting import accepting
from center.signups.rosters import rosters_of
from center.web.activities.forms import values_of
from tests.activity_builders import make_activity, make_roster
from tests.builders import LONG_AGO, make_account, make_organisation, sign_in
from tests.engines import ONE_ENGINE
from tests.walking import opened, sent

pytestmark = pytest.mark.usefixtures("morning")
SCAM = "请先付500元到 example.com"


@pytest.fixture
def team() -> Organisation:
    return make_organisation(slug="team")


@pytest.fixture
def editor(client: FlaskClient, team: Organisation) -> Account:
    """Somebody who writes for the team, signed in."""
    account = make_account()
    with transaction() as session:
        session.add(
            Membership(organisation_id=team.id, person_id=account.person_id, role=MemberRole.EDITOR, starts_on=LONG_AGO)
        )
    sign_in(client, account)
    return account


@pytest.fixture
def staff(client: FlaskClient) -> FlaskClient:
    """A clerk at another browser."""
    browser = client.application.test_client()
    sign_in(browser, make_account(roles=[Role.CLERK]))
    return browser


def said(activity: Activity, **changes: object) -> dict[str, object]:
    """The whole form with some fields typed anew."""
    values = {name: value for name, value in values_of(activity).items() if value is not None}
    return {**values, "kind_id": str(activity.kind_id), **changes}


def public_page(client: FlaskClient, activity: Activity) -> str:
    """What a visitor reads."""
    return client.application.test_client().get(f"/activities/{activity.slug}").get_data(as_text=True)


def a_photo(colour: str = "red") -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(file, "JPEG")
    file.seek(0)
    return file


def waiting() -> list[ChangeRequest]:
    db.session.rollback()
    query = select(ChangeRequest).where(ChangeRequest.state == ChangeRequestState.WAITING)
    return list(db.session.scalars(query.order_by(ChangeRequest.proposed_at, ChangeRequest.id)))


def test_new_words_wait_beside_the_public_ones(
    client: FlaskClient, editor: Account, team: Organisation, staff: FlaskClient
) -> None:
    activity = make_activity(organisation=team, about="一起唱歌")
    client.post(f"/workspace/activities/{activity.slug}/edit/check", data=said(activity, about=SCAM))
    assert SCAM not in public_page(client, activity)
    work = client.get(f"/workspace/activities/{activity.slug}").get_data(as_text=True)
    assert "收回修改" in work
    assert "收回委托" not in work, "that is what one takes back from a helper"
    [proposal] = waiting()
    assert proposal.values == {"about": SCAM}
    page = staff.get(f"/desk/activities/changes/{proposal.id}").get_data(as_text=True)
    assert page.index("一起唱歌") < page.index(SCAM)
    assert f"/desk/activities/changes/{proposal.id}" in staff.get("/desk/activities").get_data(as_text=True)
    staff.post(f"/desk/activities/changes/{proposal.id}/accept")
    assert SCAM in public_page(client, activity)
    assert waiting() == []


@ONE_ENGINE
def test_what_is_sent_back_is_never_public_and_says_why(
    client: FlaskClient, editor: Account, team: Organisation, staff: FlaskClient
) -> None:
    activity = make_activity(organisation=team)
    client.post(f"/workspace/activities/{activity.slug}/edit/check", data=said(activity, about=SCAM))
    [proposal] = waiting()
    staff.post(f"/desk/activities/changes/{proposal.id}", data={"reason": "不收钱"})
    assert SCAM not in public_page(client, activity)
    assert "不收钱" in client.get(f"/workspace/activities/{activity.slug}").get_data(as_text=True)
    staff.post(f"/desk/activities/changes/{proposal.id}/accept")
    assert SCAM not in public_page(client, activity)


@ONE_ENGINE
def test_what_staff_did_not_read_is_not_accepted_with_what_they_read(
    client: FlaskClient, editor: Account, team: Organisation, staff: FlaskClient
) -> None:
    activity = make_activity(organisation=team)
    client.post(f"/workspace/activities/{activity.slug}/edit/check", data=said(activity, about="带水杯"))
    [read] = waiting()
    client.post(f"/workspace/activities/{activity.slug}/edit/check", data=said(activity, about=SCAM))
    staff.post(f"/desk/activities/changes/{read.id}/accept")
    page = public_page(client, activity)
    assert SCAM not in page
    assert "带水杯" not in page
    assert [each.values for each in waiting()] == [{"about": SCAM}]


@ONE_ENGINE
def test_the_form_goes_on_with_what_waits(client: FlaskClient, editor: Account, team: Organisation) -> None:
    activity = make_activity(organisation=team)
    client.post(f"/workspace/activities/{activity.slug}/edit/check", data=said(activity, about="带水杯"))
    assert "带水杯" in opened(client, f"/workspace/activities/{activity.slug}/edit").get_data(as_text=True)
    client.post(f"/workspace/activities/{activity.slug}/edit/check", data=said(activity))
    assert waiting() == []  # it says all of it already


@ONE_ENGINE
def test_a_photo_waits_and_is_shown_to_staff_alone(
    client: FlaskClient, editor: Account, team: Organisation, staff: FlaskClient
) -> None:
    activity = make_activity(organisation=team)
    sent = {"photo": (a_photo(), "a.jpg"), "alt": "红色", "is_agreed": "1"}
    client.post(f"/workspace/activities/{activity.slug}/photo", data=sent, content_type="multipart/form-data")
    assert find_photo(activity.id) is None
    [proposal] = waiting()
    address = f"/desk/activities/changes/{proposal.id}/photo.jpg"
    assert staff.get(address).mimetype == "image/jpeg"
    assert client.get(address).status_code == 403
    staff.post(f"/desk/activities/changes/{proposal.id}/accept")
    db.session.rollback()
    photo = find_photo(activity.id)
    assert photo is not None
    assert photo.alt == "红色"
    assert staff.get(address).status_code == 404  # the activity has it now


@ONE_ENGINE
def test_a_question_waits(client: FlaskClient, editor: Account, team: Organisation, staff: FlaskClient) -> None:
    activity = make_activity(organisation=team)
    roster = make_roster(activity)
    sent = {"kind": "short_text", "words": SCAM}
    client.post(f"/workspace/activities/{activity.slug}/rosters/{roster.id}/questions", data=sent)
    assert rosters_of(activity)[0].questions == []
    [proposal] = waiting()
    assert SCAM in staff.get(f"/desk/activities/changes/{proposal.id}").get_data(as_text=True)
    staff.post(f"/desk/activities/changes/{proposal.id}/accept")
    db.session.expire_all()
    [question] = rosters_of(activity)[0].questions
    assert question.words == SCAM
    address = f"/workspace/activities/{activity.slug}/rosters/{roster.id}/questions/{question.id}"
    client.post(address, data={"kind": "short_text", "words": "您的银行卡号？"})
    db.session.expire_all()
    assert rosters_of(activity)[0].questions[0].words == SCAM
    [other] = waiting()
    staff.post(f"/desk/activities/changes/{other.id}/accept")
    db.session.expire_all()
    assert rosters_of(activity)[0].questions[0].words == "您的银行卡号？"


@ONE_ENGINE
def test_another_place_in_words_of_their_own_is_no_way_round(
    client: FlaskClient, team: Organisation, staff: FlaskClient
) -> None:
    lead = make_account()
    with transaction() as session:
        session.add(
            Membership(organisation_id=team.id, person_id=lead.person_id, role=MemberRole.LEAD, starts_on=LONG_AGO)
        )
    sign_in(client, lead)
    activity = make_activity(organisation=team)
    [session_] = activity.sessions
    day = session_.local_day.isoformat()
    typed = {"date": day, "start": "10:00", "end": "11:00", "room": "", "place": SCAM, "reason": "x", "seen": "0"}
    address = f"/workspace/activities/{activity.slug}/sessions/{session_.id}/move/check"
    assert sent(client, address, typed).status_code == 422
    assert SCAM not in public_page(client, activity)


@ONE_ENGINE
@pytest.mark.parametrize("who", ["trusted", "staff", "draft"])
def test_what_need_not_be_read_first_is_said_at_once(
    client: FlaskClient, editor: Account, team: Organisation, staff: FlaskClient, who: str
) -> None:
    with transaction() as session:
        session.get_one(Organisation, team.id).publishes_directly = who == "trusted"
    activity = make_activity(organisation=team, is_published=who != "draft")
    browser = staff if who == "staff" else client
    browser.post(f"/workspace/activities/{activity.slug}/edit/check", data=said(activity, about="带水杯"))
    assert waiting() == []
    db.session.expire_all()
    assert db.session.get_one(Activity, activity.id).about == "带水杯"


@ONE_ENGINE
def test_its_own_take_it_back_and_nobody_else_does(client: FlaskClient, editor: Account, team: Organisation) -> None:
    activity, other = make_activity(organisation=team), make_activity()
    client.post(f"/workspace/activities/{activity.slug}/edit/check", data=said(activity, about="带水杯"))
    [proposal] = waiting()
    assert client.post(f"/workspace/activities/{other.slug}/changes/{proposal.id}/take-back").status_code == 404
    stranger = client.application.test_client()
    sign_in(stranger, make_account())
    assert stranger.post(f"/workspace/activities/{activity.slug}/changes/{proposal.id}/take-back").status_code == 404
    assert waiting() != []
    client.post(f"/workspace/activities/{activity.slug}/changes/{proposal.id}/take-back")
    assert waiting() == []


def test_of_one_thing_only_one_proposal_waits_and_it_is_decided_once(app: Flask) -> None:
    activity, by, now = make_activity(), make_account().person, clock.now()
    with transaction():
        first = proposing.propose(activity, ChangeRequestKind.WORDS, {"about": "一"}, by=by, now=now)
    with transaction():
        second = proposing.propose(activity, ChangeRequestKind.WORDS, {"about": "二"}, by=by, now=now)
    with transaction():
        accepting.accept(second, by=by, now=now)
    for late in (first, second):
        with pytest.raises(Conflict), transaction():
            accepting.accept(late, by=by, now=now)
    assert (first.state, second.state) == (ChangeRequestState.REPLACED, ChangeRequestState.ACCEPTED)
    assert db.session.get_one(Activity, activity.id).about == "二"
    with pytest.raises(IntegrityError), transaction() as session:
        for _ in range(2):
            session.add(
                ChangeRequest(
                    activity_id=activity.id, kind=ChangeRequestKind.WORDS, wanted="{}", proposed_by_id=by.id,
                    proposed_at=now, state=ChangeRequestState.WAITING,
                )
            )  # fmt: skip


@ONE_ENGINE
def test_after_a_review_the_next_one_has_the_focus_and_ready_reasons_are_read_in_ones_language(
    staff: FlaskClient, team: Organisation
) -> None:
    first, second = (make_activity(organisation=team, is_published=False) for _n in range(2))
    by = make_account().person
    for each in (first, second):
        with transaction():
            activity_actions.submit(each, by=by, now=clock.now())
    answer = staff.post(f"/desk/activities/{first.slug}", data={"ready": "whom"})
    assert answer.location == f"/desk/activities#activity-{second.id}"
    assert staff.post(f"/desk/activities/{second.slug}", data={"ready": "", "reason": ""}).status_code == 422
    db.session.rollback()
    kept = db.session.get_one(Activity, first.id, populate_existing=True).reason
    assert kept == "{activity.whom}"
    assert "写明" in staff.get(f"/desk/activities/{first.slug}?lang=zh").text
    assert "from which age on" in staff.get(f"/desk/activities/{first.slug}?lang=en").text
