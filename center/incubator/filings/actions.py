"""An activity is filed, looked at by staff, and summed up once it is over."""

from dataclasses import dataclass
from datetime import datetime

from center.activities.models import Activity
from center.incubator.filings import messages, rules
from center.incubator.filings.counting import count_activity
from center.incubator.filings.queries import Line, find_filing, find_summary, line_of
from center.incubator.models.filings import ActivityFiling, ActivitySummary, FilingState
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
    """File an activity, or file it again; raises RuleBroken for what is missing, Conflict once it is over."""
    lock(activity)
    today = local_date(now)
    line = _line_of(activity, now)
    if today > line.facts.last_on:
        raise Conflict(_l("This activity is over: there is only the summary to write."))
    broken_rules(
        rules.filing_faults(
            people=filed.people,
            expected=activity.expected,
            safety_plan=filed.safety_plan,
            late_because=filed.late_because or (line.filing.late_because if line.filing else ""),
            due=line.facts.filing_due if line.filing is None else today,
            today=today,
        )
    )
    filing = find_filing(activity.id) or ActivityFiling(activity_id=activity.id)
    filing.what, filing.people, filing.answers = filed.what, filed.people, filed.answers
    filing.safety_plan, filing.first_on = filed.safety_plan.strip(), line.facts.first_on
    filing.late_because = filed.late_because.strip() or (filing.late_because or "")
    filing.filed_by_id, filing.filed_at = by.id, now
    filing.state, filing.decided_by_id, filing.decided_at, filing.reason = FilingState.FILED, None, None, ""
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


def sum_up(activity: Activity, *, what: str, to_do_better: str, by: Person, now: datetime) -> ActivitySummary:
    """Write what became of an activity, with what its registers count; raises Conflict before its last day."""
    lock(activity)
    line = _line_of(activity, now)
    if local_date(now) < line.facts.last_on:
        words = _l("It is not over: the last date is on %(day)s.", day=line.facts.last_on.isoformat())
        raise Conflict(words)
    counted = count_activity(activity, now=now)
    summary = find_summary(activity.id) or ActivitySummary(activity_id=activity.id)
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


def _line_of(activity: Activity, now: datetime) -> Line:
    found = line_of(activity, local_date(now))
    if found is None:
        raise Conflict(_l("This activity is not to be filed: it has no date, or was called off."))
    return found
