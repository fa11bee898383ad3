"""Ordered reads of rehearsals: those of a season, who comes to them, who said that they cannot."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from center.activities.models import Session
from center.attendance.models import Attendance, Status
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.rooms.models import Room
from center.signups.models import LIVE, Audience, Roster, SignUp, SignUpState
from center.troupes.models.seasons import Season, SeasonMember
from center.troupes.models.troupes import MemberState, Troupe, TroupeMember, TroupeOffice
from center.troupes.rehearsals.models import Rehearsal

COMING = (MemberState.ACTIVE, MemberState.TRIAL)  # who rests is not called


def get_season(troupe: Troupe, season_id: int) -> Season:
    """A season of this troupe; raises NotFound."""
    query = select(Season).where(Season.troupe_id == troupe.id, Season.id == season_id)
    found = db.session.scalar(query.options(joinedload(Season.activity), joinedload(Season.troupe)))
    return must_find(found, _l("There is no such season."))


def seasons_now(troupe_ids: Collection[int], on: date) -> Sequence[Season]:
    """The seasons of these troupes that are not over, the first to begin first."""
    query = select(Season).where(Season.troupe_id.in_(sorted(troupe_ids)), Season.ends_on >= on)
    return db.session.scalars(query.order_by(Season.starts_on, Season.id)).all()


def rehearsals_of(season: Season) -> Sequence[Rehearsal]:
    """All that was planned of a season, in order of time, with sessions and rooms."""
    query = select(Rehearsal).where(Rehearsal.season_id == season.id).options(*_whole())
    found = db.session.scalars(query.order_by(Rehearsal.starts_at, Rehearsal.id)).all()
    return sorted(found, key=lambda each: (each.session.starts_at if each.session else each.starts_at, each.id))


def get_rehearsal(season: Season, rehearsal_id: int) -> Rehearsal:
    """One planned rehearsal of this season; raises NotFound."""
    query = select(Rehearsal).where(Rehearsal.season_id == season.id, Rehearsal.id == rehearsal_id)
    return must_find(db.session.scalar(query.options(*_whole())), _l("There is no such rehearsal."))


def find_rehearsal_of(session: Session) -> Rehearsal | None:
    """The rehearsal whose session this is."""
    return db.session.scalar(select(Rehearsal).where(Rehearsal.session_id == session.id).options(*_whole()))


def coming_of(season: Season) -> Sequence[TroupeMember]:
    """Whom a season's rehearsals call: those on its roster who are in the troupe or on trial, by name."""
    query = (
        select(TroupeMember)
        .join(SeasonMember, SeasonMember.member_id == TroupeMember.id)
        .join(TroupeMember.person)
        .where(SeasonMember.season_id == season.id, TroupeMember.state.in_(COMING), Person.erased_at.is_(None))
        .options(contains_eager(TroupeMember.person))
    )
    return db.session.scalars(query.order_by(Person.sort_key, TroupeMember.id)).all()


def find_coming(season: Season, person_id: int) -> TroupeMember | None:
    """Somebody among those whom a season calls."""
    return next((each for each in coming_of(season) if each.person_id == person_id), None)


def roster_of(season: Season) -> Roster | None:
    """The roster on which a season's members stand; None before rehearsals were planned."""
    if season.activity_id is None:
        return None
    query = select(Roster).where(
        Roster.activity_id == season.activity_id,
        Roster.session_id.is_(None),
        Roster.audience == Audience.PARTICIPANTS,
        Roster.removed_at.is_(None),
    )
    return db.session.scalar(query.options(joinedload(Roster.activity), selectinload(Roster.pools)))


def signed_up(roster: Roster) -> Mapping[int, SignUp]:
    """Who stands on a roster, by the person's id."""
    query = select(SignUp).where(SignUp.roster_id == roster.id, SignUp.state.in_(LIVE)).order_by(SignUp.id)
    return {each.person_id: each for each in db.session.scalars(query.options(joinedload(SignUp.person)))}


def place_of(season: Season, person_id: int) -> SignUp | None:
    """Somebody's place at a season's rehearsals."""
    if season.activity_id is None:
        return None
    query = (
        select(SignUp)
        .join(SignUp.roster)
        .where(
            Roster.activity_id == season.activity_id,
            SignUp.person_id == person_id,
            SignUp.state == SignUpState.CONFIRMED,
        )
    )
    return db.session.scalar(query.options(joinedload(SignUp.person)).limit(1))


def standings(session_ids: Collection[int]) -> Mapping[int, Mapping[int, Status]]:
    """What registers say of people, by session and person."""
    query = select(Attendance.session_id, Attendance.person_id, Attendance.status)
    found: dict[int, dict[int, Status]] = {}
    for session_id, person_id, status in db.session.execute(
        query.where(Attendance.session_id.in_(sorted(session_ids)))
    ):
        found.setdefault(session_id, {})[person_id] = status
    return found


def around_now(
    member: TroupeMember, *, now: datetime, most: int = 5
) -> tuple[Sequence[tuple[Session, Status | None]], Sequence[tuple[Session, Status | None]]]:
    """The last rehearsals that called a member, the latest first, and the next ones; with what registers say."""
    called = select(Season.activity_id).join(SeasonMember, SeasonMember.season_id == Season.id)
    query = (
        select(Session)
        .where(Session.activity_id.in_(called.where(SeasonMember.member_id == member.id)))
        .where(Session.cancelled_at.is_(None))
    )
    past = query.where(Session.ends_at <= now).order_by(Session.starts_at.desc(), Session.id)
    ahead = query.where(Session.ends_at > now).order_by(Session.starts_at, Session.id)
    found = [db.session.scalars(each.limit(most)).all() for each in (past, ahead)]
    said = standings([session.id for each in found for session in each])
    last, coming = ([(session, said.get(session.id, {}).get(member.person_id)) for session in each] for each in found)
    return last, coming


def leads_of_season(activity_id: int, person_id: int, on: date) -> bool:
    """Whether somebody leads the troupe whose rehearsals an activity is, as leader or deputy, on a day."""
    query = (
        select(TroupeOffice.id)
        .join(TroupeMember, TroupeMember.id == TroupeOffice.member_id)
        .join(Season, Season.troupe_id == TroupeOffice.troupe_id)
        .where(
            TroupeMember.person_id == person_id,
            TroupeOffice.starts_on <= on,
            or_(TroupeOffice.ends_on.is_(None), TroupeOffice.ends_on >= on),
            or_(
                Season.activity_id == activity_id,
                exists().where(
                    Rehearsal.season_id == Season.id,
                    Session.id == Rehearsal.session_id,
                    Session.activity_id == activity_id,
                ),
            ),
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def ahead(found: Sequence[Rehearsal], *, now: datetime) -> list[Rehearsal]:
    """Those that take place and are not over."""
    return [each for each in found if each.takes_place and each.session and each.session.ends_at > now]


def _whole() -> tuple[_AbstractLoad, ...]:
    session = joinedload(Rehearsal.session)
    return (
        session.joinedload(Session.room).selectinload(Room.parent),
        session.joinedload(Session.activity),
        joinedload(Rehearsal.room).selectinload(Room.parent),
        joinedload(Rehearsal.makes_up_for),
    )


def season_of(activity_id: int) -> Season | None:
    """The season whose rehearsals an activity is."""
    query = select(Season).where(Season.activity_id == activity_id)
    return db.session.scalar(query.options(joinedload(Season.troupe), joinedload(Season.activity)))
