"""The incubator at the desk: the list by stage with what is due and late, one page for each organisation."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.incubator import moves, policy
from center.incubator.models.incubations import DocumentKind, Incubation, IncubationStage, IncubationTransition
from center.incubator.models.interests import DeclaredInterest
from center.incubator.models.publications import Publication
from center.incubator.models.reviews import IncubationReview
from center.incubator.publication import publishing
from center.incubator.queries import get_incubation, listed, staff_of
from center.incubator.reviews import panels, sheets
from center.incubator.reviews.sheets import Result
from center.incubator.stages import interests, papers
from center.incubator.stages.deadlines import Due
from center.incubator.stages.deciding import NOT_FROM_HERE, Ruling, moves_from
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.people.models import Person
from center.people.records import get_person
from center.web.blueprints import desk as blueprint
from center.web.browser_rights import accepts_file
from center.web.desk.incubator.forms import DecisionForm, OwnerForm, chosen
from center.web.incubation.files import MOST_SENT, PaperForm, download, letter_file, letter_page
from center.web.incubation.interest_form import OwnInterestForm
from center.web.incubation.pages import Whole, due_of, whole
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done

EVERY_KIND = tuple(DocumentKind)


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """The organisations of a stage or of all, how each deadline stands, and how many there are of each stage."""

    incubations: Sequence[Incubation]
    dues: Mapping[int, Due]
    counts: Mapping[IncubationStage, int]
    stage: IncubationStage | None
    is_over: bool


@dataclass(frozen=True, kw_only=True)
class DeskPage:
    """One organisation, whole, and what can be done about it."""

    whole: Whole
    moves: Sequence[IncubationTransition]
    may_decide: bool
    has_interest: bool
    owner_form: OwnerForm
    paper_form: PaperForm
    review: IncubationReview | None
    result: Result | None
    is_short: bool
    publication: Publication | None
    interests: Sequence[DeclaredInterest]


@blueprint.get("/desk/incubator")
@requires(Permission.RUN_INCUBATOR)
def incubator() -> ResponseReturnValue:
    """All organisations that are under way, what is due first on top; or those of one stage, or what is over."""
    now, is_over = clock.now(), "over" in request.args
    asked = request.args.get("stage", "")
    stage = IncubationStage(asked) if asked in set(IncubationStage) else None
    every = listed(is_over=is_over)
    page = ListPage(
        incubations=[each for each in every if stage is None or each.stage is stage],
        dues={each.id: due_of(each, now=now) for each in every},
        counts=Counter(each.stage for each in every),
        stage=stage,
        is_over=is_over,
    )
    return render("desk/incubator/list.html", page)


@blueprint.get("/desk/incubator/<application>")
@requires(Permission.RUN_INCUBATOR)
def incubation(application: str) -> ResponseReturnValue:
    """One organisation: what it says, its papers, decisions and letters, its review, its publication."""
    return render("desk/incubator/one.html", _page(get_incubation(application), None))


@blueprint.route("/desk/incubator/<application>/decide/<to_stage>", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def decide_incubation(application: str, to_stage: str) -> ResponseReturnValue:
    """Decide about an organisation; what was read, and no later step, is what is decided about."""
    found = get_incubation(application)
    authorise(to_stage in set(IncubationStage) and policy.may_decide(current_user, found))
    step = request.args.get("step", type=int, default=found.step)
    move = next((each for each in moves_from(found.stage, by_applicant=False) if each.to_stage == to_stage), None)
    if move is None and step == found.step:
        raise RuleBroken(NOT_FROM_HERE)
    form, back = _decision_form(found, move), url_for("desk.incubation", application=application)

    def decide() -> None:
        document = chosen(form.document)
        ruling = Ruling(
            to_stage=IncubationStage(to_stage),
            step=step,
            reason=form.reason.data or "",
            document=papers.get_with_content(found, document) if document else None,
            owner_id=chosen(form.owner),
            due_on=form.due_on.data,
        )
        result = form.result.data if "result" in form else ""
        moves.move(found, ruling, by=current_user.person, now=clock.now(), result=result or "")

    if is_done(form, decide):
        return go_on(_("Decided."), back)
    return form_page(
        "desk/incubator/decide.html", form, incubation=found, to_stage=IncubationStage(to_stage), back=back
    )


@blueprint.post("/desk/incubator/<application>/owner")
@requires(Permission.RUN_INCUBATOR)
def hand_incubation(application: str) -> ResponseReturnValue:
    """Say who of the staff has it."""
    found, form = get_incubation(application), OwnerForm().offer(_staff())
    authorise(policy.may_set_up(current_user) or found.owner_id in {None, current_user.person_id})
    give = lambda: moves.give_to(  # noqa: E731
        found, get_person(int(form.owner.data)), by=current_user.person, now=clock.now()
    )
    if is_done(form, give):
        return go_on(_("It is theirs now."), url_for("desk.incubation", application=application))
    return render("desk/incubator/one.html", _page(found, None)), form.status


@blueprint.post("/desk/incubator/<application>/papers")
@requires(Permission.RUN_INCUBATOR)
@accepts_file(MOST_SENT)
def enter_incubation_paper(application: str) -> ResponseReturnValue:
    """Enter a paper that came by hand; it is kept as of staff."""
    found, form = get_incubation(application), PaperForm().offer(EVERY_KIND)

    def add() -> None:
        kind, name, content = form.sent()
        by = current_user.person
        papers.add(found, kind, name=name, content=content, by=by, by_staff=True, now=clock.now())

    if is_done(form, add):
        return go_on(_("The paper is kept."), url_for("desk.incubation", application=application, _anchor="papers"))
    return render("desk/incubator/one.html", _page(found, form)), form.status


@blueprint.get("/desk/incubator/<application>/papers/<id:document_id>")
@requires(Permission.RUN_INCUBATOR)
def incubation_paper(application: str, document_id: int) -> ResponseReturnValue:
    """One of the papers."""
    return download(get_incubation(application), document_id)


@blueprint.get("/desk/incubator/<application>/letters/<int:at_step>")
@requires(Permission.RUN_INCUBATOR)
def incubation_letter(application: str, at_step: int) -> ResponseReturnValue:
    """A letter, as a page to print."""
    return letter_page(get_incubation(application), at_step)


@blueprint.get("/desk/incubator/<application>/letters/<int:at_step>.docx")
@requires(Permission.RUN_INCUBATOR)
def incubation_letter_file(application: str, at_step: int) -> ResponseReturnValue:
    """The same as a document of Word."""
    return letter_file(get_incubation(application), at_step)


@blueprint.route("/desk/incubator/<application>/interest", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def own_interest(application: str) -> ResponseReturnValue:
    """Say that one has an interest oneself, and so decides nothing about it."""
    found, form, by = get_incubation(application), OwnInterestForm(), current_user.person
    back = url_for("desk.incubation", application=application)

    def declare() -> None:
        moves.declare_own(found, form.interest, form.note.data or "", by=by, now=clock.now())

    if is_done(form, declare):
        return go_on(_("Thank you. Somebody else decides about this organisation."), back)
    return form_page("desk/incubator/interest.html", form, incubation=found, back=back)


def _page(found: Incubation, paper_form: PaperForm | None) -> DeskPage:
    now, review = clock.now(), panels.latest_review(found)
    # What the panel gave is read once everybody has signed, and by nobody who has an interest.
    bound = interests.is_bound(found, current_user.person, on=local_date(now))
    shows = review is not None and not bound and (review.minutes_at is not None or sheets.is_complete(review))
    return DeskPage(
        whole=whole(found, now=now),
        moves=moves_from(found.stage, by_applicant=False),
        may_decide=policy.may_decide(current_user, found),
        has_interest=bound,
        owner_form=OwnerForm(data={"owner": str(found.owner_id)}).offer(_staff()),
        paper_form=paper_form or PaperForm(formdata=None).offer(EVERY_KIND),
        review=review,
        result=sheets.result_of(review) if review is not None and shows else None,
        is_short=review is not None and review.minutes_at is None and panels.is_short(review),
        publication=publishing.latest_of(found),
        interests=interests.interests_of(found.organisation),
    )


def _staff() -> Sequence[Person]:
    return staff_of(on=local_date(clock.now()))


def _decision_form(found: Incubation, move: IncubationTransition | None) -> DecisionForm:
    form = DecisionForm(data={"owner": str(found.owner_id or "")})
    names = [(str(each.id), each.name) for each in papers.latest_of(found)]
    form.document.choices = [("", "–"), *names]
    form.owner.choices = [("", "–"), *((str(each.id), each.name) for each in _staff())]
    return form.for_move(move) if move is not None else form
