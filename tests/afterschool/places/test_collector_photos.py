"""The photo of somebody who collects: only while they agree themselves, gone at once when they do no more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import IntegrityError

from center.activities.photos.images import Picture
from center.afterschool.collectors import listing
from center.afterschool.models.collector_photos import CollectorAgreement, CollectorPhoto
from center.afterschool.models.consents import ConsentText, Means, Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import BarLevel, Collector
from center.afterschool.models.retention import DeletionProof
from center.afterschool.places import collector_photos, consents
from center.afterschool.places.consents import Hand
from center.afterschool.plans import collecting
from center.afterschool.retention import deleting, deletions
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.notices.models import Notice
from center.people import acting
from center.people.models import Person, Role
from tests.afterschool.alarm_cases import make_scene
from tests.afterschool.builders import make_child
from tests.afterschool.enrol_builders import hand_of
from tests.afterschool.photo_builders import answer, make_collector_photo
from tests.afterschool.plan_builders import guardians, make_bar, make_collector, today
from tests.builders import at, make_account, make_person

pytestmark = pytest.mark.usefixtures("app")

FACE = Picture(large=b"large", small=b"small", width=640, height=480)


def put(collector: Collector, *, hand: Hand | None = None) -> None:
    with transaction():
        by = hand or hand_of(guardians(collector.child)[0])
        collector_photos.put(collector, FACE, hand=by, now=clock.now())


def jpeg(collector: Collector) -> bytes | None:
    db.session.rollback()
    return collector_photos.find_jpeg(collector)


@pytest.fixture(name="granny")
def _granny() -> Collector:
    return make_collector(make_child(make_person(name="陈芳"), make_person(name="张伟")))


def test_no_photo_is_kept_before_they_agree_nor_once_they_refuse(granny: Collector) -> None:
    with pytest.raises(RuleBroken, match="同意"):
        put(granny)
    answer(granny, agrees=False)
    with pytest.raises(RuleBroken, match="同意"):
        put(granny)
    assert jpeg(granny) is None


def test_nobody_but_a_guardian_of_the_child_says_what_a_collector_answered(granny: Collector) -> None:
    stranger = hand_of(make_person())
    with pytest.raises(NotFound):
        answer(granny, hand=stranger)
    answer(granny)
    with pytest.raises(NotFound):
        put(granny, hand=stranger)


def test_who_may_not_collect_the_child_changes_no_photo_of_whoever_does(granny: Collector) -> None:
    make_collector_photo(granny)
    father = guardians(granny.child)[1]
    make_bar(granny.child, father.name, person_id=father.id)
    forbidden: tuple[Callable[[], Any], ...] = (
        lambda: put(granny, hand=hand_of(father)),
        lambda: answer(granny, agrees=False, hand=hand_of(father)),
        lambda: _remove(granny, father),
    )
    for act in forbidden:
        with pytest.raises(RuleBroken, match="主任"):
            act()
    assert jpeg(granny) == b"a face"


def test_of_whom_a_paper_keeps_away_no_new_photo_is_kept(granny: Collector) -> None:
    answer(granny)
    make_bar(granny.child, granny.name)
    with pytest.raises(RuleBroken, match="主任"):
        put(granny)


def test_of_whom_the_director_is_asked_first_a_photo_is_kept(granny: Collector) -> None:
    answer(granny)
    make_bar(granny.child, granny.name, level=BarLevel.ALERT)
    put(granny)
    assert jpeg(granny) == b"small"


def test_a_photo_takes_the_place_of_the_one_before_and_the_other_guardian_hears_of_it(granny: Collector) -> None:
    make_collector_photo(granny)
    put(granny)
    assert jpeg(granny) == b"small"
    mother, father = guardians(granny.child)
    told = select(Notice.person_id).where(Notice.kind == "after_school.record_changed")
    assert db.session.scalars(told).all() == [father.id] != [mother.id]


def test_deleted_it_may_be_kept_anew_and_deleted_twice_is_once(granny: Collector) -> None:
    make_collector_photo(granny)
    mother = guardians(granny.child)[0]
    for _twice in range(2):
        _remove(granny, mother)
    assert jpeg(granny) is None
    put(granny)
    assert jpeg(granny) == b"small"


def test_taken_back_the_picture_is_erased_at_once_and_what_was_agreed_stays_written(granny: Collector) -> None:
    make_collector_photo(granny)
    for _twice in range(2):
        answer(granny, agrees=False)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(CollectorPhoto)) == 0
    said = db.session.scalars(select(CollectorAgreement).order_by(CollectorAgreement.id)).all()
    assert [(each.is_given, each.revoked_at is None) for each in said] == [(True, False), (False, True)]


def test_who_read_an_older_text_reads_the_new_one_first_but_may_always_refuse(granny: Collector) -> None:
    answer(granny)
    with transaction():
        consents.publish(Purpose.COLLECTOR_PHOTO, words="新的文本", words_en="", now=clock.now())
    with pytest.raises(Conflict):
        answer(granny)
    live = collector_photos.live_of(granny)
    assert live is not None
    assert live.text.version == 1
    assert not answer(granny, agrees=False).is_given


def test_the_same_answer_to_the_same_text_is_once(granny: Collector) -> None:
    assert answer(granny).id == answer(granny).id


def test_who_is_taken_off_the_list_has_no_photo_any_more(granny: Collector) -> None:
    make_collector_photo(granny)
    with transaction():
        collecting.revoke(granny, by=guardians(granny.child)[0], now=clock.now())
    assert jpeg(granny) is None
    assert collector_photos.live_of(granny) is None
    answer(granny)
    with pytest.raises(RuleBroken, match="已过"):
        put(granny)


def test_whose_time_is_over_gets_no_photo() -> None:
    uncle = make_collector(make_child(), ends_on=today() - timedelta(days=1))
    answer(uncle)
    with pytest.raises(RuleBroken, match="已过"):
        put(uncle)


def test_it_is_kept_encrypted_and_bound_to_whoever_it_shows(granny: Collector) -> None:
    other = make_collector(granny.child, "吴舅舅")
    first, second = make_collector_photo(granny, b"granny"), make_collector_photo(other, b"uncle")
    rows = db.session.execute(text("SELECT id, picture FROM collector_photos ORDER BY id")).all()
    assert all(row.picture.startswith("aes1:") for row in rows)
    with transaction() as session:
        theirs = {"picture": rows[0].picture, "id": second.id}
        session.execute(text("UPDATE collector_photos SET picture = :picture WHERE id = :id"), theirs)
    assert (rows[0].id, jpeg(granny)) == (first.id, b"granny")
    with pytest.raises(Exception, match="读"):
        jpeg(other)


def test_the_database_lets_a_photo_in_only_by_an_agreement_of_theirs_that_stands(granny: Collector) -> None:
    other = make_collector(granny.child, "吴舅舅")
    agreed, refused = answer(granny), answer(other, agrees=False)
    facts = {"picture": "eA==", "by_id": granny.named_by_id, "at": clock.now()}
    for collector, said in ((other, agreed), (other, refused)):
        with pytest.raises(IntegrityError, match="collector_photos_agreed"), transaction() as session:
            session.add(CollectorPhoto(collector_id=collector.id, agreement_id=said.id, **facts))


def test_nobody_rewrites_what_was_answered_or_ends_it_while_there_is_a_photo(granny: Collector) -> None:
    make_collector_photo(granny)
    never = (
        delete(CollectorAgreement),
        update(CollectorAgreement).values(is_given=False),
        update(CollectorAgreement).values(revoked_at=clock.now(), revoked_by_id=granny.named_by_id),
    )
    for statement in never:
        with pytest.raises(IntegrityError, match="collector_agreements_append_only"), transaction() as session:
            session.execute(statement)


def test_an_answer_is_given_to_the_text_that_asks_for_it(granny: Collector) -> None:
    with transaction() as session:
        words = ConsentText(purpose=Purpose.PHOTOS, version=1, words="孩子的照片", published_at=clock.now())
        session.add(words)
    who = {"by_id": granny.named_by_id, "recorded_by_id": granny.named_by_id, "at": clock.now(), "is_given": True}
    with pytest.raises(IntegrityError, match="collector_agreements_text"), transaction() as session:
        session.add(CollectorAgreement(collector_id=granny.id, text_id=words.id, means=Means.PAPER, **who))


def test_the_photo_of_whoever_collected_on_one_day_goes_after_it() -> None:
    child = make_child()
    once, always = make_collector(child, "吴舅舅", ends_on=today()), make_collector(child)
    make_collector_photo(once)
    make_collector_photo(always)
    swept(0)
    assert jpeg(once) == b"a face"
    swept(1)
    assert jpeg(once) is None
    assert jpeg(always) == b"a face"
    assert db.session.scalars(select(DeletionProof.kind)).all() == ["photos_off_list"]


def test_the_photo_of_a_guardian_who_is_none_any_more_goes_and_another_guardian_answers_for_none() -> None:
    mother, father = make_person(name="陈芳"), make_person(name="张伟")
    child = make_child(mother, father)
    rows = {}
    for each in (mother, father):
        with transaction():
            rows[each.id] = collecting.own_row(child, each, by=each, now=clock.now())
        answer(rows[each.id], hand=hand_of(each))
        put(rows[each.id], hand=hand_of(each))
    with pytest.raises(RuleBroken, match="本人"):
        answer(rows[father.id], agrees=False, hand=hand_of(mother))
    swept(0)
    assert [jpeg(row) for row in rows.values()] == [b"small", b"small"]
    [his] = [each for each in acting.guardians_of(child, on=today()) if each.guardian_id == father.id]
    with transaction():
        acting.end_guardianship(his, by=mother, today=today())
    assert not any(
        each.may_collect for each in listing.may_collect(child, today()) if each.collector == rows[father.id]
    )
    swept(1)
    assert [jpeg(row) for row in rows.values()] == [b"small", None]


def test_it_goes_thirty_days_after_the_last_term_of_the_child() -> None:
    granny = make_collector(make_scene().children[0])
    make_collector_photo(granny)
    swept(29)
    assert jpeg(granny) == b"a face"
    swept(30)
    assert jpeg(granny) is None


def test_whoever_deletes_the_child_deletes_the_photo() -> None:
    scene = make_scene(days=0)
    child, mother = scene.children[0], scene.guardians[0].person
    make_collector_photo(make_collector(child))
    director = make_account(roles=[Role.DIRECTOR]).person
    with transaction() as session:
        asked = deletions.ask(child, mother, words="", by=mother, now=clock.now())
        enrolment = session.get_one(Enrolment, scene.enrolments[0].id)
        enrolment.ended_at, enrolment.ended_by_id, enrolment.ended_reason = clock.now(), director.id, "搬家"
    with transaction():
        deletions.grant(asked, by=director, now=clock.now())
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(CollectorPhoto)) == 0
    assert db.session.scalar(select(func.count()).select_from(CollectorAgreement)) == 1
    assert ("collector_photos", 1) in db.session.execute(select(DeletionProof.kind, DeletionProof.how_many)).all()


def _remove(collector: Collector, guardian: Person) -> None:
    with transaction():
        collector_photos.remove(collector, hand=hand_of(guardian), now=clock.now())


def swept(days: int) -> None:
    """What is due so many days from today is deleted."""
    db.session.rollback()
    [sweep] = deleting.SWEEPS
    now = at(9, days=days)
    for row_id in sweep.due(now):
        sweep.settle(row_id, now)
