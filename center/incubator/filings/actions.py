"""An activity is filed, looked at by staff, and summed up once it is over."""

from dataclasses import dataclass
from datetime import date, datetime

from center.activities.models import Activity
from center.incubator.filings import messages, rules
from center.incubator.filings.counting import count_activity
from center.incubator.filings.queries import Whole, find_filing, find_summary, whole_of
from center.incubator.models.filings import ActivityFiling, ActivitySummary, FilingDate, FilingState
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.people.models import Person


@dataclass(frozen=True, kw_only=True)
class Filed:
    """What an organisation files of an activity."""

    what: str
    people: int
    answers: str
    safety_plan: str = ""
    late_because: str = ""


def file_activity(activity: Activity, filed: Filed, *, by: Person, now: datetime) -> ActivityFiling:
    """File an activity with all its dates ahead, or file it again.

    Raises RuleBroken for what is missing, Conflict once it is over.
    """
    lock(activity)
    today = local_date(now)
    whole = _whole_of(activity, now)
    if today > whole.last_on:
        raise Conflict(_l("This activity is over: there is only the summary to write."))
    missing = whole.to_file(today)
    broken_rules(
        rules.filing_faults(
            people=filed.people,
            expected=activity.expected,
            safety_plan=filed.safety_plan,
            late_because=filed.late_because,
            due=min((each.facts.filing_due for each in missing), default=today),
            today=today,
        )
    )
    filing = find_filing(activity.id) or ActivityFiling(activity_id=activity.id, first_on=whole.ahead(today)[0].on)
    filing.what, filing.people, filing.answers = filed.what, filed.people, filed.answers
    filing.safety_plan = filed.safety_plan.strip()
    filing.late_because = filed.late_because.strip() or (filing.late_because or "")
    filing.filed_by_id, filing.filed_at = by.id, now
    filing.state, filing.decided_by_id, filing.decided_at, filing.reason = FilingState.FILED, None, None, ""
    filing.dates += [FilingDate(on_date=each.on) for each in missing]
    db.session.add(filing)
    db.session.flush()
    return filing


def see_filing(filing: ActivityFiling, *, by: Person, now: datetime) -> None:
    """Staff have looked at a filing, and it is well."""
    _decide(filing, FilingState.SEEN, "", by=by, now=now)
    note(Act.FILING_SEEN, filing.activity.title, by=by)


def return_filing(filing: ActivityFiling, *, reason: str, by: Person, now: datetime) -> None:
    """Staff give a filing back, with what is missing; its leads hear of it."""
    if not reason.strip():
        raise RuleBroken(_l("Please say what is missing."), field="reason")
    _decide(filing, FilingState.RETURNED, reason.strip(), by=by, now=now)
    note(Act.FILING_RETURNED, filing.activity.title, by=by, reason=reason.strip())
    messages.tell_returned(filing, by=by, now=now)


def sum_up(activity: Activity, on: date, *, what: str, to_do_better: str, by: Person, now: datetime) -> ActivitySummary:
    """Write what became of a date, with what its registers count; raises Conflict before it."""
    lock(activity)
    if not any(each.on == on for each in _whole_of(activity, now).lines):
        raise Conflict(_l("There is no such date (any more)."))
    if local_date(now) < on:
        raise Conflict(_l("It is not over: this date is on %(day)s.", day=on.isoformat()))
    counted = count_activity(activity, on, now=now)
    summary = find_summary(activity.id, on) or ActivitySummary(activity_id=activity.id, on_date=on)
    summary.what, summary.to_do_better = what, to_do_better
    summary.sessions, summary.visits, summary.people = counted.sessions, counted.visits, counted.people
    summary.written_by_id, summary.written_at = by.id, now
    db.session.add(summary)
    db.session.flush()
    return summary


def _decide(filing: ActivityFiling, state: FilingState, reason: str, *, by: Person, now: datetime) -> None:
    lock(filing)
    if filing.state is not FilingState.FILED:
        raise Conflict(_l("Somebody else has looked at this filing already."))
    filing.state, filing.reason, filing.decided_by_id, filing.decided_at = state, reason, by.id, now
    db.session.flush()


def _whole_of(activity: Activity, now: datetime) -> Whole:
    found = whole_of(activity, local_date(now))
    if found is None:
        raise Conflict(_l("This activity is not to be filed: it has no date, or was called off."))
    return found
