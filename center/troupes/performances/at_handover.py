"""What of performances is open when a troupe's leader changes; and that their dates are the troupe's."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, select

from center.activities.models import Session
from center.kernel.db import db
from center.kernel.i18n import centre_zone
from center.kernel.i18n import lazy_gettext as _l
from center.troupes import dates
from center.troupes.members.handover import OpenThing, add_source
from center.troupes.models.troupes import Troupe
from center.troupes.performances.models import AHEAD, Performance, PerformanceState


def _ahead(troupe: Troupe, now: datetime) -> Iterable[OpenThing]:
    query = (
        select(Session)
        .join(Performance, Performance.session_id == Session.id)
        .where(Performance.troupe_id == troupe.id, Performance.state.in_(AHEAD), Session.ends_at > now)
    )
    found = db.session.scalars(query.order_by(Session.starts_at, Session.id)).unique().all()
    yield OpenThing("performances", len(found), [_line(each) for each in found])


def _line(session: Session) -> str:
    return f"{session.starts_at.astimezone(centre_zone()):%Y-%m-%d %H:%M} {session.activity.title}"


def _sessions(troupe_id: int) -> Select[int]:
    live = Performance.state != PerformanceState.CANCELLED
    return select(Performance.session_id).where(Performance.troupe_id == troupe_id, live)


add_source(_ahead, {"performances": _l("Performances ahead")})
dates.sources.append(_sessions)
