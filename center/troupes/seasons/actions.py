"""What happens to seasons. Each function is called inside one `transaction()` and never commits."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from center.kernel.db import db, lock
from center.kernel.errors import Conflict, DomainError, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.troupes import queries
from center.troupes.models.pieces import Piece
from center.troupes.models.seasons import Season, SeasonMember, SeasonPiece
from center.troupes.models.troupes import MemberState, Troupe
from center.troupes.policy import refuse_ended

LONGEST = 366  # days
# Whom a season can be planned with: who only applied is in no roster yet.
CAN_BE_ON = (MemberState.ACTIVE, MemberState.TRIAL, MemberState.RESTING)


@dataclass(frozen=True, kw_only=True)
class SeasonFacts:
    """What is said of a season, checked for shape only."""

    name: str
    starts_on: date
    ends_on: date
    name_en: str = ""
    notes: str = ""


def make(troupe: Troupe, facts: SeasonFacts) -> Season:
    """A new season, with everybody who is in the troupe on its roster; they are taken off where they do not join in."""
    lock(troupe)
    refuse_ended(troupe)
    broken_rules(_faults(troupe.id, facts, but=None))
    season = Season(troupe_id=troupe.id, **asdict(facts))
    db.session.add(season)
    db.session.flush()
    set_roster(season, [each.id for each in queries.members_of(troupe.id, [MemberState.ACTIVE])])
    return season


def edit(season: Season, facts: SeasonFacts) -> None:
    """Call a season otherwise, or give it other dates."""
    lock(season)
    broken_rules(_faults(season.troupe_id, facts, but=season.id))
    for name, value in asdict(facts).items():
        setattr(season, name, value)
    db.session.flush()


def set_roster(season: Season, member_ids: Collection[int]) -> None:
    """Say who is on the roster; who has left the troupe meanwhile stays where they were. Raises RuleBroken."""
    lock(season)
    can_be = {each.id for each in queries.members_of(season.troupe_id, CAN_BE_ON)}
    if not set(member_ids) <= can_be:
        raise RuleBroken(_l("Somebody of these is not in the troupe any more. Please look again."), field="members")
    known = set(db.session.scalars(select(SeasonMember.member_id).where(SeasonMember.season_id == season.id)))
    _replace(SeasonMember, SeasonMember.member_id, season, known & can_be, set(member_ids))


def set_pieces(season: Season, piece_ids: Collection[int]) -> None:
    """Say which pieces are played in a season; raises RuleBroken for one that is not the troupe's."""
    lock(season)
    own = set(db.session.scalars(select(Piece.id).where(Piece.troupe_id == season.troupe_id)))
    if not set(piece_ids) <= own:
        raise RuleBroken(_l("Please choose among the troupe's own pieces."), field="pieces")
    known = set(db.session.scalars(select(SeasonPiece.piece_id).where(SeasonPiece.season_id == season.id)))
    _replace(SeasonPiece, SeasonPiece.piece_id, season, known, set(piece_ids))


def _replace(model: Any, column: Any, season: Season, known: set[int], wanted: set[int]) -> None:
    gone: Sequence[int] = sorted(known - wanted)
    if gone:
        db.session.execute(delete(model).where(model.season_id == season.id, column.in_(gone)))
    for each in sorted(wanted - known):
        keys = {"season_id": season.id, "troupe_id": season.troupe_id, column.key: each}
        db.session.add(model(**keys))
    db.session.flush()


def _faults(troupe_id: int, facts: SeasonFacts, *, but: int | None) -> list[DomainError]:
    found: list[DomainError] = []
    if facts.ends_on < facts.starts_on:
        found.append(RuleBroken(_l("The last day is before the first day."), field="ends_on"))
    elif (facts.ends_on - facts.starts_on).days > LONGEST:
        found.append(RuleBroken(_l("A season is at most a year long."), field="ends_on"))
    same = select(Season.id).where(
        Season.troupe_id == troupe_id, Season.name == facts.name, Season.id.is_distinct_from(but)
    )
    if db.session.scalar(same) is not None:
        found.append(Conflict(_l("There is a season of this name already."), field="name"))
    return found
