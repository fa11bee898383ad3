"""Children who were absent three times in a row, by the registers of the term: a task, without hurry."""

from collections import defaultdict

from sqlalchemy import select

from center.afterschool.alarms.rules import IN_A_ROW, AlarmDue, child_subject
from center.afterschool.models.care import AlarmKind
from center.afterschool.models.terms import TermDay
from center.attendance.models import Attendance, Status
from center.kernel.db import db

LOOKED_BACK = 30  # days of the term
NOT_SAID = (Status.EXPECTED, Status.ON_LEAVE)  # leave is no absence, and interrupts none


def absent_often(day: TermDay) -> list[AlarmDue]:
    """Whoever was absent on a closed day for the third time in a row, or the sixth."""
    if day.closed_at is None:
        return []
    today = select(Attendance.person_id).where(
        Attendance.session_id == day.session_id, Attendance.status == Status.ABSENT
    )
    children = db.session.scalars(today).all()
    if not children:
        return []
    before = select(TermDay.session_id).where(TermDay.term_id == day.term_id, TermDay.on_date <= day.on_date)
    sessions = db.session.scalars(before.order_by(TermDay.on_date.desc()).limit(LOOKED_BACK)).all()
    rows: dict[int, dict[int, Status]] = defaultdict(dict)
    query = select(Attendance.person_id, Attendance.session_id, Attendance.status).where(
        Attendance.person_id.in_(children), Attendance.session_id.in_(sessions), Attendance.status.not_in(NOT_SAID)
    )
    for child_id, session_id, status in db.session.execute(query):
        rows[child_id][session_id] = status
    found = []
    for child_id in sorted(children):
        said = [rows[child_id][each] for each in sessions if each in rows[child_id]]
        absent = next((n for n, status in enumerate(said) if status is not Status.ABSENT), len(said))
        if absent and absent % IN_A_ROW == 0:
            found.append(
                AlarmDue(
                    kind=AlarmKind.ABSENT_OFTEN,
                    subject=child_subject(child_id),
                    since=day.closed_at,
                    child_id=child_id,
                )
            )
    return found
