"""Entries of the register are made, renewed and ended; a quarter is reported."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select

from center.incubator.models.registration import QuarterReport, Registration
from center.incubator.registration import rules
from center.incubator.registration.queries import count_quarter, entries_of, find_report
from center.incubator.registration.rules import Quarter
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.organisations.models import Organisation
from center.people.models import Person


@dataclass(frozen=True, kw_only=True)
class EntryFacts:
    """What the paper of the subdistrict says."""

    number: str
    starts_on: date
    founders: int
    members: int
    premises: str = ""


def enter(organisation: Organisation, facts: EntryFacts, *, by: Person, now: datetime) -> Registration:
    """Enter an organisation in the register, or renew its entry; it counts for three years.

    Raises RuleBroken for what the rules refuse, Conflict where the number is another's.
    """
    lock(organisation)
    before = entries_of(organisation.id)
    last = None
    if before:
        ended = before[0].ended_on
        last = ended if ended is not None else before[0].valid_until
    broken_rules(
        rules.entry_faults(
            starts_on=facts.starts_on,
            founders=facts.founders,
            members=facts.members,
            last=last,
            today=local_date(now),
        )
    )
    if db.session.scalar(select(Registration.id).where(Registration.number == facts.number)) is not None:
        raise Conflict(_l("Another entry has this number."), field="number")
    entry = Registration(
        organisation_id=organisation.id,
        valid_until=rules.last_day(facts.starts_on),
        entered_by_id=by.id,
        entered_at=now,
        why="",
        **asdict(facts),
    )
    db.session.add(entry)
    note(Act.REGISTRATION_RENEWED if before else Act.REGISTRATION_ENTERED, organisation, by=by)
    return entry


def end_entry(entry: Registration, *, on: date, why: str, by: Person, now: datetime) -> None:
    """Take an organisation off the register before its time, with a reason."""
    lock(entry)
    if entry.ended_on is not None:
        raise Conflict(_l("This entry was ended already."))
    if not why.strip():
        raise RuleBroken(_l("Please say why."), field="why")
    if not entry.starts_on <= on <= min(entry.valid_until, local_date(now)):
        raise RuleBroken(_l("This day lies outside the time in which the entry counts."), field="on")
    entry.ended_on, entry.why = on, why.strip()
    note(Act.REGISTRATION_ENDED, entry.organisation, by=by, reason=why.strip())


def report_quarter(
    organisation: Organisation, quarter: Quarter, *, text: str, by: Person, now: datetime
) -> QuarterReport:
    """Report a quarter: what the records count at this moment, and what is added in words.

    Raises RuleBroken before it is over. Reported again, the later one stands.
    """
    if local_date(now) <= quarter.last_on:
        words = _l("This quarter is over on %(day)s. It is reported after that.", day=quarter.last_on.isoformat())
        raise RuleBroken(words)
    lock(organisation)
    report = find_report(organisation.id, quarter)
    if report is None:
        report = QuarterReport(organisation_id=organisation.id, year=quarter.year, quarter=quarter.number)
    for name, value in asdict(count_quarter(organisation.id, quarter, now=now)).items():
        setattr(report, name, value)
    report.note, report.sent_by_id, report.sent_at = text, by.id, now
    db.session.add(report)
    db.session.flush()
    return report
