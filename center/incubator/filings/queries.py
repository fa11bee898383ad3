"""Which activities of incubated organisations are to be filed and summed up, and where each stands."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from center.activities.models import NOT_CANCELLED, Activity, ActivityState, Session, SessionState
from center.incubator.filings.rules import (
    SUMMARY_WITHIN,
    TO_DO,
    Facts,
    Stands,
    most_urgent,
    stands_filing,
    stands_summary,
)
from center.incubator.models.filings import ActivityFiling, ActivitySummary, FilingReminder, FilingState, FilingStep
from center.kernel.db import db, must_find
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import Organisation, Stage
from center.premises.queries import A_DAY, calendar_days
from center.premises.working_days import LONGEST_BREAK, counted_on

IN_THE_INCUBATOR = (Stage.EXTENDED, Stage.INCUBATING, Stage.MID_REVIEW)
ANNOUNCED = (ActivityState.HELD, ActivityState.PUBLISHED, ActivityState.SUBMITTED)
LOOKS_BACK, LOOKS_AHEAD = timedelta(days=60), timedelta(days=21)


@dataclass(frozen=True, kw_only=True)
class FilingLine:
    """A date of an activity, the filing that is of it and its summary, and where both stand."""

    activity: Activity
    facts: Facts
    filing: ActivityFiling | None  # of the activity; whether it is of this date, the facts say
    summary: ActivitySummary | None
    filing_stands: Stands
    summary_stands: Stands

    @property
    def on(self) -> date:
        """The date."""
        return self.facts.on

    @property
    def is_filed(self) -> bool:
        """Whether a filing is of this date."""
        return self.facts.filing is not None

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
        return self.is_filed and self.facts.filing is FilingState.FILED


@dataclass(frozen=True, kw_only=True)
class Whole:
    """An activity with all its dates in order: one filing lists them, and each has a summary of its own."""

    activity: Activity
    filing: ActivityFiling | None
    lines: Sequence[FilingLine]

    @property
    def last_on(self) -> date:
        """Its last date."""
        return self.lines[-1].on

    def ahead(self, today: date) -> list[FilingLine]:
        """The dates that are not over."""
        return [each for each in self.lines if each.on >= today]

    def to_file(self, today: date) -> list[FilingLine]:
        """The dates that are not over, and that no filing is of."""
        return [each for each in self.ahead(today) if not each.is_filed]

    def filing_stands(self, today: date) -> Stands:
        """Where the filing stands, by the date that comes first."""
        return most_urgent(each.filing_stands for each in self.ahead(today) or self.lines)


def lines(today: date, *, organisation_ids: Collection[int] | None = None) -> list[FilingLine]:
    """The dates of these days, in order: of some organisations' activities, or of all that are incubated."""
    zone = centre_zone()
    first, last = today - LOOKS_BACK, today + LOOKS_AHEAD
    since, until = datetime.combine(first, time(), zone), datetime.combine(last, time.max, zone)
    dated = Session.state.in_(NOT_CANCELLED), Session.starts_at.between(since, until)
    query = select(Session.activity_id).distinct().join(Session.activity).join(Activity.organisation).where(*dated)
    query = query.where(Organisation.stage.in_(IN_THE_INCUBATOR))
    if organisation_ids is not None:
        query = query.where(Activity.organisation_id.in_(sorted(organisation_ids)))
    return [each for each in _lines(today, db.session.scalars(query).all()) if first <= each.on <= last]


def whole_of(activity: Activity, today: date) -> Whole | None:
    """An activity with all its dates; None where it is not to be filed."""
    found = _lines(today, [activity.id])
    return Whole(activity=found[0].activity, filing=found[0].filing, lines=found) if found else None


def is_to_be_filed(activity: Activity) -> bool:
    """Whether it is announced, of an organisation in the incubator, and not a programme's own."""
    return _is_asked_for(activity) and any(each.state in NOT_CANCELLED for each in activity.sessions)


def find_filing(activity_id: int) -> ActivityFiling | None:
    """What was filed of an activity."""
    return db.session.scalar(select(ActivityFiling).where(ActivityFiling.activity_id == activity_id))


def get_filing(filing_id: int) -> ActivityFiling:
    """A filing; raises NotFound."""
    query = select(ActivityFiling).where(ActivityFiling.id == filing_id)
    query = query.options(
        joinedload(ActivityFiling.activity).joinedload(Activity.organisation), selectinload(ActivityFiling.dates)
    )
    return must_find(db.session.scalar(query), _l("There is no such filing."))


def find_summary(activity_id: int, on: date) -> ActivitySummary | None:
    """What was written of a date once it was over."""
    query = select(ActivitySummary).where(ActivitySummary.activity_id == activity_id, ActivitySummary.on_date == on)
    return db.session.scalar(query)


def count_filed() -> int:
    """How many filings nobody of the staff has looked at."""
    query = select(func.count()).select_from(ActivityFiling).where(ActivityFiling.state == FilingState.FILED)
    return db.session.scalar(query) or 0


def reminded_of(activity_ids: Collection[int]) -> dict[tuple[int, date], set[FilingStep]]:
    """Of what somebody was reminded already, by the activity's id and the date."""
    found: dict[tuple[int, date], set[FilingStep]] = {}
    query = select(FilingReminder.activity_id, FilingReminder.on_date, FilingReminder.step)
    for activity_id, on, step in db.session.execute(query.where(FilingReminder.activity_id.in_(sorted(activity_ids)))):
        found.setdefault((activity_id, on), set()).add(step)
    return found


def lines_around(now: datetime, *, ahead: timedelta, back: timedelta) -> list[FilingLine]:
    """The dates of activities with one between two moments, found by their times alone: for the sweep."""
    soon = select(Session.activity_id).where(
        Session.state.in_(NOT_CANCELLED), Session.starts_at > now, Session.starts_at < now + ahead
    )
    over = select(Session.activity_id).where(
        Session.state.in_(NOT_CANCELLED), Session.ends_at > now - back, Session.ends_at <= now
    )
    ids = {*db.session.scalars(soon), *db.session.scalars(over)}
    return _lines(local_date(now), sorted(ids)) if ids else []


def _lines(today: date, activity_ids: Sequence[int]) -> list[FilingLine]:
    found = {each.id: each for each in db.session.scalars(_activities(activity_ids)) if _is_asked_for(each)}
    ids = sorted(found)
    filed = select(ActivityFiling).where(ActivityFiling.activity_id.in_(ids)).order_by(ActivityFiling.id)
    filed = filed.options(selectinload(ActivityFiling.dates), joinedload(ActivityFiling.decided_by))
    written = select(ActivitySummary).where(ActivitySummary.activity_id.in_(ids)).order_by(ActivitySummary.id)
    filings = {each.activity_id: each for each in db.session.scalars(filed)}
    summaries = {(each.activity_id, each.on_date): each for each in db.session.scalars(written)}
    dates = _dates(ids)
    due = _summaries_due({on for _activity_id, on in dates})
    made = [
        _line(found[activity_id], due[on], on, filings.get(activity_id), summaries.get((activity_id, on)), today)
        for activity_id, on in dates
    ]
    return sorted(made, key=lambda each: (each.on, each.activity.id))


def _activities(activity_ids: Sequence[int]) -> Select[Activity]:
    query = select(Activity).where(Activity.id.in_(activity_ids)).options(joinedload(Activity.organisation))
    return query.order_by(Activity.id)


def _is_asked_for(activity: Activity) -> bool:
    is_ours = activity.organisation.stage in IN_THE_INCUBATOR and not activity.is_confined
    return is_ours and activity.state in ANNOUNCED


def _dates(activity_ids: Sequence[int]) -> set[tuple[int, date]]:
    """The activities with the days on which they take place."""
    query = select(Session.activity_id, Session.starts_at).where(
        Session.activity_id.in_(activity_ids), Session.state != SessionState.CANCELLED
    )
    return {(activity_id, local_date(starts_at)) for activity_id, starts_at in db.session.execute(query)}


def _summaries_due(dates: Collection[date]) -> dict[date, date]:
    """When the summary of each date is due: three days later, or the next working day; the calendar is read once."""
    if not dates:
        return {}
    special = calendar_days(min(dates), max(dates) + SUMMARY_WITHIN + timedelta(days=LONGEST_BREAK))
    return {on: counted_on(on + SUMMARY_WITHIN - A_DAY, 1, special) for on in dates}


def _line(
    activity: Activity,
    summary_due: date,
    on: date,
    filing: ActivityFiling | None,
    summary: ActivitySummary | None,
    today: date,
) -> FilingLine:
    of_it = filing if filing is not None and any(each.on_date == on for each in filing.dates) else None
    facts = Facts(
        on=on,
        summary_due=summary_due,
        expected=activity.expected,
        filing=of_it.state if of_it else None,
        planned_for=of_it.people if of_it else 0,
        has_plan=bool(of_it and of_it.safety_plan.strip()),
        is_summed_up=summary is not None,
    )
    return FilingLine(
        activity=activity,
        facts=facts,
        filing=filing,
        summary=summary,
        filing_stands=stands_filing(facts, today),
        summary_stands=stands_summary(facts, today),
    )
