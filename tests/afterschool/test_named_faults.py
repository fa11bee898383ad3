"""What is known to go wrong where children are looked after, each with the tests that prove its right outcome.

The table is read as it stands: what names a test that is not there fails. What no other module proves is proved below.
"""

import re
import uuid
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.afterschool.collectors.listing import may_collect
from center.afterschool.handing_over.answers import Answer
from center.afterschool.models.care import AlarmKind
from center.afterschool.models.custody import CheckedBy, CustodyEvent, Flag, Holder, Outcome
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Different
from center.afterschool.plans import codes
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.people.models import Person
from center.people.queries import account_of
from tests.afterschool.builders import make_child
from tests.afterschool.custody_cases import bar, collector_of, today
from tests.afterschool.handing_over.day_scene import Forty, say
from tests.afterschool.handing_over.scene import Scene, alarms, holder, told
from tests.afterschool.plan_builders import enrol
from tests.builders import ZONE, make_person, sign_in
from tests.engines import ONE_ENGINE

TESTS = Path(__file__).parents[1]
HERE, HAND = "afterschool/test_named_faults.py", "afterschool/handing_over/test_to_adults.py"
COMES, LEAVES = "afterschool/handing_over/test_arrivals.py", "afterschool/handing_over/test_other_ways.py"
ITEMS, PAGES = "web/classroom/day/test_items.py", "web/classroom/day/test_views.py"
CHANGES, LEDGER, ALARMS = (
    "afterschool/plans/test_changes.py",
    "afterschool/custody/test_ledger.py",
    "afterschool/alarms/test_raising.py",
)
STAFF, CODES, ENROLLING = (
    "afterschool/staff/test_actions.py",
    "afterschool/plans/test_codes.py",
    "afterschool/places/test_enrolling.py",
)
OFFLINE = "journeys/test_errand_06_offline.py"

FAULTS: dict[str, tuple[str, ...]] = {
    "Two adults take one child on two phones without a connection": (
        f"{HERE}::test_of_two_phones_the_earlier_moment_by_the_right_clock_keeps_the_child",
        f"{HAND}::test_two_phones_without_a_connection_that_hand_over_one_child_are_an_alarm",
        f"{LEDGER}::test_who_took_a_child_first_is_believed_though_heard_of_later",
        "afterschool/custody/test_story.py::test_in_any_order_they_end_the_same",
        "afterschool/test_machine.py::test_whatever_is_said_each_child_has_one_holder",
    ),
    "A former partner has seen the code in a screenshot": (
        f"{HERE}::test_a_former_partner_with_the_right_code_gets_no_child_and_uses_nothing_up",
        f"{HAND}::test_deny_beats_the_code_and_the_director_hears_at_once",
        f"{HAND}::test_a_code_is_never_enough_for_somebody_on_no_list",
        f"{OFFLINE}::test_whoever_is_barred_gets_no_button_without_a_connection",
    ),
    "Custody is changed while the child is in": (
        f"{HAND}::test_a_bar_that_was_set_while_a_hand_over_waited_beats_it",
        f"{HAND}::test_a_guardian_who_is_none_any_more_takes_no_child",
        f"{HAND}::test_without_a_connection_a_bar_set_meanwhile_is_an_alarm_and_the_child_is_gone",
        f"{OFFLINE}::test_with_a_connection_again_whoever_is_barred_by_now_is_turned_away",
    ),
    "A collector's time ended at midnight yesterday": (
        f"{HERE}::test_the_last_day_of_a_collector_ends_at_midnight",
        f"{HAND}::test_a_collector_whose_time_ended_yesterday_is_not_on_the_list",
        f"{HAND}::test_without_a_connection_a_collector_who_expired_is_written_down_and_looked_at",
    ),
    "A brother or sister is under age": (
        f"{LEAVES}::test_a_sibling_under_age_takes_nobody_home",
        f"{CHANGES}::test_a_sister_takes_a_child_home_if_she_is_old_enough_and_known",
    ),
    "The right adult, the wrong child": (
        f"{HAND}::test_the_right_adult_of_the_wrong_child_is_on_no_list",
        f"{HAND}::test_the_code_of_another_child_is_a_wrong_one",
        f"{HAND}::test_nobody_is_handed_over_before_the_child_was_asked",
        "afterschool/handing_over/test_undoing.py::test_the_right_child_can_be_handed_over_after_a_slip",
    ),
    "Children of one name": (
        f"{HERE}::test_two_children_of_one_name_are_told_apart_wherever_they_are_shown",
        f"{HERE}::test_the_adult_and_the_code_of_one_are_worth_nothing_for_the_other_of_the_same_name",
    ),
    "A child on leave comes": (f"{COMES}::test_a_child_on_leave_who_comes_is_taken_in_and_the_guardians_are_told",),
    "A child comes on a day without school": (
        f"{COMES}::test_a_child_is_taken_in_on_a_day_without_a_programme",
        f"{PAGES}::test_a_child_stands_at_the_door_on_a_day_without_a_programme",
    ),
    "Two guardians say opposite things": (
        f"{CHANGES}::test_of_two_opposite_words_the_later_counts_and_both_guardians_are_told",
        "afterschool/test_plan_races.py::test_of_two_guardians_who_say_opposite_things_at_once_one_is_last",
    ),
    "A change after the cut-off, by a text message": (
        f"{CHANGES}::test_a_minute_after_the_cut_off_a_guardian_is_told_whom_to_ring",
        f"{CHANGES}::test_a_text_from_somebody_or_a_strange_number_changes_nothing",
        f"{CHANGES}::test_after_the_cut_off_staff_write_down_who_rang_and_which_number_was_rung_back",
    ),
    "A member of staff is a guardian of the child": (
        f"{HAND}::test_staff_who_are_guardians_of_the_child_cannot_check_themselves",
        f"{HAND}::test_without_a_connection_staff_who_check_themselves_are_looked_at_at_once",
    ),
    "A teacher who goes to the gate leaves too few": (
        f"{STAFF}::test_children_who_come_and_go_are_counted_and_too_few_adults_are_an_alarm_until_there_are_enough",
    ),
    "A phone dies while a child is handed over": (
        f"{HERE}::test_what_a_dead_phone_said_and_the_paper_typed_in_later_are_one_hand_over",
        f"{HAND}::test_what_was_on_paper_keeps_its_time",
        f"{PAGES}::test_what_stands_on_paper_keeps_its_times_and_is_written_once",
        f"{OFFLINE}::test_a_form_that_could_not_be_sent_is_said_again_on_the_kept_page",
    ),
    "Six o'clock, three children still here, and no network": (
        f"{ALARMS}::test_at_six_with_three_children_still_here_named_people_are_told_at_closing_after_15_and_after_30_minutes",
        f"{OFFLINE}::test_at_six_with_three_children_here_and_no_network_the_phone_itself_says_who_is_to_be_rung",
        f"{ALARMS}::test_without_a_worker_or_a_network_the_late_ones_are_known_as_soon_as_anybody_looks_again",
    ),
}

HELD_BY_THE_DATABASE: dict[str, tuple[str, ...]] = {
    "One open holder a child, no gap, nothing rewritten": (
        f"{LEDGER}::test_there_is_no_second_holder_no_gap_and_no_leap_back",
        f"{LEDGER}::test_what_is_written_stays",
        "afterschool/test_races.py::test_of_three_who_take_a_child_at_once_one_has_it",
        "afterschool/test_races.py::test_it_is_the_database_that_lets_one_hold",
    ),
    "A release has its mode, its checker, an adult who may or a signed form, and a second checker but for a code": (
        f"{LEDGER}::test_the_database_gives_a_child_to_nobody_who_may_not",
        f"{LEDGER}::test_who_walks_alone_has_a_consent_that_stands",
        f"{LEDGER}::test_what_was_done_without_a_connection_is_flagged_and_not_refused",
    ),
    "Nobody is on duty without a check that is valid that day": (
        f"{STAFF}::test_whoever_lacks_a_check_is_refused_by_the_rule_and_by_the_database",
        f"{STAFF}::test_the_check_counts_on_the_day_of_the_duty_not_today",
    ),
    "One enrolment a child and term, whoever asks": (
        f"{ENROLLING}::test_two_guardians_at_the_same_second_make_one_application",
        f"{ENROLLING}::test_a_form_sent_twice_and_a_paper_typed_twice_are_one_application",
    ),
    "One code a child and day, kept as a digest, used once": (
        f"{CODES}::test_no_code_is_kept_and_a_device_compares_a_slow_digest",
        f"{CODES}::test_yesterdays_code_and_another_childs_are_worth_nothing",
        "afterschool/test_plan_races.py::test_a_code_that_several_show_at_once_is_used_once",
    ),
    "Nothing of health without consent": (
        "afterschool/places/test_consents.py::test_nothing_of_health_is_kept_without_consent_nor_after_a_refusal",
    ),
}  # fmt: skip


@cache
def text_of(module: str) -> str:
    return (TESTS / module).read_text()


@pytest.mark.parametrize("fault", [*FAULTS, *HELD_BY_THE_DATABASE])
def test_each_fault_has_its_tests(fault: str) -> None:
    for named in (FAULTS | HELD_BY_THE_DATABASE)[fault]:
        module, _colons, name = named.partition("::")
        assert f"\ndef {name}(" in text_of(module), named


@pytest.fixture(name="scene")
def _scene(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(codes, "ROUNDS", 10)
    scene = Scene()
    scene.arrive(at=clock.now() - timedelta(minutes=30), is_paper=True)
    return scene


def send(client: FlaskClient, by: Person, child: Person, *, at: datetime, fast: timedelta, **said: Any) -> str:
    """A phone whose clock is fast sends what it stored, and how fast its clock is; returns what came of it."""
    account = account_of(by.id)
    assert account is not None
    sign_in(client, account)
    facts = {"device_at": (at + fast).isoformat(), "offset_ms": -round(fast.total_seconds() * 1000), "stored": True}
    item = {"act": "hand", "child": child.id, "nonce": str(uuid.uuid4()), "agreed": True, **facts, **said}
    answer = client.post("/classroom/day/items", json={"items": [item]})
    db.session.rollback()
    return str(answer.get_json()["answers"][0]["outcome"])


@pytest.mark.usefixtures("morning")
@pytest.mark.parametrize("first_heard", ["granny", "mother"])
def test_of_two_phones_the_earlier_moment_by_the_right_clock_keeps_the_child(
    client: FlaskClient, scene: Scene, first_heard: str
) -> None:
    granny_at, mother_at, second = (
        clock.now() - timedelta(minutes=9),
        clock.now() - timedelta(minutes=8),
        scene.helper.id,
    )
    sent: dict[str, dict[str, Any]] = {
        "granny": {"at": granny_at, "fast": timedelta(hours=1), "adult": scene.adult().key, "second": second},
        "mother": {"at": mother_at, "fast": -timedelta(hours=2), "adult": f"g{scene.mother.id}", "second": second},
    }
    order = [first_heard, *({"granny", "mother"} - {first_heard})]
    outcomes = {who: send(client, scene.tutor, scene.child, **sent[who]) for who in order}
    assert outcomes[order[0]] == "accepted"
    held = db.session.scalars(
        select(CustodyEvent)
        .where(CustodyEvent.holder == Holder.COLLECTOR, CustodyEvent.outcome == Outcome.ACCEPTED)
        .order_by(CustodyEvent.at)
    ).first()
    assert held is not None
    assert (held.collector_id, held.at) == (scene.granny.id, granny_at)
    assert holder(scene.child) is Holder.COLLECTOR
    assert AlarmKind.CONFLICT in alarms()
    assert "after_school.alarm" in told(scene.director)


@pytest.mark.parametrize("as_whom", ["on the list", "on no list"])
def test_a_former_partner_with_the_right_code_gets_no_child_and_uses_nothing_up(scene: Scene, as_whom: str) -> None:
    code = scene.code()
    if as_whom == "on the list":
        collector_of(scene.child, "刘强")
    bar(scene.child, "刘强")
    who = {"adult": scene.adult("刘强")} if as_whom == "on the list" else {"adult": None, "other_name": "刘 强"}
    assert scene.hand_over(code=code, **who).answer is Answer.BARRED
    assert (holder(scene.child), alarms()) == (Holder.ROOM, [AlarmKind.BARRED])
    done = scene.hand_over(code=code)
    assert (done.answer, done.event and done.event.checked_by) == (Answer.DONE, CheckedBy.CODE)


@ONE_ENGINE
def test_the_last_day_of_a_collector_ends_at_midnight(scene: Scene) -> None:
    collector_of(scene.child, "表哥", ends_on=today())
    last = datetime.combine(today(), time(23, 59, 59), ZONE)
    for moment, may in ((last, True), (last + timedelta(seconds=1), False)):
        clock.start_at(moment)
        found = next(each for each in may_collect(scene.child, today()) if each.name == "表哥")
        assert found.may_collect is may
    clock.start_at(None)


def namesakes(scene: Scene) -> Enrolment:
    """Another child of the same name, in the same class at school; each has something to be known by."""
    other = enrol(scene.enrolment.term, make_child(make_person(name="陈丽"), name=scene.child.name))
    with transaction():
        db.session.get_one(Enrolment, scene.enrolment.id).mark = "高"
        db.session.get_one(Enrolment, other.id).mark = "戴眼镜"
    return other


def test_two_children_of_one_name_are_told_apart_wherever_they_are_shown(client: FlaskClient, scene: Scene) -> None:
    other = namesakes(scene)
    scene.arrive(other.child)
    account = account_of(scene.tutor.id)
    assert account is not None
    sign_in(client, account)
    for page in ("", "/print", "/paper", "/notes"):
        shown = client.get(f"/classroom/day{page}?lang=zh").text
        assert "戴眼镜" in shown, page
    assert client.get("/classroom/day?lang=zh").text.count("有同名的孩子") == 2
    assert "戴眼镜" in client.get(f"/classroom/day/{other.child_id}?lang=zh").text
    [kept] = client.get("/classroom/day/snapshot").get_json()["lists"]
    assert len({each["of"] for each in kept["children"] if each["name"] == "小明"}) == 2
    for address in ("bars", "incidents/new"):  # where one of them is chosen
        assert re.search("小明 · [^<]*戴眼镜</option>", client.get(f"/classroom/{address}").text), address


def test_the_adult_and_the_code_of_one_are_worth_nothing_for_the_other_of_the_same_name(scene: Scene) -> None:
    other = namesakes(scene).child
    scene.arrive(other)
    with pytest.raises(RuleBroken) as refused:
        scene.hand_over(child=other, adult=scene.adult(), code=scene.code())
    assert refused.value.field == "approved_by"
    assert (holder(scene.child), holder(other)) == (Holder.ROOM, Holder.ROOM)


@pytest.mark.usefixtures("morning")
def test_what_a_dead_phone_said_and_the_paper_typed_in_later_are_one_hand_over(
    client: FlaskClient, scene: Scene
) -> None:
    at = clock.now() - timedelta(minutes=20)
    paper = scene.saying(at=at, is_paper=True)
    assert scene.hand_over(paper).answer is Answer.DONE
    sent = {"adult": scene.adult().key, "second": scene.helper.id}
    late = send(client, scene.tutor, scene.child, at=at + timedelta(seconds=40), fast=timedelta(0), **sent)
    assert late == "duplicate"
    gone = select(CustodyEvent).where(CustodyEvent.holder == Holder.COLLECTOR, CustodyEvent.outcome == Outcome.ACCEPTED)
    [event] = db.session.scalars(gone).all()
    assert (event.at, event.flag, alarms()) == (at, Flag.PAPER, [])
    assert told(scene.mother).count("after_school.left") == 1


def test_a_child_on_leave_who_came_is_handed_over_like_any_other(scene: Scene) -> None:
    other = enrol(scene.enrolment.term, make_child(scene.mother, name="小红"))
    say(Forty(scene, [other], [other.child]), 0, Different.LEAVE)
    scene.arrive(other.child)
    collector_of(other.child, "李桂兰")
    verdict = scene.hand_over(child=other.child, adult=scene.adult(child=other.child), code=scene.code(other.child))
    assert verdict.answer is Answer.DONE
    assert db.session.scalar(select(func.count()).where(CustodyEvent.flag == Flag.ON_LEAVE)) == 1
