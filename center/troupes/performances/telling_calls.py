"""Members hear when they are needed at the rehearsals before a performance, each once a change. Never commits."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select

from center.activities.models import Session
from center.kernel.db import db
from center.kernel.errors import Conflict
from center.kernel.i18n import format_span
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.notices.models import Notice
from center.people.models import Person
from center.troupes.models.troupes import MemberState, TroupeMember
from center.troupes.performances import messages, news, queries, rehearsal_calls
from center.troupes.performances.holding import hold
from center.troupes.performances.models import AHEAD, Performance

Calls = Sequence[tuple[Session, datetime, datetime]]
HEAD, TAIL = 4, 3  # letters of a mark: which rehearsal, and from when until when; a dozen of them fit into a key


def to_tell(performance: Performance, *, now: datetime) -> list[tuple[TroupeMember, Calls]]:
    """Whose rehearsals ahead are others than those they were told last, with when they are needed now.

    Whoever was told nothing and is needed nowhere need not hear of it.
    """
    version, sessions = queries.newest_of(performance.id), rehearsal_calls.rehearsals_before(performance, now=now)
    plan = rehearsal_calls.kept(performance, version, sessions)
    if not any(each.slots for each in plan.rehearsals):
        return []
    members = {who.member_id: who.member for item in version.items for who in item.performers}
    told, ahead = _told_last(performance), {_mark_of(each) for each in sessions}
    found: list[tuple[TroupeMember, Calls]] = []
    for member_id, member in sorted(members.items()):
        calls = rehearsal_calls.calls_of(plan, sessions, member_id)
        known = {each for each in told.get(member.person_id, ()) if each[:HEAD] in ahead}
        if member.state is not MemberState.LEFT and known != set(_marks(calls)):
            found.append((member, calls))
    return found


def tell(performance: Performance, *, by: Person, now: datetime) -> int:
    """Tell each of them, in their own way; returns how many. Raises Conflict for what is over or called off."""
    hold(performance)
    if performance.state not in AHEAD:
        raise Conflict(_l("This performance is over or called off."))
    told = to_tell(performance, now=now)
    for member, calls in told:
        once = f"{''.join(_marks(calls))}:{now.timestamp()}"
        messages.tell_rehearsals(performance, member, partial(_said, calls), once=once, by=by, now=now)
    return len(told)


def _said(calls: Calls) -> str:
    return _("; ").join(format_span(begins, ends) for _session, begins, ends in calls) or _("not at all")


def _marks(calls: Calls) -> list[str]:
    """What tells calls from others, each in a few letters: they stand in the key of the message."""
    return [f"{_mark_of(session)}{_short(f'{begins}-{ends}', TAIL)}" for session, begins, ends in calls]


def _mark_of(session: Session) -> str:
    return _short(f"session {session.id}", HEAD)


def _short(text: str, letters: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:letters]


def _told_last(performance: Performance) -> Mapping[int | None, list[str]]:
    """The marks of what each was told last, by the person's id."""
    query = select(Notice.person_id, Notice.key).where(
        Notice.about == messages.about(performance), Notice.kind == news.REHEARSALS.code
    )
    start, whole = len(f"{messages.about(performance)}:{news.REHEARSALS.name}:"), HEAD + TAIL
    found: dict[int | None, list[str]] = {}
    for person_id, key in db.session.execute(query.order_by(Notice.id)):
        marks = key[start:].partition(":")[0]
        found[person_id] = [marks[n : n + whole] for n in range(0, len(marks), whole)]
    return found
