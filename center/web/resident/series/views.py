"""Pages on which a series of bookings is made and seen."""

from datetime import datetime

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings.calendars.entries import own_entry
from center.bookings.calendars.writing import calendar_file
from center.bookings.models import LIVE
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.queries import find_series_of
from center.bookings.rulebook.facts import Party
from center.bookings.rulebook.rule_words import WAITS
from center.bookings.series import words as series_words
from center.bookings.series.actions import DatesRefused, book_series
from center.bookings.series.planning import limit_refusals, plan_series
from center.bookings.series.plans import SeriesPlan
from center.bookings.series.queries import get_series, group_by_series, live_series
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.db import transaction
from center.kernel.errors import Conflict, RuleBroken, broken_rules
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.shown import Fact, Outdated
from center.rooms.models import Room
from center.rooms.queries import get_room
from center.web.blueprints import bookings as blueprint
from center.web.bookings import flow, series_flow
from center.web.bookings.series_forms import DecideSeriesForm, ElderRepeatForm, RepeatForm, choices_in
from center.web.bookings.series_page import day_of, row_of, series_page


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    """What templates say about series, wherever they stand."""
    return {
        "series_words": series_words,
        "find_series_of": find_series_of,
        "group_by_series": group_by_series,
        "series_ahead": series_ahead,
        "leads_organisation": leads_organisation,
        "may_repeat": may_repeat,
    }


def leads_organisation(organisation_id: int) -> bool:
    """Whether whoever is signed in leads this organisation now."""
    return organisation_id in series_flow.led_ids(clock.now())


def may_repeat() -> bool:
    """Whether whoever is signed in leads an organisation, so that series are of use to them."""
    return bool(current_user.is_authenticated and series_flow.led_ids(clock.now()))


def series_ahead(organisation_id: int | None = None) -> list[BookingSeries]:
    """The series with a date ahead: of one organisation, for those who lead it; else one's own and those one leads."""
    if not current_user.is_authenticated:
        return []
    now = clock.now()
    led = series_flow.led_ids(now)
    if organisation_id is None:
        return list(live_series(person_id=current_user.person_id, organisation_ids=led, now=now))
    return list(live_series(organisation_ids=[organisation_id], now=now)) if organisation_id in led else []


@blueprint.route("/rooms/<code>/repeat", methods=["GET", "POST"])
@signed_in
def repeat(code: str) -> ResponseReturnValue:
    """Book a room on many dates: ask, show every date, then book all that were chosen."""
    now = clock.now()
    room = get_room(code)
    authorise(not room.is_retired)
    who = flow.applicant(now)
    if not flow.may_ask_yet(current_user.account):
        return render_template("resident/bookings/not_confirmed.html", room=room), 403
    if not series_flow.parties(who):
        return render_template("resident/bookings/series_not_yours.html", room=room), 403
    if request.method == "GET" and (why := series_flow.kept_from(room, who, now=now)):
        return render_template("resident/bookings/series_full.html", room=room, why=why)
    form = series_flow.repeat_form(room, who, now=now)
    stage = request.form.get("stage")
    if request.method == "GET" or stage == "edit":
        return _ask(room, who, form)
    if isinstance(form, ElderRepeatForm) and stage == "step":
        return _next_question(room, who, form)
    return _plan_or_book(room, who, form, is_final=stage == "book", now=now)


@blueprint.get("/series/<series>")
@signed_in
def show_series(series: str) -> ResponseReturnValue:
    """A series: its rule, every date with where it stands, and what can be done."""
    now = clock.now()
    return series_page(seen(series, now=now), DecideSeriesForm(formdata=None), now=now)


@blueprint.get("/series/<series>/list")
@signed_in
def print_series(series: str) -> ResponseReturnValue:
    """The dates of a series on paper."""
    now = clock.now()
    found = seen(series, now=now)
    held = [each for each in found.dates if each.booking and each.booking.status in LIVE]
    coming = [each for each in held if day_of(each) >= local_date(now)]
    rows = [row_of(each, found, now=now) for each in coming or held]
    return render_template("resident/bookings/series_print.html", series=found, rows=rows)


@blueprint.get("/series/<series>/calendar.ics")
@signed_in
def series_calendar(series: str) -> ResponseReturnValue:
    """Every date of a series as a calendar file; each is an event of its own, as in every other calendar."""
    found = seen(series, now=clock.now())
    entries = [
        own_entry(each.booking, each.booking.room, address_of=_address_of) for each in found.dates if each.booking
    ]
    response = Response(calendar_file(found.purpose, entries, zone=centre_zone()), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.reference}.ics"'
    return response


def seen(reference: str, *, now: datetime) -> BookingSeries:
    """The series, if this person may see it."""
    found = get_series(reference)
    authorise(series_flow.may_see(found, now=now))
    return found


def date_of(found: BookingSeries, text: str) -> SeriesDate:
    """The date of a series that an address speaks of; raises NotFound."""
    each = next((each for each in found.dates if each.on_date.isoformat() == text), None)
    authorise(each is not None)
    assert each is not None
    return each


def _ask(
    room: Room, who: flow.Applicant, form: RepeatForm, *, names: tuple[str, ...] = (), status: int = 200
) -> ResponseReturnValue:
    """The form as it stands; what was chosen for single dates is carried along."""
    answered = status if status != 200 else 422 if form.error_list() else 200
    context = {"room": room, "who": who, "form": form, "choices": list(choices_in(request.form).items())}
    if isinstance(form, ElderRepeatForm):
        names = names or _names_at_fault(form) or form.steps[0]
        number = next((n for n, each in enumerate(form.steps) if each == names), 0)
        return render_template("resident/bookings/series_step.html", names=names, number=number, **context), answered
    return render_template("resident/bookings/series_form.html", **context), answered


def _next_question(room: Room, who: flow.Applicant, form: ElderRepeatForm) -> ResponseReturnValue:
    """Elder mode: the question that comes after those that are answered."""
    asked = tuple(request.form.get("asked", "").split(","))
    steps = form.steps
    number = steps.index(asked) if asked in steps else 0
    if not form.validate_names({name for names in steps[: number + 1] for name in names}):
        return _ask(room, who, form)
    if number + 1 < len(steps):
        return _ask(room, who, form, names=steps[number + 1])
    return _plan_or_book(room, who, form, is_final=False, now=clock.now())


def _plan_or_book(
    room: Room, who: flow.Applicant, form: RepeatForm, *, is_final: bool, now: datetime
) -> ResponseReturnValue:
    """Show what booking would do, date by date; or do it, and where a date stands against it show that date."""
    if not form.validate() or series_flow.refuse_shapeless(form):
        return _ask(room, who, form)
    asked = form.as_series(room, who.channel)
    whose = series_flow.on_behalf(form, who)
    choices = choices_in(request.form)
    try:
        if not is_final:
            if whose.party is not Party.STAFF:
                broken_rules(limit_refusals(asked.room, whose.organisation, now=now))
            return _preview(form, who, plan_series(asked, choices, whose=whose, now=now, is_final=False))
        with transaction():
            authorise(flow.may_still_book(who, whose.organisation, now=now))
            reason = form.override_reason.data or ""
            made = book_series(asked, choices, whose=whose, by=who.by, now=now, override_reason=reason)
    except Outdated as error:
        return _preview(form, who, plan_series(asked, choices, whose=whose, now=now), status=error.status)
    except DatesRefused as error:
        form.refuse(error)
        return _preview(form, who, plan_series(asked, choices, whose=whose, now=now), status=error.status)
    except (RuleBroken, Conflict) as error:
        form.refuse(error)
        if error.field in {None, "start", "override_reason"}:
            return _preview(form, who, plan_series(asked, choices, whose=whose, now=now), status=error.status)
        return _ask(room, who, form, status=error.status)
    return redirect(url_for("bookings.show_series", series=made.reference, new=1), 303)


def _preview(form: RepeatForm, who: flow.Applicant, plan: SeriesPlan, *, status: int = 200) -> ResponseReturnValue:
    if request.form.get("stage") != "book":
        form.seen.data = ""  # it may be for other dates than what was looked at before
    form.compare({"waits": Fact(str(plan.waits), _l("Approval"), lambda: str(WAITS[plan.waits]))})
    limits = limit_refusals(plan.request.room, series_flow.on_behalf(form, who).organisation, now=clock.now())
    page = render_template(
        "resident/bookings/series_preview.html", form=form, who=who, plan=plan, room=plan.request.room, limits=limits
    )
    return page, status


def _names_at_fault(form: ElderRepeatForm) -> tuple[str, ...]:
    return next((names for names in form.steps if any(form[name].errors for name in names)), ())


def _address_of(reference: str) -> str:
    return url_for("bookings.show", reference=reference, _external=True)
