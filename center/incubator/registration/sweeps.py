"""Leads are reminded of a renewal and of a quarter's figures, once each."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, literal, select

from center.incubator.models.registration import QuarterReminder, QuarterReport, Registration
from center.incubator.registration import news, rules
from center.incubator.registration.queries import entries_of, reports_quarters
from center.incubator.registration.rules import REMINDED_FROM_DAY, WARNED_BEFORE, Quarter
from center.kernel.db import db, lock, transaction
from center.kernel.i18n import format_day, in_language, local_date
from center.kernel.site import path_to
from center.kernel.sweeps import Sweep
from center.notices import outbox
from center.notices.kinds import Kind, say_desk
from center.organisations.models import Organisation
from center.organisations.queries import leads_of

SOME = 50
EVERY = 3600.0


def _to_renew(now: datetime) -> Sequence[int]:
    today = local_date(now)
    query = select(Registration.id).where(
        Registration.warned_at.is_(None),
        Registration.ended_on.is_(None),
        Registration.valid_until >= today,
        Registration.valid_until <= today + WARNED_BEFORE,
    )
    return db.session.scalars(query.order_by(Registration.valid_until, Registration.id).limit(SOME)).all()


def _warn(registration_id: int, now: datetime) -> None:
    """One that a later one follows runs out without a word."""
    with transaction() as session:
        entry = session.get_one(Registration, registration_id)
        lock(entry)
        if entry.warned_at is not None or entry.ended_on is not None:
            return
        entry.warned_at = now
        if entries_of(entry.organisation_id)[0].id != entry.id:
            return
        facts = {
            "until": lambda: format_day(entry.valid_until),
            "due": lambda: format_day(rules.renew_by(entry.valid_until)),
            "desk": say_desk,
        }
        _tell(entry.organisation, news.RENEW, facts, key=f"registration:{entry.id}", now=now)


def _to_report(now: datetime) -> Sequence[int]:
    """Nothing before the tenth day of a quarter's first month, and nothing once the day is past."""
    today = local_date(now)
    quarter = rules.to_report(today)
    done = [_of_quarter(model, quarter).exists() for model in (QuarterReport, QuarterReminder)]
    query = select(Organisation.id).where(reports_quarters(), ~done[0], ~done[1], literal(_is_time(today, quarter)))
    return db.session.scalars(query.order_by(Organisation.id)).all()


def _remind(organisation_id: int, now: datetime) -> None:
    with transaction() as session:
        organisation = session.get_one(Organisation, organisation_id)
        lock(organisation)
        if organisation_id not in _to_report(now):
            return
        quarter = rules.to_report(local_date(now))
        session.add(QuarterReminder(organisation_id=organisation_id, year=quarter.year, quarter=quarter.number, at=now))
        facts = {"due": lambda: format_day(quarter.due_on)}
        _tell(organisation, news.QUARTER, facts, key=f"quarter:{organisation_id}:{quarter}", now=now)


def _of_quarter(model: type[QuarterReport | QuarterReminder], quarter: Quarter) -> Select[int]:
    return select(model.id).where(
        model.organisation_id == Organisation.id, model.year == quarter.year, model.quarter == quarter.number
    )


def _tell(organisation: Organisation, kind: Kind, facts: dict[str, Any], *, key: str, now: datetime) -> None:
    said = {"organisation": lambda: in_language(organisation.name, organisation.name_en), **facts}
    path = path_to("posting.registration", slug=organisation.slug)
    for lead in leads_of(organisation.id, on=local_date(now)):
        outbox.tell(lead, kind, key=f"{key}:{lead.id}", facts=said, about=key, path=path, now=now)


def _is_time(today: date, quarter: Quarter) -> bool:
    return quarter.due_on.replace(day=REMINDED_FROM_DAY) <= today <= quarter.due_on


SWEEPS = (
    Sweep("registrations_to_renew", _to_renew, _warn, every=EVERY),
    Sweep("quarters_to_report", _to_report, _remind, every=EVERY),
)
