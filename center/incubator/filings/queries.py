"""Which activities of incubated organisations are to be filed and summed up, and where each stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from center.activities.models import NOT_CANCELLED, Activity, ActivityState, Session, SessionState
from center.incubator.filings.rules import SUMMARY_WITHIN, TO_DO, Facts, Stands, stands_filing, stands_summary
from center.incubator.models.filings import ActivityFiling, ActivitySummary, FilingReminder, FilingState, FilingStep
from center.kernel.db import db, must_find
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import Organisation, Stage
from center.premises.working_days import working_day_from

IN_THE_INCUBATOR = (Stage.EXTENDED, Stage.INCUBATING, Stage.MID_REVIEW)
ANNOUNCED = (ActivityState.HELD, ActivityState.PUBLISHED, ActivityState.SUBMITTED)
LOOKS_BACK, LOOKS_AHEAD = timedelta(days=60), timedelta(days=21)


@dataclass(frozen=True, kw_only=True)
class Line:
    """An activity, its filing and its summary, and where both stand."""

    activity: Activity
    facts: Facts
    filing: ActivityFiling | None
    summary: ActivitySummary | None
    filing_stands: Stands
    summary_stands: Stands

    @property
    def is_late(self) -> bool:
        """Whether anything of it is late."""
        return Stands.LATE in (self.filing_stands, self.summary_stands)

    @property
    def asks(self) -> bool:
        """Whether its organisation has something to do."""
        return self.filing_stands in TO_DO or self.summary_stands in TO_DO

    @property
    def waits_for_staff(self) -> bool:
        """Whether it was filed, and nobody of the staff has looked at it."""
        return self.filing is not None and self.filing.state is FilingState.FILED


def lines(today: date, *, organisation_ids: Collection[int] | None = None) -> list[Line]:
    """The activities of these days, by their first date: of some organisations, or of all that are incubated."""
    zone = centre_zone()
    since = datetime.combine(today - LOOKS_BACK, time(), zone)
    until = datetime.combine(today + LOOKS_AHEAD, time.max, zone)
    dated = Session.state.in_(NOT_CANCELLED), Session.starts_at.between(since, until)
    query = select(Session.activity_id).distinct().join(Session.activity).join(Activity.organisation).where(*dated)
    query = query.where(Organisation.stage.in_(IN_THE_INCUBATOR))
    if organisation_ids is not None:
        query = query.where(Activity.organisation_id.in_(sorted(organisation_ids)))
    return _lines(today, db.session.scalars(query).all())


def line_of(activity: Activity, today: date) -> Line | None:
    """Where an activity stands; None where it is not to be filed."""
    return next(iter(_lines(today, [activity.id])), None)


def is_to_be_filed(activity: Activity) -> bool:
    """Whether it is announced, of an organisation in the incubator, and not a programme's own."""
    return _is_asked_for(activity) and any(each.state in NOT_CANCELLED for each in activity.sessions)


def find_filing(activity_id: int) -> ActivityFiling | None:
    """What was filed of an activity."""
    return db.session.scalar(select(ActivityFiling).where(ActivityFiling.activity_id == activity_id))


def get_filing(filing_id: int) -> ActivityFiling:
    """A filing; raises NotFound."""
    query = select(ActivityFiling).where(ActivityFiling.id == filing_id)
    query = query.options(joinedload(ActivityFiling.activity).joinedload(Activity.organisation))
    return must_find(db.session.scalar(query), _l("There is no such filing."))


def find_summary(activity_id: int) -> ActivitySummary | None:
    """What was written of an activity once it was over."""
    return db.session.scalar(select(ActivitySummary).where(ActivitySummary.activity_id == activity_id))


def count_filed() -> int:
    """How many filings nobody of the staff has looked at."""
    query = select(func.count()).select_from(ActivityFiling).where(ActivityFiling.state == FilingState.FILED)
    return db.session.scalar(query) or 0


def reminded_of(activity_ids: Collection[int]) -> dict[int, set[FilingStep]]:
    """Of what somebody was reminded already, by the activity's id."""
    found: dict[int, set[FilingStep]] = {}
    query = select(FilingReminder.activity_id, FilingReminder.step)
    for activity_id, step in db.session.execute(query.where(FilingReminder.activity_id.in_(sorted(activity_ids)))):
        found.setdefault(activity_id, set()).add(step)
    return found


def lines_around(now: datetime, *, ahead: timedelta, back: timedelta) -> list[Line]:
    """The activities with a date between two moments, found by the times of their dates alone: for the sweep."""
    soon = select(Session.activity_id).where(
        Session.state.in_(NOT_CANCELLED), Session.starts_at > now, Session.starts_at < now + ahead
    )
    over = select(Session.activity_id).where(
        Session.state.in_(NOT_CANCELLED), Session.ends_at > now - back, Session.ends_at <= now
    )
    ids = {*db.session.scalars(soon), *db.session.scalars(over)}
    return _lines(local_date(now), sorted(ids)) if ids else []


def _lines(today: date, activity_ids: Sequence[int]) -> list[Line]:
    found = {each.id: each for each in db.session.scalars(_activities(activity_ids)) if _is_asked_for(each)}
    ids = sorted(found)
    filed = select(ActivityFiling).where(ActivityFiling.activity_id.in_(ids)).order_by(ActivityFiling.id)
    written = select(ActivitySummary).where(ActivitySummary.activity_id.in_(ids)).order_by(ActivitySummary.id)
    filings = {each.activity_id: each for each in db.session.scalars(filed)}
    summaries = {each.activity_id: each for each in db.session.scalars(written)}
    lines_found = [
        _line(found[row.activity_id], row.first_at, row.last_at, filings, summaries, today)
        for row in db.session.execute(_dates(ids))
    ]
    return sorted(lines_found, key=lambda each: (each.facts.first_on, each.activity.id))


def _activities(activity_ids: Sequence[int]) -> Select[Activity]:
    query = select(Activity).where(Activity.id.in_(activity_ids)).options(joinedload(Activity.organisation))
    return query.order_by(Activity.id)


def _is_asked_for(activity: Activity) -> bool:
    is_ours = activity.organisation.stage in IN_THE_INCUBATOR and not activity.is_confined
    return is_ours and activity.state in ANNOUNCED


def _dates(activity_ids: Sequence[int]) -> Select[int, datetime, datetime]:
    first_at, last_at = func.min(Session.starts_at).label("first_at"), func.max(Session.ends_at).label("last_at")
    query = select(Session.activity_id, first_at, last_at).where(
        Session.activity_id.in_(activity_ids), Session.state != SessionState.CANCELLED
    )
    return query.group_by(Session.activity_id)


def _line(
    activity: Activity,
    first_at: datetime,
    last_at: datetime,
    filings: Mapping[int, ActivityFiling],
    summaries: Mapping[int, ActivitySummary],
    today: date,
) -> Line:
    filing, summary, last_on = filings.get(activity.id), summaries.get(activity.id), local_date(last_at)
    facts = Facts(
        first_on=local_date(first_at),
        last_on=last_on,
        summary_due=working_day_from(last_on + SUMMARY_WITHIN),
        expected=activity.expected,
        filing=filing.state if filing else None,
        planned_for=filing.people if filing else 0,
        has_plan=bool(filing and filing.safety_plan.strip()),
        is_summed_up=summary is not None,
    )
    return Line(
        activity=activity,
        facts=facts,
        filing=filing,
        summary=summary,
        filing_stands=stands_filing(facts, today),
        summary_stands=stands_summary(facts, today),
    )
