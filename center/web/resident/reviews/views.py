"""A reviewer's own reviews: everything in one place, on a tablet at home.

An interest is asked for first. Nobody reads another's sheet before their own is signed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.incubator import moves
from center.incubator.models.incubations import IncubationApplication, IncubationDocument
from center.incubator.models.reviews import IncubationReview, PanelSeat, ReviewScore
from center.incubator.queries import application_of
from center.incubator.reviews import panels, sheets
from center.incubator.reviews.scoring import total
from center.incubator.stages import papers
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import gettext as _
from center.web.blueprints import incubation as blueprint
from center.web.incubation.files import download
from center.web.incubation.interest_form import OwnInterestForm
from center.web.rendering import render
from center.web.resident.reviews.forms import InterestForm, SheetForm, sheet_form
from center.web.sending import form_page, go_on, is_done

SIGN = "sign"


@dataclass(frozen=True, kw_only=True)
class ReviewPage:
    """Papers, sheet and, once that is signed, what the others gave."""

    review: IncubationReview
    seat: PanelSeat
    application: IncubationApplication
    papers: Sequence[IncubationDocument]
    score: ReviewScore | None
    form: SheetForm
    others: Sequence[tuple[ReviewScore, float]]
    own_total: float | None


@blueprint.get("/me/reviews")
@signed_in
def reviews() -> ResponseReturnValue:
    """All panels one sits on, what is due first on top."""
    seats = sheets.seats_of_person(current_user.person_id)
    signed = {
        seat.review_id
        for seat in seats
        if (score := sheets.sheet_of(seat.review, seat.person_id)) and score.signed_at is not None
    }
    return render_template("resident/reviews/reviews.html", seats=seats, signed=signed)


@blueprint.route("/me/reviews/<id:review_id>", methods=["GET", "POST"])
@signed_in
def review(review_id: int) -> ResponseReturnValue:
    """One review: first the question of interests, then the papers and the sheet."""
    found, seat = _mine(review_id)
    if seat.declared_at is None or not seat.is_free:
        return _interest(found, seat)
    score = sheets.sheet_of(found, seat.person_id)
    form, is_signing = sheet_form(found, score), request.form.get("act") == SIGN
    act = moves.sign if is_signing else sheets.save_draft
    if is_done(form, lambda: act(seat, form.given(), by=current_user.person, now=clock.now())):
        said = _("Signed. It counts, and stays as it is.") if is_signing else _("Kept. You can go on later.")
        return go_on(said, url_for("incubation.review", review_id=review_id))
    return render("resident/reviews/review.html", _page(found, seat, form)), form.status


@blueprint.route("/me/reviews/<id:review_id>/interest", methods=["GET", "POST"])
@signed_in
def declare_interest(review_id: int) -> ResponseReturnValue:
    """Say that one has an interest after all: what was scored does not count any more."""
    found, seat = _mine(review_id)
    form = OwnInterestForm()  # after somebody has said that they have none
    say = {"by": current_user.person, "now": clock.now()}
    if is_done(form, lambda: moves.declare_interest(seat, form.interest, form.note.data or "", **say)):
        return go_on(_("Thank you. Somebody else scores this organisation."), url_for("incubation.reviews"))
    return form_page("resident/reviews/interest.html", form, review=found, seat=seat, is_later=True)


@blueprint.get("/me/reviews/<id:review_id>/papers/<id:document_id>")
@signed_in
def review_paper(review_id: int, document_id: int) -> ResponseReturnValue:
    """A paper of an organisation one reviews, once one has said that one is free of interests."""
    found, seat = _mine(review_id)
    authorise(seat.is_free and seat.declared_at is not None)
    return download(found.incubation, document_id, why="review")


def _mine(review_id: int) -> tuple[IncubationReview, PanelSeat]:
    found = panels.get_review(review_id)
    return found, sheets.seat_of(found, current_user.person_id)


def _interest(found: IncubationReview, seat: PanelSeat) -> ResponseReturnValue:
    form, by = InterestForm(), current_user.person

    def say() -> None:
        if form.interest is None:
            sheets.say_free(seat, by=by, now=clock.now())
        else:
            moves.declare_interest(seat, form.interest, form.note.data or "", by=by, now=clock.now())

    if seat.is_free and is_done(form, say):
        if form.interest is None:
            return redirect(url_for("incubation.review", review_id=found.id), 303)
        return go_on(_("Thank you. Somebody else scores this organisation."), url_for("incubation.reviews"))
    return form_page("resident/reviews/interest.html", form, review=found, seat=seat, is_later=False)


def _page(found: IncubationReview, seat: PanelSeat, form: SheetForm) -> ReviewPage:
    score = sheets.sheet_of(found, seat.person_id)
    weights = sheets.weights_of(found.version)
    return ReviewPage(
        review=found,
        seat=seat,
        application=application_of(found.incubation),
        papers=papers.latest_of(found.incubation),
        score=score,
        form=form,
        others=[(each, _total(each, weights)) for each in sheets.readable(found, seat)],
        own_total=_total(score, weights) if score and score.signed_at else None,
    )


def _total(score: ReviewScore, weights: dict[int, int]) -> float:
    return total({point.criterion_id: point.points for point in score.points}, weights)
