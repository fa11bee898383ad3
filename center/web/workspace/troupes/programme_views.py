"""The programme of a performance for those who lead the troupe: what is played, in which order, and for how long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.errors import Conflict
from center.kernel.i18n import gettext as _
from center.troupes.models.pieces import Piece
from center.troupes.models.troupes import Troupe
from center.troupes.performances import making, queries, steps
from center.troupes.performances import programme as programmes
from center.troupes.performances.models import AHEAD, Performance, PerformanceState, Programme, ProgrammeItem
from center.troupes.performances.programme_now import ProgrammeNow, programme_now
from center.web.blueprints import troupes as blueprint
from center.web.forms import id_of
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done
from center.web.troupes.pages import led
from center.web.troupes.performance_words import PLAYS, Plays
from center.web.workspace.troupes.performance_forms import AllowForm, PieceForm, WordsForm


@dataclass(frozen=True, kw_only=True)
class ProgrammePage:
    """The version being written, or the one that is public."""

    troupe: Troupe
    performance: Performance
    programme: Programme
    standing: ProgrammeNow
    begins: Mapping[int, datetime]
    may_write: bool
    is_next: bool  # a version that will take the place of the public one
    pieces: Sequence[Piece]
    piece_form: PieceForm
    words_form: WordsForm
    plays: Plays = field(default_factory=lambda: PLAYS)

    @property
    def has_errors(self) -> bool:
        """Whether one of its forms was refused."""
        return self.piece_form.is_wrong or self.words_form.is_wrong


@blueprint.get("/workspace/troupes/<slug>/performances/<id:performance_id>/programme")
@signed_in
def programme(slug: str, performance_id: int) -> ResponseReturnValue:
    """The order of the programme, each place to be moved, changed, cast or taken out; and what can be added."""
    found = queries.get_performance(led(slug), performance_id)
    return _shown(found, PieceForm(), WordsForm())


@blueprint.post("/workspace/troupes/<slug>/performances/<id:performance_id>/programme/pieces")
@signed_in
def add_piece(slug: str, performance_id: int) -> ResponseReturnValue:
    """One more piece at the end."""
    found = queries.get_performance(led(slug), performance_id)
    form, known = PieceForm(), making.pieces_of(found.troupe_id)
    form.offer(known, PLAYS.clock)

    def add() -> object:
        piece = next(each for each in known if each.id == form.piece.data)
        return programmes.add_piece(found, piece, by=current_user.person, now=clock.now())

    if is_done(form, add):
        return redirect(_page(found, "end"), 303)
    return _shown(found, form, WordsForm(formdata=None))


@blueprint.post("/workspace/troupes/<slug>/performances/<id:performance_id>/programme/words")
@signed_in
def add_words(slug: str, performance_id: int) -> ResponseReturnValue:
    """Something at the end that is no piece."""
    found = queries.get_performance(led(slug), performance_id)
    form = WordsForm()

    def add() -> object:
        seconds, by = form.minutes.data * 60, current_user.person
        return programmes.add_words(found, form.title.data, seconds, by=by, now=clock.now())

    if is_done(form, add):
        return redirect(_page(found, "end"), 303)
    return _shown(found, PieceForm(formdata=None), form)


@blueprint.post("/workspace/troupes/<slug>/performances/<id:performance_id>/programme/order")
@signed_in
def reorder(slug: str, performance_id: int) -> ResponseReturnValue:
    """Up, down or out: one place of the programme."""
    found = queries.get_performance(led(slug), performance_id)
    position, how = id_of(request.form.get("position", "")) or 0, request.form.get("how", "")

    def act() -> None:
        by, now = current_user.person, clock.now()
        if request.form.get("item") and not _is_at(found, position, request.form["item"]):
            raise Conflict(_("The programme has changed meanwhile. Please look at it again."))
        if how == "out":
            programmes.drop(found, position, by=by, now=now)
        else:
            programmes.move(found, position, up=how == "up", by=by, now=now)

    did(act)
    there = position + {"up": -1, "down": 1}.get(how, 0)
    return redirect(_page(found, f"place-{max(there, 1)}"), 303)


@blueprint.route("/workspace/troupes/<slug>/performances/<id:performance_id>/programme/length", methods=["GET", "POST"])
@signed_in
def allow_length(slug: str, performance_id: int) -> ResponseReturnValue:
    """Write down who allows the programme to be longer than the slot."""
    found = queries.get_performance(led(slug), performance_id)
    form = AllowForm()
    allow = lambda: programmes.allow_length(found, form.why.data, by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, allow):
        return go_on(_("Written down. The programme may be as long as it is."), _page(found))
    length = programmes.length(found, queries.newest_of(found.id))
    return form_page(
        "workspace/troupes/allow_length.html", form, troupe=found.troupe, performance=found, said=PLAYS.length(length)
    )


@blueprint.post("/workspace/troupes/<slug>/performances/<id:performance_id>/programme/publish")
@signed_in
def publish_programme(slug: str, performance_id: int) -> ResponseReturnValue:
    """Let the new version take the place of the public one; those for whom it differs hear of it."""
    found = queries.get_performance(led(slug), performance_id)
    did(
        lambda: steps.publish_again(found, by=current_user.person, now=clock.now()),
        _("The new programme is public. Those for whom something is different hear of it."),
    )
    return redirect(_page(found), 303)


def _shown(performance: Performance, piece_form: PieceForm, words_form: WordsForm) -> ResponseReturnValue:
    version = queries.newest_of(performance.id)
    inside = {each.piece_id for each in version.items}
    pieces = [each for each in making.pieces_of(performance.troupe_id) if each.id not in inside]
    if not piece_form.is_wrong:
        piece_form.offer(pieces, PLAYS.clock)
    page = ProgrammePage(
        troupe=performance.troupe,
        performance=performance,
        programme=version,
        standing=programme_now(performance, version),
        begins=PLAYS.begins(performance, version),
        may_write=performance.state in AHEAD and performance.session.starts_at > clock.now(),
        is_next=performance.state is PerformanceState.PUBLISHED and version.published_at is None,
        pieces=pieces,
        piece_form=piece_form,
        words_form=words_form,
    )
    return render("workspace/troupes/programme.html", page), 422 if page.has_errors else 200


def _is_at(performance: Performance, position: int, seen: str) -> bool:
    """Whether the place is what whoever pressed saw there: a piece by its id, else words."""
    item = programmes.item_at(queries.newest_of(performance.id), position)
    return seen == _seen(item)


def _seen(item: ProgrammeItem) -> str:
    return str(item.piece_id) if item.piece_id else item.title


def _page(performance: Performance, anchor: str = "") -> str:
    slug = performance.troupe.slug
    return url_for("troupes.programme", slug=slug, performance_id=performance.id, _anchor=anchor or None)
