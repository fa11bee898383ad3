"""Handing a child to an adult: who is told no, whatever they show; what is written down though no plan knows it."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from center.afterschool.collectors.listing import may_collect
from center.afterschool.custody.ledger import Replayed, Sent
from center.afterschool.handing_over import decisions
from center.afterschool.handing_over.answers import Answer
from center.afterschool.handing_over.to_adults import Taking, hand_over
from center.afterschool.models.care import AlarmKind
from center.afterschool.models.custody import CheckedBy, Flag, Holder
from center.afterschool.models.plans import BarLevel, Collector, Different, PlanChange
from center.afterschool.plans import collecting
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.people.models import Guardianship
from tests.afterschool.builders import make_child, make_enrolment
from tests.afterschool.custody_cases import bar, collector_of, today
from tests.afterschool.handing_over.scene import Scene, alarms, do, holder, told
from tests.builders import make_person


@pytest.fixture(name="scene")
def _scene(app: Flask) -> Scene:
    scene = Scene()
    scene.arrive()
    return scene


def offline(scene: Scene, **facts: Any) -> Any:
    """Something that was so while a device had no connection."""
    sent = Sent(nonce=str(uuid.uuid4()), is_offline=True)
    return scene.saying(sent=sent, **facts)


def test_nobody_is_handed_over_before_the_child_was_asked(scene: Scene) -> None:
    with pytest.raises(RuleBroken) as error:
        scene.hand_over(child_agreed=None)
    assert error.value.field == "child_agreed"
    assert holder(scene.child) is Holder.ROOM


def test_a_child_who_says_no_stays(scene: Scene) -> None:
    verdict = scene.hand_over(child_agreed=False)
    assert verdict.answer is Answer.CHILD_NO
    assert verdict.event is not None
    assert verdict.event.why == "child_no"
    assert holder(scene.child) is Holder.ROOM


def test_the_right_adult_of_the_wrong_child_is_on_no_list(scene: Scene) -> None:
    other = make_enrolment(scene.day.term, make_child(make_person(), name="小明")).child
    scene.arrive(other)
    with pytest.raises(RuleBroken) as error:
        scene.hand_over(child=other, adult=None, other_name=scene.granny.name)
    assert error.value.field == "approved_by"
    assert holder(other) is Holder.ROOM


def test_the_code_of_another_child_is_a_wrong_one(scene: Scene) -> None:
    other = make_enrolment(scene.day.term, make_child(make_person(), name="小明")).child
    scene.code()
    verdict = scene.hand_over(code=scene.code(other))
    assert (verdict.answer, verdict.tries_left) == (Answer.WRONG_CODE, 2)
    assert holder(scene.child) is Holder.ROOM


def test_the_code_of_today_and_somebody_on_the_list_are_enough(scene: Scene) -> None:
    verdict = scene.hand_over(code=scene.code())
    assert verdict.answer is Answer.DONE
    assert verdict.event is not None
    assert verdict.event.checked_by is CheckedBy.CODE
    assert holder(scene.child) is Holder.COLLECTOR
    assert told(scene.mother) == ["after_school.arrived", "after_school.left"]


def test_a_code_is_never_enough_for_somebody_on_no_list(scene: Scene) -> None:
    with pytest.raises(RuleBroken) as error:
        scene.hand_over(adult=None, other_name="张三", code=scene.code())
    assert error.value.field == "approved_by"


def test_deny_beats_the_code_and_the_director_hears_at_once(scene: Scene) -> None:
    bar(scene.child, scene.granny.name)
    verdict = scene.hand_over(code=scene.code())
    assert verdict.answer is Answer.BARRED
    assert holder(scene.child) is Holder.ROOM
    assert alarms() == [AlarmKind.BARRED]
    assert told(scene.director) == ["after_school.alarm"]
    assert "after_school.left" not in told(scene.mother)


def test_a_second_barred_adult_rings_while_the_first_alarm_still_waits(scene: Scene) -> None:
    for name in ("刘强", "刘勇"):
        bar(scene.child, name)
    rung: dict[str, Any] = {"approved_by": scene.mother, "approved_on": "19900000001", "second": scene.helper}
    for name in ("刘强", "刘强", "刘勇"):
        assert scene.hand_over(adult=None, other_name=name, **rung).answer is Answer.BARRED
    assert alarms() == [AlarmKind.BARRED, AlarmKind.BARRED]  # one who asks twice is one
    assert told(scene.director) == ["after_school.alarm", "after_school.alarm"]


def test_deny_beats_a_guardian_who_agreed_on_the_phone(scene: Scene) -> None:
    bar(scene.child, "刘强")
    rung: dict[str, Any] = {"approved_by": scene.mother, "approved_on": "19900000001", "second": scene.helper}
    verdict = scene.hand_over(adult=None, other_name="刘强", **rung)
    assert verdict.answer is Answer.BARRED


def test_a_code_without_a_second_adult_is_worth_nothing_after_three_wrong_ones(scene: Scene) -> None:
    right = scene.code()
    answers = [scene.hand_over(code="WWWWWW").answer for _ in range(3)]
    assert answers == [Answer.WRONG_CODE, Answer.WRONG_CODE, Answer.NO_TRIES]
    assert scene.hand_over(code=right).answer is Answer.NO_TRIES
    assert alarms() == [AlarmKind.CODE_TRIED]
    assert scene.hand_over().answer is Answer.DONE


def test_a_wrong_code_sent_twice_is_one_try(scene: Scene) -> None:
    scene.code()
    saying = scene.saying()
    assert [scene.hand_over(saying, code="WWWWWW").answer for _ in range(2)] == [Answer.WRONG_CODE] * 2
    assert scene.hand_over(code="WWWWWW").tries_left == 1


def test_a_known_adult_needs_a_second_member_of_staff(scene: Scene) -> None:
    for second in (None, scene.tutor):
        with pytest.raises(RuleBroken) as error:
            scene.hand_over(second=second)
        assert error.value.field == "second"
    assert scene.hand_over().event is not None
    assert holder(scene.child) is Holder.COLLECTOR


def test_a_guardian_needs_nobody_to_name_them(scene: Scene) -> None:
    verdict = scene.hand_over(adult=scene.adult("陈芳"))
    assert verdict.answer is Answer.DONE
    assert verdict.event is not None
    assert verdict.event.collector is not None
    assert verdict.event.collector.ends_on == today()


def test_a_collector_whose_time_ended_yesterday_is_not_on_the_list(scene: Scene) -> None:
    collector_of(scene.child, "表哥", ends_on=today() - timedelta(days=1))
    with pytest.raises(RuleBroken) as error:
        scene.hand_over(adult=scene.adult("表哥"), second=scene.helper)
    assert error.value.field == "approved_by"
    verdict = scene.hand_over(
        adult=scene.adult("表哥"), second=scene.helper, approved_by=scene.mother, approved_on="19900000001"
    )
    assert verdict.event is not None
    assert verdict.event.checked_by is CheckedBy.RUNG
    assert (verdict.event.collector_id, verdict.event.other_name) == (None, "表哥")


def test_without_a_connection_a_collector_who_expired_is_written_down_and_looked_at(scene: Scene) -> None:
    collector_of(scene.child, "表哥", ends_on=today() - timedelta(days=1))
    verdict = scene.hand_over(offline(scene), adult=scene.adult("表哥"), second=scene.helper)
    assert verdict.event is not None
    assert verdict.event.flag is Flag.EXPIRED
    assert holder(scene.child) is Holder.COLLECTOR


def test_a_collector_who_is_taken_off_the_list_after_they_were_chosen_takes_no_child(scene: Scene) -> None:
    chosen = scene.adult()
    do(collecting.revoke, scene.granny, by=scene.mother, now=clock.now())
    with pytest.raises(RuleBroken) as error:
        scene.hand_over(adult=chosen, code=scene.code())
    assert error.value.field == "approved_by"
    assert holder(scene.child) is Holder.ROOM


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)  # on SQLite one writes at a time
def test_nor_one_who_is_taken_off_while_the_hand_over_waits_for_the_child(scene: Scene) -> None:
    code, granny, by, now = scene.code(), scene.granny.id, scene.mother.id, clock.now()
    saying = scene.saying()
    with pytest.raises(RuleBroken) as error, transaction():
        chosen = next(each for each in may_collect(scene.child, today()) if each.name == "李桂兰")
        with db.engine.begin() as other:
            gone = update(Collector).where(Collector.id == granny).values(revoked_at=now, revoked_by_id=by)
            other.execute(gone)
        hand_over(scene.child, Taking(adult=chosen, child_agreed=True, code=code), saying)
    assert error.value.field == "approved_by"


def test_a_guardian_who_is_none_any_more_takes_no_child(scene: Scene) -> None:
    chosen = scene.adult("陈芳")
    with transaction() as session:
        session.execute(update(Guardianship).values(ends_on=today() - timedelta(days=1)))
    with pytest.raises(RuleBroken) as error:
        scene.hand_over(adult=chosen, second=scene.helper)
    assert error.value.field == "approved_by"


@pytest.mark.parametrize("second", [None, "mother"])
def test_without_a_connection_staff_who_check_themselves_are_looked_at_at_once(
    scene: Scene, second: str | None
) -> None:
    own = offline(scene, by=scene.mother)
    named = {"second": getattr(scene, second)} if second else {}
    verdict = scene.hand_over(own, adult=scene.adult("陈芳"), code=scene.code(), **named)
    assert verdict.answer is Answer.DONE
    assert verdict.event is not None
    assert verdict.event.flag is Flag.CHANGED_MEANWHILE
    assert alarms() == [AlarmKind.CONFLICT]
    assert told(scene.director) == ["after_school.alarm"]


def test_without_a_connection_a_second_who_looked_is_enough_for_staff_of_the_child(scene: Scene) -> None:
    verdict = scene.hand_over(offline(scene, by=scene.mother), adult=scene.adult("陈芳"), second=scene.helper)
    assert verdict.event is not None
    assert verdict.event.flag is None
    assert alarms() == []


def test_without_a_connection_a_bar_set_meanwhile_is_an_alarm_and_the_child_is_gone(scene: Scene) -> None:
    bar(scene.child, scene.granny.name)
    verdict = scene.hand_over(offline(scene))
    assert verdict.event is not None
    assert verdict.event.flag is Flag.BARRED_MEANWHILE
    assert holder(scene.child) is Holder.COLLECTOR
    assert alarms() == [AlarmKind.BARRED]


@pytest.mark.parametrize("missing", ["approved_by", "approved_on", "second"])
def test_somebody_on_no_list_needs_a_guardian_a_number_and_a_second_adult(scene: Scene, missing: str) -> None:
    rung: dict[str, Any] = {"approved_by": scene.mother, "approved_on": "19900000001", "second": scene.helper}
    with pytest.raises(RuleBroken) as error:
        scene.hand_over(adult=None, other_name="邻居", **{**rung, missing: None if missing != "approved_on" else " "})
    assert error.value.field == missing
    verdict = scene.hand_over(adult=None, other_name="邻居", **rung)
    assert verdict.event is not None
    assert verdict.event.approved_on == "19900000001"


def test_only_a_guardian_of_this_child_can_agree(scene: Scene) -> None:
    rung: dict[str, Any] = {"approved_by": make_person(), "approved_on": "19900000001", "second": scene.helper}
    with pytest.raises(RuleBroken):
        scene.hand_over(adult=None, other_name="邻居", **rung)


def test_staff_who_are_guardians_of_the_child_cannot_check_themselves(scene: Scene) -> None:
    own = scene.saying(by=scene.mother)
    with pytest.raises(RuleBroken) as error:
        scene.hand_over(own, adult=scene.adult("陈芳"), code=scene.code())
    assert error.value.field == "second"
    with pytest.raises(RuleBroken):  # nor each other
        scene.hand_over(adult=scene.adult("陈芳"), second=scene.mother)
    assert scene.hand_over(own, adult=scene.adult("陈芳"), second=scene.helper).answer is Answer.DONE


def test_of_whom_an_alert_warns_the_director_decides(scene: Scene) -> None:
    bar(scene.child, scene.granny.name, level=BarLevel.ALERT, document="")
    asked = scene.hand_over(code=scene.code())
    assert asked.answer is Answer.ASK_DIRECTOR
    assert told(scene.director) == ["after_school.alarm"]
    assert asked.event is not None
    [waiting] = decisions.asked(scene.child, today())
    do(decisions.decide, waiting, is_allowed=True, why="看过身份证", by=scene.director, now=clock.now())
    assert decisions.asked(scene.child, today()) == []
    assert scene.hand_over().answer is Answer.DONE


def test_the_directors_no_stands_and_cannot_become_a_yes(scene: Scene) -> None:
    bar(scene.child, scene.granny.name, level=BarLevel.ALERT, document="")
    event = scene.hand_over().event
    do(decisions.decide, event, is_allowed=False, why="妈妈不同意", by=scene.director, now=clock.now())
    with pytest.raises(Conflict):
        do(decisions.decide, event, is_allowed=True, why="还是可以", by=scene.director, now=clock.now())
    assert scene.hand_over().answer is Answer.DIRECTOR_NO
    assert holder(scene.child) is Holder.ROOM


def test_whoever_comes_second_is_told_who_has_the_child(scene: Scene) -> None:
    scene.hand_over()
    verdict = scene.hand_over(adult=scene.adult("陈芳"))
    assert verdict.answer is Answer.GONE
    assert verdict.before is not None
    assert verdict.before.collector == scene.granny
    assert alarms() == []
    assert told(scene.mother).count("after_school.left") == 1


def test_the_same_said_by_two_is_written_once(scene: Scene) -> None:
    scene.hand_over()
    assert scene.hand_over().answer is Answer.ALREADY
    assert told(scene.mother).count("after_school.left") == 1


def test_two_phones_without_a_connection_that_hand_over_one_child_are_an_alarm(scene: Scene) -> None:
    now = clock.now()
    scene.hand_over(offline(scene, at=now))
    later = scene.hand_over(
        offline(scene, at=now + timedelta(minutes=1)), adult=scene.adult("陈芳"), second=scene.helper
    )
    assert later.answer is Answer.CONFLICT
    assert AlarmKind.CONFLICT in alarms()


def test_sent_twice_it_is_written_once_and_answered_alike(scene: Scene) -> None:
    saying = scene.saying()
    first, second = scene.hand_over(saying), scene.hand_over(saying)
    assert first.event is not None
    assert second.event is not None
    assert (first.event.id, first.answer) == (second.event.id, second.answer)


def test_something_else_under_the_same_number_is_refused(scene: Scene) -> None:
    nonce = str(uuid.uuid4())
    scene.hand_over(scene.saying(sent=Sent(nonce=nonce, digest="1")))
    with pytest.raises(Replayed):
        scene.hand_over(scene.saying(sent=Sent(nonce=nonce, digest="2")))


def test_somebody_other_than_was_named_for_today_is_looked_at(scene: Scene) -> None:
    named = collector_of(scene.child, "舅舅")
    with transaction() as session:
        session.add(
            PlanChange(
                enrolment_id=scene.enrolment.id, on_date=today(), what=Different.COLLECTOR, collector_id=named.id,
                by_id=scene.mother.id, at=clock.now(), recorded_by_id=scene.mother.id,
            )
        )  # fmt: skip
    verdict = scene.hand_over()
    assert verdict.answer is Answer.DONE
    assert verdict.event is not None
    assert verdict.event.flag is Flag.AGAINST_PLAN


def test_what_was_on_paper_keeps_its_time(scene: Scene) -> None:
    at = clock.now() - timedelta(hours=1)
    verdict = scene.hand_over(offline(scene, at=at, is_paper=True))
    assert verdict.event is not None
    assert (verdict.event.at, verdict.event.flag) == (at, Flag.PAPER)


def test_a_child_whose_arrival_nobody_wrote_down_is_handed_over_all_the_same(app: Flask) -> None:
    scene = Scene()
    assert scene.hand_over().answer is Answer.DONE
    assert holder(scene.child) is Holder.COLLECTOR


def test_a_guardian_who_may_not_collect_the_child_cannot_say_who_does(scene: Scene) -> None:
    bar(scene.child, scene.mother.name, person_id=scene.mother.id)
    rung: dict[str, Any] = {"approved_by": scene.mother, "approved_on": "19900000001", "second": scene.helper}
    with pytest.raises(RuleBroken) as error:
        scene.hand_over(adult=None, other_name="邻居", **rung)
    assert error.value.field == "approved_by"
    assert holder(scene.child) is Holder.ROOM


def test_a_device_with_the_time_of_before_a_bar_hides_it_from_nobody(scene: Scene) -> None:
    bar(scene.child, scene.granny.name, set_at=clock.now())
    verdict = scene.hand_over(offline(scene, at=clock.now() - timedelta(minutes=1)))
    assert verdict.event is not None
    assert verdict.event.flag is Flag.BARRED_MEANWHILE
    assert alarms() == [AlarmKind.BARRED]


def test_without_a_connection_such_a_guardians_word_is_an_alarm(scene: Scene) -> None:
    bar(scene.child, scene.mother.name, person_id=scene.mother.id)
    rung: dict[str, Any] = {"approved_by": scene.mother, "approved_on": "19900000001", "second": scene.helper}
    verdict = scene.hand_over(offline(scene), adult=None, other_name="邻居", **rung)
    assert verdict.event is not None
    assert verdict.event.flag is Flag.BARRED_MEANWHILE
    assert alarms() == [AlarmKind.BARRED]


def test_a_bar_that_was_set_while_a_hand_over_waited_beats_it(scene: Scene) -> None:
    before = scene.saying(now=clock.now())
    bar(scene.child, scene.granny.name, set_at=clock.now())
    assert scene.hand_over(before).answer is Answer.BARRED
    assert holder(scene.child) is Holder.ROOM
