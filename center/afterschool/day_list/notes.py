"""What is noted of a child on a day for their guardians: homework, snack, a remark. One of a kind, as written last."""

from datetime import date, datetime

from sqlalchemy import select

from center.afterschool.models.care import DayNote, DayNoteKind
from center.afterschool.models.enrolments import Enrolment
from center.kernel.db import db, lock
from center.people.models import Person


def write(
    enrolment: Enrolment, on: date, kind: DayNoteKind, *, is_done: bool, words: str = "", by: Person, now: datetime
) -> DayNote | None:
    """Note something of a child; what says nothing and was never there stays away."""
    lock(enrolment)
    words = " ".join(words.split())[:200]
    query = select(DayNote).where(DayNote.enrolment_id == enrolment.id, DayNote.on_date == on, DayNote.kind == kind)
    note = db.session.scalar(query)
    if note is None and not is_done and not words:
        return None
    if note is not None and (note.is_done, note.words) == (is_done, words):
        return note
    note = note or DayNote(enrolment_id=enrolment.id, on_date=on, kind=kind)
    note.is_done, note.words, note.by_id, note.at = is_done, words, by.id, now
    db.session.add(note)
    db.session.flush()
    return note
