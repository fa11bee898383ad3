"""What an alarm is about, where its kind does not say it all: what was said of the child, and what else was said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from center.afterschool.custody import ledger, story
from center.afterschool.custody.messages import say_how
from center.afterschool.models.care import Alarm, AlarmKind
from center.afterschool.models.custody import CustodyEvent, Flag, Holder, Outcome
from center.afterschool.words import ALARM_KINDS, FLAGS
from center.kernel.db import db
from center.kernel.i18n import format_clock
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l

UNKNOWN_ADULT, UNSURE = "unknown_adult", "unsure"  # why something was not taken: answers of handing over
WITHOUT_STRANGERS = frozenset({Flag.BARRED_MEANWHILE, Flag.CHANGED_MEANWHILE, Flag.EXPIRED})
CONFLICTS = {
    "closed": _l("Heard of after the day was closed"),
    "own": _l("Nobody but the family made sure who has the child"),
    UNKNOWN_ADULT: _l("Handed to an adult who was never on the list"),
    UNSURE: _l("Said without a connection, and could not be taken"),
}
Said = Mapping[tuple[int, date], Sequence[CustodyEvent]]  # what was said of a child on a day, and stands


@dataclass(frozen=True, kw_only=True)
class About:
    """What an alarm is about: what it is called, and a sentence; empty where its name says it all."""

    title: str
    words: str


def say_title(alarm: Alarm) -> str:
    """What an alarm is called. It names nobody: it is also what a telephone shows."""
    return about_each([alarm])[alarm.id].title


def about_each(alarms: Sequence[Alarm]) -> dict[int, About]:
    """What each of these alarms is about; a constant number of queries, however many these are."""
    events = _events(alarms)
    said = _said(each for each in events.values() if each.outcome is not Outcome.REFUSED)
    return {each.id: _about(each, events.get(each.event_id or 0), said) for each in alarms}


def _about(alarm: Alarm, event: CustodyEvent | None, said: Said) -> About:
    if event is None or alarm.kind not in {AlarmKind.BARRED, AlarmKind.CONFLICT}:
        return About(title=str(ALARM_KINDS[alarm.kind]), words="")
    if alarm.kind is AlarmKind.BARRED:
        return About(title=str(ALARM_KINDS[alarm.kind]), words=_flagged(_barred(event), event))
    if other := _other(event, said.get((event.child_id, event.on_date), ())):
        words = _("%(one)s. And also: %(other)s.", one=_sentence(other), other=_sentence(event))
        return About(title=str(ALARM_KINDS[alarm.kind]), words=_flagged(words, event))
    title = str(CONFLICTS.get(_why(event), ALARM_KINDS[alarm.kind]))
    return About(title=title, words=_flagged(_("%(what)s.", what=_sentence(event)), event))


def _why(event: CustodyEvent) -> str:
    if event.outcome is Outcome.REFUSED:
        return event.why
    is_own = event.holder is Holder.COLLECTOR and event.flag in WITHOUT_STRANGERS
    return "own" if is_own and not _is_after_closing(event) else "closed"


def _is_after_closing(event: CustodyEvent) -> bool:
    closed_at = event.day.closed_at if event.day is not None else None
    return closed_at is not None and event.recorded_at >= closed_at


def _barred(event: CustodyEvent) -> str:
    if event.outcome is Outcome.REFUSED:
        return _("Was turned away: %(what)s.", what=_sentence(event))
    return _("Not the word of somebody who may collect the child: %(what)s.", what=_sentence(event))


def _sentence(event: CustodyEvent) -> str:
    how = _("collected by somebody whom no list names") if event.why == UNKNOWN_ADULT else say_how(event)
    return _("%(time)s %(how)s (written down by %(who)s)", time=format_clock(event.at), how=how, who=event.by.name)


def _flagged(words: str, event: CustodyEvent) -> str:
    return _("%(what)s %(flag)s.", what=words, flag=FLAGS[event.flag]) if event.flag else words


def _other(event: CustodyEvent, said: Sequence[CustodyEvent]) -> CustodyEvent | None:
    """What else was said of that day, which cannot be so as well."""
    told = story.story_of(map(ledger.as_said, said))
    if event.outcome is Outcome.CONFLICT or any(each.id == event.id for each in told.conflicts):
        found = next((each for each in reversed(told.held) if each.id != event.id and each.at <= event.at), None)
    else:
        found = next((each for each in told.conflicts if each.at >= event.at), None)
    return next((each for each in said if found is not None and each.id == found.id), None)


def _events(alarms: Sequence[Alarm]) -> dict[int, CustodyEvent]:
    ids = [each.event_id for each in alarms if each.event_id is not None]
    query = _whole().where(CustodyEvent.id.in_(ids)).options(joinedload(CustodyEvent.day))
    return {each.id: each for each in db.session.scalars(query)} if ids else {}


def _said(events: Iterable[CustodyEvent]) -> dict[tuple[int, date], list[CustodyEvent]]:
    wanted = {(each.child_id, each.on_date) for each in events}
    back, found = aliased(CustodyEvent), dict[tuple[int, date], list[CustodyEvent]]()
    if not wanted:
        return found
    query = _whole().where(
        CustodyEvent.child_id.in_({child_id for child_id, _on in wanted}),
        CustodyEvent.on_date.in_({on for _child, on in wanted}),
        CustodyEvent.outcome.not_in(ledger.NOT_SAID),
        ~select(back.id).where(back.undoes_id == CustodyEvent.id).exists(),
    )
    for each in db.session.scalars(query.order_by(CustodyEvent.id)):
        found.setdefault((each.child_id, each.on_date), []).append(each)
    return found


def _whole() -> Any:
    names = (CustodyEvent.by, CustodyEvent.collector, CustodyEvent.with_person)
    return select(CustodyEvent).options(*map(joinedload, names))
