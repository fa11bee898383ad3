"""An applicant's own applications: the list, one of them, and what can be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.incubator import moves, policy
from center.incubator.models.incubations import DocumentKind, Incubation, IncubationStage, IncubationTransition
from center.incubator.queries import application_of, get_incubation, own_incubations
from center.incubator.stages import applying, papers
from center.incubator.stages.applying import OPEN
from center.incubator.stages.deciding import moves_from
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.errors import Conflict
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.organisations.queries import organisations_led_by
from center.web.blueprints import incubation as blueprint
from center.web.browser_rights import accepts_file
from center.web.incubation import files
from center.web.incubation.files import MOST_SENT, PaperForm, download
from center.web.incubation.pages import Whole, whole
from center.web.rendering import render
from center.web.resident.incubation.forms import EditForm, ReasonForm, TakeBackForm, facts_of, form_of, values_of
from center.web.resident.incubation.steps import ApplySteps
from center.web.sending import did, form_page, go_on, is_done


@dataclass(frozen=True, kw_only=True)
class OwnPage:
    """One's own application, and what can be done now."""

    whole: Whole
    paper_form: PaperForm | None  # None while it is under review
    moves: Sequence[IncubationTransition]
    stage: type[IncubationStage]


@blueprint.get("/me/incubation")
@signed_in
def mine() -> ResponseReturnValue:
    """One's own applications, and how to make one."""
    found = own_incubations(current_user.person_id, on=clock.today(centre_zone()))
    return render_template("resident/incubation/mine.html", incubations=found)


@blueprint.route("/me/incubation/new/<step>", methods=["GET", "POST"])
@signed_in
def apply_step(step: str) -> ResponseReturnValue:
    """Apply, one question a page."""
    authorise(current_user.is_confirmed)
    return ApplySteps().answer(step)


@blueprint.get("/me/incubation/new")
@signed_in
def apply() -> ResponseReturnValue:
    """Begin to apply, or go on where it was left."""
    authorise(current_user.is_confirmed)
    return ApplySteps().start()


@blueprint.get("/me/incubation/<application>")
@signed_in
def own(application: str) -> ResponseReturnValue:
    """One's own application: where it stands, its papers and letters, what to do next."""
    return render("resident/incubation/own.html", _page(_own(application), None))


@blueprint.route("/me/incubation/<application>/edit", methods=["GET", "POST"])
@signed_in
def edit_application(application: str) -> ResponseReturnValue:
    """Say it otherwise, before it is under review."""
    incubation = _own(application)
    form = _edit_form(incubation)
    form.anew = lambda: EditForm(formdata=None, data=_values(incubation))
    back = url_for("incubation.own", application=application)
    if is_done(form, lambda: applying.edit(incubation, form_of(form), facts_of(form))):
        return go_on(_("Changed."), back)
    return form_page("resident/incubation/edit.html", form, incubation=incubation, back=back)


@blueprint.post("/me/incubation/<application>/papers")
@signed_in
@accepts_file(MOST_SENT)
def send_paper(application: str) -> ResponseReturnValue:
    """Send a paper; one of its kind that is there stays as an earlier version."""
    incubation = _own(application)
    form = _paper_form()

    def add() -> None:
        kind, name, content = form.sent()
        by = current_user.person
        papers.add(incubation, kind, name=name, content=content, by=by, by_staff=False, now=clock.now())

    if is_done(form, add):
        return go_on(_("The paper is kept."), url_for("incubation.own", application=application, _anchor="papers"))
    return render("resident/incubation/own.html", _page(incubation, form)), form.status


@blueprint.get("/me/incubation/<application>/papers/<id:document_id>")
@signed_in
def paper(application: str, document_id: int) -> ResponseReturnValue:
    """One of the papers."""
    return download(_own(application), document_id)


@blueprint.post("/me/incubation/<application>/submit/<int:at_step>")
@signed_in
def submit(application: str, at_step: int) -> ResponseReturnValue:
    """Send it in, the first time or completed."""
    incubation = _own(application)
    act = lambda: moves.submit(incubation, step=at_step, by=current_user.person, now=clock.now())  # noqa: E731
    did(act, _("It is sent in. You hear from us."))
    return redirect(url_for("incubation.own", application=application), 303)


@blueprint.route("/me/incubation/<application>/take-back/<int:at_step>", methods=["GET", "POST"])
@signed_in
def take_back(application: str, at_step: int) -> ResponseReturnValue:
    """Give the application up."""
    incubation, form = _own(application), TakeBackForm()
    say = {"step": at_step, "by": current_user.person, "now": clock.now()}
    if is_done(form, lambda: moves.take_back(incubation, reason=form.reason.data or "", **say)):
        return go_on(_("Your application is taken back."), url_for("incubation.mine"))
    return _reason_page(incubation, form, IncubationStage.WITHDRAWN)


@blueprint.route("/me/incubation/<application>/ask-again/<int:at_step>", methods=["GET", "POST"])
@signed_in
def ask_again(application: str, at_step: int) -> ResponseReturnValue:
    """Ask for another look at a refusal."""
    incubation, form = _own(application), ReasonForm()
    say = {"step": at_step, "by": current_user.person, "now": clock.now()}
    if is_done(form, lambda: moves.ask_again(incubation, reason=form.reason.data or "", **say)):
        return go_on(_("Somebody looks at it once more."), url_for("incubation.own", application=application))
    return _reason_page(incubation, form, IncubationStage.RECONSIDERED)


@blueprint.get("/me/incubation/<application>/letters/<int:at_step>")
@signed_in
def letter(application: str, at_step: int) -> ResponseReturnValue:
    """A letter, as a page to print."""
    return files.letter_page(_own(application), at_step)


@blueprint.get("/me/incubation/<application>/letters/<int:at_step>.docx")
@signed_in
def letter_file(application: str, at_step: int) -> ResponseReturnValue:
    """The same as a document of Word."""
    return files.letter_file(_own(application), at_step)


def _own(application: str) -> Incubation:
    incubation = get_incubation(application)
    led = {each.id for each in organisations_led_by(current_user.person_id, clock.today(centre_zone()))}
    authorise(policy.is_own(current_user.person_id, led, incubation))
    return incubation


def _page(incubation: Incubation, form: PaperForm | None) -> OwnPage:
    return OwnPage(
        whole=whole(incubation, now=clock.now()),
        paper_form=form or (_paper_form() if incubation.stage in OPEN else None),
        moves=moves_from(incubation.stage, by_applicant=True),
        stage=IncubationStage,
    )


def _paper_form() -> PaperForm:
    kinds: tuple[DocumentKind, ...] = papers.OF_APPLICANTS
    return PaperForm().offer(kinds)


def _values(incubation: Incubation) -> dict[str, object]:
    return values_of(application_of(incubation), incubation.form)


def _edit_form(incubation: Incubation) -> EditForm:
    if incubation.stage not in OPEN:
        raise Conflict(papers.CLOSED)
    return EditForm(data=_values(incubation))


def _reason_page(
    incubation: Incubation, form: ReasonForm | TakeBackForm, to_stage: IncubationStage
) -> ResponseReturnValue:
    back = url_for("incubation.own", application=incubation.number)
    return form_page("resident/incubation/reason.html", form, incubation=incubation, to_stage=to_stage, back=back)
