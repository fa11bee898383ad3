"""Builders of troupes: with parts, members as they stand, offices, seasons and pieces. Each commits by itself."""

import itertools
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from center.kernel import clock
from center.kernel.db import db, transaction
from center.organisations.models import Organisation
from center.people.models import Person
from center.troupes.models.pieces import Level, Piece, PieceKind, PieceKnowledge, PiecePart
from center.troupes.models.seasons import Season, SeasonMember, SeasonPiece
from center.troupes.models.troupes import (
    MemberEvent,
    MemberPart,
    MemberState,
    Office,
    PartKind,
    Troupe,
    TroupeKind,
    TroupeMember,
    TroupeOffice,
    TroupePart,
)
from tests.builders import LONG_AGO, at, make_organisation, make_person

# By which states somebody comes to stand where they do.
PATHS: Mapping[MemberState, tuple[MemberState, ...]] = {
    MemberState.APPLIED: (),
    MemberState.TRIAL: (MemberState.TRIAL,),
    MemberState.ACTIVE: (MemberState.ACTIVE,),
    MemberState.RESTING: (MemberState.ACTIVE, MemberState.RESTING),
    MemberState.LEFT: (MemberState.ACTIVE, MemberState.LEFT),
}
_numbers = itertools.count(1)


def make_troupe(
    *, organisation: Organisation | None = None, parts: Iterable[str] = ("高声部",), **facts: Any
) -> Troupe:
    """A choir of an organisation, with these voices; open to whoever wants to join."""
    n = next(_numbers)
    organisation = organisation or make_organisation()
    known = {
        "slug": f"troupe-{n}",
        "name": f"第{n}合唱队",
        "name_en": f"Choir {n}",
        "kind": TroupeKind.CHOIR,
        "started_on": LONG_AGO,
        **facts,
    }
    with transaction() as session:
        troupe = Troupe(organisation_id=organisation.id, **known)
        troupe.parts = [
            TroupePart(kind=PartKind.VOICE, name=name, position=position) for position, name in enumerate(parts)
        ]
        session.add(troupe)
    return troupe


def part_of(troupe: Troupe, name: str = "") -> TroupePart:
    """A part of a troupe by its name, or the first."""
    query = select(TroupePart).where(TroupePart.troupe_id == troupe.id).order_by(TroupePart.position, TroupePart.id)
    found = db.session.scalars(query.where(TroupePart.name == name) if name else query).first()
    assert found is not None
    return found


def make_member(
    troupe: Troupe | None = None,
    person: Person | None = None,
    *,
    state: MemberState = MemberState.ACTIVE,
    parts: Iterable[TroupePart | str] = (),
    office: Office | None = None,
    **facts: Any,
) -> TroupeMember:
    """A member of a troupe, by default in it, with parts (the first is the main one) and perhaps an office."""
    troupe, person = troupe or make_troupe(), person or make_person()
    found = [part_of(troupe, each) if isinstance(each, str) else each for each in parts]
    day = clock.now().date()
    with transaction() as session:
        member = TroupeMember(troupe_id=troupe.id, person_id=person.id, applied_on=day, **facts)
        session.add(member)
        session.flush()
        was: MemberState | None = None
        for became in (MemberState.APPLIED, *PATHS[state]):
            by = {"by_id": person.id, "at": clock.now(), "on_date": day}
            session.add(MemberEvent(member_id=member.id, was=was, became=became, **by))
            session.flush()
            was = became
        session.refresh(member)
        for n, part in enumerate(found):
            session.add(MemberPart(member_id=member.id, part_id=part.id, troupe_id=troupe.id, is_main=n == 0))
        if office is not None:
            named = {"named_by_id": person.id, "named_at": clock.now(), "starts_on": LONG_AGO}
            session.add(TroupeOffice(troupe_id=troupe.id, member_id=member.id, office=office, **named))
    return member


def make_leader(troupe: Troupe, person: Person | None = None, **facts: Any) -> TroupeMember:
    """Whoever leads a troupe now."""
    return make_member(troupe, person, office=Office.LEADER, **facts)


def make_season(
    troupe: Troupe | None = None, *, members: Iterable[TroupeMember] = (), pieces: Iterable[Piece] = (), **facts: Any
) -> Season:
    """A season of ninety days from today on, with these members and pieces."""
    troupe, today = troupe or make_troupe(), at(12, days=0).date()
    known = {
        "name": f"第{next(_numbers)}演出季",
        "starts_on": today,
        "ends_on": today + timedelta(days=90),
        **facts,
    }
    with transaction() as session:
        season = Season(troupe_id=troupe.id, **known)
        session.add(season)
        session.flush()
        keys = {"season_id": season.id, "troupe_id": troupe.id}
        session.add_all(SeasonMember(member_id=each.id, **keys) for each in members)
        session.add_all(SeasonPiece(piece_id=each.id, **keys) for each in pieces)
    return season


def make_piece(
    troupe: Troupe | None = None, *, heads: Mapping[TroupePart | str, int] | None = None, **facts: Any
) -> Piece:
    """A song of four minutes, with how many each part needs; by default one of the first part."""
    troupe = troupe or make_troupe()
    wanted = {part_of(troupe): 1} if heads is None else heads
    found = {part_of(troupe, each) if isinstance(each, str) else each: least for each, least in wanted.items()}
    known = {"title": f"第{next(_numbers)}首歌", "kind": PieceKind.SONG, "seconds": 240, **facts}
    with transaction() as session:
        piece = Piece(troupe_id=troupe.id, **known)
        session.add(piece)
        session.flush()
        for part, least in found.items():
            session.add(PiecePart(piece_id=piece.id, part_id=part.id, troupe_id=troupe.id, heads=least))
    return piece


def let_know(member: TroupeMember, piece: Piece, part: TroupePart | None = None, level: Level = Level.KNOWS) -> None:
    """A member says how well they know a part of a piece."""
    part = part or part_of(member.troupe)
    whose = {"piece_id": piece.id, "part_id": part.id, "member_id": member.id, "troupe_id": member.troupe_id}
    said = {"said_by_id": member.person_id, "said_at": clock.now(), "is_by_lead": False}
    with transaction() as session:
        session.add(PieceKnowledge(level=level, **whose, **said))
