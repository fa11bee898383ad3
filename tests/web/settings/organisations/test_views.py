"""Pages of organisations."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from center.kernel import clock
from center.kernel.db import db
from center.organisations import queries
from center.organisations.models import OrganisationKind, Origin, Stage
from center.people.models import Role
from tests.builders import ZONE, make_account, make_building, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects

pytestmark = ONE_ENGINE


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


@pytest.mark.parametrize("query", ["q=%25", "q=" + "x" * 500, "kind=nonsense", "q=🎉&kind=charity", "q=%00"])
def test_odd_filters_are_answered(client: FlaskClient, query: str) -> None:
    make_organisation()
    assert client.get(f"/organisations?{query}").status_code == 200


def test_anybody_reads_who_is_here_by_kind(client: FlaskClient) -> None:
    make_organisation(
        name="剪纸工作室",
        name_en="Paper-cutting studio",
        kind=OrganisationKind.CULTURE_SPORTS,
        origin=Origin.INCUBATED,
        stage=Stage.GRADUATED,
    )
    make_organisation(name="阳光家园", name_en="Sunny Home", kind=OrganisationKind.CHARITY)
    shown = text(client.get("/organisations?lang=en"))
    for words in ("Culture and sports", "Paper-cutting studio", "Graduated", "Incubated here", "2 organisations"):
        assert words in shown
    filtered = text(client.get("/organisations?lang=en&kind=charity"))
    assert "Sunny Home" in filtered
    assert "Paper-cutting studio" not in filtered


def test_an_organisations_page_names_no_people(client: FlaskClient) -> None:
    lead = make_person(name="李大鼓", phone="19900005678")
    organisation = make_organisation(leads=[lead], about="湖北大鼓\n每周二", stage=Stage.INCUBATING)
    shown = text(client.get(f"/organisations/{organisation.slug}"))
    assert "湖北大鼓" in shown
    assert "李大鼓" not in shown
    assert "5678" not in shown


def test_an_unknown_organisation_is_a_404(client: FlaskClient) -> None:
    assert client.get("/organisations/nowhere").status_code == 404
    assert client.get("/organisations/%F0%9F%8E%89").status_code == 404


@pytest.mark.parametrize("role", [None, Role.CLERK, Role.AUDITOR])
def test_only_the_director_sees_and_edits_members(client: FlaskClient, role: Role | None) -> None:
    lead = make_person(name="李大鼓")
    organisation = make_organisation(leads=[lead])
    sign_in(client, make_account(lead, roles=[role] if role else []))
    answer = client.get(f"/settings/organisations/{organisation.slug}/members")
    assert answer.status_code == 403
    assert client.post(f"/settings/organisations/{organisation.slug}/members?person={lead.id}").status_code == 403
    assert client.post(f"/settings/organisations/{organisation.slug}/members/1/end").status_code == 403


def test_the_director_finds_adds_and_ends(client: FlaskClient) -> None:
    person = make_person(name="李秀英", building=make_building(code="3栋"), unit="2", door="301")
    organisation = make_organisation()
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    address = f"/settings/organisations/{organisation.slug}/members"
    assert f"person={person.id}" in text(client.get(f"{address}?q=李秀英"))
    today = clock.today(ZONE).isoformat()
    typed = {"person": person.id, "role": "lead", "starts_on": today}
    assert client.post(f"{address}?person={person.id}", data=typed).status_code == 303
    assert queries.is_lead(person.id, organisation.id, on=clock.today(ZONE))
    again = client.post(f"{address}?person={person.id}", data=typed)
    assert again.status_code == 422
    assert 'href="#starts_on"' in text(again)
    (membership,) = queries.memberships_of(organisation.id)
    assert client.post(f"{address}/{membership.id}/end").status_code == 303
    db.session.rollback()
    assert queries.memberships_of(organisation.id) == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [("role", "king"), ("role", ""), ("starts_on", "x"), ("starts_on", ""), ("ends_on", "2001-01-01")],
)
def test_a_wrong_field_is_named(client: FlaskClient, field: str, typed: str) -> None:
    person, organisation = make_person(), make_organisation()
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    data = {"person": person.id, "role": "member", "starts_on": "2026-11-23", field: typed}
    answer = client.post(f"/settings/organisations/{organisation.slug}/members?person={person.id}", data=data)
    assert answer.status_code == 422
    assert f'href="#{field}"' in text(answer)
    db.session.rollback()
    assert queries.memberships_of(organisation.id) == []


@pytest.mark.parametrize("person", ["999", "x", "-1", "9" * 30, "१"])
def test_a_forged_person_is_a_404(client: FlaskClient, person: str) -> None:
    organisation = make_organisation()
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    assert client.get(f"/settings/organisations/{organisation.slug}/members?person={person}").status_code == 404


def test_a_membership_is_ended_through_its_own_organisation_only(client: FlaskClient) -> None:
    ours, theirs = make_organisation(), make_organisation(leads=[make_person()])
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    (membership,) = queries.memberships_of(theirs.id)
    assert client.post(f"/settings/organisations/{ours.slug}/members/{membership.id}/end").status_code == 404
    assert client.post(f"/settings/organisations/{ours.slug}/members/999/end").status_code == 404


def test_cost_does_not_grow_with_organisations_or_members(client: FlaskClient) -> None:
    first = make_organisation(leads=[make_person()])
    sign_in(client, make_account(roles=[Role.DIRECTOR]))

    def cost(address: str) -> int:
        with selects() as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    addresses = ["/organisations", f"/settings/organisations/{first.slug}/members"]
    few = [cost(address) for address in addresses]
    more = make_organisation(slug="more", members=[make_person() for _ in range(5)])
    make_organisation()
    assert [cost("/organisations"), cost(f"/settings/organisations/{more.slug}/members")] == few
