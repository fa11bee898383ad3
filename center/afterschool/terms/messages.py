"""Who is told of a term: every guardian of a child who has a place or waits for one, once, however many children."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import Term, TermDay
from center.afterschool.terms import news
from center.kernel.db import db
from center.kernel.i18n import format_day, in_language, local_date
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import Kind, say_desk
from center.people.acting import guards_on
from center.people.models import Guardianship, Person
from center.rooms.labels import WEEKDAYS
from center.signups.models import LIVE, SignUp


def tell_day_added(day: TermDay, *, now: datetime) -> None:
    """A term takes place on one more day."""
    facts = {"when": lambda: format_day(day.on_date, with_year=False)}
    _tell(day.term, news.TERM_DAY_ADDED, f"day:{day.on_date}:{day.session_id}", facts, now=now)


def tell_weekday(day: TermDay, *, now: datetime) -> None:
    """A day counts as another weekday than before."""
    facts = {
        "when": lambda: format_day(day.on_date, with_year=False),
        "weekday": lambda: str(WEEKDAYS[day.counts_as]),
    }
    _tell(day.term, news.TERM_WEEKDAY_CHANGED, f"weekday:{day.on_date}:{now.timestamp()}", facts, now=now)


def tell_rules(term: Term, version: int, *, now: datetime) -> None:
    """The rules of a term have another version."""
    _tell(term, news.TERM_RULES_CHANGED, f"rules:{version}", {"version": str(version)}, now=now)


def families_of(term: Term, *, now: datetime) -> list[Person]:
    """Every guardian today of a child who has a place in a term, or waits for one."""
    query = (
        select(Person)
        .join(Guardianship, Guardianship.guardian_id == Person.id)
        .join(Enrolment, Enrolment.child_id == Guardianship.child_id)
        .join(SignUp, SignUp.id == Enrolment.sign_up_id)
        .where(
            Enrolment.term_id == term.id,
            Enrolment.ended_at.is_(None),
            SignUp.state.in_(LIVE),
            guards_on(local_date(now)),
        )
        .distinct()
        .order_by(Person.id)
    )
    return list(db.session.scalars(query))


def _tell(term: Term, kind: Kind, what: str, facts: Mapping[str, Any], *, now: datetime) -> None:
    about = f"term:{term.id}"
    said = {"title": lambda: in_language(term.name, term.name_en), "desk": say_desk, **facts}
    for reader in families_of(term, now=now):
        outbox.tell(
            reader, kind, key=f"{about}:{what}:{reader.id}", facts=said, now=now, about=f"{about}:{what}",
            path=path_to("after_school.term", term_id=term.id),
        )  # fmt: skip
