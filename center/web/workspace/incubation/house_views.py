"""What an organisation agreed and has, for those who lead it, and its report for the mid-term review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.incubator.agreements import leaving, mid_term, queries, room_hours
from center.incubator.agreements.leaving import Left
from center.incubator.agreements.queries import Term
from center.incubator.agreements.rules import Step, step_of
from center.incubator.agreements.words import CARD_PARTS, MOMENTS, SEAT_KINDS, STEPS
from center.incubator.models.agreements import CapabilityCard, CardMoment, MidReview
from center.incubator.models.incubations import Incubation, IncubationStage
from center.incubator.registration.queries import count_quarter
from center.incubator.registration.rules import quarter_of
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.organisations.models import Organisation
from center.organisations.queries import get_organisation
from center.web.activities.pages import led_ids
from center.web.blueprints import posting as blueprint
from center.web.forms import BaseForm, long_text_field
from center.web.incubation.files import download
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done
from center.web.workspace.incubation.filing_views import may_file_for


class ReportForm(BaseForm):
    """What an organisation says of itself half way."""

    words = long_text_field(
        _l("Your report"),
        most=4000,
        required=True,
        hint=_l("What you did and for whom, what you learned, what you need. The figures below are sent with it."),
    )


@dataclass(frozen=True, kw_only=True)
class OwnHousePage:
    """An organisation's terms, seats, hours, review and cards, and what it still has to see to when it leaves."""

    organisation: Organisation
    incubation: Incubation | None
    terms: Sequence[Term]
    minutes: int
    month: date
    review: MidReview | None
    step: Step
    left: Left | None
    cards: Mapping[CardMoment, CapabilityCard]
    words: "HouseWords"
    leads: bool  # whoever does opens what is signed


@dataclass(frozen=True)
class HouseWords:
    """What kinds, steps and parts are called."""

    kinds: Mapping[Any, Any]
    steps: Mapping[Any, Any]
    moments: Mapping[Any, Any]
    parts: Mapping[str, Any]


WORDS = HouseWords(SEAT_KINDS, STEPS, MOMENTS, CARD_PARTS)


@blueprint.get("/workspace/organisations/<slug>/incubation")
@signed_in
def incubation(slug: str) -> ResponseReturnValue:
    """What was agreed, what is let to the organisation, how many hours it used, and what is asked of it."""
    organisation, found = _ours(slug)
    today, now = local_date(clock.now()), clock.now()
    review = queries.open_review(found.id) if found else None
    is_leaving = found is not None and found.stage is IncubationStage.WITHDRAWING
    page = OwnHousePage(
        organisation=organisation,
        incubation=found,
        terms=queries.terms_of(found.id) if found else [],
        minutes=room_hours.minutes_used([organisation.id], today).get(organisation.id, 0),
        month=today,
        review=review,
        step=step_of(review) if review else Step.OVER,
        left=leaving.what_is_left(found, now=now) if found and is_leaving else None,
        cards=queries.cards_of(found.id) if found else {},
        words=WORDS,
        leads=organisation.id in led_ids(),
    )
    return render("workspace/incubation/house.html", page)


@blueprint.get("/workspace/organisations/<slug>/incubation/papers/<id:document_id>")
@signed_in
def agreement_paper(slug: str, document_id: int) -> ResponseReturnValue:
    """The paper on which an agreement is signed, for whoever leads the organisation."""
    organisation, found = _ours(slug)
    authorise(organisation.id in led_ids() and found is not None and queries.is_signed_on(document_id))
    assert found is not None
    return download(found, document_id)


@blueprint.route("/workspace/organisations/<slug>/incubation/report", methods=["GET", "POST"])
@signed_in
def mid_report(slug: str) -> ResponseReturnValue:
    """The report for the mid-term review, with the figures of the last quarter beside it."""
    organisation, found = _ours(slug)
    review, now = queries.open_review(found.id) if found else None, clock.now()
    authorise(review is not None and step_of(review) in {Step.REPORT, Step.OPINION})
    assert review is not None
    form = ReportForm(data={"words": review.report})

    def report() -> None:
        mid_term.report(review, form.words.data or "", by=current_user.person, now=clock.now())

    if is_done(form, report):
        return go_on(_("The report is sent."), url_for("posting.incubation", slug=slug))
    counted = count_quarter(organisation.id, quarter_of(local_date(now)), now=now)
    return form_page("workspace/incubation/mid_report.html", form, organisation=organisation, counted=counted)


def _ours(slug: str) -> tuple[Organisation, Incubation | None]:
    """An organisation that one leads or writes for, and its way through the incubator if it is known."""
    organisation = get_organisation(slug)
    authorise(may_file_for(organisation.id))
    return organisation, queries.incubation_of(organisation.id)
