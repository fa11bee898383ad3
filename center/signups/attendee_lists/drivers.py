"""Naming who picks people up. Never commits."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select

from center.activities.history import Before
from center.activities.models import Session
from center.activities.words import where
from center.kernel.db import db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import format_span, in_language
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import Kind, reason_facts, say_desk
from center.people.models import Person
from center.signups.attendee_lists.queries import drivers_of, may_drive
from center.signups.messages import said_before
from center.signups.models.attendee_lists import Driver
from center.signups.news import drivers as news


def name_driver(session: Session, person_id: int, *, by: Person, now: datetime) -> Driver:
    """Let somebody pick people up for a session; they hear of it. Twice is once."""
    lock(session)
    person = next((each for each in may_drive(session, now=now) if each.id == person_id), None)
    if person is None:
        raise RuleBroken(_l("Please choose one of the members or volunteers."), field="person")
    query = select(Driver).where(Driver.session_id == session.id, Driver.person_id == person_id)
    driver = db.session.scalar(query)
    if driver is not None:
        return driver
    driver = Driver(session_id=session.id, person_id=person_id, named_by_id=by.id, named_at=now)
    db.session.add(driver)
    db.session.flush()
    log.info("driver_named", session=session.id, person=person_id, by=by.id)
    _tell(session, person, news.DRIVER, now=now)
    return driver


def take_back(driver: Driver, *, by: Person, now: datetime) -> None:
    """They no longer pick people up, see no address any more, and hear of it while it is ahead."""
    session, person = driver.session, driver.person
    log.info("driver_taken_back", session=driver.session_id, person=driver.person_id, by=by.id)
    db.session.delete(driver)
    db.session.flush()
    if session.is_scheduled and session.ends_at > now:
        _tell(session, person, news.TAKEN_BACK, now=now)


def tell_drivers(
    session: Session,
    kind: Kind,
    *,
    now: datetime,
    reason: str = "",
    before: Before | None = None,
    not_before: datetime | None = None,
    only: Collection[int] | None = None,
) -> None:
    """Tell whoever picks people up for a session, or `only` some (by id), that it moved or is called off."""
    facts = {**reason_facts(reason), "was": lambda: said_before(before)}
    for driver in drivers_of(session):
        if only is None or driver.person_id in only:
            _tell(session, driver.person, kind, now=now, not_before=not_before, **facts)


def about_drivers(session: Session) -> str:
    """How the outbox names who picks people up for a session."""
    return f"driver:{session.id}"


def _tell(
    session: Session, person: Person, kind: Kind, *, now: datetime, not_before: datetime | None = None, **more: Any
) -> None:
    activity = session.activity
    organisation = activity.organisation
    outbox.tell(
        person,
        kind,
        key=f"driver:{session.id}.{session.sequence}:{person.id}:{kind.code}:{now:%Y%m%dT%H%M%S%fZ}",
        facts={
            "title": lambda: in_language(activity.title, activity.title_en),
            "organisation": lambda: in_language(organisation.name, organisation.name_en),
            "when": lambda: format_span(session.starts_at, session.ends_at),
            "where": lambda: where(session),
            "desk": say_desk,
            **more,
        },
        path=path_to("signups.pick_ups", slug=activity.slug, date_id=session.id),
        about=about_drivers(session),
        until=session.starts_at,
        not_before=not_before,
        now=now,
    )
