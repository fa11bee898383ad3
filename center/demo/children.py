"""The demonstration's after-school programme: a running term with forty invented children, and who cares for them."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from center.activities import actions as activities
from center.activities.models import Session, SessionState
from center.afterschool.models.consents import AlertLevel, HealthNote, Means, Purpose
from center.afterschool.models.enrolments import CallOrder, Enrolment, PriorityClaim
from center.afterschool.models.plans import Bar, BarLevel, Collector, Way, WayHome
from center.afterschool.models.priorities import Priority
from center.afterschool.models.staff import CareDuty, CheckKind, DutyRole, StaffCheck
from center.afterschool.models.terms import CareClass, School, SchoolHours, Term, TermDay, TermRules, TermState, Topic
from center.afterschool.places import consents
from center.afterschool.places.consents import Hand
from center.afterschool.terms import making, rulebook
from center.afterschool.terms.making import TermFacts
from center.demo.bookings import references_by
from center.demo.children_days import Programme, tell_days
from center.demo.population import Resident
from center.demo.scene import Scene
from center.demo.source import centre
from center.kernel.i18n import local_date
from center.people.acting import Ground
from center.people.models import Person
from center.premises.models import DayKind
from center.premises.queries import calendar_days
from center.rooms import ledger
from center.rooms.models import UseKind
from center.signups.models import Audience, Channel, Mode, Pool, PoolKind, Roster, SignUp, SignUpGroup, SignUpState
from center.signups.models.attendee_lists import PlaceHeld
from center.signups.models.history import SignUpChange, SignUpEvent

SATURDAY = 5
ROOM, CHILDREN = "R04", 40
OPENS, CLOSES, CUT_OFF, FINISHES = time(15, 30), time(18), time(15), time(15, 40)
BEFORE, AHEAD = timedelta(days=21), timedelta(days=28)
AGES = range(7, 12)


def taken_hours(on: date, today: date) -> tuple[int, int] | None:
    """From which minute until which the programme has its room on a day; None where it does not."""
    if on not in _days_of_term(today):
        return None
    return OPENS.hour * 60 + OPENS.minute, CLOSES.hour * 60 + CLOSES.minute + 15


def look_after_children(scene: Scene) -> None:
    """A term of forty children, with what happened yesterday and what is so today."""
    _Making(scene).run()


@lru_cache(maxsize=4)
def _days_of_term(today: date) -> tuple[date, ...]:
    """The weekdays around today, and today, but for public holidays."""
    first, last = today - BEFORE, today + AHEAD
    off = {day for day, named in calendar_days(first, last).items() if named.kind is DayKind.HOLIDAY}
    around = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple(day for day in around if day not in off and (day == today or day.weekday() < SATURDAY))


class _Making:
    def __init__(self, scene: Scene) -> None:
        self.scene, self.session, self.today = scene, scene.session, scene.today
        self.chance = random.Random(f"children {scene.today}")  # noqa: S311
        self.director, self.tutor = scene.person("director"), scene.person("tutor")
        self.before = scene.at(self.today - BEFORE - timedelta(days=20), 9)
        self.on = _days_of_term(self.today)

    def run(self) -> None:
        """Write it in the order in which it came to be."""
        self.term, self.rules = self._term()
        self.schools = self._schools()
        self.days = self._days()
        self.session.expire(self.term.activity, ["sessions"])
        activities.publish(self.term.activity, by=self.director, now=self.before, as_staff=True)
        self.staff = self._staff()
        self.enrolments = self._enrol()
        self._families()
        live = Programme(self.days, self.enrolments, self.tutor, self.staff[1])
        tell_days(live, self.scene, chance=self.chance)
        self.session.flush()

    def _term(self) -> tuple[Term, TermRules]:
        facts = TermFacts(
            name=f"{self.today.year}年秋季学期" if self.today.month >= 8 else f"{self.today.year}年春季学期",
            name_en=f"{'Autumn' if self.today.month >= 8 else 'Spring'} {self.today.year}",
            first_on=self.on[0], last_on=self.on[-1], room_id=self.scene.rooms[ROOM].id, opens=OPENS, closes=CLOSES,
            cut_off=CUT_OFF,
        )  # fmt: skip
        term = making.make_term(facts, by=self.director, now=self.before)
        said = [
            rulebook.ParagraphText(topic=Topic(topic), words=words, words_en=english)
            for topic, words, english in centre()["after_school"]["rules"]
        ]
        rules = rulebook.publish(term, said, by=self.director, now=self.before)
        term.state = TermState.OPEN
        for n, (name, english, quota) in enumerate(
            (("小班", "Younger class", (1, 1, 1, 0)), ("大班", "Older class", (0, 1, 1, 1)))
        ):
            adults = dict(zip(("responsible", "teachers", "volunteers", "guards"), quota, strict=True))
            self.session.add(CareClass(term_id=term.id, name=name, name_en=english, position=n, capacity=20, **adults))
        self.session.flush()
        return term, rules

    def _schools(self) -> list[School]:
        made = [
            School(name=name, name_en=english, sort_key=english.lower())
            for name, english in centre()["after_school"]["schools"]
        ]
        self.session.add_all(made)
        self.session.flush()
        self.session.add_all(
            SchoolHours(term_id=self.term.id, school_id=school.id, weekday=weekday, finishes=FINISHES)
            for school in made
            for weekday in range(5)
        )
        return made

    def _days(self) -> list[TermDay]:
        room, zone, made = self.scene.rooms[ROOM], self.scene.zone, []
        for on in self.on:
            starts_at, ends_at = datetime.combine(on, OPENS, zone), datetime.combine(on, CLOSES, zone)
            use = ledger.take(
                UseKind.SESSION,
                room,
                starts_at=starts_at,
                clear_at=ends_at + timedelta(minutes=room.buffer_minutes),
                zone=zone,
            )
            use.label, use.label_en, use.ends_at = self.term.activity.title, self.term.activity.title_en, ends_at
            state = SessionState.HELD if ends_at <= self.scene.now else SessionState.SCHEDULED
            session = Session(
                activity=self.term.activity, room_id=room.id, use_id=use.id, starts_at=starts_at, ends_at=ends_at,
                state=state, changed_at=self.before,
            )  # fmt: skip
            self.session.add(session)
            self.session.flush()
            made.append(
                TermDay(term_id=self.term.id, on_date=on, counts_as=min(on.weekday(), 4), session_id=session.id)
            )
        self.session.add_all(made)
        self.session.flush()
        return made

    def _staff(self) -> list[Person]:
        busy = {*self.scene.cast.values(), *self.scene.leads.values()}
        grown = [each.id for each in self.scene.everybody if 25 <= each.age < 55 and each.id not in busy]
        others = [self.session.get_one(Person, each) for each in self.chance.sample(grown, 5)]
        people = [self.tutor, *others]
        year = timedelta(days=365)
        for person in people:
            made_on = self.today - timedelta(days=self.chance.randrange(60, 300))
            runs_out = self.today + timedelta(days=20) if person is others[-1] else made_on + year
            for kind in CheckKind:
                until = runs_out if kind is CheckKind.RECORD else made_on + 3 * year
                self.session.add(
                    StaffCheck(
                        person_id=person.id, kind=kind, made_on=min(made_on, until - year + timedelta(days=1)),
                        valid_until=until, consented_on=made_on, document=f"演示-{person.id}",
                        recorded_by_id=self.director.id, recorded_at=self.before,
                    )
                )  # fmt: skip
        self.session.flush()
        roles = (DutyRole.RESPONSIBLE, DutyRole.TEACHER, DutyRole.TEACHER, DutyRole.VOLUNTEER, DutyRole.VOLUNTEER)
        classes = [each.id for each in self.term.classes]
        for day in self.days:
            if day.on_date > self.today + timedelta(days=7):
                continue
            for n, (person, role) in enumerate(zip(people, (*roles, DutyRole.GUARD), strict=True)):
                self.session.add(
                    CareDuty(
                        day_id=day.id, person_id=person.id, role=role, is_owner=n == 0, class_id=classes[n % 2],
                        set_by_id=self.director.id, set_at=self.before,
                    )
                )  # fmt: skip
        self.session.flush()
        return people

    def _enrol(self) -> list[Enrolment]:
        roster = Roster(
            activity=self.term.activity, audience=Audience.PARTICIPANTS, guardian_below=18,
            mode=Mode.FIRST_COME, first_at=self.days[0].session.starts_at,
        )  # fmt: skip
        roster.pools = [Pool(kind=PoolKind.GENERAL, capacity=CHILDREN, position=1)]
        self.session.add(roster)
        self.session.flush()
        references = references_by(self.chance)
        return [self._place(roster, child, n, next(references)) for n, child in enumerate(self._who())]

    def _who(self) -> Sequence[Resident]:
        """The children of whoever plays a part first, then others."""
        known = [each for each in self.scene.everybody if each.age in AGES and each.guardians]
        parent = self.scene.cast["resident"]
        own = [each for each in self.scene.everybody if any(one.id == parent for one in each.guardians)]
        others = [each for each in known if each not in own]
        return [*own[:1], *self.chance.sample(others, min(CHILDREN - len(own[:1]), len(others)))]

    def _place(self, roster: Roster, child: Resident, n: int, reference: str) -> Enrolment:
        guardian, at = child.guardians[0], self.before + timedelta(minutes=7 * n)
        roster.pools[0].taken += 1
        roster.last_order += 1
        group = SignUpGroup(
            roster_id=roster.id, signed_by_id=guardian.id, request_key=f"demo-child-{n:03d}", made_at=at
        )
        sign_up = SignUp(
            reference=reference, roster=roster, person_id=child.id, group=group, pool=roster.pools[0],
            state=SignUpState.CONFIRMED, queue_order=roster.last_order, signed_by_id=guardian.id,
            ground=Ground.GUARDIAN, channel=Channel.ONLINE, made_at=at, changed_at=at,
        )  # fmt: skip
        sign_up.held.add(PlaceHeld(from_at=at))
        self.session.add(sign_up)
        self.session.add(
            SignUpEvent(sign_up=sign_up, at=at, by_id=guardian.id, what=SignUpChange.CONFIRMED, channel=Channel.ONLINE)
        )
        self.session.flush()
        older = child.age >= 9
        classes = self.term.classes
        enrolment = Enrolment(
            term_id=self.term.id, child_id=child.id, sign_up_id=sign_up.id, school_id=self.schools[n % 2].id,
            school_class=f"{'一二三四五六'[max(0, min(child.age - 7, 5))]}({1 + n % 3})班",
            class_id=classes[1 if older else 0].id, applied_at=at, applied_by_id=guardian.id,
            recorded_by_id=guardian.id, channel=Channel.ONLINE, rules_id=self.rules.id,
        )  # fmt: skip
        self.session.add(enrolment)
        self.session.flush()
        self.session.add_all(
            CallOrder(enrolment_id=enrolment.id, guardian_id=one.id, relation="家长", position=place)
            for place, one in enumerate(child.guardians, start=1)
        )
        return enrolment

    def _families(self) -> None:
        """Consents, health, collectors, the week, one reason for priority, and one adult to be careful of."""
        for n, enrolment in enumerate(self.enrolments):
            guardian, at = enrolment.applied_by_id, enrolment.applied_at
            hand = Hand(guardian=enrolment.applied_by, by=enrolment.applied_by, means=Means.ACCOUNT)
            for purpose, text in consents.texts_now().items():
                given = purpose is not Purpose.WALKING_ALONE and (purpose is Purpose.CARE or n % 4 != 3)
                consents.say(enrolment.child, purpose, is_given=given, version=text.version, hand=hand, now=at)
            self.session.add(
                Collector(
                    child_id=enrolment.child_id, name=f"{enrolment.child.name[0]}奶奶", relation="奶奶",
                    phone=f"1990000{n + 1:04d}", starts_on=local_date(at), named_by_id=guardian, named_at=at,
                    verified_at=at + timedelta(days=2), verified_by_id=self.tutor.id,
                )
            )  # fmt: skip
            self.session.add_all(
                WayHome(enrolment_id=enrolment.id, weekday=weekday, way=Way.COLLECTED) for weekday in range(5)
            )
        self.session.flush()
        for n, (trigger, reaction, what, level) in (
            (1, ("花生", "嘴唇肿、呼吸急", "用随身肾上腺素笔，打120", AlertLevel.EMERGENCY)),
            (6, ("牛奶", "起疹子", "不给奶制品，通知家长", AlertLevel.WATCH)),
        ):
            enrolment = self.enrolments[n]
            live = consents.live_of(enrolment.child)[Purpose.HEALTH]
            self.session.add(
                HealthNote(
                    child_id=enrolment.child_id, consent_id=live.id, trigger=trigger, reaction=reaction,
                    what_to_do=what, level=level.value, by_id=enrolment.applied_by_id, at=enrolment.applied_at,
                )
            )  # fmt: skip
        careful = self.enrolments[3]
        self.session.add(
            Bar(
                child_id=careful.child_id, level=BarLevel.ALERT, name="刘某", looks="四十岁上下，戴黑框眼镜",
                reason="家庭正在协商，来接时先问主任", set_by_id=self.director.id, set_at=careful.applied_at,
            )
        )  # fmt: skip
        self.session.add(PriorityClaim(enrolment_id=self.enrolments[5].id, reason=Priority.LEFT_BEHIND))
