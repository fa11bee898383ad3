"""Counting what is about to be deleted for its time, by year and term, with nothing of whose it was."""

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from center.afterschool.models.care import Alarm, Incident
from center.afterschool.models.collector_photos import CollectorAgreement
from center.afterschool.models.consents import ChildConsent, Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.retention import CareCount
from center.afterschool.models.terms import TermDay
from center.afterschool.records import figures
from center.afterschool.records.care_counts import Counted, consents_as
from center.kernel.db import db
from center.kernel.i18n import local_date

Key = tuple[str, int, int | None]  # what, the year, the term


def keep_alarms(ids: Sequence[int]) -> None:
    """Count alarms that are about to go."""
    days = db.session.scalars(select(Alarm.on_date).where(Alarm.id.in_(ids)))
    _keep(Counter((Counted.ALARMS.value, day.year, None) for day in days))


def keep_incidents(ids: Sequence[int]) -> None:
    """Count incidents that are about to go, by the term in which each happened."""
    of_term = (
        select(TermDay.term_id)
        .join(Enrolment, Enrolment.term_id == TermDay.term_id)
        .where(TermDay.on_date == Incident.on_date, Enrolment.child_id == Incident.child_id)
        .order_by(TermDay.term_id)
        .limit(1)
    )
    rows = db.session.execute(select(Incident.on_date, of_term.scalar_subquery()).where(Incident.id.in_(ids)))
    _keep(Counter((Counted.INCIDENTS.value, day.year, term_id) for day, term_id in rows))


def keep_late_collections(child_ids: Sequence[int]) -> None:
    """Count how often these children were collected late, whose custody is about to go."""
    terms = select(Enrolment.term_id).where(Enrolment.child_id.in_(child_ids)).distinct()
    found: Counter[Key] = Counter()
    for term_id in db.session.scalars(terms.order_by(Enrolment.term_id)).all():
        days = db.session.scalars(select(TermDay).where(TermDay.term_id == term_id)).all()
        for late in figures.late_collections(days):
            if late.child.id in child_ids:
                found[Counted.LATE.value, late.on.year, term_id] += 1
    _keep(found)


def keep_consents(ids: Sequence[int]) -> None:
    """Count what guardians agreed to, refused and took back, which is about to go."""
    rows = db.session.scalars(select(ChildConsent).where(ChildConsent.id.in_(ids)))
    _keep_said((each.purpose, each) for each in rows)


def keep_agreements(ids: Sequence[int]) -> None:
    """Count what these collectors answered when they were asked for a photo, which is about to go."""
    rows = db.session.scalars(select(CollectorAgreement).where(CollectorAgreement.collector_id.in_(ids)))
    _keep_said((Purpose.COLLECTOR_PHOTO, each) for each in rows)


def _keep_said(said: Iterable[tuple[Purpose, ChildConsent | CollectorAgreement]]) -> None:
    found: Counter[Key] = Counter()
    for purpose, row in said:
        found[consents_as(purpose, "given" if row.is_given else "refused"), local_date(row.at).year, None] += 1
        if row.is_given and row.revoked_at is not None:
            found[consents_as(purpose, "taken_back"), local_date(row.revoked_at).year, None] += 1
    _keep(found)


def _keep(found: Counter[Key]) -> None:
    db.session.add_all(
        CareCount(what=what, year=year, term_id=term_id, how_many=number)
        for (what, year, term_id), number in sorted(found.items(), key=str)
    )
    db.session.flush()
