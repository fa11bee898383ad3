"""What tests of plans need beside a term: a week, forms that were signed, who collects, staff with an account."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from center.afterschool.models.consents import ChildConsent, ConsentText, Means, Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Bar, BarLevel, Collector, Way, WayHome
from center.afterschool.models.terms import School, SchoolHours, Term
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.i18n import local_date
from center.people.models import Guardianship, Person, Role
from tests.afterschool.builders import make_checked, make_enrolment, make_term, set_hours
from tests.builders import LONG_AGO, make_account, make_person


def today() -> date:
    """The centre's date."""
    return local_date(clock.now())


def term_from_today(*, days: int = 5, **facts: Any) -> Term:
    """A term of today and the next days, whatever weekdays they are; its school ends at 15:30 on each."""
    on = [date.fromordinal(today().toordinal() + n) for n in range(days)]
    term = make_term(days=on, **facts)
    school_id = first_school(term)
    set_hours(term, db.session.get_one(School, school_id), weekdays=(5, 6))
    return term


def first_school(term: Term) -> int:
    """The school whose hours the term has."""
    query = db.select(SchoolHours.school_id).where(SchoolHours.term_id == term.id).limit(1)
    return db.session.scalars(query).one()


def enrol(
    term: Term | None = None,
    child: Person | None = None,
    *,
    weekdays: Iterable[int] = range(7),
    way: Way = Way.COLLECTED,
    **week: Any,
) -> Enrolment:
    """A child with a place who comes every day and goes home in this way."""
    enrolment = make_enrolment(term or term_from_today(), child)
    set_week(enrolment, weekdays, way=way, **week)
    return enrolment


def set_week(
    enrolment: Enrolment, weekdays: Iterable[int] = range(7), *, way: Way = Way.COLLECTED, **facts: Any
) -> None:
    """Let a child come on these weekdays."""
    with transaction() as session:
        for weekday in weekdays:
            session.add(WayHome(enrolment_id=enrolment.id, weekday=weekday, way=way, **facts))


def guardians(child: Person) -> list[Person]:
    """A child's guardians, in the order in which they were named."""
    query = db.select(Person).join(Guardianship, Guardianship.guardian_id == Person.id)
    return list(db.session.scalars(query.where(Guardianship.child_id == child.id).order_by(Guardianship.id)))


def make_consent(child: Person, purpose: Purpose, *, is_given: bool = True, by: Person | None = None) -> ChildConsent:
    """That a guardian agreed or refused."""
    now, by = clock.now(), by or guardians(child)[0]
    with transaction() as session:
        words = session.scalars(db.select(ConsentText).where(ConsentText.purpose == purpose)).first()
        if words is None:
            words = ConsentText(purpose=purpose, version=1, words="我同意。", published_at=now)
            session.add(words)
            session.flush()
        who = {"by_id": by.id, "recorded_by_id": by.id, "means": Means.ACCOUNT, "at": now}
        row = ChildConsent(child_id=child.id, purpose=purpose, text_id=words.id, is_given=is_given, **who)
        session.add(row)
    return row


def make_collector(child: Person, name: str = "李奶奶", **facts: Any) -> Collector:
    """An adult who may collect a child, whom staff have seen."""
    now, by = clock.now(), guardians(child)[0]
    known = {
        "child_id": child.id, "name": name, "relation": "奶奶", "phone": "19900009999", "starts_on": LONG_AGO,
        "named_by_id": by.id, "named_at": now, "verified_at": now, "verified_by_id": by.id,
    }  # fmt: skip
    return _add(Collector(**{**known, **facts}))


def make_bar(child: Person, name: str, *, level: BarLevel = BarLevel.DENY, **facts: Any) -> Bar:
    """That somebody may not collect a child, or that the director is asked first."""
    known = {"document": "（2026）鄂0107民初1号", "set_by_id": child.id, "set_at": clock.now() - timedelta(minutes=1)}
    return _add(Bar(child_id=child.id, level=level, name=name, **{**known, **facts}))


def make_carer(*roles: Role, **facts: Any) -> Person:
    """Somebody with an account as tutor (or in other roles), who has shown what staff have to show."""
    return make_checked(make_account(make_person(**facts), roles=roles or (Role.TUTOR,)).person)


def _add(row: Any) -> Any:
    with transaction() as session:
        session.add(row)
    return row
