"""The rehearsals of a term in one form: where and when, the best times first, then every date before any is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from center.activities.sessions import SessionsClash
from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.facts import Party
from center.bookings.rulebook.times import grid
from center.bookings.series.best_times import WeeklyTime
from center.kernel.access import authorise
from center.kernel.db import transaction
from center.kernel.errors import Conflict, DomainError
from center.kernel.i18n import centre_zone, is_elder, local_date, ngettext
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.recurrence import Frequency, dates_of
from center.kernel.spans import Span, span_of
from center.rooms.models import Room
from center.signups.posting.plans import Preview
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import Troupe
from center.troupes.rehearsals import actions, planning
from center.troupes.rehearsals.planning import ForAll
from center.web.bookings import best_times
from center.web.bookings.date_steps import DATES, DateSteps
from center.web.bookings.series_forms import CHOICE
from center.web.rendering import render
from center.web.sending import go_on
from center.web.steps.keeping import InDraft
from center.web.steps.page import Step, StepPage
from center.web.troupes.pages import rights_in
from center.web.workspace.troupes.rehearsals.forms import ElderTermForm, TermForm

ANSWERS = "answers"
ALL = ("room", "weekdays", "frequency", "date", "until", "minutes", "start")
QUESTIONS = ("room", "weekdays", "minutes", "start")
MOST_ROOMS = 6


class DatesOpen(Conflict):
    """Some dates cannot be as they were chosen, or somebody was faster by a moment."""


@dataclass(frozen=True, kw_only=True)
class TermPage:
    """What is asked of a term, with the best weekly times so far."""

    troupe: Troupe
    season: Season
    form: TermForm
    page: StepPage
    steps: "TermSteps"
    best: Sequence[WeeklyTime]
    people: int


@dataclass(frozen=True, kw_only=True)
class DatesPage:
    """Every date of a term before any is taken."""

    troupe: Troupe
    season: Season
    form: TermForm
    page: StepPage
    steps: "TermSteps"
    plan: Preview
    room: Room
    better: Sequence[WeeklyTime]
    clashes: int


class TermSteps(DateSteps[TermForm]):
    """Planning the rehearsals of a term."""

    endpoint = "troupes.plan_rehearsals_step"

    def __init__(self, season: Season, *, now: datetime) -> None:
        self.season, self.now, self.is_elder = season, now, is_elder()
        self.people = actions.expected_of(season)
        self.rooms = planning.rooms_for(season.troupe, self.people)
        super().__init__(InDraft(f"rehearsals:{season.id}"), slug=season.troupe.slug, season_id=season.id)

    def make_form(self, answers: "MultiDict[str, str] | None") -> TermForm:
        kind = ElderTermForm if self.is_elder else TermForm
        form = kind(formdata=answers)
        if answers is None or self.is_elder:
            form.within(self.season, local_date(self.now))
        if self.is_elder and not form.frequency.data:
            form.frequency.data = Frequency.WEEKLY.value
        if form.minutes.data is None and (answers is None or "minutes" not in answers):
            form.minutes.data = form.minutes.default
        if form.times.data is None:
            form.times.data = 2
        form.offer(self.rooms, self._starts(form))
        return form

    def steps_of(self, form: TermForm) -> Sequence[Step]:
        steps = [Step(ANSWERS, ALL, self._title)]
        if self.is_elder:
            steps = [Step(name, (name,), form[name].label.text) for name in QUESTIONS]
        return [*steps, self.dates_step((), _("Every rehearsal of the term"))]

    def knows(self, name: str) -> bool:
        return name in {ANSWERS, DATES, *QUESTIONS}

    def is_known(self, step: Step) -> bool:
        """On one page nothing is missed before it was sent: looking for times leaves the rest for later."""
        return super().is_known(step) and (self.is_elder or bool(self.said.sent))

    def is_right(self, step: Step) -> bool:
        """Elder mode asks neither for the first day nor for the last: they are the season's."""
        return super().is_right(step) and (step.name != "weekdays" or bool(self._dates))

    def read_sent(self) -> "MultiDict[str, str]":
        values = best_times.picked(request.form)
        if (how := values.get("for_all")) in set(ForAll):
            for on, choice in planning.answered(self._look(values), ForAll(how)).items():
                values[f"{CHOICE}{on.isoformat()}"] = choice
        return values

    def is_look(self) -> bool:
        return super().is_look() or best_times.is_picked() or request.form.get("for_all") in set(ForAll)

    def place_of(self, error: DomainError, refused: Sequence[tuple[str, str]]) -> Step | None:
        return self.find(DATES)

    def put_refusal(self, error: DomainError) -> tuple[tuple[str, str], ...]:
        """What stands against dates is said beside each of them; above all, that nothing was taken."""
        if isinstance(error, SessionsClash):
            return (("", _("Somebody was faster on some dates. Nothing is booked yet: please look at them again.")),)
        return tuple(("", str(each.message)) for each in error.every)

    def show(self, step: Step) -> str:
        start = url_for("troupes.rehearsals", slug=self.season.troupe.slug, season_id=self.season.id)
        page = self.page(step, self._title, start)
        given: dict[str, Any] = {"troupe": self.season.troupe, "season": self.season, "form": self.form}
        given |= {"page": page, "steps": self}
        if step.name == DATES:
            return self._show_dates(given)
        if step.name == "start":
            room = self._room
            self.form.start.choices = (
                best_times.start_choices(room, self._asked, now=self.now) if room else []
            ) or self.form.start.choices
        rooms = [self._room] if self._room else self.rooms[:MOST_ROOMS]
        shown = TermPage(
            **given,
            best=best_times.ranked(rooms, self._asked, now=self.now) if step.name in {ANSWERS, "weekdays"} else (),
            people=self.people,
        )
        return render(f"workspace/troupes/rehearsals/{'step' if self.is_elder else 'plan'}.html", shown)

    def finish(self) -> ResponseReturnValue:
        slug, season_id = self.season.troupe.slug, self.season.id
        with transaction():
            authorise(rights_in(self.season.troupe).may_lead)
            shown = self._look(is_final=True)
            if shown.problems:
                raise DatesOpen(_l("Some dates cannot be as planned. Choose for each what to do."))
            plan = planning.chosen_of(shown)
            made = actions.plan_term(self.season, plan, by=current_user.person, now=self.now)
            leads_to = url_for("troupes.rehearsals", slug=slug, season_id=season_id)
            self.keeping.finish(leads_to)
        said = ngettext("%(num)d rehearsal is planned.", "%(num)d rehearsals are planned.", len(made))
        return go_on(said, leads_to)

    @property
    def _title(self) -> str:
        return _("Plan the rehearsals of a term")

    @property
    def _room(self) -> Room | None:
        return next((room for room in self.rooms if room.code == self.form.room.data), None)

    @property
    def _dates(self) -> list[date]:
        repeat = self.form.repeat
        return dates_of(repeat) if repeat else []

    @property
    def _asked(self) -> best_times.Asked | None:
        form = self.form
        if not form.length:
            return None
        first, last = best_times.term_of(form.date.data, form.until.data, now=self.now)
        return best_times.Asked(
            first=first,
            last=min(last, self.season.ends_on) if last > self.season.ends_on >= first else last,
            minutes=form.length,
            weekdays=tuple(sorted(set(form.weekdays.data or ()))),
            times=best_times.a_week(form.times.data),
            start=form.start.data if isinstance(form.start.data, time) else None,
            dates=tuple(self._dates),
            is_weekly=form.frequency.data == Frequency.WEEKLY.value,
            party=Party.STAFF,  # as sessions are judged
        )

    def _starts(self, form: TermForm) -> Sequence[time]:
        room = next((room for room in self.rooms if room.code == form.room.data), None)
        known = [room] if room else self.rooms[:MOST_ROOMS]
        return sorted({start for each in known for start in grid(each, rules_of(each), None)})

    def _spans(self) -> list[Span]:
        start, length = self.form.start.data, self.form.length
        if start is None or not length:
            return []
        return [span_of(day, start, length, centre_zone()) for day in self._dates]

    def _look(self, values: Mapping[str, str] | None = None, *, is_final: bool = False) -> Preview:
        choices = self.choices if values is None else {}
        room = self._room
        assert room is not None
        by, now = current_user.person, self.now
        return planning.look(self.season, self._spans(), room, choices, by=by, now=now, is_final=is_final)

    def _show_dates(self, given: dict[str, Any]) -> str:
        plan = self._look(is_final=self.is_refused)
        room = self._room
        assert room is not None
        clashes = sum(not each.is_ok for each in plan.dates)
        shown = DatesPage(
            **given,
            plan=plan,
            room=room,
            better=best_times.better(room, self._asked, now=self.now) if clashes else (),
            clashes=clashes,
        )
        return render("workspace/troupes/rehearsals/dates.html", shown)
