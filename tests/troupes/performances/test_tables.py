"""What the database refuses of performances whatever the code does; and that it is the constraint that refuses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from center.kernel import clock
from center.kernel.db import change_rows, db, is_violation, transaction
from center.troupes.performances.models import (
    Appearance,
    Performance,
    PerformanceEvent,
    PerformanceState,
    Performer,
    Programme,
    ProgrammeItem,
)
from tests.builders import at, make_person
from tests.troupes.builders import make_member, make_piece, make_troupe
from tests.troupes.performances.builders import make_performance, newest, played

pytestmark = pytest.mark.usefixtures("english")


@contextmanager
def refused(constraint: str) -> Iterator[None]:
    with pytest.raises(DBAPIError) as found, transaction():
        yield
    assert is_violation(found.value, constraint=constraint), str(found.value.orig)  # type: ignore[arg-type]


def laid_aside(trigger: str, table: str) -> None:
    """Take a guard away on either engine: then what it refused goes in."""
    with transaction() as session:
        is_sqlite = db.engine.dialect.name == "sqlite"
        session.execute(text(f"DROP TRIGGER {trigger}" if is_sqlite else f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def flush(*rows: object) -> None:
    db.session.add_all(rows)
    db.session.flush()


def two_pieces() -> Performance:
    troupe = make_troupe()
    return make_performance(troupe, pieces=[make_piece(troupe), make_piece(troupe)])


def test_a_state_changes_by_its_event_alone() -> None:
    performance = make_performance()
    change = update(Performance).where(Performance.id == performance.id)
    with refused("performances_step"):
        change_rows(change.values(state=PerformanceState.CANCELLED))
    event = {"performance_id": performance.id, "by_id": performance.made_by_id, "at": clock.now()}
    with refused("ck_performance_events_step"):
        flush(PerformanceEvent(was="preparing", became="performed", **event))
    with refused("performance_events_step"):  # it is not there
        flush(PerformanceEvent(was="pieces_set", became="cast_set", **event))
    with transaction():
        flush(PerformanceEvent(was="preparing", became="cancelled", **event))
    db.session.refresh(performance)
    assert performance.state is PerformanceState.CANCELLED


def test_nothing_is_public_without_a_programme() -> None:
    performance = make_performance()
    event = {"performance_id": performance.id, "by_id": performance.made_by_id, "at": clock.now()}
    with transaction():
        flush(PerformanceEvent(was="preparing", became="pieces_set", **event))
        flush(PerformanceEvent(was="pieces_set", became="cast_set", **event))
    with refused("performance_events_step"):
        flush(PerformanceEvent(was="cast_set", became="published", **event))


def test_what_happened_is_altered_by_nobody() -> None:
    performance = make_performance()
    with refused("performance_events_append_only"):
        db.session.execute(text("UPDATE performance_events SET reason = 'x'"))
    with refused("performances_no_delete"):
        db.session.execute(text("DELETE FROM performances WHERE id = :id"), {"id": performance.id})


def test_positions_have_no_gap_and_nobody_shares_one() -> None:
    performance = two_pieces()
    first, second = newest(performance).items
    with refused("fk_programme_items_no_gap") if db.engine.dialect.name != "sqlite" else refused("FOREIGN KEY"):
        change_rows(update(ProgrammeItem).where(ProgrammeItem.id == second.id).values(position=5, follows=4))
    with refused("ck_programme_items_follows"):
        change_rows(update(ProgrammeItem).where(ProgrammeItem.id == second.id).values(position=5, follows=1))
    with pytest.raises(DBAPIError), transaction():
        change_rows(update(ProgrammeItem).where(ProgrammeItem.id == second.id).values(position=1, follows=None))
    with pytest.raises(DBAPIError), transaction():
        db.session.execute(text("DELETE FROM programme_items WHERE id = :id"), {"id": first.id})
    assert [each.position for each in newest(performance).items] == [1, 2]


def test_a_performer_is_in_a_place_once() -> None:
    troupe = make_troupe()
    member = make_member(troupe)
    performance = make_performance(troupe, pieces=[make_piece(troupe)], cast={1: [member]})
    down = newest(performance).items[0].performers[0]
    same = {
        name: getattr(down, name)
        for name in ("item_id", "programme_id", "performance_id", "session_id", "troupe_id", "member_id", "person_id")
    }
    with pytest.raises(DBAPIError), transaction():
        flush(Performer(is_stand_in=True, **same))


def test_a_published_version_stays_as_it_is() -> None:
    troupe = make_troupe()
    performance = played(troupe, make_member(troupe))
    version = newest(performance)
    for words in (
        "UPDATE programme_items SET seconds = 1 WHERE programme_id = :id",
        "DELETE FROM programme_performers WHERE programme_id = :id",
        "UPDATE programmes SET number = 9 WHERE id = :id",
        "DELETE FROM programmes WHERE id = :id",
    ):
        with refused("programmes_published"):
            db.session.execute(text(words), {"id": version.id})
    laid_aside("programme_items_published_update" if db.engine.dialect.name == "sqlite" else "", "programme_items")
    with transaction():
        db.session.execute(text("UPDATE programme_items SET seconds = 1 WHERE programme_id = :id"), {"id": version.id})


def test_a_programme_longer_than_its_slot_is_not_published_unless_somebody_allowed_it() -> None:
    troupe = make_troupe()
    pieces = [make_piece(troupe, seconds=1000), make_piece(troupe, seconds=1000)]
    performance = make_performance(troupe, pieces=pieces, slot_seconds=2059)  # with a change of a minute: 2,060
    version = newest(performance)
    publish = {"published_at": clock.now(), "published_by_id": performance.made_by_id}
    with refused("programmes_fit"):
        change_rows(update(Programme).where(Programme.id == version.id).values(**publish))
    allowed = {"allowed_by_id": performance.made_by_id, "allowed_at": clock.now(), "allowed_why": "主办方同意"}
    with refused("programmes_fit"):  # it has grown since
        change_rows(
            update(Programme).where(Programme.id == version.id).values(**publish, allowed_seconds=2059, **allowed)
        )
    with refused("ck_programmes_allowed"):
        change_rows(update(Programme).where(Programme.id == version.id).values(allowed_seconds=2060))
    with transaction():
        change_rows(
            update(Programme).where(Programme.id == version.id).values(**publish, allowed_seconds=2060, **allowed)
        )


def test_a_slot_does_not_become_shorter_than_what_is_public() -> None:
    troupe = make_troupe()
    performance = played(troupe, make_member(troupe), pieces=[make_piece(troupe, seconds=600)])
    with refused("programmes_fit"):
        change_rows(update(Performance).where(Performance.id == performance.id).values(slot_seconds=599))
    with transaction():
        change_rows(update(Performance).where(Performance.id == performance.id).values(slot_seconds=600))


def test_nobody_is_on_two_stages_at_once() -> None:
    person = make_person()
    here = make_performance(starts_at=at(15, days=10))
    there = make_performance(starts_at=at(15, 30, days=10))
    later = make_performance(starts_at=at(16, days=10))

    def appearance(performance: Performance) -> Appearance:
        session = performance.session
        return Appearance(
            session_id=session.id, person_id=person.id, starts_at=session.starts_at, ends_at=session.ends_at
        )

    with transaction():
        flush(appearance(here), appearance(later))
    with refused("appearances_one_stage"):
        flush(appearance(there))
    with transaction() as session:  # without the guard it goes in
        if db.engine.dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER appearances_one_stage"))
        else:
            session.execute(text("ALTER TABLE appearances DROP CONSTRAINT appearances_one_stage"))
        flush(appearance(there))


def test_an_appearance_is_at_the_time_of_its_session_and_a_performer_has_one() -> None:
    performance = make_performance()
    session, person = performance.session, make_person()
    with refused("appearances_of_session"):
        ends_at = session.ends_at + timedelta(hours=1)
        flush(Appearance(session_id=session.id, person_id=person.id, starts_at=session.starts_at, ends_at=ends_at))
    troupe = make_troupe()
    member = make_member(troupe)
    other = make_performance(troupe, pieces=[make_piece(troupe)], cast={1: [member]}, starts_at=at(9, days=20))
    down = newest(other).items[0].performers[0]
    same = {
        name: getattr(down, name)
        for name in ("item_id", "programme_id", "performance_id", "session_id", "troupe_id", "member_id", "person_id")
    }
    with transaction():
        db.session.execute(text("DELETE FROM programme_performers"))
        change_rows(update(Appearance).values(is_live=False))
    with refused("programme_performers_live"):
        flush(Performer(**same))
