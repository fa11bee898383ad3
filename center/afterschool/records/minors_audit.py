"""The yearly audit of minors' data: numbers that count rows, and never a name of a child. Due on 31 January."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, distinct, func, select, true

from center.afterschool.models.care import Alarm, Incident
from center.afterschool.models.collector_photos import CollectorAgreement, CollectorPhoto
from center.afterschool.models.consents import ChildConsent, ChildPhoto, HealthNote, Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.retention import DeletedWhy, DeletionAsk, DeletionProof
from center.afterschool.models.staff import CareDuty, ChildAccess, StaffCheck
from center.afterschool.models.terms import Term, TermDay
from center.afterschool.places import consents
from center.afterschool.records import care_counts
from center.afterschool.records.audit_news import AUDIT_DUE
from center.afterschool.records.care_counts import Counted, consents_as
from center.afterschool.rights.on_call import directors
from center.afterschool.words import TEXTS
from center.kernel.access_log import SEEN, AccessEvent
from center.kernel.db import db, transaction
from center.kernel.i18n import centre_zone, format_day, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.site import path_to
from center.kernel.sweeps import Sweep
from center.notices import outbox
from center.notices.models import Notice
from center.people.models import Person

YOUNG, GROWN = 14, 18
REMINDED_ON = ((1, 1), (1, 24))  # of January: when directors are told that it is due
DUE = (1, 31)


@dataclass(frozen=True)
class Section:
    """One part of the pack: a title, and numbers with what they count."""

    title: Any
    rows: Sequence[tuple[Any, int]]


def due_on(year: int) -> date:
    """When the audit of a year has to be handed in."""
    return date(year + 1, *DUE)


def pack(year: int) -> list[Section]:
    """The audit of a year."""
    since, until = (datetime(each, 1, 1, tzinfo=centre_zone()) for each in (year, year + 1))
    return [
        _children(year),
        *_consents(year, since, until),
        _looks(since, until),
        _deletions(since, until),
        _staff(year, since, until),
        _happened(year),
    ]


def _children(year: int) -> Section:
    enrolled = (
        select(Enrolment.child_id)
        .join(Enrolment.term)
        .where(Term.first_on <= date(year, 12, 31), Term.last_on >= date(year, 1, 1))
    )
    of = select(func.count()).select_from(Person).where(Person.id.in_(enrolled))
    rows = [
        (_l("Under 14"), _count(of.where(Person.birth_year > year - YOUNG))),
        (_l("From 14 to 18"), _count(of.where(Person.birth_year.between(year - GROWN, year - YOUNG)))),
        (_l("Year of birth not known"), _count(of.where(Person.birth_year.is_(None)))),
        (_l("With something kept of their health"), _count(select(func.count(distinct(HealthNote.child_id))))),
        (_l("With a photo"), _count(select(func.count()).select_from(ChildPhoto))),
        (_l("Photos of those who collect them"), _count(select(func.count()).select_from(CollectorPhoto))),
    ]
    return Section(_l("Children whose data we kept"), rows)


def _consents(year: int, since: datetime, until: datetime) -> list[Section]:
    found = []
    said: list[tuple[Purpose, type[ChildConsent | CollectorAgreement], ColumnElement[bool]]] = [
        *((each, ChildConsent, ChildConsent.purpose == each) for each in consents.PURPOSES),
        (Purpose.COLLECTOR_PHOTO, CollectorAgreement, true()),
    ]
    for purpose, kept, is_it in said:
        of = select(func.count()).select_from(kept).where(is_it)
        asked = of.where(kept.at >= since, kept.at < until)
        taken_back = of.where(kept.is_given, *_between(kept.revoked_at, since, until))
        live = {
            "given": (_l("Consents given"), asked.where(kept.is_given)),
            "refused": (_l("Refused"), asked.where(~kept.is_given)),
            "taken_back": (_l("Taken back"), taken_back),
        }
        rows = [
            (title, _count(query) + care_counts.of_year(consents_as(purpose, what), year))
            for what, (title, query) in live.items()
        ]
        found.append(Section(_l("Purpose: %(purpose)s", purpose=TEXTS[purpose]), rows))
    return found


def _looks(since: datetime, until: datetime) -> Section:
    children = select(Enrolment.child_id)
    of = (AccessEvent.person_id.in_(children), AccessEvent.kind.in_(SEEN), *_between(AccessEvent.at, since, until))
    rows = [
        (_l("Looks that were written down"), _count(select(func.count()).select_from(AccessEvent).where(*of))),
        (_l("People who looked"), _count(select(func.count(distinct(AccessEvent.by_id))).where(*of))),
        (_l("Children who were looked at"), _count(select(func.count(distinct(AccessEvent.person_id))).where(*of))),
    ]
    return Section(_l("Accesses"), rows)


def _deletions(since: datetime, until: datetime) -> Section:
    gone = select(func.coalesce(func.sum(DeletionProof.how_many), 0)).where(*_between(DeletionProof.at, since, until))
    asks = select(func.count()).select_from(DeletionAsk)
    decided = asks.where(*_between(DeletionAsk.decided_at, since, until))
    rows = [
        (_l("Rows deleted on time"), _count(gone.where(DeletionProof.why == DeletedWhy.TIME))),
        (_l("Rows deleted because a guardian asked"), _count(gone.where(DeletionProof.why == DeletedWhy.ASKED))),
        (_l("Asked by guardians"), _count(asks.where(*_between(DeletionAsk.asked_at, since, until)))),
        (_l("Agreed"), _count(decided.where(DeletionAsk.is_granted.is_(True)))),
        (_l("Refused"), _count(decided.where(DeletionAsk.is_granted.is_(False)))),
    ]
    return Section(_l("Deletions"), rows)


def _staff(year: int, since: datetime, until: datetime) -> Section:
    duty = select(func.count(distinct(CareDuty.person_id))).join(CareDuty.day)
    first, last = date(year, 1, 1), date(year, 12, 31)
    checks = select(func.count()).select_from(StaffCheck)
    rows = [
        (_l("People on duty"), _count(duty.where(TermDay.on_date >= first, TermDay.on_date <= last))),
        (
            _l("Let by the director for a reason and a time"),
            _count(
                select(func.count()).select_from(ChildAccess).where(*_between(ChildAccess.granted_at, since, until))
            ),
        ),
        (_l("Checks recorded"), _count(checks.where(*_between(StaffCheck.recorded_at, since, until)))),
    ]
    return Section(_l("Authorised staff"), rows)


def _happened(year: int) -> Section:
    first, last = date(year, 1, 1), date(year, 12, 31)
    incidents = select(func.count()).select_from(Incident).where(Incident.on_date >= first, Incident.on_date <= last)
    alarms = select(func.count()).select_from(Alarm).where(Alarm.on_date >= first, Alarm.on_date <= last)
    rows = [
        (_l("Incidents"), _count(incidents) + care_counts.of_year(Counted.INCIDENTS, year)),
        (_l("Alarms"), _count(alarms) + care_counts.of_year(Counted.ALARMS, year)),
    ]
    return Section(_l("Incidents and alarms"), rows)


def _between(column: Any, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return column >= since, column < until


def _count(query: Select[Any]) -> int:
    return int(db.session.scalar(query) or 0)


def _reminders(now: datetime) -> list[int]:
    """Which of the two reminders is to be sent now, where it was not."""
    today = local_date(now)
    began = [n for n, day in enumerate(REMINDED_ON) if today >= date(today.year, *day)]
    number = max(began)
    told = select(Notice.id).where(Notice.about == _about(today.year - 1, number)).limit(1)
    is_told = db.session.scalar(told) is not None
    return [] if is_told or today > due_on(today.year - 1) else [number]


def _remind(number: int, now: datetime) -> None:
    with transaction():
        year = local_date(now).year - 1
        for each in directors(local_date(now)):
            facts = {"title": str(year), "until": lambda: format_day(due_on(year))}
            outbox.tell(
                each.person, AUDIT_DUE, key=_key(year, number, each.person), facts=facts,
                about=_about(year, number), path=path_to("classroom.minors_audit", year=year), now=now,
            )  # fmt: skip


def _about(year: int, number: int) -> str:
    return f"minors_audit:{year}:{number}"


def _key(year: int, number: int, director: Person) -> str:
    return f"{_about(year, number)}:{director.id}"


SWEEPS = (Sweep("audit of minors' data", _reminders, _remind, every=600.0),)
