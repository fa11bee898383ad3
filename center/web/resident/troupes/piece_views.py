"""A piece as a member learns it: which parts it has, how well they know theirs, its scores and recordings."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import gettext as _
from center.kernel.unreadable import file_of
from center.troupes.models.pieces import FileKind, Piece, PieceFile, PieceKnowledge
from center.troupes.models.troupes import Troupe, TroupeMember
from center.troupes.repertoire import actions
from center.troupes.repertoire.file_kinds import ENDINGS
from center.troupes.repertoire.queries import files_of, get_file, get_piece, known_by
from center.web.blueprints import troupes as blueprint
from center.web.browser_rights import plays_recordings
from center.web.rendering import render
from center.web.sending import did
from center.web.troupes.fields import said_level
from center.web.troupes.pages import inside
from center.web.troupes.words import WORDS, Words


@dataclass(frozen=True, kw_only=True)
class PiecePage:
    """A piece for those who are in its troupe."""

    troupe: Troupe
    item: Piece
    member: TroupeMember | None
    may_lead: bool
    known: Mapping[tuple[int, int], PieceKnowledge]
    files: Sequence[PieceFile]
    words: Words = field(default_factory=lambda: WORDS)


@blueprint.get("/me/troupes/<slug>/pieces/<id:piece_id>")
@signed_in
@plays_recordings
def piece(slug: str, piece_id: int) -> ResponseReturnValue:
    """A piece: its parts with how well I know each, and what there is to read and to hear."""
    standing = inside(slug)
    found = get_piece(standing.troupe, piece_id)
    page = PiecePage(
        troupe=standing.troupe,
        item=found,
        member=standing.member if standing.is_inside else None,
        may_lead=standing.may_lead,
        known=known_by(standing.member.id) if standing.member else {},
        files=files_of(found.id),
    )
    return render("resident/troupes/piece.html", page)


@blueprint.post("/me/troupes/<slug>/pieces/<id:piece_id>/level")
@signed_in
def say_level(slug: str, piece_id: int) -> ResponseReturnValue:
    """Say how well I know a part of a piece."""
    standing = inside(slug)
    found, member = get_piece(standing.troupe, piece_id), standing.member
    authorise(member is not None)
    assert member is not None
    did(
        lambda: actions.say_level(found, member, *said_level(request.form), by=current_user.person, now=clock.now()),
        lambda said: _("Saved: %(level)s", level=WORDS.levels[said.level]),
    )
    return redirect(url_for("troupes.piece", slug=slug, piece_id=piece_id), 303)


@blueprint.get("/me/troupes/<slug>/files/<id:file_id>")
@signed_in
def file(slug: str, file_id: int) -> ResponseReturnValue:
    """A score or a recording, for those who are in the troupe and those who lead it; for others it is not there."""
    found = get_file(inside(slug).troupe, file_id, whole=True)
    answer = send_file(
        io.BytesIO(file_of(found.content)),
        mimetype=found.media_type,
        download_name=f"{found.name}{ENDINGS[found.media_type]}",
        as_attachment=found.kind is FileKind.SCORE or "save" in request.args,
        etag=found.sha256[:32],
        last_modified=found.added_at,
        conditional=True,
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
