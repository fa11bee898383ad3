"""A day of the programme: a child in the room, two of the staff, and who may collect."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from center.afterschool.collectors import listing
from center.afterschool.collectors.listing import Adult
from center.afterschool.custody import ledger
from center.afterschool.custody.ledger import Sent
from center.afterschool.handing_over import arrivals
from center.afterschool.handing_over.saying import Saying, Verdict
from center.afterschool.handing_over.to_adults import Taking, hand_over
from center.afterschool.models.care import Alarm, AlarmKind
from center.afterschool.models.custody import Holder
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Collector
from center.afterschool.models.staff import DutyRole
from center.afterschool.models.terms import TermDay
from center.afterschool.plans import codes
from center.kernel import clock
from center.kernel.db import db, transaction
from center.notices.models import Notice
from center.people.models import Person, Role
from tests.afterschool.builders import make_child, make_duty
from tests.afterschool.custody_cases import collector_of, today
from tests.afterschool.plan_builders import enrol, term_from_today
from tests.builders import make_account, make_person


def do(act: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    """One act, in a transaction of its own."""
    with transaction():
        return act(*args, **facts)


@dataclass
class Scene:
    """A child who is enrolled for today, with a mother, a grandmother on the list, and two of the staff on duty."""

    mother: Person = field(default_factory=lambda: make_person(name="陈芳"))
    tutor: Person = field(default_factory=lambda: make_account(make_person(name="王老师"), roles=[Role.TUTOR]).person)
    helper: Person = field(default_factory=lambda: make_person(name="李老师"))
    director: Person = field(
        default_factory=lambda: make_account(make_person(name="周主任"), roles=[Role.DIRECTOR]).person
    )
    capacity: int = 40  # places of the term

    def __post_init__(self) -> None:
        self.enrolment: Enrolment = enrol(term_from_today(capacity=self.capacity), make_child(self.mother, name="小明"))
        self.child: Person = self.enrolment.child
        self.day: TermDay = self.enrolment.term.days[0]
        make_duty(self.day, self.tutor, role=DutyRole.RESPONSIBLE, is_owner=True)
        make_duty(self.day, self.helper)
        self.granny: Collector = collector_of(self.child, "李桂兰")

    def anew(self) -> None:
        """Read everybody again, whom opening a page in a browser has let go."""
        db.session.rollback()
        for name in ("mother", "tutor", "helper", "director", "enrolment", "child", "day", "granny"):
            row = getattr(self, name)
            setattr(self, name, db.session.get_one(type(row), row.id))

    def saying(self, *, by: Person | None = None, at: datetime | None = None, **facts: Any) -> Saying:
        """Something said now, of today, by the tutor."""
        now = facts.pop("now", None) or clock.now()
        known = {"day": self.day, "sent": Sent(nonce=str(uuid.uuid4()))}
        return Saying(by=by or self.tutor, now=now, on=today(), at=at, **{**known, **facts})

    def arrive(self, child: Person | None = None, **facts: Any) -> Verdict:
        """A child comes."""
        return do(arrivals.arrive, child or self.child, self.saying(**facts))

    def adult(self, name: str = "李桂兰", child: Person | None = None) -> Adult:
        """Somebody on the list of a child."""
        db.session.rollback()
        found = listing.may_collect(child or self.child, today())
        return next(each for each in found if each.name == name)

    def code(self, child: Person | None = None) -> str:
        """The code of today."""
        return do(codes.code_of, child or self.child, today(), by=self.mother, now=clock.now())

    def hand_over(self, saying: Saying | None = None, *, child: Person | None = None, **taking: Any) -> Verdict:
        """Hand the child to the grandmother, whom the helper knows, unless something else is said."""
        known: dict[str, Any] = {"child_agreed": True}
        if "adult" not in taking and "other_name" not in taking:
            known["adult"] = self.adult()
        if "second" not in taking and "code" not in taking:
            known["second"] = self.helper
        return do(hand_over, child or self.child, Taking(**{**known, **taking}), saying or self.saying())


def holder(child: Person) -> Holder | None:
    """Who holds a child now."""
    db.session.rollback()
    row = ledger.now_holding(child.id)
    return row.holder if row else None


def told(person: Person) -> list[str]:
    """The kinds of what somebody was told of children's days, in order."""
    db.session.rollback()
    query = select(Notice.kind).where(Notice.person_id == person.id, Notice.kind.startswith("after_school."))
    return list(db.session.scalars(query.order_by(Notice.id)))


def alarms() -> list[AlarmKind]:
    """The alarms that wait for an answer, but that there are too few adults: nobody said that they came."""
    db.session.rollback()
    query = select(Alarm.kind).where(Alarm.ended_at.is_(None), Alarm.kind != AlarmKind.RATIO)
    return list(db.session.scalars(query.order_by(Alarm.id)))
