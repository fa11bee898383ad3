"""What the demonstration's children did: yesterday is over, today is as far as its hour.

Yesterday has all of its custody, a child collected late, a change by telephone after the cut-off, and an incident.
Today's list is open once school is out; before that it waits, with a leave and a collector named for the day.
"""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from center.afterschool.custody import ledger
from center.afterschool.custody.ledger import HolderSaid
from center.afterschool.days import opening
from center.afterschool.models.care import DayNote, DayNoteKind
from center.afterschool.models.custody import CheckedBy, Holder, RoomCheck
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Collector, Different, PlanChange
from center.afterschool.models.staff import CareDuty
from center.afterschool.models.terms import TermDay
from center.afterschool.records import incidents
from center.afterschool.records.incidents import Happened, Told
from center.afterschool.staff import staffing
from center.demo.scene import Scene
from center.people.models import Person

UNREACHED = "19900009999"


@dataclass(frozen=True)
class Programme:
    """A term's days and children, and two of the staff."""

    days: Sequence[TermDay]
    enrolments: Sequence[Enrolment]
    tutor: Person
    second: Person


def tell_days(programme: Programme, scene: Scene, *, chance: random.Random) -> None:
    """Write down what was so yesterday, and what is so today at this hour."""
    told = _Days(programme, scene, chance)
    told.yesterday()
    told.today()


class _Days:
    def __init__(self, programme: Programme, scene: Scene, chance: random.Random) -> None:
        self.programme, self.scene, self.session, self.chance = programme, scene, scene.session, chance

    def yesterday(self) -> None:
        """The last day before today, from school to the empty room; one child late, one change after the cut-off."""
        day = max(
            (each for each in self.programme.days if each.on_date < self.scene.today), key=lambda each: each.on_date
        )
        at = partial(self.scene.at, day.on_date)
        self._change(day, self.programme.enrolments[4], Different.COLLECTOR, at(16, 5), after=True)
        self._change(day, self.programme.enrolments[8], Different.LEAVE, at(9, 20))
        self._staff_comes(day, at(15, 10))
        opening.open_day(day, by=self.programme.tutor, now=at(15, 20))
        coming = [each for n, each in enumerate(self.programme.enrolments) if n != 8]
        for n, enrolment in enumerate(coming):
            came = at(15, 50) + timedelta(seconds=25 * n)
            self._say(day, enrolment, Holder.ROOM, came, brought_by="staff")
            facts = {"enrolment_id": enrolment.id, "on_date": day.on_date, "kind": DayNoteKind.HOMEWORK, "words": ""}
            by = {"by_id": self.programme.tutor.id, "at": at(17, 20)}
            self.session.add(DayNote(**facts, **by, is_done=n % 5 != 0))
        self._hurt(self.programme.enrolments[10], at(16, 40))
        self._all_go(day, coming)
        looked = {"first_id": self.programme.tutor.id, "second_id": self.programme.second.id}
        self.session.add(RoomCheck(day_id=day.id, what="room", at=at(18, 30), **looked))
        self.session.flush()
        opening.close_day(day, by=self.programme.tutor, now=at(18, 35))

    def _hurt(self, hurt: Enrolment, at: datetime) -> None:
        happened = Happened(at=at, place="活动区", what="跑动时摔倒，膝盖擦破", done="清洗、消毒、贴创可贴")
        tutor, soon = self.programme.tutor, at + timedelta(minutes=5)
        incident = incidents.record(hurt.child, happened, by=tutor, now=soon)
        incidents.write_told(incident, hurt.applied_by, Told.PHONE, words="已致电说明", by=tutor, now=soon)

    def _all_go(self, day: TermDay, coming: Sequence[Enrolment]) -> None:
        for n, enrolment in enumerate(coming):
            late, at = n == len(coming) - 1, partial(self.scene.at, day.on_date)
            went = at(18, 22) if late else at(17, 5) + timedelta(seconds=75 * n)
            of_child = select(Collector).where(Collector.child_id == enrolment.child_id).order_by(Collector.id)
            who = {"collector": self.session.scalars(of_child).first(), "second": self.programme.second}
            known = {"checked_by": CheckedBy.KNOWN, "child_agreed": True}
            self._say(day, enrolment, Holder.COLLECTOR, went, **who, **known)

    def today(self) -> None:
        """What is so already at this hour."""
        day = next((each for each in self.programme.days if each.on_date == self.scene.today), None)
        if day is None:  # a public holiday
            return
        now, at = self.scene.now, partial(self.scene.at, self.scene.today)
        early = min(now, at(9, 30))
        self._change(day, self.programme.enrolments[2], Different.LEAVE, early)
        self._change(day, self.programme.enrolments[0], Different.COLLECTOR, early, seen=False)
        if now >= at(15, 5):
            self._change(day, self.programme.enrolments[7], Different.COLLECTOR, at(15, 5), after=True, seen=False)
        if now < at(15, 30):
            return
        self._staff_comes(day, at(15, 20))
        opening.open_day(day, by=self.programme.tutor, now=at(15, 30))
        for n, enrolment in enumerate(each for k, each in enumerate(self.programme.enrolments) if k not in {2, 9}):
            came = at(15, 52) + timedelta(seconds=25 * n)
            if came <= now:
                self._say(day, enrolment, Holder.ROOM, came, brought_by="staff")

    def _staff_comes(self, day: TermDay, at: datetime) -> None:
        on_duty = select(CareDuty).where(CareDuty.day_id == day.id).order_by(CareDuty.id)
        for duty in self.session.scalars(on_duty):
            staffing.come(duty, by=duty.person, now=at)

    def _say(self, day: TermDay, enrolment: Enrolment, holder: Holder, at: datetime, **facts: Any) -> None:
        said = HolderSaid(
            holder=holder,
            by=self.programme.tutor,
            at=at,
            now=at,
            on_date=day.on_date,
            day=day,
            care_class=enrolment.care_class,
            sent=ledger.Sent(nonce=str(uuid.UUID(int=self.chance.getrandbits(128), version=4))),
            **facts,
        )
        ledger.record(enrolment.child, said)

    def _change(
        self,
        day: TermDay,
        enrolment: Enrolment,
        what: Different,
        at: datetime,
        *,
        after: bool = False,
        seen: bool = True,
    ) -> None:
        collector = None
        if what is Different.COLLECTOR:
            who = {"name": f"{enrolment.child.name[0]}爷爷", "relation": "爷爷", "phone": "19900009001"}
            when = {"starts_on": day.on_date, "ends_on": day.on_date, "named_at": at}
            collector = Collector(child_id=enrolment.child_id, named_by_id=enrolment.applied_by_id, **who, **when)
            self.session.add(collector)
            self.session.flush()
        guardian = enrolment.applied_by
        number = (guardian.phone or UNREACHED) if after else ""
        self.session.add(
            PlanChange(
                enrolment_id=enrolment.id,
                on_date=day.on_date,
                what=what,
                by_id=guardian.id,
                at=at,
                collector_id=collector.id if collector else None,
                is_after_cut_off=after,
                recorded_by_id=self.programme.tutor.id if after else guardian.id,
                rang_from=number,
                rang_back=number,
                acknowledged_at=at + timedelta(minutes=4) if seen else None,
                acknowledged_by_id=self.programme.tutor.id if seen else None,
            )
        )
        self.session.flush()
