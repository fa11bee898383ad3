"""The incubator as everybody sees it: its stages in words, what is made known, objections, who has graduated."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.incubator import moves
from center.incubator.models.incubations import IncubationStage
from center.incubator.models.publications import Objection, Publication
from center.incubator.models.reviews import CriteriaVersion
from center.incubator.publication import publishing
from center.incubator.publication.publishing import Objecting
from center.incubator.reviews import criteria, panels
from center.incubator.stages.house_rules import days_by_stage
from center.kernel import clock
from center.kernel.access import authorise, public
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import Organisation, Stage
from center.organisations.queries import all_organisations
from center.web.blueprints import incubation as blueprint
from center.web.browser_rights import accepts_little
from center.web.forms import CreatingForm, FilterForm, long_text_field, text_field
from center.web.rendering import render
from center.web.sending import form_page, result_of

ON_THE_WAY = tuple(
    IncubationStage(name)
    for name in ("submitted", "screening", "review", "published", "signing", "incubating", "mid_review", "graduated")
)
FEW_BYTES = 32 * 1024


class ObjectionForm(CreatingForm):
    """What somebody objects, and how they are reached."""

    name = text_field(_l("Your name"), most=60)
    contact = text_field(
        _l("How we reach you"), most=120, hint=_l("A phone number or an address. Only the centre's staff read it.")
    )
    words = long_text_field(_l("What do you object?"), most=4000, required=True)


class NumberForm(FilterForm):
    """The number of an objection."""

    number = text_field(_l("Number of the objection"), most=12, required=False)


@dataclass(frozen=True, kw_only=True)
class AboutPage:
    """What everybody may know of the incubator."""

    stages: Sequence[IncubationStage]
    days: dict[IncubationStage, int]
    publications: Sequence[Publication]
    version: CriteriaVersion | None
    inside: Sequence[Organisation]
    graduated: Sequence[Organisation]
    number_form: NumberForm


@blueprint.get("/incubator")
@public
def about() -> ResponseReturnValue:
    """The stages, what is made known now, the criteria, who is in the incubator and who has graduated."""
    organisations = all_organisations()
    page = AboutPage(
        stages=ON_THE_WAY,
        days=dict(days_by_stage()),
        publications=publishing.current(now=clock.now()),
        version=criteria.latest(),
        inside=[each for each in organisations if each.stage in {Stage.INCUBATING, Stage.MID_REVIEW, Stage.EXTENDED}],
        graduated=[each for each in organisations if each.stage is Stage.GRADUATED],
        number_form=NumberForm(),
    )
    return render("public/incubator/about.html", page)


@blueprint.route("/incubator/published/<id:publication_id>", methods=["GET", "POST"])
@public
@accepts_little(FEW_BYTES)
def publication(publication_id: int) -> ResponseReturnValue:
    """A result that is made known, and a form to object until its last day ends."""
    found, now = publishing.get_publication(publication_id), clock.now()
    is_open = publishing.is_open(found, now=now)
    authorise(found.starts_at <= now)
    form, person = ObjectionForm(), current_user.person if current_user.is_authenticated else None

    def object_to() -> Objection:
        texts = {name: form[name].data or "" for name in ("name", "contact", "words")}
        return moves.object_to(found, Objecting(**texts), person=person, at_desk_by=None, now=clock.now())

    made = result_of(form, object_to, then=_objection_address)
    if made is not None:
        return redirect(_objection_address(made), 303)
    review = panels.review_before(found.incubation, found.starts_at)
    return form_page(
        "public/incubator/publication.html",
        form,
        publication=found,
        is_open=is_open,
        review=review,
        signed=len(panels.counted(review)) if review else 0,
    )


@blueprint.get("/incubator/objections")
@public
def objection() -> ResponseReturnValue:
    """What became of an objection, for whoever knows its number; who made it is not said."""
    found = publishing.find_objection(request.args.get("number", ""))
    return render_template("public/incubator/objection.html", objection=found, form=NumberForm(request.args))


def _objection_address(made: Objection) -> str:
    return url_for("incubation.objection", number=made.number, new=1)
