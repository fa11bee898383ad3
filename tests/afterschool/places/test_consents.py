"""Consents: each by the version of its text, refused or taken back one by one, and with them what they let in."""

import pytest
from sqlalchemy import text

from center.afterschool.models.consents import AlertLevel, ChildConsent, Purpose
from center.afterschool.places import consents, health
from center.afterschool.places.health import HealthFacts
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.people.models import Person
from tests.afterschool.builders import make_child
from tests.afterschool.enrol_builders import hand_of
from tests.builders import make_person

pytestmark = pytest.mark.usefixtures("app")

PEANUTS = HealthFacts(trigger="花生", reaction="喉咙肿", what_to_do="打120", level=AlertLevel.EMERGENCY)


def say(child: Person, purpose: Purpose, guardian: Person, *, is_given: bool = True, version: int = 0) -> ChildConsent:
    with transaction():
        known = version or consents.texts_now()[purpose].version
        hand = hand_of(guardian)
        return consents.say(child, purpose, is_given=is_given, version=known, hand=hand, now=clock.now())


def keep(child: Person, guardian: Person) -> None:
    with transaction():
        health.add(child, PEANUTS, guardian=guardian, by=guardian, now=clock.now())


def test_nothing_of_health_is_kept_without_consent_nor_after_a_refusal() -> None:
    mother = make_person()
    child = make_child(mother)
    with pytest.raises(RuleBroken):
        keep(child, mother)
    say(child, Purpose.HEALTH, mother, is_given=False)
    with pytest.raises(RuleBroken):
        keep(child, mother)


def test_nobody_else_agrees_for_a_child() -> None:
    child, stranger = make_child(), make_person()
    with pytest.raises(NotFound):
        say(child, Purpose.PHOTOS, stranger)
    with transaction(), pytest.raises(NotFound):
        consents.revoke(child, Purpose.PHOTOS, hand=hand_of(stranger), now=clock.now())


def test_who_read_an_older_text_reads_the_new_one_first() -> None:
    mother = make_person()
    child = make_child(mother)
    say(child, Purpose.CARE, mother)
    with transaction():
        consents.publish(Purpose.CARE, words="新的文本", words_en="", now=clock.now())
    with pytest.raises(Conflict):
        say(child, Purpose.CARE, mother, version=1)
    assert consents.live_of(child)[Purpose.CARE].text.version == 1
    assert consents.is_given(child, Purpose.CARE)


def test_a_newer_text_keeps_what_the_older_one_let_in() -> None:
    mother = make_person()
    child = make_child(mother)
    say(child, Purpose.HEALTH, mother)
    keep(child, mother)
    with transaction():
        consents.publish(Purpose.HEALTH, words="新的文本", words_en="", now=clock.now())
    made = say(child, Purpose.HEALTH, mother)
    [note] = health.notes_of(child)
    assert (note.consent_id, note.trigger) == (made.id, "花生")
    assert len(consents.history_of(child)) == 2


def test_either_guardian_takes_it_back_and_it_is_gone_with_all_that_it_let_in() -> None:
    mother, father = make_person(), make_person()
    child = make_child(mother, father)
    say(child, Purpose.HEALTH, mother)
    keep(child, mother)
    for _n in range(2):
        with transaction():
            consents.revoke(child, Purpose.HEALTH, hand=hand_of(father), now=clock.now())
    assert list(health.notes_of(child)) == []
    [said] = consents.history_of(child)
    assert said.revoked_by_id == father.id
    assert consents.live_of(child) == {}


def test_agreeing_twice_is_once_and_what_was_said_stays_in_the_history() -> None:
    mother = make_person()
    child = make_child(mother)
    assert say(child, Purpose.PHOTOS, mother).id == say(child, Purpose.PHOTOS, mother).id
    say(child, Purpose.PHOTOS, mother, is_given=False)
    assert [each.is_given for each in consents.history_of(child)] == [False, True]
    assert not consents.is_given(child, Purpose.PHOTOS)


def test_what_is_kept_of_health_cannot_be_read_in_the_database() -> None:
    mother = make_person()
    child = make_child(mother)
    say(child, Purpose.HEALTH, mother)
    keep(child, mother)
    row = db.session.execute(text("SELECT trigger, reaction, what_to_do, level FROM health_notes")).one()
    assert all(each.startswith("aes1:") for each in row)
