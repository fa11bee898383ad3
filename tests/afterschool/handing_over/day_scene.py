"""A day of forty invented children, with everything that makes one unlike another."""

from dataclasses import dataclass
from datetime import timedelta

from center.afterschool.handing_over import arrivals
from center.afterschool.models.consents import HealthNote, Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Different, PlanChange
from center.kernel import clock
from center.kernel.db import transaction
from center.people.models import Person
from tests.afterschool.builders import make_child
from tests.afterschool.custody_cases import today
from tests.afterschool.handing_over.scene import Scene, do
from tests.afterschool.plan_builders import enrol, make_bar, make_collector, make_consent
from tests.builders import make_person

FAMILY, GIVEN = "赵钱孙李周吴郑王", ("子涵", "雨桐", "浩然", "思远", "欣怡")


@dataclass
class Forty:
    """The scene, and the children of it in the order in which they were enrolled."""

    scene: Scene
    enrolments: list[Enrolment]
    children: list[Person]


def forty(count: int = 40, *, here: int = 0) -> Forty:
    """So many children who are expected today, of whom some are here already; each with a grandmother on the list."""
    scene = Scene()
    enrolments = [scene.enrolment]
    for n in range(count - 1):
        name = FAMILY[n % 8] + GIVEN[n // 8]
        mother = make_person(name=f"{name[0]}妈妈{n}")
        child = make_child(mother, name=name, sort_key=f"{n:03d}")
        enrolments.append(enrol(scene.enrolment.term, child))
        make_collector(child, f"{name[0]}奶奶")
    day = Forty(scene, enrolments, [each.child for each in enrolments])
    with transaction() as session:
        session.get_one(Enrolment, enrolments[1].id).mark = "红书包"
    for each in day.children[:here]:
        do(arrivals.arrive, each, scene.saying(), brought_by="staff")
    return day


def add_colour(day: Forty) -> None:
    """Allergies, a bar, a leave, a change that nobody has acknowledged, somebody missing, two of one name."""
    children = day.children
    for n, level in ((2, "emergency"), (5, "watch")):
        note_health(children[n], level)
    make_bar(children[2], "刘强", looks="高个子，戴黑框眼镜")
    say(day, 3, Different.LEAVE, seen=True)
    uncle = make_collector(children[4], "吴舅舅", relation="舅舅", ends_on=today())
    say(day, 4, Different.COLLECTOR, collector_id=uncle.id)
    with transaction() as session:
        session.get_one(Person, children[7].id).name = children[6].name
        session.get_one(Enrolment, day.enrolments[6].id).mark = "高"
        session.get_one(Enrolment, day.enrolments[7].id).mark = "戴眼镜"


def note_health(child: Person, level: str) -> None:
    """That a child must not eat peanuts."""
    consent = make_consent(child, Purpose.HEALTH)
    known = {"trigger": "花生", "reaction": "呼吸困难", "what_to_do": "用肾上腺素笔，马上打120", "level": level}
    with transaction() as session:
        session.add(HealthNote(child_id=child.id, consent_id=consent.id, by_id=child.id, at=clock.now(), **known))


def say(day: Forty, n: int, what: Different, *, seen: bool = False, **facts: int) -> None:
    """What a guardian says of today."""
    by, now = day.scene.mother.id, clock.now() - timedelta(minutes=5)
    with transaction() as session:
        change = PlanChange(
            enrolment_id=day.enrolments[n].id, on_date=today(), what=what, by_id=by, at=now, recorded_by_id=by, **facts
        )  # fmt: skip
        if seen:
            change.acknowledged_at, change.acknowledged_by_id = now, day.scene.tutor.id
        session.add(change)
