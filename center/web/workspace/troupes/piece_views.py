"""The repertoire for those who lead a troupe: pieces, who knows which, scores and recordings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.access_log import Kind
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.troupes import queries
from center.troupes.models.pieces import Piece, PieceFile, PieceKnowledge
from center.troupes.models.troupes import MemberState, Troupe, TroupeMember
from center.troupes.repertoire import actions, files
from center.troupes.repertoire import queries as repertoire_queries
from center.troupes.repertoire.file_kinds import MOST_SENT
from center.web.blueprints import troupes as blueprint
from center.web.browser_rights import accepts_file, plays_recordings
from center.web.editing import watch
from center.web.forms import id_of
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done, result_of
from center.web.troupes.fields import said_level
from center.web.troupes.pages import led
from center.web.troupes.words import WORDS, Words
from center.web.workspace.troupes.forms import FileForm, NewPieceForm, PieceForm, piece_form, values_of_piece

CAN_KNOW = (MemberState.ACTIVE, MemberState.RESTING, MemberState.TRIAL)


@dataclass(frozen=True, kw_only=True)
class LeadPiecePage:
    """A piece for those who lead the troupe: who knows which part, and its files."""

    troupe: Troupe
    item: Piece
    takers: Mapping[int, Sequence[TroupeMember]]  # by part
    known: Mapping[tuple[int, int], PieceKnowledge]  # by part and member
    counts: Mapping[int, int]
    speaks: frozenset[int]  # members who say it themselves
    files: Sequence[PieceFile]
    words: Words = field(default_factory=lambda: WORDS)


@blueprint.get("/workspace/troupes/<slug>/pieces")
@signed_in
def repertoire(slug: str) -> ResponseReturnValue:
    """The pieces of a troupe: how long, what they need, and how many know it."""
    troupe = led(slug)
    pieces = repertoire_queries.pieces_of(troupe.id, with_retired=True)
    ids = [each.id for each in pieces]
    return render_template(
        "workspace/troupes/repertoire.html",
        troupe=troupe,
        pieces=pieces,
        counts=repertoire_queries.knowing_counts(ids),
        files=repertoire_queries.file_counts(ids),
        words=WORDS,
    )


@blueprint.route("/workspace/troupes/<slug>/pieces/new", methods=["GET", "POST"])
@signed_in
def new_piece(slug: str) -> ResponseReturnValue:
    """One more piece."""
    troupe = led(slug)
    form = piece_form(NewPieceForm, queries.parts_of(troupe.id))
    del form.is_retired
    if made := result_of(form, lambda: actions.add_piece(troupe, form.facts()), then=_page_of):
        return go_on(
            _("The piece is in the repertoire. Its members can say now how well they know it."), _page_of(made)
        )
    return form_page("workspace/troupes/edit_piece.html", form, troupe=troupe, item=None)


@blueprint.get("/workspace/troupes/<slug>/pieces/<id:piece_id>")
@signed_in
@plays_recordings
def lead_piece(slug: str, piece_id: int) -> ResponseReturnValue:
    """Who knows which part of a piece, as each says it; and its scores and recordings."""
    troupe = led(slug)
    piece = repertoire_queries.get_piece(troupe, piece_id)
    members = queries.members_of(troupe.id, CAN_KNOW)
    looks.see(Kind.ROLL, [each.person for each in members], subject=troupe.name)
    said = {(each.part_id, each.member_id): each for each in repertoire_queries.knowledge_of([piece.id])}
    counts = repertoire_queries.knowing_counts([piece.id])
    page = LeadPiecePage(
        troupe=troupe,
        item=piece,
        takers={each.part_id: _takers(each.part_id, members, said) for each in piece.parts},
        known=said,
        counts={each.part_id: counts.get((piece.id, each.part_id), 0) for each in piece.parts},
        speaks=queries.with_account(members),
        files=repertoire_queries.files_of(piece.id),
    )
    return render("workspace/troupes/piece.html", page)


@blueprint.route("/workspace/troupes/<slug>/pieces/<id:piece_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_piece(slug: str, piece_id: int) -> ResponseReturnValue:
    """What a piece is, and how many it needs."""
    troupe = led(slug)
    piece, parts = repertoire_queries.get_piece(troupe, piece_id), queries.parts_of(troupe.id)
    form = watch(lambda **given: piece_form(PieceForm, parts, data=values_of_piece(piece), **given))
    if is_done(form, lambda: actions.edit_piece(piece, form.facts())):
        return go_on(_("Saved."), url_for("troupes.lead_piece", slug=slug, piece_id=piece_id))
    return form_page("workspace/troupes/edit_piece.html", form, troupe=troupe, item=piece)


@blueprint.post("/workspace/troupes/<slug>/pieces/<id:piece_id>/level")
@signed_in
def say_for(slug: str, piece_id: int) -> ResponseReturnValue:
    """Say for a member without an account how well they know a part; it is marked so."""
    troupe = led(slug)
    piece = repertoire_queries.get_piece(troupe, piece_id)
    member_id = id_of(request.form.get("member", "")) or 0

    def say() -> PieceKnowledge:
        member, (part_id, level) = queries.get_member(troupe, member_id), said_level(request.form)
        return actions.say_level(piece, member, part_id, level, by=current_user.person, now=clock.now())

    did(say, lambda said: _("Saved: %(level)s", level=WORDS.levels[said.level]))
    if request.form.get("back") == "member":
        return redirect(url_for("troupes.lead_member", slug=slug, member_id=member_id), 303)
    return redirect(url_for("troupes.lead_piece", slug=slug, piece_id=piece_id), 303)


@blueprint.route("/workspace/troupes/<slug>/pieces/<id:piece_id>/files", methods=["GET", "POST"])
@signed_in
@accepts_file(MOST_SENT)
def add_file(slug: str, piece_id: int) -> ResponseReturnValue:
    """A score or a recording for the members alone."""
    troupe = led(slug)
    piece, form = repertoire_queries.get_piece(troupe, piece_id), FileForm()

    def keep() -> object:
        sent = bytes(form.file.data.read(MOST_SENT)) if form.file.data else b""
        with transaction():
            return files.keep(piece, form.name.data, sent, by=current_user.person, now=clock.now())

    if is_done(form, keep, transacts=False):
        return go_on(
            _("The file is kept, for the members alone."), url_for("troupes.lead_piece", slug=slug, piece_id=piece_id)
        )
    return form_page("workspace/troupes/file.html", form, troupe=troupe, item=piece)


@blueprint.post("/workspace/troupes/<slug>/files/<id:file_id>/remove")
@signed_in
def remove_file(slug: str, file_id: int) -> ResponseReturnValue:
    """Take a file away."""
    found = repertoire_queries.get_file(led(slug), file_id)
    piece_id = found.piece_id
    did(lambda: files.remove(found), _("The file is gone. Nobody can fetch it any more."))
    return redirect(url_for("troupes.lead_piece", slug=slug, piece_id=piece_id), 303)


def _takers(
    part_id: int, members: Sequence[TroupeMember], said: Mapping[tuple[int, int], PieceKnowledge]
) -> list[TroupeMember]:
    """Those who take a part, and those who said something of it although they do not."""
    return [each for each in members if (part_id, each.id) in said or part_id in {own.part_id for own in each.parts}]


def _page_of(piece: Piece) -> str:
    return url_for("troupes.lead_piece", slug=piece.troupe.slug, piece_id=piece.id)
