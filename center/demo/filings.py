"""The demonstration's filings and its register: what was filed, looked at, returned and is late; who is to renew."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from center.demo.scene import Scene
from center.incubator.filings import queries
from center.incubator.filings.counting import count_activity
from center.incubator.filings.queries import FilingLine
from center.incubator.filings.rules import PLAN_FROM
from center.incubator.models.filings import ActivityFiling, ActivitySummary, FilingDate, FilingState
from center.incubator.models.registration import QuarterReport, Registration
from center.incubator.registration.queries import count_quarter, who_reports
from center.incubator.registration.rules import last_day, to_report
from center.organisations.models import LegalForm, Organisation

PLAN = "门口两名志愿者值守，前后门保持畅通；疏散到中心广场集合；急救箱在服务台，由文艺队长负责联系。"
DONE = "活动顺利，大家都说下次还来。"
UNDONE_OF = 5  # of so many, one is left undone
RENEW_IN = timedelta(days=40)


def show_filings(scene: Scene) -> None:
    """File most of what is near, some looked at, one returned; what is over is summed up, some late."""
    found = queries.lines(scene.today)
    of: dict[int, list[FilingLine]] = {}
    for line in found:
        of.setdefault(line.activity.id, []).append(line)
    for n, dates in enumerate(of.values()):
        if n % UNDONE_OF:
            scene.session.add(_filing(scene, dates, n))
    for n, line in enumerate(found):
        if line.on < scene.today and n % (UNDONE_OF - 1):
            scene.session.add(_summary(scene, line))
    scene.session.flush()


def show_register(scene: Scene) -> None:
    """Enter the organisations that are filed with the subdistrict; one is to be renewed, one has lapsed."""
    query = select(Organisation).where(Organisation.legal_form == LegalForm.FILED)
    filed = scene.session.scalars(query.order_by(Organisation.id)).all()
    for n, organisation in enumerate(filed[:-1]):  # the last is not in the register yet
        scene.session.add(_entry(scene, organisation, n))
    _reports(scene, who_reports())
    scene.session.flush()


def _filing(scene: Scene, dates: Sequence[FilingLine], n: int) -> ActivityFiling:
    """One filing of all its dates."""
    activity, first_on, clerk = dates[0].activity, dates[0].on, scene.cast["clerk"]
    filed_at = scene.at(first_on - timedelta(days=9 - n % 4), 10)
    is_ahead = filed_at >= scene.now
    at = scene.now - timedelta(hours=3) if is_ahead else filed_at
    state = (FilingState.SEEN, FilingState.SEEN, FilingState.FILED, FilingState.RETURNED)[n % 4]
    if first_on < scene.today:
        state = FilingState.SEEN
    decided = state is not FilingState.FILED
    return ActivityFiling(
        activity_id=activity.id,
        first_on=first_on,
        dates=[FilingDate(on_date=each.on) for each in dates],
        what=activity.summary or activity.title,
        people=activity.expected,
        answers=activity.contact or activity.created_by.name,
        safety_plan=PLAN if activity.expected >= PLAN_FROM else "",
        filed_by_id=activity.created_by_id,
        filed_at=at,
        state=state,
        decided_by_id=clerk if decided else None,
        decided_at=at + timedelta(minutes=50) if decided else None,
        reason="请写明现场负责人的电话。" if state is FilingState.RETURNED else "",
    )


def _summary(scene: Scene, line: FilingLine) -> ActivitySummary:
    counted = count_activity(line.activity, line.on, now=scene.now)
    return ActivitySummary(
        activity_id=line.activity.id,
        on_date=line.on,
        what=DONE,
        to_do_better="",
        sessions=counted.sessions,
        visits=counted.visits,
        people=counted.people,
        written_by_id=line.activity.created_by_id,
        written_at=scene.at(line.on + timedelta(days=1), 9),
    )


def _entry(scene: Scene, organisation: Organisation, n: int) -> Registration:
    starts_on = _start(scene.today, n)
    return Registration(
        organisation_id=organisation.id,
        number=f"武青工社备〔{starts_on.year}〕{n + 1:03d}号",
        starts_on=starts_on,
        valid_until=last_day(starts_on),
        founders=2 + n % 3,
        members=12 + 3 * n,
        premises="青和居社区党群服务中心二楼",
        entered_by_id=scene.cast["clerk"],
        entered_at=scene.at(starts_on, 11),
        why="",
    )


def _start(today: date, n: int) -> date:
    """Most within the last two years; the first is to be renewed, the second has lapsed."""
    three_years = timedelta(days=3 * 365)
    if n == 0:
        return today - three_years + RENEW_IN
    return today - three_years - timedelta(days=12) if n == 1 else today - timedelta(days=60 + 45 * n)


def _reports(scene: Scene, organisations: Sequence[Organisation]) -> None:
    """Two of three have sent the figures of the last quarter."""
    quarter = to_report(scene.today)
    for n, organisation in enumerate(organisations):
        lead = scene.leads.get(organisation.slug)
        if n % 3 == 2 or lead is None:
            continue
        counted = count_quarter(organisation.id, quarter, now=scene.now)
        scene.session.add(
            QuarterReport(
                organisation_id=organisation.id,
                year=quarter.year,
                quarter=quarter.number,
                members=counted.members,
                activities=counted.activities,
                sessions=counted.sessions,
                visits=counted.visits,
                people=counted.people,
                minutes=counted.minutes,
                note="",
                sent_by_id=lead,
                sent_at=min(scene.now, scene.at(quarter.due_on - timedelta(days=4), 15)),
            )
        )
