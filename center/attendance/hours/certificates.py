"""Certificates of hours (志愿服务时长证明): made, found by their number, and whether they still hold. Never commits."""

import secrets
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from center.activities.models import Activity, Session
from center.attendance.hours import queries, rules
from center.attendance.models.hours import CertifiedShift, HourCertificate, Shift, ShiftState
from center.kernel.db import db, lock, must_find
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.people.models import Person

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # 32 that nobody mistakes for another
LENGTH = 20  # of them: 100 random bits
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def issue(
    person: Person, organisation_id: int | None, first_on: date, last_on: date, *, by: Person, now: datetime
) -> HourCertificate:
    """A certificate of what is certified between two days; the one there is where it sums up the same shifts.

    Raises RuleBroken where nothing is.
    """
    lock(person)
    if last_on < first_on:
        raise RuleBroken(_l("The last day is before the first day."), field="last_on")
    shifts = queries.certified_of(person.id, first_on, last_on, organisation_id)
    if not shifts:
        raise RuleBroken(_l("No hours are certified between these days."), field="first_on")
    for known in _of(person.id, organisation_id, first_on, last_on):
        if {each.shift_id for each in known.lines} == {each.id for each in shifts}:
            return known
    made = HourCertificate(
        number=new_number(), person_id=person.id, organisation_id=organisation_id, first_on=first_on,
        last_on=last_on, minutes=sum_of(shifts), made_at=now, made_by_id=by.id,
        lines=[CertifiedShift(shift_id=each.id) for each in shifts],
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    log.info("hours_certificate_made", certificate=made.id, person=person.id, by=by.id)
    return made


def find(number: str) -> HourCertificate | None:
    """The certificate with this number, however it was typed, with its shifts."""
    query = select(HourCertificate).where(HourCertificate.number == tidy_number(number))
    shift = selectinload(HourCertificate.lines).joinedload(CertifiedShift.shift)
    activity = shift.joinedload(Shift.session).joinedload(Session.activity).joinedload(Activity.organisation)
    return db.session.scalar(
        query.options(
            activity,
            shift.joinedload(Shift.certified_by),
            joinedload(HourCertificate.person),
            joinedload(HourCertificate.organisation),
        )
    )


def get(number: str) -> HourCertificate:
    """The same; raises NotFound."""
    return must_find(find(number), _l("There is no certificate with this number."))


def of_person(person_id: int) -> Sequence[HourCertificate]:
    """Somebody's certificates, the latest first."""
    query = select(HourCertificate).where(HourCertificate.person_id == person_id)
    whole = query.options(joinedload(HourCertificate.organisation))
    return db.session.scalars(whole.order_by(HourCertificate.id.desc())).all()


def holds(certificate: HourCertificate) -> bool:
    """Whether every hour on it is still certified; what was corrected or refused since makes it void."""
    return all(each.shift.state is ShiftState.CERTIFIED for each in certificate.lines)


def sum_of(shifts: Sequence[Shift]) -> int:
    """How many minutes they are together."""
    return sum(rules.minutes_between(each.in_at, each.out_at) for each in shifts)


def new_number() -> str:
    """A number that nobody guesses."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def tidy_number(typed: str) -> str:
    """A number as it is kept, from what somebody typed off the paper."""
    plain = unicodedata.normalize("NFKC", typed[:100]).upper().translate(READ_AS)
    return "".join(each for each in plain if each in LETTERS)[: LENGTH + 1]


def in_groups(number: str) -> str:
    """A number as it is printed: in fours."""
    return "-".join(number[n : n + 4] for n in range(0, len(number), 4))


def _of(person_id: int, organisation_id: int | None, first_on: date, last_on: date) -> Sequence[HourCertificate]:
    query = select(HourCertificate).where(
        HourCertificate.person_id == person_id,
        HourCertificate.organisation_id.is_not_distinct_from(organisation_id),
        HourCertificate.first_on == first_on,
        HourCertificate.last_on == last_on,
    )
    return db.session.scalars(query.options(selectinload(HourCertificate.lines))).all()
