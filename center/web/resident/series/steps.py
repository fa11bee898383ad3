"""The steps of booking a series and of changing one: what is asked, then every date with what is to become of it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.rulebook.rule_words import WAITS
from center.bookings.series import news as series_news
from center.bookings.series.actions import DatesRefused, book_series, footing_in
from center.bookings.series.date_checks import OnBehalf
from center.bookings.series.moves import change_series
from center.bookings.series.news import how_told
from center.bookings.series.planning import (
    ChangePlan,
    SeriesChange,
    SeriesRequest,
    limit_refusals,
    plan_change,
    plan_series,
)
from center.bookings.series.queries import changeable
from center.bookings.writing import NeedsReason
from center.kernel.access import authorise
from center.kernel.db import transaction
from center.kernel.errors import DomainError, broken_rules
from center.kernel.i18n import gettext as _
from center.kernel.i18n import is_elder
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.recurrence import Frequency
from center.kernel.sealed import Fact
from center.rooms.queries import get_room
from center.web.bookings import best_times, flow, series_flow
from center.web.bookings.date_steps import DATES, DateSteps
from center.web.bookings.series_forms import ChangeSeriesForm, RepeatForm
from center.web.resident.bookings.steps import RoomSteps
from center.web.sending import go_on
from center.web.steps.filled_in import as_sent
from center.web.steps.keeping import InDraft
from center.web.steps.page import Step, StepPage

ANSWERS = "answers"
QUESTIONS = (
    ("frequency", ("frequency",)),
    ("weekdays", ("weekdays",)),
    ("nth", ("nth",)),
    ("day", ("date",)),
    ("end", ("until",)),
    ("length", ("minutes",)),
    ("start", ("start",)),
    ("people", ("people",)),
    ("purpose", ("purpose", "kind", "party")),
)
WHEN = ("frequency", "weekdays", "nth", "date", "until", "count", "start", "minutes")
ALL = (*WHEN, "people", "purpose", "kind", "party", "note")
ASKED_ANEW = ("room", "on", "start", "minutes", "people", "purpose", "note", "until")  # where dates are changed


class RepeatSteps(DateSteps[RepeatForm], RoomSteps[RepeatForm]):
    """Booking a room on many dates: for one's organisation, or as staff for anybody."""

    endpoint, kept_as = "bookings.repeat_step", "series"

    def make_form(self, answers: "MultiDict[str, str] | None") -> RepeatForm:
        form = series_flow.repeat_form(self.room, self.who, answers, now=self.now)
        form.request_key.data = self.keeping.key
        return form

    def steps_of(self, form: RepeatForm) -> Sequence[Step]:
        steps = [Step(ANSWERS, ALL, self._title)]
        if self.is_elder:
            is_monthly = form.frequency.data == Frequency.MONTHLY.value
            asked = [each for each in QUESTIONS if is_monthly or each[0] != "nth"]
            steps = [Step(name, names, form[names[0]].label.text) for name, names in asked]
        return [*steps, self.dates_step(("override_reason",), _("Every date of the series"))]

    @property
    def _title(self) -> str:
        return _("Book %(room)s on many dates", room=self.name)

    def knows(self, name: str) -> bool:
        return name in {ANSWERS, DATES, *(known for known, _fields in QUESTIONS)}

    def is_known(self, step: Step) -> bool:
        """On one page nothing is missed before it was sent: looking for times leaves the rest for later."""
        return super().is_known(step) and (self.is_elder or bool(self.said.sent))

    def is_look(self) -> bool:
        return super().is_look() or best_times.is_picked()

    def read_sent(self) -> "MultiDict[str, str]":
        values = best_times.picked(request.form)
        if request.form.get("stage") != "book":
            values.poplist("seen")  # it may be for other dates than what was looked at before
        return values

    def is_right(self, step: Step) -> bool:
        is_good = super().is_right(step)
        return is_good and not ("until" in step.fields and series_flow.refuse_shapeless(self.form))

    def place_of(self, error: DomainError, refused: Sequence[tuple[str, str]]) -> Step | None:
        is_of_dates = error.field in {None, "start", "override_reason"}
        return self.find(DATES) if is_of_dates else super().place_of(error, refused)

    def show(self, step: Step) -> str:
        page = self.page(step, self._title, url_for("rooms.show", code=self.room.code))
        if step.name == DATES:
            return self._show_dates(page)
        if self.is_elder:
            if step.name == "start":
                self.form.start.choices = (
                    best_times.start_choices(self.room, self._term, now=self.now) or self.form.start.choices
                )
            return render_template(
                "resident/series/step.html", room=self.room, who=self.who, form=self.form, page=page
            )  # fmt: skip
        best = best_times.ranked([self.room], self._term, now=self.now)
        return render_template(
            "resident/series/new.html", room=self.room, who=self.who, form=self.form, page=page, best=best
        )  # fmt: skip

    def finish(self) -> ResponseReturnValue:
        whose, reason = self._whose, self.form.override_reason.data or ""
        with transaction():
            authorise(flow.may_still_book(self.who, whose.organisation, now=self.now))
            made = book_series(
                self._asked, self.choices, whose=whose, by=self.who.by, now=self.now, override_reason=reason
            )
            leads_to = url_for("bookings.show_series", series=made.reference, new=1)
            self.keeping.finish(leads_to)
        return redirect(leads_to, 303)

    @property
    def _term(self) -> best_times.Asked | None:
        return best_times.of_series(self.form, self.who, now=self.now)

    @property
    def _asked(self) -> SeriesRequest:
        return self.form.as_series(self.room, self.who.channel)

    @property
    def _whose(self) -> OnBehalf:
        return series_flow.on_behalf(self.form, self.who)

    def _show_dates(self, page: StepPage) -> str:
        """Every date with how it stands; with the rules it is against, where staff may book it all the same."""
        limits = limit_refusals(self.room, self._whose.organisation, now=self.now)
        if not self.who.is_staff:
            broken_rules(limits)
        plan = plan_series(self._asked, self.choices, whose=self._whose, now=self.now, is_final=self.is_refused)
        self.form.compare({"waits": Fact(str(plan.waits), _l("Approval"), lambda: str(WAITS[plan.waits]))})
        is_short = any(not each.is_ok for each in plan.dates)
        better = best_times.better(self.room, self._term, now=self.now) if is_short else []
        return render_template(
            "resident/series/dates.html",
            room=self.room,
            form=self.form,
            steps=self,
            page=page,
            plan=plan,
            limits=limits,
            better=better,
        )


class ChangeSteps(DateSteps[ChangeSeriesForm]):
    """Changing one date of a series (`only`), or all from a date on."""

    endpoint = "bookings.change_step"

    def __init__(self, series: BookingSeries, from_date: date, *, only: bool, now: datetime) -> None:
        self.series, self.from_date, self.only, self.now = series, from_date, only, now
        self.as_staff, self.is_elder = series_flow.acts_as_staff(series, now=now), is_elder()
        scope = {name: request.args[name] for name in ("from", "only") if name in request.args}
        super().__init__(InDraft(f"series-change:{series.id}"), series=series.reference, **scope)

    def make_form(self, answers: "MultiDict[str, str] | None") -> ChangeSeriesForm:
        return series_flow.change_form(self.series, self.from_date, answers, only=self.only, now=self.now)

    def steps_of(self, form: ChangeSeriesForm) -> Sequence[Step]:
        asked = tuple(name for name in ASKED_ANEW if name in form)
        steps = [Step(ANSWERS, asked, self._title)]
        if self.is_elder:
            steps = [Step(name, (name,), form[name].label.text) for name in asked]
        return [*steps, self.dates_step(("override_reason", "waits"), _("What changes"))]

    @property
    def _title(self) -> str:
        return _("Change this date only") if self.only else _("Change dates of the series")

    def knows(self, name: str) -> bool:
        return name in {ANSWERS, DATES, *ASKED_ANEW}

    def beginning(self) -> dict[str, list[str]]:
        """One question a page: what is not asked yet is as it is now."""
        return as_sent(self.make_form(None)) if self.is_elder else {}

    def is_known(self, step: Step) -> bool:
        return step.name in self.said.sent if self.is_elder else super().is_known(step)

    def asked_anew(self) -> Collection[str]:
        """One question a page: what somebody else changed meanwhile is asked again."""
        return {each.name for each in self.form.changed} if self.is_elder else ()

    def read_sent(self) -> "MultiDict[str, str]":
        values = MultiDict(request.form)
        if request.form.get("stage") != "change":
            values.poplist("waits")  # it may be for another change than what was looked at before
        return values

    def is_answered(self, step: Step) -> bool:
        return not self.is_outdated() and super().is_answered(step)

    def place_of(self, error: DomainError, refused: Sequence[tuple[str, str]]) -> Step | None:
        is_of_dates = isinstance(error, DatesRefused | NeedsReason)
        return self.find(DATES) if is_of_dates else super().place_of(error, refused) or self.steps[0]

    def show(self, step: Step) -> str:
        start = url_for("bookings.show_series", series=self.series.reference)
        series, form, page = self.series, self.form, self.page(step, self._title, start)
        if step.name != DATES:
            return render_template(
                "resident/series/change.html",
                series=series,
                form=form,
                page=page,
                from_date=self.from_date,
                only=self.only,
            )
        plan = self._plan()
        form.say_waits(plan.waits)
        news = series_news.CHANGED_BY_STAFF
        reached = how_told(series, news, now=self.now) if self.as_staff else None  # who changes their own knows
        stay = others(series, [each.on for each in plan.dates], self.now)
        return render_template(
            "resident/series/change_dates.html",
            series=series,
            form=form,
            page=page,
            plan=plan,
            stay=stay,
            reached=reached,
        )

    def finish(self) -> ResponseReturnValue:
        with transaction():
            self.form.hold()
            authorise(series_flow.may_still_change(self.series, now=self.now))
            kept = change_series(
                self.series,
                self._change,
                self.choices,
                from_date=self.from_date,
                only=self.only,
                by=current_user.person,
                as_staff=self.as_staff,
                now=self.now,
                override_reason=self.form.override_reason.data or "",
            )
            leads_to = url_for("bookings.show_series", series=kept.reference)
            self.keeping.finish(leads_to)
        return go_on(_("The series is changed."), leads_to)

    @property
    def _change(self) -> SeriesChange:
        return self.form.as_change(get_room(self.form.room.data), only=self.only)

    def _plan(self) -> ChangePlan:
        return plan_change(
            self.series,
            self._change,
            self.choices,
            from_date=self.from_date,
            only=self.only,
            whose=footing_in(self.series, as_staff=self.as_staff),
            as_staff=self.as_staff,
            now=self.now,
            is_final=self.is_refused,
        )


def others(series: BookingSeries, chosen: Sequence[date], now: datetime) -> list[SeriesDate]:
    """The dates ahead that a page does not speak of: they stay as they are."""
    return [each for each in changeable(series.dates, date.min, only=False, now=now) if each.on_date not in chosen]
