"""The steps of changing a booking: the form as it is filled in now, then what will be different."""

from collections.abc import Sequence
from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from center.bookings import messages, news
from center.bookings.changing import moving
from center.bookings.changing.effects import differences, look_ahead
from center.bookings.models import Booking
from center.bookings.rulebook.judging import party_of
from center.bookings.rulebook.times import free_starts
from center.bookings.writing import NeedsReason
from center.kernel.access import authorise
from center.kernel.db import transaction
from center.kernel.errors import DomainError, broken_rules
from center.kernel.i18n import gettext as _
from center.kernel.i18n import is_elder
from center.web.bookings import change_flow, flow
from center.web.bookings.change_forms import ChangeForm
from center.web.sending import go_on
from center.web.steps.changing import ChangeFlow, without_difference
from center.web.steps.keeping import InDraft
from center.web.steps.page import Step, StepPage

IN_ELDER_MODE = ("date", "start", "minutes", "people")
ALL = ("room", *IN_ELDER_MODE, "purpose", "kind", "note", "needs", "set_up")


class ChangeSteps(ChangeFlow[ChangeForm]):
    """Changing a booking: by its person, or by the desk for them."""

    endpoint = "bookings.change_booking_step"

    def __init__(self, booking: Booking, *, as_staff: bool, now: datetime) -> None:
        self.booking, self.as_staff, self.now = booking, as_staff, now
        super().__init__(InDraft(f"change:{booking.id}"), reference=booking.reference)

    def beginning(self) -> dict[str, list[str]]:
        return change_flow.filled_in(self.booking)

    def make_form(self, answers: "MultiDict[str, str] | None") -> ChangeForm:
        form = change_flow.form_for(self.booking, answers, as_staff=self.as_staff)
        form.request_key.data = self.keeping.key
        return form

    def steps_of(self, form: ChangeForm) -> Sequence[Step]:
        fields = IN_ELDER_MODE if is_elder() else ALL
        return self.two_steps(fields, _("Change the booking"), ("override_reason",), _("Is this right?"))

    def read_sent(self) -> "MultiDict[str, str]":
        return flow.sent_values()

    def is_look(self) -> bool:
        return request.form.get("stage") == "edit" or "choose" in request.form

    def is_sent(self, step: Step) -> bool:
        return step.is_last and not request.form.get("pick")

    def read_anew(self) -> None:
        self.saw(str(self.booking.sequence))

    def put_refusal(self, error: DomainError) -> tuple[tuple[str, str], ...]:
        return () if self._asks_first(error) else super().put_refusal(error)

    def status_of(self, error: DomainError) -> int:
        return 200 if self._asks_first(error) else super().status_of(error)

    def place_of(self, error: DomainError, refused: Sequence[tuple[str, str]]) -> Step | None:
        return self.steps[-1] if isinstance(error, NeedsReason) else self.steps[0]

    def show(self, step: Step) -> str:
        title = _("Change booking %(reference)s", reference=self.booking.reference)
        page = self.page(step, title, change_flow.page_of_booking(self.booking))
        return self._check(page) if step.is_last else self._ask(page)

    def finish(self) -> ResponseReturnValue:
        leads_to = change_flow.page_of_booking(self.booking)
        with transaction():
            if not self.as_staff:
                authorise(flow.is_account_open())
            moving.change(
                self.booking,
                change_flow.shape_in(self.booking, self.form),
                by=current_user.person,
                now=self.now,
                as_staff=self.as_staff,
                seen=self.form.seen_sequence,
                override_reason=self.form.override_reason.data or "",
            )
            self.keeping.finish(leads_to)
        return go_on(_("The booking is changed."), leads_to)

    def _asks_first(self, error: DomainError) -> bool:
        """Whether a reason is missing for which nobody was asked yet: the page that asks for it says all."""
        return isinstance(error, NeedsReason) and "asked" not in request.form

    def _ask(self, page: StepPage) -> str:
        """The form, with what is free on its day, and the nearest free times where it was refused."""
        booking, form = self.booking, self.form
        room, party = change_flow.room_in(booking, form), party_of(booking.organisation_id, as_staff=self.as_staff)
        plan = change_flow.plan_of(booking, room, form, now=self.now)
        starts = free_starts(party, plan, form.length or 0) or free_starts(party, plan) if plan else []
        change_flow.offer_times(booking, form, plan, as_staff=self.as_staff)
        slots = change_flow.slots_near(booking, room, form, party, now=self.now) if form.error_list() else []
        is_hopeless = bool(form.error_list()) and form.proposed_span is not None and not slots
        return render_template(
            "resident/bookings/change.html",
            booking=booking,
            form=form,
            page=page,
            room=room,
            day=None if is_hopeless else plan,
            starts=starts,
            slots=slots,
        )

    def _check(self, page: StepPage) -> str:
        """What would be different; with the rules it is against, where staff may do it all the same."""
        to = change_flow.shape_in(self.booking, self.form)
        effects = look_ahead(self.booking, to, as_staff=self.as_staff, now=self.now)
        broken_rules(list(effects.verdict.refusals))
        if not (different := differences(effects.change)):
            page = without_difference(page)
        told = news.MOVED_BY_DESK if effects.change.is_moved else news.EDITED_BY_STAFF
        return render_template(
            "resident/bookings/change_confirm.html",
            booking=self.booking,
            form=self.form,
            page=page,
            waits=effects.waits_anew,
            is_moved=effects.change.is_moved,
            notices=effects.verdict.notices,
            differences=different,
            telling=messages.how_told([self.booking], told, now=self.now) if self.as_staff else None,
        )
