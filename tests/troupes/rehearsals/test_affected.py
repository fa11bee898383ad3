"""A holiday or a closure entered after rehearsals were planned: whoever leads hears why, and moves or skips them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.activities.clashes import SessionPlan
from center.activities.owners import SessionOwners
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict
from center.notices.models import Notice
from center.people.models import Person
from center.premises.models import CalendarDay, DayKind
from center.rooms import closures
from center.rooms.models import Noise
from center.rooms.uses import LiveUse
from center.troupes.models.seasons import Season
from center.troupes.rehearsals import affected
from center.troupes.rehearsals.affected import Hit
from center.troupes.rehearsals.planning import ForAll
from tests.builders import ZONE, make_account, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects
from tests.troupes.rehearsals.scene import MORNING, THU, TUE, TUESDAYS, Drums, all_of, drums, plan

pytestmark = ONE_ENGINE
WORKDAYS = [(weekday, time(8), time(21)) for weekday in range(7)]  # not on public holidays
FIRST, SECOND = TUESDAYS[0], TUESDAYS[1]


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


def noon(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), ZONE)


def decide(uses: Sequence[LiveUse], message: object, field: str | None = None) -> None:
    """Staff let everything stay that is in the way."""
    SessionOwners().stay([each.use_id for each in uses], reason="", now=clock.now())


def close(scene: Drums, day: date, by: Person) -> None:
    """Staff close the room for repairs."""
    with transaction():
        closures.close(
            scene.room, starts_at=noon(day), ends_at=noon(day, 20), reason="地板维修", reason_en="Floor repairs",
            by=by, now=clock.now(), decide=decide,
        )  # fmt: skip


def make_holiday(day: date) -> None:
    with transaction() as session:
        session.merge(CalendarDay(on_date=day, kind=DayKind.HOLIDAY, name="社区节", name_en="Estate day"))


def found(scene: Drums) -> list[Hit]:
    db.session.rollback()
    season = db.session.get_one(Season, scene.season.id)
    return affected.hit(season, by=scene.leader, now=clock.now())


def told(person: Person) -> Sequence[Notice]:
    query = select(Notice).where(Notice.person_id == person.id, Notice.kind == "troupes.rehearsal_hit")
    return db.session.scalars(query.order_by(Notice.id)).all()


def test_the_leader_hears_of_a_closure_by_its_name_and_the_rehearsal_stays_until_they_answer(app: Flask) -> None:
    scene = drums(hours=WORKDAYS)
    plan(scene, TUE)
    close(scene, FIRST, make_person())
    [notice] = told(scene.leader)
    assert "地板维修" in notice.body
    assert notice.path.endswith("/rehearsals/hit")
    [hit] = found(scene)
    assert hit.rehearsal.on_date == FIRST
    assert "地板维修" in hit.why
    assert hit.rehearsal.takes_place


def test_one_answer_moves_each_to_what_is_free_and_names_the_holiday_as_the_reason(app: Flask) -> None:
    scene = drums(hours=WORKDAYS)
    plan(scene, TUE)
    make_holiday(FIRST)
    make_holiday(SECOND)
    assert ["社区节" in each.why for each in found(scene)] == [True, True]
    choices = affected.answered(found(scene), ForAll.SKIP)
    assert set(choices.values()) == {affected.SKIP}
    with transaction():
        affected.answer(scene.season, dict.fromkeys(choices), by=scene.leader, now=clock.now())
    assert found(scene) == []
    skipped = [each for each in all_of(scene) if not each.takes_place]
    assert [each.on_date for each in skipped] == [FIRST, SECOND]
    assert all("社区节" in each.session.cancel_reason for each in skipped if each.session)
    member = scene.members[1].person
    bodies = [each.body for each in db.session.scalars(select(Notice).where(Notice.person_id == member.id))]
    assert sum("社区节" in each for each in bodies) == 2


def test_another_room_on_the_same_day_is_taken_and_none_twice(app: Flask) -> None:
    scene = drums(hours=WORKDAYS)
    plan(scene, TUE)
    other = make_room(noise=Noise.LOUD, windows=[(time(14, 30), time(17, 30))])
    close(scene, FIRST, make_person())
    [hit] = found(scene)
    token = affected.answered([hit], ForAll.ROOM)[hit.rehearsal.id]
    assert token.startswith(f"{other.code}/{FIRST.isoformat()}")
    place = next(each for each in hit.others if each.token == token)
    with transaction():
        affected.answer(
            scene.season,
            {hit.rehearsal.id: SessionPlan(span=place.span, room=place.room)},
            by=scene.leader,
            now=clock.now(),
        )
    assert found(scene) == []
    assert next(each for each in all_of(scene) if each.on_date == FIRST).takes_place


def test_what_is_hit_no_more_is_left_alone(app: Flask) -> None:
    scene = drums(hours=WORKDAYS)
    rehearsals = plan(scene, TUE)
    with pytest.raises(Conflict), transaction():
        affected.answer(scene.season, {rehearsals[0].id: None}, by=scene.leader, now=clock.now())


def test_looking_for_what_is_hit_reads_no_more_for_a_long_term_than_for_a_short_one(app: Flask) -> None:
    scene = drums(hours=WORKDAYS)
    counts = []
    for weekday in (TUE, THU):
        plan(scene, weekday)
        db.session.expire_all()
        with selects() as seen:
            affected.hit(db.session.get_one(Season, scene.season.id), by=None, now=clock.now())
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_page_fills_in_one_answer_and_does_it_only_when_told(client: FlaskClient) -> None:
    scene = drums(hours=WORKDAYS)
    plan(scene, TUE)
    sign_in(client, make_account(scene.leader, locale="en"))
    base = f"/workspace/troupes/{scene.season.troupe.slug}/seasons/{scene.season.id}/rehearsals"
    assert "No rehearsal is hit" in client.get(f"{base}/hit").text
    make_holiday(FIRST)
    assert "1 rehearsal lies in a holiday" in client.get(base).text
    filled = client.post(f"{base}/hit", data={"for_all": "skip"})
    assert 'value="skip" selected' in filled.text
    assert all(each.takes_place for each in all_of(scene))
    rehearsal = next(each for each in all_of(scene) if each.on_date == FIRST)
    name = f"choice-{rehearsal.id}"
    assert client.post(f"{base}/hit", data={name: "nonsense"}).status_code == 422
    assert client.post(f"{base}/hit", data={name: "skip"}).location == base
    assert [each.on_date for each in all_of(scene) if not each.takes_place] == [FIRST]
