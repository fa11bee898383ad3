"""Rehearsals of a season at the best weekly time, one of them skipped, a member on leave; and a poll for a date.

Nobody is written to: what the demonstration's members heard of it lies in the past.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice

from center.activities.clashes import SessionPlan
from center.bookings.places import Place
from center.bookings.rulebook.facts import Party
from center.bookings.series.best_times import TermWants, WeeklyTime, best_times
from center.bookings.series.date_plans import SKIP
from center.bookings.series.weekly_ranking import Week
from center.demo.scene import Scene
from center.kernel.spans import span_of
from center.people.models import Person
from center.rooms import closures
from center.rooms.models import Approval
from center.troupes import queries as troupes
from center.troupes.models.seasons import Season
from center.troupes.rehearsals import actions, leave, planning, polls, queries
from center.troupes.rehearsals.models import Rehearsal
from center.troupes.rehearsals.poll_models import DatePoll, Vote, VotedBy

TROUPE = "red-culture"
MINUTES, TIMES = 120, 2
SKIPPED, SHUT = 2, 4  # which of the rehearsals
ASKED = "迎新汇演加排"
ANSWERS = (Vote.YES, Vote.YES, Vote.MAYBE, Vote.NO)


def plan_rehearsals(scene: Scene) -> None:
    """What the lead of a troupe does for its season."""
    _Planning(scene).run()


class _Planning:
    def __init__(self, scene: Scene) -> None:
        self.scene, self.session, self.now = scene, scene.session, scene.now
        self.troupe = troupes.get_troupe(TROUPE)
        [office, *_others] = troupes.offices_on(self.troupe.id, scene.today)
        self.lead: Person = office.member.person

    def run(self) -> None:
        """The term at its best time; then what became of single dates; then the poll."""
        season = queries.seasons_now([self.troupe.id], self.scene.today)[0]
        best = self._best(season)
        if best is None or len(best.dates) <= SKIPPED:
            return
        spans = [span_of(day, best.starts, MINUTES, self.scene.zone) for day in best.dates]
        shown = planning.look(season, spans, best.room, {best.dates[SKIPPED]: SKIP}, by=self.lead, now=self.now)
        made = actions.plan_term(season, planning.chosen_of(shown), by=self.lead, now=self.now, tells=False)
        if season.activity is not None and season.activity.is_public:  # else staff look first, and nobody is on a roll
            leave.cannot_come(made[0], queries.coming_of(season)[-1], by=self.lead, now=self.now)
        self._ask(season, best)
        self._shut(made[min(SHUT, len(made) - 1)])

    def _shut(self, rehearsal: Rehearsal) -> None:
        """A room is shut afterwards, just when the troupe rehearses: whoever leads moves or skips the date."""
        session = rehearsal.session
        assert session is not None
        closures.close(
            session.room,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            reason="消防检查",
            reason_en="Fire inspection",
            by=self.scene.person("director"),
            now=self.now,
            decide=lambda _uses, _message, _field: None,
        )

    def _best(self, season: Season) -> WeeklyTime | None:
        rooms = planning.rooms_for(self.troupe, actions.expected_of(season))
        free = [room for room in rooms if room.approval is not Approval.ALWAYS]
        week = Week(weekdays=tuple(range(5)), times=TIMES, minutes=MINUTES)
        first = self.scene.today + timedelta(days=1)
        wish = TermWants(first=first, last=season.ends_on, week=week, party=Party.STAFF)
        return next(iter(best_times(free, wish, now=self.now, most=1)), None)

    def _ask(self, season: Season, best: WeeklyTime) -> None:
        """Three days on which the room is free, answered by some themselves and by others through the lead."""
        places = self._free(season, best, 3)
        if len(places) < 2:
            return
        poll = polls.ask(
            season,
            places,
            title=ASKED,
            note="汇演前再合一次，人到齐最好。",
            closes_at=self.scene.at(self.scene.today + timedelta(days=5), 20),
            by=self.lead,
            now=self.now,
            request_key=f"demo-{self.scene.today}",
            tells=False,
        )
        self._answer(poll, season)

    def _answer(self, poll: DatePoll, season: Season) -> None:
        for n, member in enumerate(queries.coming_of(season)[:9]):
            votes = {option.id: ANSWERS[(n + k) % len(ANSWERS)] for k, option in enumerate(poll.options)}
            how, by = (VotedBy.LEAD, self.lead) if n % 3 == 0 else (VotedBy.LINK, None)
            polls.answer(poll, member, votes, how=how, by=by, now=self.now)

    def _free(self, season: Season, best: WeeklyTime, number: int) -> Sequence[Place]:
        coming = (self.scene.today + timedelta(days=n) for n in range(7, 40))
        places = (Place(best.room, span_of(day, best.starts, MINUTES, self.scene.zone)) for day in coming)
        free = (
            each
            for each in places
            if not actions.clashes(season, [SessionPlan(span=each.span, room=each.room)], by=self.lead, now=self.now)
        )
        return list(islice(free, number))
