"""Who hears what of agreements, reviews and leaving: whoever leads the organisation."""

from datetime import date, datetime

from center.incubator.agreements import news
from center.incubator.models.agreements import Agreement, MidReview
from center.kernel.i18n import format_day, in_language, local_date
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import say_desk
from center.organisations.models import Organisation
from center.organisations.queries import leads_of
from center.people.models import Person


def tell_handed(to: Organisation, what: str, left: Organisation, *, by: Person, now: datetime) -> None:
    """Tell the leads of another organisation what is theirs now."""
    facts = {"what": what, "organisation": lambda: in_language(left.name, left.name_en), "desk": say_desk}
    path = path_to("posting.work", slug=to.slug)
    for lead in leads_of(to.id, on=local_date(now)):
        key = f"handed:{to.id}:{what}:{now.isoformat()}:{lead.id}"
        outbox.tell(lead, news.HANDED, key=key, facts=facts, path=path, by=by, now=now)


def tell_report(review: MidReview, *, due_on: date, now: datetime) -> None:
    """Ask the leads for their report."""
    organisation = review.incubation.organisation
    facts = {"organisation": lambda: in_language(organisation.name, organisation.name_en)}
    facts |= {"due": lambda: format_day(due_on)}
    path = path_to("posting.incubation", slug=organisation.slug)
    for lead in leads_of(organisation.id, on=local_date(now)):
        key = f"mid_review:{review.id}:{lead.id}"
        outbox.tell(lead, news.REPORT, key=key, facts=facts, about=f"mid_review:{review.id}", path=path, now=now)


def tell_runs_out(agreement: Agreement, *, now: datetime) -> None:
    """Tell the leads that the term ends."""
    organisation = agreement.incubation.organisation
    facts = {
        "organisation": lambda: in_language(organisation.name, organisation.name_en),
        "day": lambda: format_day(agreement.ends_on),
        "desk": say_desk,
    }
    path = path_to("posting.incubation", slug=organisation.slug)
    for lead in leads_of(organisation.id, on=local_date(now)):
        key = f"agreement_runs_out:{agreement.id}:{lead.id}"
        outbox.tell(lead, news.RUNS_OUT, key=key, facts=facts, about=f"agreement:{agreement.id}", path=path, now=now)
