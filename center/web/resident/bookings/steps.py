"""The steps of booking a room: what is asked, on one page or one question a page, and all of it once more.

Where the time is taken, the same answers ask to wait for it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from center.bookings import actions
from center.bookings.rulebook.availability import RoomDay
from center.bookings.rulebook.facts import Party, ProposedUse
from center.bookings.rulebook.judging import judge
from center.bookings.rulebook.rule_words import AGREEMENTS, WAITS
from center.bookings.waiting import wishes
from center.bookings.writing import NeedsReason
from center.kernel.access import authorise
from center.kernel.db import transaction
from center.kernel.errors import DomainError, RuleBroken, broken_rules
from center.kernel.i18n import format_clock, format_day, in_language, is_elder
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import Fact
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.rooms.models import Room
from center.web.bookings import flow
from center.web.bookings.forms import BOOKING_QUERY, BookingForm
from center.web.editing import say_value
from center.web.steps.flow import StepFlow
from center.web.steps.keeping import InDraft
from center.web.steps.page import Step, StepPage

WHOSE = ("channel", "party", "person")  # these stay in the address when the rest is kept
B = TypeVar("B", bound=BookingForm)


class RoomSteps(StepFlow[B]):
    """A form about one room: for oneself, one's organisation, or as staff for anybody."""

    kept_as: str

    def __init__(self, room: Room, who: flow.Applicant, *, now: datetime) -> None:
        self.room, self.who, self.now, self.is_elder = room, who, now, is_elder()
        super().__init__(InDraft(f"{self.kept_as}:{room.id}"), code=room.code)

    @property
    def name(self) -> str:
        """The room's name; a part's after its whole's."""
        return in_language(self.room.name, self.room.name_en)

    def address_values(self) -> dict[str, Any]:
        """Whom it is for; what a link says of the booking, until it is kept."""
        names = WHOSE if self.keeping.is_kept else BOOKING_QUERY
        return {**self._address, **{name: request.args[name] for name in names if name in request.args}}

    def beginning(self) -> dict[str, list[str]]:
        return flow.answers_in_address() if self.is_elder else {}

    def summary(self) -> list[tuple[Step, str, str]]:
        """What was answered at each step, in words, for reading it once more."""
        fields = [(step, self.form[name]) for step in self.steps[:-1] for name in step.fields]
        return [
            (step, str(field.label.text), say_value(field, field.data))
            for step, field in fields
            if field.name not in self._unasked and field.data not in (None, "", [])
        ]

    @property
    def _unasked(self) -> Collection[str]:
        """What is no question, since there is nothing to choose."""
        choices = {"party": len(self.form.party.choices) < 2, "kind": not self.form.kind.choices}
        return {name for name, is_unasked in choices.items() if is_unasked}


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What is free on the day that was chosen, and the nearest free times where what was asked for is refused."""

    day: RoomDay | None
    starts: Sequence[datetime]
    slots: Sequence[Span]
    may_wait: bool
    last_day: date | None
    kept_from: Sequence[tuple[str, str]]


QUESTIONS = (
    ("day", ("date",)),
    ("start", ("start",)),
    ("length", ("minutes",)),
    ("people", ("people",)),
    ("purpose", ("purpose", "kind", "party", "needs")),
)
NAMES = {"answers", "check", *(name for name, _fields in QUESTIONS)}
ALL = ("party", "date", "start", "minutes", "people", "purpose", "kind", "note", "needs", "set_up")
OVERRIDE = ("override_reason",)


class BookingSteps(RoomSteps[BookingForm]):
    """Booking a room once: for oneself, one's organisation, or as staff for anybody."""

    endpoint, kept_as = "bookings.book_step", "booking"
    kind: type[BookingForm] | None = None

    def make_form(self, answers: "MultiDict[str, str] | None") -> BookingForm:
        form = flow.booking_form(self.room, self.who, answers, now=self.now, kind=self.kind)
        form.request_key.data = self.keeping.key
        return form

    def steps_of(self, form: BookingForm) -> Sequence[Step]:
        title = _("Book %(room)s", room=self.name)
        steps = [Step("answers", ALL, title)]
        if self.is_elder:
            steps = [Step(name, names, form[names[0]].label.text) for name, names in QUESTIONS]
        return [*steps, Step("check", OVERRIDE, _("Is this right?"), is_last=True, is_aside=True)]

    def knows(self, name: str) -> bool:
        return name in NAMES

    def fields_of(self, name: str) -> Collection[str]:
        """On one page they are the same whatever was answered, so no form need be made to find them."""
        if self.is_elder:
            return super().fields_of(name)
        return {"answers": ALL, "check": OVERRIDE}.get(name, ())

    def read_sent(self) -> "MultiDict[str, str]":
        values = flow.sent_values()
        if request.form.get("stage") != "book":
            values.poplist("seen")  # it may be for another time than what was looked at before
        return values

    def is_look(self) -> bool:
        return request.form.get("stage") == "edit" or "choose" in request.form

    def is_sent(self, step: Step) -> bool:
        """The desk has the person before it, and the booking's page undoes it: one press less."""
        at_once = self.who.is_staff and request.form.get("stage") == "book"
        return (step.is_last or at_once or self.waits()) and not request.form.get("pick")

    def waits(self) -> bool:
        """Whether what was pressed asks to wait for the time."""
        return request.form.get("stage") == "wait"

    def is_right(self, step: Step) -> bool:
        is_asked = self.is_elder and request.method == "GET"  # what is sent is judged by the rule book
        return super().is_right(step) and (not is_asked or self._is_possible(step))

    def put_refusal(self, error: DomainError) -> tuple[tuple[str, str], ...]:
        if isinstance(error, NeedsReason) and "asked" not in request.form:
            return ()  # the page that asks for it says all
        return super().put_refusal(error)

    def status_of(self, error: DomainError) -> int:
        is_first = isinstance(error, NeedsReason) and "asked" not in request.form
        return 200 if is_first else super().status_of(error)

    def place_of(self, error: DomainError, refused: Sequence[tuple[str, str]]) -> Step | None:
        if isinstance(error, NeedsReason):
            return self.find("check")
        return super().place_of(error, refused) or self.steps[-2]

    def more_of(self, error: DomainError) -> dict[str, Any]:
        return {"may_wait": wishes.is_only_taken(error)}

    def show(self, step: Step) -> str:
        start = url_for("rooms.show", code=self.room.code)
        page = self.page(step, _("Book %(room)s", room=self.name), start)
        return self._check(page) if step.name == "check" else self._ask(step, page)

    def finish(self) -> ResponseReturnValue:
        """Book, or put whoever asks on the list for a taken time; where that is free by now, it can be booked."""
        party, organisation = self._proposed().party, self.who.organisation(self.form.party.data)
        try:
            with transaction():
                authorise(flow.may_still_book(self.who, organisation, now=self.now))
                leads_to = self._wait(party, organisation) if self.waits() else self._book(party, organisation)
                self.keeping.finish(leads_to)
        except wishes.FreeNow:
            flash(_("This time is free now. You can book it."), "ok")
            self.keeping.write(self.said)
            leads_to = url_for("bookings.start", draft=self.keeping.key, **self.address_values())
        return redirect(leads_to, 303)

    def _book(self, party: Party, organisation: Organisation | None) -> str:
        who = self.who
        made = actions.request_booking(
            self.room,
            self.form.as_request(who.channel),
            person=who.person,
            by=who.by,
            party=party,
            organisation=organisation,
            now=self.now,
            override_reason=self.form.override_reason.data or "",
        )
        return url_for("bookings.show", reference=made.reference, new=1)

    def _wait(self, party: Party, organisation: Organisation | None) -> str:
        who, asked = self.who, self.form.as_request(self.who.channel)
        wish = wishes.ask(
            self.room, asked, person=who.person, by=who.by, party=party, organisation=organisation, now=self.now
        )
        return url_for("bookings.wish", wish_id=wish.id, new=1)

    def _proposed(self) -> ProposedUse:
        proposed = flow.proposed_by(self.room, self.form, self.who)
        if proposed is None:
            raise RuleBroken(_l("Please choose a day in the coming weeks."), field="date")
        return proposed

    def _is_possible(self, step: Step) -> bool:
        """Whether nobody took what a step was answered with; where they did, it says so and is asked again."""
        name = flow.impossible(self.who, self.form, flow.chosen_day(self.room, self.who, self.form, now=self.now))
        if name is None or name not in step.fields:
            return True
        given = self.form[name].data
        if name == "date":
            words = _("Nothing is free any more on %(day)s. Please choose another day.", day=format_day(given))
        else:
            words = _("%(time)s is taken or cannot be had. Please choose another time.", time=format_clock(given))
        self.form[name].errors = [words]
        return False

    def _ask(self, step: Step, page: StepPage) -> str:
        room, who, form, now = self.room, self.who, self.form, self.now
        proposed = flow.proposed_by(room, form, who) if form.error_list() else None
        slots = flow.free_slots(room, proposed, who, form, now=now)
        is_hopeless = proposed is not None and not slots  # a rule refuses it at any time: then none is offered
        day = flow.chosen_day(room, who, form, now=now)
        for name in step.fields if self.is_elder else ():
            if form[name].errors and name in {"date", "start"}:
                form[name].data = None
        flow.offer_times(room, who, form, day, now=now)
        offered = Offered(
            day=None if is_hopeless else day,
            starts=flow.allowed_starts(day, who, form) if day and not is_hopeless else [],
            slots=slots,
            may_wait=self.said.more.get("may_wait", False),
            last_day=flow.last_day(room, who, form, now=now),
            kept_from=flow.kept_from(room, who, now=now),
        )
        template = "resident/bookings/book_step.html" if self.is_elder else "resident/bookings/book.html"
        return render_template(template, room=room, who=who, form=form, page=page, offered=offered)

    def _check(self, page: StepPage) -> str:
        form, proposed, organisation = self.form, self._proposed(), self.who.organisation(self.form.party.data)
        verdict = judge(self.room, proposed, person=self.who.person, organisation=organisation, now=self.now)
        broken_rules(list(verdict.refusals))
        form.override_reason.flags.optional = not verdict.notices
        form.compare({"waits": Fact(str(verdict.waits), _l("Approval"), lambda: str(WAITS[verdict.waits]))})
        return render_template(
            "resident/bookings/confirm.html",
            form=form,
            steps=self,
            page=page,
            proposed=proposed,
            verdict=verdict,
            agreements=[AGREEMENTS[why] for why in verdict.agreements],
            kind=dict(form.kind.choices).get(form.kind.data, "") if form.kind.choices else "",
            party=organisation,
        )


class WaitingSteps(BookingSteps):
    """Waiting for a time that somebody else has: one page, from the plan of a room."""

    endpoint = "bookings.wait_step"
    kind = BookingForm

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_elder = False

    def steps_of(self, form: BookingForm) -> Sequence[Step]:
        return [Step("answers", ALL, _("Wait for a time of %(room)s", room=self.name), is_last=True)]

    def knows(self, name: str) -> bool:
        return name == "answers"

    def waits(self) -> bool:
        return True

    def place_of(self, error: DomainError, refused: Sequence[tuple[str, str]]) -> Step | None:
        return self.steps[0]

    def show(self, step: Step) -> str:
        page = self.page(step, str(step.question), url_for("rooms.show", code=self.room.code))
        return render_template("resident/bookings/wait.html", room=self.room, who=self.who, form=self.form, page=page)
