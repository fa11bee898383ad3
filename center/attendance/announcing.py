"""A lead writes to those of a session: everybody who signed up, who is missing, or who came. Never commits."""

import enum
import hashlib
from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import ColumnElement, exists, func, select

from center.activities.models import Activity, Session
from center.activities.words import where
from center.attendance import news
from center.attendance.models import CAME, Status
from center.attendance.queries import RegisterLine, roll_of
from center.kernel.db import db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import centre_zone, format_span, in_language, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.kernel.site import path_to
from center.notices import outbox, telling
from center.notices.kinds import say_desk
from center.notices.models import Notice
from center.notices.telling import HowTold, Told
from center.people.acting import hearers_for
from center.people.models import Person
from center.signups.message_facts import readers_of

MOST_A_DAY = 2  # messages of one activity
MOST_LETTERS = 300


class To(enum.StrEnum):
    """Whom a lead writes to."""

    EVERYBODY = "everybody"
    MISSING = "missing"
    CAME = "came"


def audiences(session: Session, *, now: datetime) -> dict[To, list[RegisterLine]]:
    """Of whom each group is made now; who is missing and who came only once it has begun."""
    lines = [each for each in roll_of(session) if each.person.erased_at is None]
    found = {To.EVERYBODY: lines}
    if session.starts_at <= now:
        gone = (Status.EXPECTED, Status.ABSENT)
        found[To.MISSING] = [each for each in lines if each.status in gone]
        found[To.CAME] = [each for each in lines if each.status in CAME]
    return found


def readers(lines: Sequence[RegisterLine], *, now: datetime) -> list[Person]:
    """Who hears of it for them, each once: themselves, or who answers or acts for them."""
    found: dict[int, Person] = {}
    signed = [each.sign_up for each in lines if each.sign_up is not None]
    for _sign_up, people in readers_of(signed, now=now):
        found |= {each.id: each for each in people}
    for each in lines:
        if each.sign_up is None:
            found |= {hearer.id: hearer for hearer in hearers_for(each.person, on=local_date(now))}
    return list(found.values())


def how_told(lines: Sequence[RegisterLine], *, now: datetime) -> HowTold:
    """How a message would reach them, before it is written."""
    return telling.how_told((each, news.LEAD_MESSAGE) for each in readers(lines, now=now))


def write(session: Session, to: To, words: str, *, by: Person, now: datetime) -> int:
    """Tell them, each by their own way; returns how many. The same words on the same day are told once.

    Raises RuleBroken after two a day, or where nobody is to be told.
    """
    activity = session.activity
    lock(activity)
    people = readers(audiences(session, now=now).get(to, ()), now=now)
    if not people:
        raise RuleBroken(_l("Nobody is to be told."))
    about = _about(activity) + f"{session.id}:{local_date(now):%Y%m%d}:{_digest(to, words)}"
    if db.session.scalar(select(exists().where(Notice.about == about))):
        return len(people)
    if written_on(activity, now=now) >= MOST_A_DAY:
        raise RuleBroken(_l("Two messages of this activity were sent today. Please wait until tomorrow."))
    for person in people:
        outbox.tell(
            person,
            news.LEAD_MESSAGE,
            key=f"{about}:{person.id}",
            facts={
                "title": lambda: in_language(activity.title, activity.title_en),
                "organisation": lambda: in_language(activity.organisation.name, activity.organisation.name_en),
                "when": lambda: format_span(session.starts_at, session.ends_at),
                "where": lambda: where(session),
                "words": words,
                "desk": say_desk,
            },
            path=path_to("activities.show", slug=activity.slug),
            about=about,
            until=session.ends_at if session.ends_at > now else None,
            by=by,
            now=now,
        )
    log.info("lead_message", session=session.id, by=by.id, people=len(people), to=to.value)
    return len(people)


def written_on(activity: Activity, *, now: datetime) -> int:
    """How many messages of this activity were sent today."""
    midnight = datetime.combine(local_date(now), time(), centre_zone())
    query = select(func.count(func.distinct(Notice.about))).where(*_of(activity), Notice.recorded_at >= midnight)
    return db.session.scalar(query) or 0


def told_of(activity: Activity) -> Sequence[Told]:
    """How far the telling of an activity's messages has come, the latest first."""
    return telling.told_about(select(Notice.about).where(*_of(activity)))


def _about(activity: Activity) -> str:
    return f"lead_message:{activity.id}:"


def _digest(to: To, words: str) -> str:
    return hashlib.sha256(f"{to.value} {words}".encode()).hexdigest()[:16]


def _of(activity: Activity) -> tuple[ColumnElement[bool], ...]:
    return Notice.about.startswith(_about(activity), autoescape=True), Notice.kind == news.LEAD_MESSAGE.code
