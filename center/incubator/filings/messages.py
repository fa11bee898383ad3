"""Who hears what of filings: whoever leads the organisation."""

from datetime import datetime
from typing import Any

from center.incubator.filings import news
from center.incubator.filings.queries import FilingLine
from center.incubator.models.filings import ActivityFiling, FilingStep
from center.kernel.i18n import format_day, in_language, local_date
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import reason_facts
from center.organisations.queries import leads_of
from center.people.models import Person

KINDS = {
    FilingStep.FILING: news.FILING,
    FilingStep.FILING_LATE: news.FILING_LATE,
    FilingStep.SUMMARY: news.SUMMARY,
    FilingStep.SUMMARY_LATE: news.SUMMARY_LATE,
}
OF_FILING = (FilingStep.FILING, FilingStep.FILING_LATE)


def remind(line: FilingLine, step: FilingStep, *, now: datetime) -> None:
    """Remind the leads of what is to be filed or written."""
    activity, facts = line.activity, line.facts
    due = facts.filing_due if step in OF_FILING else facts.summary_due
    said: dict[str, Any] = {
        "activity": lambda: in_language(activity.title, activity.title_en),
        "due": lambda: format_day(due),
        "first": lambda: format_day(facts.on),
    }
    path = path_to("posting.filing", slug=activity.slug)
    if step not in OF_FILING:
        path = path_to("posting.filing_summary", slug=activity.slug, filed_day=facts.on.isoformat())
    for lead in leads_of(activity.organisation_id, on=local_date(now)):
        key = f"filing:{activity.id}:{facts.on.isoformat()}:{step.value}:{lead.id}"
        outbox.tell(lead, KINDS[step], key=key, facts=said, about=f"filing:{activity.id}", path=path, now=now)


def tell_returned(filing: ActivityFiling, *, by: Person, now: datetime) -> None:
    """Tell the leads what a filing lacks."""
    activity = filing.activity
    said = {"activity": lambda: in_language(activity.title, activity.title_en), **reason_facts(filing.reason)}
    path = path_to("posting.filing", slug=activity.slug)
    for lead in leads_of(activity.organisation_id, on=local_date(now)):
        key = f"filing_returned:{filing.id}:{now.isoformat()}:{lead.id}"
        about = f"filing:{activity.id}"
        outbox.tell(lead, news.RETURNED, key=key, facts=said, about=about, path=path, by=by, now=now)
