"""What is encrypted of children is encrypted anew under another key, in tables too in which nothing else may change."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from center.afterschool.models.care import Incident, IncidentStage, IncidentStep
from center.afterschool.models.collector_photos import CollectorPhoto
from center.afterschool.models.consents import ChildPhoto, HealthNote, Purpose
from center.afterschool.models.retention import Dispute, LegalHold
from center.commands import encrypted_rows, keys
from center.kernel import clock
from center.kernel.data_keys import KeyStore
from center.kernel.db import Base, db, transaction
from center.kernel.encrypted import encrypted_columns, key_of
from center.kernel.unreadable import Unreadable
from tests.afterschool.builders import make_child
from tests.afterschool.photo_builders import make_collector_photo
from tests.afterschool.plan_builders import make_collector, make_consent
from tests.builders import make_person
from tests.incubator.kept_files import write_every_file

ON = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def keys_in_a_file(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings = replace(app.extensions["settings"], data_keys="", data_dir=tmp_path)
    monkeypatch.setitem(app.extensions, "settings", settings)
    monkeypatch.setitem(app.extensions, "data_keys", KeyStore(settings))
    yield
    db.session.rollback()


def write_everything() -> None:
    """A row in every table that keeps something encrypted: of children, and files of organisations and troupes."""
    write_every_file()
    child, by, now = make_child(make_person()), make_person(), clock.now()
    consent, shown = make_consent(child, Purpose.HEALTH), make_consent(child, Purpose.PHOTOS)
    make_collector_photo(make_collector(child))
    with transaction() as session:
        who = {"child_id": child.id, "by_id": by.id}
        note = HealthNote(consent_id=consent.id, at=now, **who)
        note.trigger, note.reaction, note.what_to_do, note.level = "花生", "呼吸困难", "打120", "emergency"
        incident = Incident(on_date=ON, at=now, recorded_at=now, what="摔倒", done="冰敷", **who)
        dispute = Dispute(words="各执一词", at=now, **who)
        session.add(LegalHold(why="家长索赔", at=now, **who))
        photo = ChildPhoto(consent_id=shown.id, picture="cGhvdG8=", at=now, **who)
        session.add_all([note, incident, dispute, photo])
        session.flush()
        step = {"incident_id": incident.id, "stage": IncidentStage.TOLD, "by_id": by.id, "at": now}
        session.add(IncidentStep(words="已告知妈妈", **step))


def kept() -> set[str]:
    """The ids of the keys that everything is kept under."""
    db.session.rollback()
    found = set()
    for table in encrypted_rows.encrypted_tables():
        for column, _kind in encrypted_columns(table):
            values = db.session.scalars(text(f"SELECT {column.name} FROM {table.name}")).all()
            assert values, f"write something into {table.name}"
            found |= {key_of(each) for each in values}
    return found


def test_every_table_of_children_is_encrypted_anew_and_reads_as_before() -> None:
    write_everything()
    [old] = kept()
    done = keys.rotate(now=clock.now(), wrote=lambda _rows: None)
    assert done.left == {}
    assert kept() == {done.key} != {old}
    db.session.expire_all()
    for model in (ChildPhoto, CollectorPhoto, HealthNote, Incident, IncidentStep, Dispute, LegalHold):
        row = db.session.scalars(select(model)).one()
        read = [
            getattr(row, column.name) for column, _kind in encrypted_columns(Base.metadata.tables[model.__tablename__])
        ]
        assert not any(isinstance(each, Unreadable) for each in read)
    assert encrypted_rows.unreadable_by_column(db.session.connection()) == {}


def test_who_has_no_key_rewrites_no_incident() -> None:
    write_everything()
    with pytest.raises(IntegrityError, match="incidents_append_only"), transaction() as session:
        session.execute(text("UPDATE incidents SET place = 'x'"))
