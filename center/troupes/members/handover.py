"""What is open in a troupe on the day on which its leader changes, without anybody's name: the sheet stays as it was.

Later parts add what they know of: loans that are out, performances ahead. Lines are in figures and names of things, so
that they read the same in both languages.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from center.activities.models import Session, SessionState
from center.kernel.db import db
from center.kernel.i18n import centre_zone
from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.pieces import FileKind, Piece, PieceFile
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import MemberState, Troupe, TroupeMember

MOST_LINES = 30


@dataclass(frozen=True)
class OpenThing:
    """One sort of thing that is open: how many, and the first of them in lines."""

    what: str  # a key of TITLES
    count: int
    lines: Sequence[str] = field(default=())

    @property
    def title(self) -> Any:
        """What it is called; of a part of the house that is there no more, its key."""
        return TITLES.get(self.what, self.what)


TITLES: dict[str, Any] = {
    "active": _l("In the troupe"),
    "applied": _l("Applications to decide"),
    "dates": _l("Rehearsals ahead"),
    "pieces": _l("Pieces in the repertoire"),
    "recording": _l("Recordings kept here"),
    "resting": _l("Resting"),
    "score": _l("Scores kept here"),
    "seasons": _l("Seasons that run or are ahead"),
    "trial": _l("On trial"),
}
Source = Callable[[Troupe, datetime], Iterable[OpenThing]]
sources: list[Source] = []  # in the order in which the sheet shows them


def add_source(source: Source, titles: Mapping[str, Any]) -> None:
    """Let a later part say what of its things is open."""
    TITLES.update(titles)
    sources.append(source)


def open_things(troupe: Troupe, now: datetime) -> list[OpenThing]:
    """Everything that is open in a troupe now; what there is none of is said, too."""
    return [thing for source in sources for thing in source(troupe, now)]


def as_sheet(things: Iterable[OpenThing]) -> str:
    """How a sheet keeps them."""
    kept = [{"what": each.what, "count": each.count, "lines": list(each.lines[:MOST_LINES])} for each in things]
    return json.dumps(kept, ensure_ascii=False)


def read_sheet(sheet: str) -> list[OpenThing]:
    """What a sheet kept."""
    return [OpenThing(each["what"], each["count"], each["lines"]) for each in json.loads(sheet)]


def _people(troupe: Troupe, _now: datetime) -> Iterable[OpenThing]:
    query = select(TroupeMember.state, func.count()).where(TroupeMember.troupe_id == troupe.id)
    counts = {row[0]: row[1] for row in db.session.execute(query.group_by(TroupeMember.state))}
    for state in (MemberState.ACTIVE, MemberState.TRIAL, MemberState.RESTING, MemberState.APPLIED):
        yield OpenThing(state.value, counts.get(state, 0))


def _seasons(troupe: Troupe, now: datetime) -> Iterable[OpenThing]:
    today = now.astimezone(centre_zone()).date()
    running = select(Season).where(Season.troupe_id == troupe.id, Season.ends_on >= today).order_by(Season.starts_on)
    found = db.session.scalars(running).all()
    yield OpenThing("seasons", len(found), [f"{each.name} {each.starts_on} – {each.ends_on}" for each in found])


def _dates(troupe: Troupe, now: datetime) -> Iterable[OpenThing]:
    ahead = (
        select(Session)
        .join(Season, Season.activity_id == Session.activity_id)
        .where(Season.troupe_id == troupe.id, Session.starts_at > now, Session.state != SessionState.CANCELLED)
        .order_by(Session.starts_at, Session.id)
    )
    found = db.session.scalars(ahead).all()
    yield OpenThing("dates", len(found), [_span(each) for each in found])


def _repertoire(troupe: Troupe, _now: datetime) -> Iterable[OpenThing]:
    live = (Piece.troupe_id == troupe.id, Piece.is_retired.is_(False))
    yield OpenThing("pieces", db.session.scalar(select(func.count()).select_from(Piece).where(*live)) or 0)
    query = select(PieceFile.kind, func.count()).join(PieceFile.piece).where(Piece.troupe_id == troupe.id)
    counts = {row[0]: row[1] for row in db.session.execute(query.group_by(PieceFile.kind))}
    for kind in (FileKind.SCORE, FileKind.RECORDING):
        yield OpenThing(kind.value, counts.get(kind, 0))


def _span(session: Session) -> str:
    zone = centre_zone()
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    return f"{starts:%Y-%m-%d %H:%M}–{ends:%H:%M}"


sources.extend((_people, _seasons, _dates, _repertoire))
