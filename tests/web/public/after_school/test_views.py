"""The public pages of the after-school programme: terms, days, rules and their versions; no child's name."""

from datetime import time

import pytest
from flask.testing import FlaskClient

from center.afterschool.models.terms import TermMode, Topic
from center.kernel.db import transaction
from center.signups.models import Mode
from center.signups.rosters import RosterFacts
from tests.afterschool.builders import make_enrolment, make_term, publish_rules
from tests.builders import at, make_person
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(f"{address}?lang=en")
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def test_without_a_term_the_page_says_so_and_how_to_enrol(client: FlaskClient) -> None:
    shown = text(client, "/after-school")
    assert "No term is open" in shown
    assert "At the front desk" in shown


def test_a_term_shows_its_days_schools_and_that_a_make_up_day_counts_otherwise(client: FlaskClient) -> None:
    days = [at(12, days=n).date() for n in (1, 2, 3)]
    term = make_term(days=days, counts_as={days[1]: (days[1].weekday() + 2) % 7})
    child = make_enrolment(term, None, make_person()).child
    for address in ("/after-school", f"/after-school/{term.id}"):
        shown = text(client, address)
        assert term.name_en in shown
        assert child.name not in shown
    assert "as on" in shown


def test_a_lottery_leads_to_how_it_is_drawn(client: FlaskClient) -> None:
    term = make_term(roster=RosterFacts(mode=Mode.LOTTERY, closes_at=at(12, days=9)), days=[at(12, days=20).date()])
    assert "How lots are drawn" in text(client, f"/after-school/{term.id}")


def test_rules_show_what_is_different_and_earlier_versions_stay(client: FlaskClient) -> None:
    term = make_term()
    publish_rules(term, words=[(Topic.WHO, "只收本社区的孩子")])
    shown = text(client, f"/after-school/{term.id}/rules")
    assert "Version 2" in shown
    assert "What is different from version 1" in shown
    assert "does not hold any more" in text(client, f"/after-school/{term.id}/rules/1")


@pytest.mark.parametrize("address", ["99", "99/rules", "0", "x"])
def test_what_is_not_there_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(f"/after-school/{address}").status_code == 404


def test_a_draft_is_nobodys_to_see(client: FlaskClient) -> None:
    term = make_term()
    with transaction():
        term.activity.published_at = None
    for address in (f"/after-school/{term.id}", f"/after-school/{term.id}/rules", f"/after-school/{term.id}/rules/7"):
        assert client.get(address).status_code == 404


def test_of_two_terms_on_one_date_each_shows_its_hours_and_its_days(client: FlaskClient) -> None:
    day = at(12, days=1).date()
    lunch = {"lunch_from": time(11, 30), "lunch_until": time(13)}
    long = make_term(days=[day], mode=TermMode.FULL_DAY, opens=time(8), **lunch)  # type: ignore[arg-type]
    short = make_term(days=[day])
    both = text(client, "/after-school")
    assert long.name_en in both
    assert short.name_en in both
    of_long, of_short = (text(client, f"/after-school/{each.id}") for each in (long, short))
    assert "with or without lunch" in of_long
    assert "with or without lunch" not in of_short
    assert "11:30" in of_long
