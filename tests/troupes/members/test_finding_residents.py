"""A lead enters somebody whom the centre knows: by what they tell or show, with nobody listed and no guessing."""

from flask.testing import FlaskClient
from sqlalchemy import select

from center.kernel.access_log import AccessEvent, Kind
from center.kernel.db import db
from center.troupes.models.troupes import MemberState, TroupeMember
from tests.builders import make_account, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_troupe

pytestmark = ONE_ENGINE
PAGE = "/workspace/troupes/choir/members/known"


def _lead(client: FlaskClient) -> None:
    account = make_account(locale="en")
    make_troupe(organisation=make_organisation(leads=[account.person]), slug="choir")
    sign_in(client, account)


def test_name_and_phone_must_both_be_right_and_the_answer_does_not_say_which_is_not(client: FlaskClient) -> None:
    _lead(client)
    person = make_person(name="程凤英", phone="13812345678")
    make_person(name="程国强", phone="13812345678")
    answers = []
    for said in (
        {"name": "程凤英", "phone": "13812345679"},
        {"name": "程凤", "phone": "13812345678"},
        {"name": "程凤英", "phone": "", "code": "nonsense"},
    ):
        answer = client.post(PAGE, data={**said, "how": "trial"})
        assert answer.status_code in {404, 422}
        assert "The centre knows nobody by that" in answer.text
        answers.append(answer.text.count("程国强"))
    assert set(answers) == {0}
    assert db.session.scalars(select(TroupeMember)).all() == []
    sent = {"name": "程凤英", "phone": "138 1234 5678", "how": "trial"}
    assert client.post(PAGE, data=sent).status_code == 303
    member = db.session.scalars(select(TroupeMember)).one()
    assert (member.person_id, member.state, member.is_by_lead) == (person.id, MemberState.TRIAL, True)
    seen = select(AccessEvent.person_id).where(AccessEvent.kind == Kind.ROLL)
    assert person.id in db.session.scalars(seen).all()
    assert client.post(PAGE, data=sent).status_code in {303, 409, 422}
    assert len(db.session.scalars(select(TroupeMember)).all()) == 1


def test_whoever_guesses_is_stopped(client: FlaskClient) -> None:
    _lead(client)
    texts = [client.post(PAGE, data={"name": "某人", "phone": f"138000000{n:02}"}).text for n in range(25)]
    assert "The centre knows nobody by that" in texts[0]
    assert "The centre knows nobody by that" not in texts[-1]
