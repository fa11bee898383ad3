"""Of whom the people of an activity are made up, whom its rooms must hold together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from center.activities.models import Activity, Session
from center.bookings.rulebook.facts import Rule
from center.bookings.rulebook.refusals import RuleRefused, rule_of
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language, ngettext
from center.rooms.models import Room
from center.signups.models import Audience, PoolKind, Roster
from center.signups.rosters import rosters_of


@dataclass(frozen=True)
class People:
    """Those who may come at one time."""

    participants: int = 0
    companions: int = 0
    volunteers: int = 0

    @property
    def number(self) -> int:
        """How many people a room must hold."""
        return max(1, self.participants + self.companions + self.volunteers)

    @property
    def added_up(self) -> str:
        """The sum in words, where there are more people than participants; else ""."""
        parts = [ngettext("%(num)d participant", "%(num)d participants", self.participants)]
        if self.companions:
            parts.append(ngettext("%(num)d companion", "%(num)d companions", self.companions))
        if self.volunteers:
            parts.append(ngettext("%(num)d volunteer", "%(num)d volunteers", self.volunteers))
        if len(parts) == 1:
            return ""
        return _("%(sum)s = %(people)d people.", sum=" + ".join(parts), people=self.number)

    def with_more(self, number: int, audience: Audience, kind: PoolKind) -> "People":
        """The same with so many more, or fewer, of one sort."""
        name = _sort_of(audience, kind)
        return replace(self, **{name: getattr(self, name) + number})


def people_at(roster: Roster, rosters: Iterable[Roster] | None = None) -> People:
    """Those who may come at the dates of a roster, by all rosters of the activity that are for these dates."""
    known = rosters_of(roster.activity) if rosters is None else rosters
    return _of([each for each in known if roster.session_id is None or each.session_id in {None, roster.session_id}])


def people_of(activity: Activity) -> People:
    """The most who may come to any date of an activity."""
    rosters = rosters_of(activity)
    by_date = [
        _of([each for each in rosters if each.session_id in {None, date}])
        for date in sorted({each.session_id or 0 for each in rosters})
    ]
    return max(by_date, key=lambda each: each.number, default=People())


def sum_of(activity: Activity) -> str:
    """What the people are made up of whom the rooms of an activity must hold, in words; "" where that is not known."""
    people = people_of(activity)
    return people.added_up if people.number == activity.expected else ""


class RoomTooSmall(RuleBroken):
    """The room of a session is too small for more people."""

    def __init__(self, session: Session, room: Room, people: People) -> None:
        words = _(
            "%(room)s holds %(most)s people, and it would be %(people)s. Move the session to a larger room first.",
            room=in_language(room.name, room.name_en),
            most=room.capacity,
            people=people.number,
        )
        super().__init__(f"{people.added_up} {words}" if people.added_up else words, field="capacity")
        self.session, self.people = session, people.number


def explained(refusals: Sequence[DomainError], people_sum: str) -> list[DomainError]:
    """The same refusals; where a room is too small, what the people are made up of stands first."""
    return [
        RuleRefused(f"{people_sum} {each}", rule=Rule.CAPACITY, field=each.field)
        if people_sum and rule_of(each) is Rule.CAPACITY
        else each
        for each in refusals
    ]


def _of(rosters: Sequence[Roster]) -> People:
    people = People()
    for roster in rosters:
        for pool in roster.pools:
            people = people.with_more(pool.capacity, roster.audience, pool.kind)
    return people


def _sort_of(audience: Audience, kind: PoolKind) -> str:
    if audience is Audience.VOLUNTEERS:
        return "volunteers"
    return "companions" if kind is PoolKind.COMPANION else "participants"
