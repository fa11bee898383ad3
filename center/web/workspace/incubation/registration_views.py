"""The registration of an organisation, and its figures of each quarter, for those who lead it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.incubator.models.registration import QuarterReport, Registration
from center.incubator.registration import actions, queries, rules
from center.incubator.registration.rules import Quarter, Validity, read_quarter
from center.incubator.registration.words import STANDING_NAMES, STANDING_TONES, quarter_name
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.organisations.models import Organisation
from center.organisations.queries import get_organisation
from center.web.blueprints import posting as blueprint
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done
from center.web.workspace.incubation.filing_views import may_file_for
from center.web.workspace.incubation.forms import QuarterForm

QUARTERS_SHOWN = 4


@dataclass(frozen=True, kw_only=True)
class QuarterLine:
    """A quarter that is over, and what was reported of it."""

    quarter: Quarter
    name: str
    report: QuarterReport | None
    is_late: bool


@dataclass(frozen=True, kw_only=True)
class RegistrationPage:
    """How an organisation stands in the register, and its quarters."""

    organisation: Organisation
    entry: Registration | None
    validity: Validity | None
    renew_by: date | None
    quarters: Sequence[QuarterLine]
    names: Mapping[Any, Any]
    tones: Mapping[Any, str]


@blueprint.get("/workspace/organisations/<slug>/registration")
@signed_in
def registration(slug: str) -> ResponseReturnValue:
    """How the organisation stands in the register, when it is renewed, and which quarters are reported."""
    organisation, today = _ours(slug), local_date(clock.now())
    entry = next(iter(queries.entries_of(organisation.id)), None)
    page = RegistrationPage(
        organisation=organisation,
        entry=entry,
        validity=rules.validity_of(entry.valid_until, entry.ended_on, today) if entry else None,
        renew_by=rules.renew_by(entry.valid_until) if entry else None,
        quarters=_quarters(organisation.id, today),
        names=STANDING_NAMES,
        tones=STANDING_TONES,
    )
    return render("workspace/incubation/registration.html", page)


@blueprint.route("/workspace/organisations/<slug>/quarters/<which>", methods=["GET", "POST"])
@signed_in
def quarter(slug: str, which: str) -> ResponseReturnValue:
    """The figures of a quarter, counted already; the organisation adds words and sends them."""
    organisation, asked, now = _ours(slug), read_quarter(which), clock.now()
    authorise(asked is not None and asked.last_on < local_date(now))
    assert asked is not None
    report = queries.find_report(organisation.id, asked)
    form = QuarterForm(data={"text": report.note if report else ""})

    def send() -> object:
        text = form.text.data or ""
        return actions.report_quarter(organisation, asked, text=text, by=current_user.person, now=now)

    if is_done(form, send):
        return go_on(_("The figures are sent."), url_for("posting.registration", slug=slug))
    return form_page(
        "workspace/incubation/quarter.html",
        form,
        organisation=organisation,
        quarter=asked,
        name=quarter_name(asked),
        report=report,
        counted=queries.count_quarter(organisation.id, asked, now=now),
    )


def _ours(slug: str) -> Organisation:
    """An organisation in the incubator, or out of it, for which one reports; raises NotFound."""
    organisation = get_organisation(slug)
    authorise(may_file_for(organisation.id) and organisation.stage is not None)
    return organisation


def _quarters(organisation_id: int, today: date) -> list[QuarterLine]:
    asked, found = rules.to_report(today), []
    for _n in range(QUARTERS_SHOWN):
        report = queries.find_report(organisation_id, asked)
        is_late = report is None and today > asked.due_on
        found.append(QuarterLine(quarter=asked, name=quarter_name(asked), report=report, is_late=is_late))
        asked = asked.before
    return found
