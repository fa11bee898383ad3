"""Loans of costumes and props: promised, handed out, taken back, printed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import undefer

from center.activities.photos.images import draw
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.access_log import Kind
from center.kernel.db import db, transaction
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.kernel.spans import Span
from center.kernel.undoing import may_undo
from center.organisations.queries import all_organisations
from center.people.models import Person
from center.troupes.lending import loans, queries
from center.troupes.lending.loans import Terms
from center.troupes.models.lending import DamagePhoto, LineState, Loan, LoanLine
from center.troupes.models.troupes import Troupe
from center.troupes.queries import members_of
from center.web.activities.photo_forms import MOST_SENT, bytes_of
from center.web.blueprints import troupes as blueprint
from center.web.browser_rights import accepts_file
from center.web.forms import asked_date
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done, result_of
from center.web.troupes.pages import led
from center.web.workspace.lending.forms import (
    USUALLY,
    BackForm,
    Free,
    LendForm,
    LongerForm,
    WhenForm,
    can_take_now,
    first_moment,
    last_moment,
    lend_form,
    name_for,
)
from center.web.workspace.lending.views import WORDS, free_of, is_late


@dataclass(frozen=True, kw_only=True)
class LendPage:
    """What is free from a day until another, and the form with which it is promised."""

    troupe: Troupe
    when: WhenForm
    starts_on: Any
    due_on: Any
    form: LendForm
    free: Sequence[Free]
    nothing: Sequence[Free]  # of which nothing is free then
    name_for: Callable[..., str] = name_for


@dataclass(frozen=True, kw_only=True)
class LoanPage:
    """One loan: what it is, where each piece stands, and what can be done."""

    troupe: Troupe
    loan: Loan
    is_late: bool
    kept: Sequence[LoanLine]
    out: Sequence[LoanLine]
    over: Sequence[LoanLine]
    photos: frozenset[int]
    can_undo: frozenset[int]  # lines that came back within the last ten minutes
    words: Mapping[str, Mapping[Any, Any]] = field(default_factory=lambda: WORDS)


@blueprint.route("/workspace/troupes/<slug>/things/lend", methods=["GET", "POST"])
@signed_in
def lend(slug: str) -> ResponseReturnValue:
    """Choose the days, see what is free then, and keep it for somebody or hand it out."""
    troupe, now = led(slug), clock.now()
    starts_on, due_on = _asked_days(now)
    span = Span(first_moment(starts_on, now=now), max(last_moment(due_on), last_moment(starts_on)))
    free = free_of(troupe, span, now=now)
    offered = [each for each in free if each.count]
    members = members_of(troupe.id)
    looks.see(Kind.ROLL, [each.person for each in members], subject=troupe.name)
    form = lend_form(offered)
    form.offer(members, [each for each in all_organisations() if each.id != troupe.organisation_id])
    if starts_on != local_date(now):
        del form.is_out

    def promise() -> Loan:
        starts_at, due_at = first_moment(starts_on, now=now), last_moment(due_on)
        terms = _terms(form, starts_at, due_at)
        made = loans.promise(troupe, form.wanted(offered), terms, by=current_user.person, now=now)
        if can_take_now(form):
            loans.hand_out(made, by=current_user.person, now=now)
        return made

    if made := result_of(form, promise, then=_page_of):
        return go_on(_("It is written down."), _page_of(made))
    when = WhenForm(formdata=None, data={"starts_on": starts_on, "due_on": due_on})
    page = LendPage(
        troupe=troupe, when=when, starts_on=starts_on, due_on=due_on, form=form, free=offered,
        nothing=[each for each in free if not each.count],
    )  # fmt: skip
    return render("workspace/lending/lend.html", page), form.status


@blueprint.get("/workspace/troupes/<slug>/things/loans")
@signed_in
def past_loans(slug: str) -> ResponseReturnValue:
    """Loans that are over."""
    troupe = led(slug)
    found = queries.past_loans(troupe)
    looks.see(Kind.ROLL, [loan.person for loan in found], subject=troupe.name)
    return render_template("workspace/lending/past.html", troupe=troupe, loans=found, words=WORDS)


@blueprint.get("/workspace/troupes/<slug>/things/loans/<loan_number>")
@signed_in
def loan(slug: str, loan_number: str) -> ResponseReturnValue:
    """One loan."""
    troupe, found = _loan(slug, loan_number)
    states = [LineState.RESERVED, LineState.OUT]
    with_photo = db.session.scalars(
        db.select(DamagePhoto.line_id).where(DamagePhoto.line_id.in_([line.id for line in found.lines]))
    )
    page = LoanPage(
        troupe=troupe,
        loan=found,
        is_late=is_late(found),
        kept=[line for line in found.lines if line.state is LineState.RESERVED],
        out=[line for line in found.lines if line.state is LineState.OUT],
        over=[line for line in found.lines if line.state not in states],
        photos=frozenset(with_photo),
        can_undo=frozenset(line.id for line in found.lines if line.back_at and may_undo(line.back_at, now=clock.now())),
    )
    return render("workspace/lending/loan.html", page)


@blueprint.get("/workspace/troupes/<slug>/things/loans/<loan_number>/slip")
@signed_in
def loan_slip(slug: str, loan_number: str) -> ResponseReturnValue:
    """A loan on paper, to be signed by both."""
    troupe, found = _loan(slug, loan_number)
    lines = [line for line in found.lines if line.state is not LineState.CANCELLED]
    return render_template("workspace/lending/slip.html", troupe=troupe, loan=found, lines=lines)


@blueprint.post("/workspace/troupes/<slug>/things/loans/<loan_number>/hand-out")
@signed_in
def hand_out(slug: str, loan_number: str) -> ResponseReturnValue:
    """Whoever borrows takes it with them."""
    _troupe, found = _loan(slug, loan_number)
    did(lambda: loans.hand_out(found, by=current_user.person, now=clock.now()), _("It is handed out."))
    return redirect(_page_of(found), 303)


@blueprint.post("/workspace/troupes/<slug>/things/loans/<loan_number>/call-off")
@signed_in
def call_off_loan(slug: str, loan_number: str) -> ResponseReturnValue:
    """What was kept is free again."""
    _troupe, found = _loan(slug, loan_number)
    did(lambda: loans.call_off(found, now=clock.now()), _("It is free again, and they are told."))
    return redirect(_page_of(found), 303)


@blueprint.post("/workspace/troupes/<slug>/things/loans/<loan_number>/all-back")
@signed_in
def all_back(slug: str, loan_number: str) -> ResponseReturnValue:
    """Everything is back, was looked at, and is as it was."""
    _troupe, found = _loan(slug, loan_number)

    def take_all() -> None:
        for line in found.lines:
            if line.state is LineState.OUT:
                loans.take_back(line, by=current_user.person, now=clock.now())

    did(take_all, _("Everything is back."))
    return redirect(_page_of(found), 303)


@blueprint.post("/workspace/troupes/<slug>/things/loans/<loan_number>/lines/<id:line_id>/undo")
@signed_in
def undo_back(slug: str, loan_number: str, line_id: int) -> ResponseReturnValue:
    """It is not back after all: for ten minutes."""
    _troupe, found = _loan(slug, loan_number)
    line = queries.find_line(found, line_id)
    authorise(line is not None)
    assert line is not None
    did(lambda: loans.undo_back(line, by=current_user.person, now=clock.now()), _("Undone: it is still lent out."))
    return redirect(_page_of(found), 303)


@blueprint.route("/workspace/troupes/<slug>/things/loans/<loan_number>/longer", methods=["GET", "POST"])
@signed_in
def lend_longer(slug: str, loan_number: str) -> ResponseReturnValue:
    """It may come back later."""
    troupe, found = _loan(slug, loan_number)
    form = LongerForm(data={"due_on": found.last_day})
    if is_done(form, lambda: loans.lend_longer(found, last_moment(form.due_on.data), now=clock.now())):
        return go_on(_("It may be kept longer, and they are told."), _page_of(found))
    return form_page("workspace/lending/longer.html", form, troupe=troupe, loan=found)


@blueprint.route(
    "/workspace/troupes/<slug>/things/loans/<loan_number>/lines/<id:line_id>/back", methods=["GET", "POST"]
)
@signed_in
@accepts_file(MOST_SENT)
def take_back(slug: str, loan_number: str, line_id: int) -> ResponseReturnValue:
    """One line of it is back: how it is, with a note and a photo where something is wrong."""
    troupe, found = _loan(slug, loan_number)
    line, form = _line(found, line_id), BackForm()
    if is_done(form, lambda: _take_back(line, form), transacts=False):
        return go_on(_("It is back."), _page_of(found))
    return form_page("workspace/lending/back.html", form, troupe=troupe, loan=found, line=line)


@blueprint.get("/workspace/troupes/<slug>/things/damaged/<id:damaged_id>.jpg")
@signed_in
def damage_photo(slug: str, damaged_id: int) -> ResponseReturnValue:
    """What was wrong with something that came back."""
    troupe = led(slug)
    photo = db.session.get(DamagePhoto, damaged_id, options=[undefer(DamagePhoto.picture)])
    authorise(photo is not None and photo.line.loan.troupe_id == troupe.id)
    assert photo is not None
    response = Response(photo.picture, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _take_back(line: LoanLine, form: BackForm) -> None:
    """The photo is drawn before the transaction, since that takes its time."""
    sent = bytes_of(form.photo)
    picture = draw(sent) if sent else None
    by, now = current_user.person, clock.now()
    with transaction():
        bad = {"damaged": form.damaged.data, "lost": form.lost.data}
        loans.take_back(line, **bad, words=form.note.data or "", by=by, now=now)
        if picture is not None:
            loans.keep_photo(line, picture, by=by, now=now)


def _terms(form: LendForm, starts_at: datetime, due_at: datetime) -> Terms:
    person = db.session.get(Person, form.person.data) if form.person.data else None
    organisations = {each.id: each for each in all_organisations()}
    return Terms(
        person=person,
        organisation=organisations.get(form.organisation.data) if form.organisation.data else None,
        starts_at=starts_at,
        due_at=due_at,
        purpose=form.purpose.data or "",
    )


def _asked_days(now: datetime) -> tuple[Any, Any]:
    """The days in the address; today and five days on, where there are none that can be."""
    today = local_date(now)
    starts_on = asked_date("starts_on", request.args)
    starts_on = starts_on if starts_on and starts_on >= today else today
    due_on = asked_date("due_on", request.args)
    return starts_on, due_on if due_on and due_on >= starts_on else starts_on + USUALLY


def _loan(slug: str, loan_number: str) -> tuple[Troupe, Loan]:
    troupe = led(slug)
    found = loans.get_loan(troupe, loan_number)
    looks.see(Kind.ROLL, [found.person], subject=troupe.name)
    return troupe, found


def _line(found: Loan, line_id: int) -> LoanLine:
    line = queries.find_line(found, line_id)
    authorise(line is not None)
    assert line is not None
    return line


def _page_of(found: Loan) -> str:
    return url_for("troupes.loan", slug=found.troupe.slug, loan_number=found.number)
