"""The hours of an organisation's volunteers: what waits for those who lead it, and the month."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.attendance.hours import actions, certificates, deciding, policy, queries, sheet
from center.attendance.models.hours import Shift, ShiftState
from center.kernel import clock, tables
from center.kernel.access import authorise, signed_in
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.kernel.i18n import ngettext
from center.kernel.logs import log
from center.organisations.models import Organisation
from center.organisations.queries import get_organisation
from center.web.activities.pages import led_ids
from center.web.blueprints import posting as blueprint
from center.web.forms import id_of
from center.web.hours.certificate_page import certificate_page
from center.web.hours.forms import ReasonForm, TimesForm, clock_time
from center.web.hours.lines import HourLine, LinesOfOne, Month, asked_month, by_day, by_person, lines_of
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done


@dataclass(frozen=True, kw_only=True)
class HoursPage:
    """What waits, and the month by volunteer."""

    organisation: Organisation
    forgotten: Sequence[HourLine]
    to_review: Sequence[LinesOfOne]  # a long day each
    to_certify: Sequence[HourLine]
    certifiable: str  # the numbers of what can be certified at once, as it is shown
    certifiable_count: int
    month: Month
    people: Sequence[LinesOfOne]


@blueprint.get("/workspace/organisations/<slug>/hours")
@signed_in
def hours(slug: str) -> ResponseReturnValue:
    """What waits for those who lead an organisation, and the hours of a month by volunteer."""
    organisation, now, month = _led(slug), clock.now(), asked_month()
    me = current_user.person_id
    waiting = lines_of(queries.waiting_for(organisation.id, now=now), by_id=me, now=now)
    of_month = lines_of(queries.month_of(organisation.id, month.first, month.last), by_id=me, now=now)
    looks.see(Kind.ROLL, {each.shift.person for each in [*waiting, *of_month]}, subject=organisation.name)
    done = [each for each in waiting if each.stands is ShiftState.DONE]
    can_be = [each.shift.id for each in done if not each.why_not]
    return render(
        "workspace/hours/hours.html",
        HoursPage(
            organisation=organisation,
            forgotten=[each for each in waiting if each.stands is ShiftState.FORGOTTEN],
            to_review=by_day(each for each in done if each.to_review),
            to_certify=[each for each in done if not each.to_review],
            certifiable=",".join(map(str, can_be)),
            certifiable_count=len(can_be),
            month=month,
            people=by_person(of_month),
        ),
    )


@blueprint.get("/workspace/organisations/<slug>/hours.xlsx")
@signed_in
def hours_table(slug: str) -> ResponseReturnValue:
    """The month as a table for the ledger."""
    organisation, month = _led(slug), asked_month()
    shifts = queries.month_of(organisation.id, month.first, month.last)
    looks.see(Kind.EXPORT, {each.person for each in shifts}, subject=organisation.name)
    log.info("hours_exported", organisation=organisation.id, by=current_user.person_id, shifts=len(shifts))
    name = f"hours-{organisation.slug}-{month.value}.xlsx"
    return tables.download(sheet.table(organisation, month.first, shifts, now=clock.now()), name=name)


@blueprint.post("/workspace/organisations/<slug>/hours/certify")
@signed_in
def certify_hours(slug: str) -> ResponseReturnValue:
    """Certify one shift, or all of those that the page showed."""
    organisation, by, now = _led(slug), current_user.person, clock.now()
    ids = [found for each in request.form.get("shifts", "").split(",")[:400] if (found := id_of(each))]
    shifts = queries.shifts_among(ids, organisation.id)
    if len(shifts) == 1:
        did(lambda: deciding.certify(shifts[0], by=by, now=now), _("Certified: %(name)s.", name=shifts[0].person.name))
    else:
        did(lambda: deciding.certify_all(shifts, by=by, now=now), lambda done: _say_certified(len(done)))
    return _back(slug)


@blueprint.post("/workspace/organisations/<slug>/hours/<id:shift_id>/accept")
@signed_in
def accept_hours_end(slug: str, shift_id: int) -> ResponseReturnValue:
    """They left at the end of the session."""
    return _press(slug, shift_id, actions.accept_end, _("Taken: they left at the end."))


@blueprint.post("/workspace/organisations/<slug>/hours/<id:shift_id>/review")
@signed_in
def review_hours(slug: str, shift_id: int) -> ResponseReturnValue:
    """A long day is right as it is."""
    return _press(slug, shift_id, deciding.review, _("You have looked at that day. Somebody else certifies it now."))


@blueprint.route("/workspace/organisations/<slug>/hours/<id:shift_id>/correct", methods=["GET", "POST"])
@signed_in
def correct_hours(slug: str, shift_id: int) -> ResponseReturnValue:
    """Put right from when until when, with a reason; of what nobody signed out, say when they left."""
    shift, now = _shift(slug, shift_id), clock.now()
    is_forgotten = actions.stands(shift, now=now) is ShiftState.FORGOTTEN
    end = shift.session.ends_at if is_forgotten else shift.out_at
    form = TimesForm(data={"in_at": clock_time(shift.in_at), "out_at": clock_time(end)})
    if is_forgotten:
        del form.in_at

    def put_right() -> None:
        given = {"reason": form.reason.data, "by": current_user.person, "now": now}
        if is_forgotten:
            actions.settle_end(shift, form.end_after(shift.in_at, end), **given)
        else:
            start = form.moment_of("in_at", shift.day, shift.in_at)
            deciding.correct(shift, start, form.end_after(start, shift.out_at), **given)

    if is_done(form, put_right):
        return go_on(_("Saved. It waits for somebody who certifies it."), _hours(slug))
    return _shift_page("workspace/hours/correct.html", form, shift, is_forgotten=is_forgotten)


@blueprint.route("/workspace/organisations/<slug>/hours/<id:shift_id>/refuse", methods=["GET", "POST"])
@signed_in
def refuse_hours(slug: str, shift_id: int) -> ResponseReturnValue:
    """These hours do not count; the volunteer hears why."""
    shift, form = _shift(slug, shift_id), ReasonForm()
    refuse = lambda: deciding.refuse(shift, reason=form.reason.data, by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, refuse):
        return go_on(_("Not certified. %(name)s hears why.", name=shift.person.name), _hours(slug))
    return _shift_page("workspace/hours/refuse.html", form, shift)


@blueprint.route("/workspace/organisations/<slug>/hours/of/<id:person_id>/certificate", methods=["GET", "POST"])
@signed_in
def hours_certificate(slug: str, person_id: int) -> ResponseReturnValue:
    """A certificate of what somebody gave to this organisation."""
    organisation = _led(slug)
    shifts = queries.shifts_of(person_id, organisation_id=organisation.id)
    authorise(bool(shifts))
    person = shifts[0].person
    looks.see(Kind.PERSON, [person], subject=organisation.name)
    made = [each for each in certificates.of_person(person_id) if each.organisation_id == organisation.id]
    return certificate_page(person, shifts, back=_hours(slug), made=lambda: made)


def _led(slug: str) -> Organisation:
    """An organisation about whose hours one decides; raises NotFound."""
    organisation = get_organisation(slug)
    authorise(policy.may_decide(organisation.id, current_user, led_ids()))
    return organisation


def _shift(slug: str, shift_id: int) -> Shift:
    organisation, shift = _led(slug), queries.get_shift(shift_id)
    authorise(shift.session.activity.organisation_id == organisation.id)
    looks.see(Kind.ROLL, [shift.person], subject=organisation.name)
    return shift


def _press(slug: str, shift_id: int, act: Callable[..., object], said: str) -> ResponseReturnValue:
    shift = _shift(slug, shift_id)
    did(lambda: act(shift, by=current_user.person, now=clock.now()), said)
    return _back(slug)


def _shift_page(
    template: str, form: ReasonForm | TimesForm, shift: Shift, *, is_forgotten: bool = False
) -> ResponseReturnValue:
    [line] = lines_of([shift], by_id=current_user.person_id, now=clock.now())
    organisation = shift.session.activity.organisation
    back = _hours(organisation.slug)
    return form_page(template, form, line=line, organisation=organisation, back=back, is_forgotten=is_forgotten)


def _back(slug: str) -> ResponseReturnValue:
    return redirect(_hours(slug), 303)


def _hours(slug: str) -> str:
    """The page they came from: of the month that they looked at."""
    asked = request.values.get("month", "")
    return url_for("posting.hours", slug=slug, month=asked_month().value if asked else None)


def _say_certified(count: int) -> str:
    return ngettext("%(num)d entry is certified.", "%(num)d entries are certified.", count)
