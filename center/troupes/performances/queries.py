"""Ordered reads of performances: which there are, their programmes, who is asked, and what they answered."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from center.activities.calendars import IS_PUBLIC
from center.activities.models import Activity, Session
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.rooms.models import Room
from center.troupes.models.pieces import Piece, PieceKnowledge
from center.troupes.models.seasons import SeasonMember
from center.troupes.models.troupes import MemberState, Troupe, TroupeMember
from center.troupes.performances.models import (
    Performance,
    PerformanceEvent,
    PerformanceState,
    Performer,
    Programme,
    ProgrammeItem,
)
from center.troupes.performances.reply_models import Reply, StageName

ASKED = (MemberState.ACTIVE, MemberState.RESTING, MemberState.TRIAL)


def performances_of(troupe_id: int) -> Sequence[Performance]:
    """The performances of a troupe, the next ones first, then those that are over."""
    query = _performances().where(Performance.troupe_id == troupe_id)
    return db.session.scalars(query.order_by(Session.starts_at.desc(), Performance.id)).all()


def get_performance(troupe: Troupe, performance_id: int) -> Performance:
    """One performance of this troupe; raises NotFound."""
    query = _performances().where(Performance.troupe_id == troupe.id, Performance.id == performance_id)
    return must_find(db.session.scalar(query), _l("There is no such performance."))


def at_session(session_id: int) -> Sequence[Performance]:
    """What troupes perform at a session."""
    return db.session.scalars(
        _performances().where(Performance.session_id == session_id).order_by(Performance.id)
    ).all()


def public_at(activity_id: int) -> Sequence[Performance]:
    """Performances of an activity whose programme everybody may read, in the order of their dates."""
    query = _performances().where(
        Session.activity_id == activity_id,
        Performance.state.in_([PerformanceState.PUBLISHED, PerformanceState.PERFORMED]),
    )
    return db.session.scalars(query.order_by(Session.starts_at, Performance.id)).all()


def public_of(troupe_id: int) -> Sequence[Performance]:
    """The performances of a troupe that everybody may read of, with their programmes, in the order of their dates."""
    query = _performances().where(
        Performance.troupe_id == troupe_id,
        Performance.state.in_([PerformanceState.PUBLISHED, PerformanceState.PERFORMED]),
        *IS_PUBLIC,
        Activity.is_confined.is_(False),
    )
    query = query.join(Session.activity).order_by(Session.starts_at, Performance.id)
    return db.session.scalars(query).all()


def ahead_of(member_ids: Sequence[int], *, now: datetime) -> Sequence[Performance]:
    """Performances still to come of these members' troupes that they were asked about, soonest first."""
    troupes = select(TroupeMember.troupe_id).where(TroupeMember.id.in_(sorted(member_ids)))
    query = _performances().where(
        Performance.troupe_id.in_(troupes),
        Performance.state != PerformanceState.CANCELLED,
        Performance.asked_at.is_not(None),
        Session.ends_at > now,
    )
    return db.session.scalars(query.order_by(Session.starts_at, Performance.id)).all()


def programmes_of(performance_id: int) -> Sequence[Programme]:
    """All versions of a programme, the newest first, with all that is in them."""
    query = select(Programme).where(Programme.performance_id == performance_id).options(*_whole())
    query = query.order_by(Programme.number.desc()).execution_options(populate_existing=True)
    return db.session.scalars(query).all()


def published_of(performance_id: int) -> Programme | None:
    """The version that counts for everybody."""
    return next((each for each in programmes_of(performance_id) if each.published_at is not None), None)


def newest_of(performance_id: int) -> Programme:
    """The version being written, or else the one that was published last."""
    return programmes_of(performance_id)[0]


def events_of(performance_id: int) -> Sequence[PerformanceEvent]:
    """What happened to a performance, the first first."""
    query = select(PerformanceEvent).where(PerformanceEvent.performance_id == performance_id)
    return db.session.scalars(query.options(joinedload(PerformanceEvent.by)).order_by(PerformanceEvent.id)).all()


def asked_for(performance: Performance) -> Sequence[TroupeMember]:
    """Who is asked whether they come: the roster of its season, else the troupe; and whoever is down for something."""
    down = select(Performer.member_id).where(Performer.performance_id == performance.id)
    wanted: ColumnElement[bool] = TroupeMember.state.in_(ASKED)
    if performance.season_id is not None:
        roster = select(SeasonMember.member_id).where(SeasonMember.season_id == performance.season_id)
        wanted &= TroupeMember.id.in_(roster)
    query = (
        select(TroupeMember)
        .where(TroupeMember.troupe_id == performance.troupe_id, or_(wanted, TroupeMember.id.in_(down)))
        .join(TroupeMember.person)
        .options(joinedload(TroupeMember.person), selectinload(TroupeMember.parts))
    )
    found = db.session.scalars(query.order_by(TroupeMember.id)).unique().all()
    return sorted(found, key=lambda each: (each.person.sort_key, each.id))


def members_by_ids(ids: Collection[int]) -> Sequence[TroupeMember]:
    """These members, with who they are."""
    query = select(TroupeMember).where(TroupeMember.id.in_(sorted(ids))).options(joinedload(TroupeMember.person))
    return db.session.scalars(query.order_by(TroupeMember.id)).all() if ids else []


def replies_to(performance: Performance) -> Mapping[int, Reply]:
    """What members answered, by their ids: of the time that it has now; what was said of another is no answer."""
    query = select(Reply).where(
        Reply.performance_id == performance.id, Reply.of_starts_at == performance.session.starts_at
    )
    rows = db.session.scalars(query.options(joinedload(Reply.by)).order_by(Reply.id)).all()
    return {each.member_id: each for each in rows}


def knowledge_of(troupe_id: int) -> Sequence[PieceKnowledge]:
    """What the members of a troupe say that they know."""
    query = select(PieceKnowledge).where(PieceKnowledge.troupe_id == troupe_id).order_by(PieceKnowledge.id)
    return db.session.scalars(query).all()


def stage_names(member_ids: Sequence[int]) -> Mapping[int, str]:
    """Under which names members agreed to be published."""
    query = select(StageName).where(StageName.member_id.in_(sorted(member_ids))).order_by(StageName.member_id)
    return {each.member_id: each.name for each in db.session.scalars(query)}


def _performances() -> Select[Performance]:
    return (
        select(Performance)
        .join(Performance.session)
        .options(
            joinedload(Performance.troupe).joinedload(Troupe.organisation),
            joinedload(Performance.session).joinedload(Session.activity).joinedload(Activity.organisation),
            joinedload(Performance.session).joinedload(Session.room).joinedload(Room.parent),
            joinedload(Performance.season),
        )
    )


def _whole() -> tuple[_AbstractLoad, ...]:
    items = selectinload(Programme.items)
    people = items.selectinload(ProgrammeItem.performers)
    return (
        items.joinedload(ProgrammeItem.piece).selectinload(Piece.parts),
        people.joinedload(Performer.member).joinedload(TroupeMember.person),
        people.joinedload(Performer.part),
        joinedload(Programme.allowed_by),
    )
