"""Pages of those who run an organisation: what is to be filed, one filing, and its summary."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import Activity
from center.activities.queries import get_activity
from center.activities.words import where
from center.incubator.filings import actions, queries
from center.incubator.filings.actions import Filed
from center.incubator.filings.counting import Counted, count_activity
from center.incubator.filings.queries import FilingLine, Whole
from center.incubator.filings.rules import PLAN_FROM, Stands
from center.kernel import clock
from center.kernel.access import Permission, authorise, may, signed_in
from center.kernel.i18n import format_day, in_language, local_date
from center.kernel.i18n import gettext as _
from center.organisations.models import Organisation
from center.organisations.queries import get_organisation
from center.web.activities.pages import written_ids
from center.web.blueprints import posting as blueprint
from center.web.incubator.filing_words import FilingWords
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done
from center.web.workspace.incubation.forms import FilingForm, SummaryForm


@dataclass(frozen=True, kw_only=True)
class FilingsPage:
    """What an organisation is to file and to sum up, what asks for something first."""

    organisation: Organisation
    to_do: Sequence[FilingLine]
    others: Sequence[FilingLine]
    words: FilingWords


@dataclass(frozen=True, kw_only=True)
class FilingPage:
    """The filing of an activity with its dates, and the form that is filled in already."""

    whole: Whole
    stands: Stands
    to_file: Sequence[FilingLine]  # the dates that are not filed, and not over
    is_over: bool
    is_late: bool
    words: FilingWords
    form: FilingForm


@blueprint.get("/workspace/organisations/<slug>/filings")
@signed_in
def filings(slug: str) -> ResponseReturnValue:
    """What is to be filed or summed up of an organisation's activities, and what is late."""
    organisation = get_organisation(slug)
    authorise(may_file_for(organisation.id))
    found = queries.lines(local_date(clock.now()), organisation_ids=[organisation.id])
    return render(
        "workspace/incubation/filings.html",
        FilingsPage(
            organisation=organisation,
            to_do=[each for each in found if each.asks],
            others=[each for each in found if not each.asks],
            words=FilingWords(),
        ),
    )


@blueprint.route("/workspace/activities/<slug>/filing", methods=["GET", "POST"])
@signed_in
def filing(slug: str) -> ResponseReturnValue:
    """File an activity: the page is filled in already."""
    whole = _whole(slug)
    form, back = FilingForm(data=_prefilled(whole)), url_for("posting.filing", slug=slug)

    def file() -> object:
        filed = Filed(
            what=form.what.data or "",
            people=form.people.data or 0,
            answers=form.answers.data or "",
            safety_plan=form.safety_plan.data or "",
            late_because=form.late_because.data or "",
        )
        return actions.file_activity(whole.activity, filed, by=current_user.person, now=clock.now())

    if is_done(form, file):
        return go_on(_("Filed. The staff of the centre look at it."), back)
    today = local_date(clock.now())
    to_file = whole.to_file(today)
    page = FilingPage(
        whole=whole,
        stands=whole.filing_stands(today),
        to_file=to_file,
        is_over=today > whole.last_on,
        is_late=any(today > each.facts.filing_due for each in to_file),
        words=FilingWords(),
        form=form,
    )
    return render("workspace/incubation/filing.html", page), form.status


@blueprint.route("/workspace/activities/<slug>/filing/summary/<filed_day>", methods=["GET", "POST"])
@signed_in
def filing_summary(slug: str, filed_day: str) -> ResponseReturnValue:
    """Sum up a date that is over; how many came is counted."""
    whole, now = _whole(slug), clock.now()
    line = next((each for each in whole.lines if each.on.isoformat() == filed_day), None)
    authorise(line is not None)
    assert line is not None
    made, counted = line.summary, count_activity(line.activity, line.on, now=now)
    form = SummaryForm(
        data={"what": made.what, "to_do_better": made.to_do_better} if made else {"what": _begun(line, counted)}
    )

    def sum_up() -> object:
        words = {"what": form.what.data or "", "to_do_better": form.to_do_better.data or ""}
        return actions.sum_up(line.activity, line.on, **words, by=current_user.person, now=clock.now())

    if is_done(form, sum_up):
        return go_on(_("The summary is written."), url_for("posting.filing", slug=slug))
    return form_page("workspace/incubation/summary.html", form, line=line, counted=counted)


@dataclass(frozen=True, kw_only=True)
class FilingSheet:
    """A filing and its summaries on paper."""

    whole: Whole
    places: Sequence[str]
    counted: Counted


@blueprint.get("/workspace/activities/<slug>/filing/print")
@signed_in
def print_filing(slug: str) -> ResponseReturnValue:
    """The filing and its summaries on paper."""
    whole = _whole(slug)
    authorise(whole.filing is not None)
    counted = count_activity(whole.activity, now=clock.now())
    sheet = FilingSheet(whole=whole, places=_places(whole.activity), counted=counted)
    return render("workspace/incubation/print_filing.html", sheet)


def may_file_for(organisation_id: int) -> bool:
    """Whether one files for an organisation: whoever writes its activities, and the staff of the incubator."""
    return may(Permission.RUN_INCUBATOR) or organisation_id in written_ids()


def _whole(slug: str) -> Whole:
    """An activity that one files, with its dates; raises NotFound where it is not to be filed."""
    activity = get_activity(slug)
    authorise(may_file_for(activity.organisation_id))
    found = queries.whole_of(activity, local_date(clock.now()))
    authorise(found is not None)
    assert found is not None
    return found


def _prefilled(whole: Whole) -> dict[str, Any]:
    """What was filed, or what the activity says already."""
    activity, made = whole.activity, whole.filing
    if made is not None:
        return {name: getattr(made, name) for name in ("what", "people", "answers", "safety_plan")}
    said = (in_language(activity.summary, activity.summary_en), in_language(activity.about, activity.about_en))
    return {
        "what": "\n".join(part for part in said if part)[:1000],
        "people": activity.expected,
        "answers": activity.contact or current_user.person.name,
        "safety_plan": _outline(activity) if activity.expected >= PLAN_FROM else "",
    }


def _begun(line: FilingLine, counted: Counted) -> str:
    """How a summary begins: what the activity and its register say."""
    activity = line.activity
    places = [str(where(each)) for each in activity.sessions if each.local_day == line.on]
    return _(
        "%(day)s, %(places)s: %(people)d people came to “%(activity)s”.",
        day=format_day(line.on),
        places="、".join(dict.fromkeys(places)),
        people=counted.people,
        activity=in_language(activity.title, activity.title_en),
    )


def _outline(activity: Activity) -> str:
    """How a plan of safety begins: what is known, and what is still to be said."""
    known = _("Where: %(places)s. Expected: %(n)d people.", places="、".join(_places(activity)), n=activity.expected)
    asked = (
        _("At the doors:"),
        _("Ways out and where people gather:"),
        _("First aid:"),
        _("In bad weather or a fire:"),
    )
    return "\n".join((known, *asked))


def _places(activity: Activity) -> list[str]:
    return list(dict.fromkeys(str(where(each)) for each in activity.sessions))
