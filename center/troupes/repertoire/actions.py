"""What happens to pieces and to what is known of them. Each function is called inside one `transaction()`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from center.kernel.db import db, lock
from center.kernel.errors import Conflict, DomainError, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.people.queries import has_account
from center.troupes import queries
from center.troupes.models.pieces import Level, Piece, PieceKind, PieceKnowledge, PiecePart
from center.troupes.models.troupes import MemberState, Troupe, TroupeMember


@dataclass(frozen=True, kw_only=True)
class PieceFacts:
    """What is said of a piece, checked for shape only; `heads` are how many each part needs at least."""

    title: str
    kind: PieceKind
    seconds: int
    heads: Mapping[int, int]
    title_en: str = ""
    notes: str = ""
    is_retired: bool = False


def add_piece(troupe: Troupe, facts: PieceFacts) -> Piece:
    """A new piece of the repertoire; raises Conflict where there is one of that title, RuleBroken without parts."""
    lock(troupe)
    broken_rules(_faults(troupe.id, facts, but=None))
    piece = Piece(troupe_id=troupe.id, title=facts.title, kind=facts.kind, seconds=facts.seconds)
    db.session.add(piece)
    _fill(piece, facts)
    return piece


def edit_piece(piece: Piece, facts: PieceFacts) -> None:
    """Say something else of a piece. What was said of who knows a part stays, although the piece needs it no more."""
    lock(piece)
    broken_rules(_faults(piece.troupe_id, facts, but=piece.id))
    _fill(piece, facts)


def say_level(
    piece: Piece, member: TroupeMember, part_id: int, level: Level, *, by: Person, now: datetime
) -> PieceKnowledge:
    """How well a member knows a part of a piece: they say it themselves.

    Whoever leads says it for who has no account, and it is marked so. Raises RuleBroken for another, and for a part
    that the piece does not need.
    """
    lock(member)
    is_by_lead = by.id != member.person_id
    if member.troupe_id != piece.troupe_id or member.state in {MemberState.LEFT, MemberState.APPLIED}:
        raise RuleBroken(_l("They are not in this troupe."))
    if is_by_lead and has_account(member.person_id):
        raise RuleBroken(_l("%(name)s has an account and says this themselves.", name=member.person.name))
    if part_id not in {each.part_id for each in piece.parts}:
        raise RuleBroken(_l("This piece does not need that part."))
    known = db.session.scalar(
        select(PieceKnowledge).where(
            PieceKnowledge.piece_id == piece.id,
            PieceKnowledge.part_id == part_id,
            PieceKnowledge.member_id == member.id,
        )
    )
    if known is None:
        whose = {"piece_id": piece.id, "part_id": part_id, "member_id": member.id, "troupe_id": piece.troupe_id}
        known = PieceKnowledge(**whose)
        db.session.add(known)
    known.level, known.is_by_lead, known.said_by_id, known.said_at = level, is_by_lead, by.id, now
    db.session.flush()
    return known


def _fill(piece: Piece, facts: PieceFacts) -> None:
    for name in ("title", "title_en", "kind", "seconds", "notes", "is_retired"):
        setattr(piece, name, getattr(facts, name))
    db.session.flush()
    kept = {each.part_id: each for each in piece.parts}
    piece.parts = [
        kept.get(part_id) or PiecePart(piece_id=piece.id, part_id=part_id, troupe_id=piece.troupe_id)
        for part_id in sorted(facts.heads)
    ]
    for each in piece.parts:
        each.heads = facts.heads[each.part_id]
    db.session.flush()


def _faults(troupe_id: int, facts: PieceFacts, *, but: int | None) -> list[DomainError]:
    found: list[DomainError] = []
    same = select(Piece.id).where(
        Piece.troupe_id == troupe_id, Piece.title == facts.title, Piece.id.is_distinct_from(but)
    )
    if db.session.scalar(same) is not None:
        found.append(Conflict(_l("There is a piece of this title already."), field="title"))
    known = {each.id for each in queries.parts_of(troupe_id)}
    if not facts.heads or not set(facts.heads) <= known:
        found.append(RuleBroken(_l("Please say how many it needs of at least one part."), field="heads"))
    return found
