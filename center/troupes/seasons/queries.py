"""Ordered reads of seasons."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.troupes.models.pieces import Piece, PiecePart
from center.troupes.models.seasons import Season, SeasonMember, SeasonPiece
from center.troupes.models.troupes import MemberPart, MemberState, Troupe, TroupeMember


def seasons_of(troupe_id: int) -> Sequence[Season]:
    """The seasons of a troupe, the latest first."""
    query = select(Season).where(Season.troupe_id == troupe_id)
    return db.session.scalars(query.order_by(Season.starts_on.desc(), Season.id.desc())).all()


def seasons_on(troupe_id: int, on: date) -> Sequence[Season]:
    """The seasons of a troupe that run on a day or are ahead of it, the first first."""
    query = select(Season).where(Season.troupe_id == troupe_id, Season.ends_on >= on)
    return db.session.scalars(query.order_by(Season.starts_on, Season.id)).all()


def get_season(troupe: Troupe, season_id: int) -> Season:
    """One season of this troupe; raises NotFound."""
    query = select(Season).where(Season.troupe_id == troupe.id, Season.id == season_id)
    found = db.session.scalar(query.options(joinedload(Season.activity)))
    return must_find(found, _l("There is no such season."))


def roster_of(season_id: int, *, with_left: bool = False) -> Sequence[TroupeMember]:
    """Who is on the roster of a season, by name, with their parts; by default without who has left the troupe."""
    query = (
        select(TroupeMember)
        .join(SeasonMember, SeasonMember.member_id == TroupeMember.id)
        .where(SeasonMember.season_id == season_id)
        .join(TroupeMember.person)
        .options(contains_eager(TroupeMember.person), selectinload(TroupeMember.parts).joinedload(MemberPart.part))
    )
    if not with_left:
        query = query.where(TroupeMember.state != MemberState.LEFT)
    return db.session.scalars(query.order_by(Person.sort_key, TroupeMember.id)).all()


def pieces_of(season_id: int) -> Sequence[Piece]:
    """The pieces of a season by title, with the parts they need."""
    query = (
        select(Piece)
        .join(SeasonPiece, SeasonPiece.piece_id == Piece.id)
        .where(SeasonPiece.season_id == season_id)
        .options(selectinload(Piece.parts).joinedload(PiecePart.part))
    )
    return db.session.scalars(query.order_by(Piece.title, Piece.id)).all()


def seasons_of_member(member_id: int, on: date) -> Sequence[Season]:
    """The seasons on whose roster a member is, that run on a day or are ahead of it."""
    query = (
        select(Season)
        .join(SeasonMember, SeasonMember.season_id == Season.id)
        .where(SeasonMember.member_id == member_id, Season.ends_on >= on)
    )
    return db.session.scalars(query.order_by(Season.starts_on, Season.id)).all()
