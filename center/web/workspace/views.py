"""The workspace of an organisation, and posting an activity from it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities import policy as activity_policy
from center.activities.change_requests.models import ChangeRequest
from center.activities.change_requests.queries import proposals_of
from center.activities.history import history
from center.activities.models import Activity, ActivityEvent
from center.attendance import announcing
from center.attendance.models import Register
from center.attendance.registers_now import RegisterNow, registers_now, registers_of
from center.attendance.rules import OPENS_BEFORE
from center.bookings.models import Booking
from center.bookings.models.series import BookingSeries
from center.bookings.queries import bookings_of_organisations
from center.bookings.series.queries import live_series
from center.incubator.filings.queries import is_to_be_filed
from center.kernel import clock
from center.kernel.access import Permission, may, signed_in
from center.kernel.access_log import Kind
from center.kernel.db import transaction
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.sent import once
from center.notices.telling import Told
from center.organisations.models import Organisation
from center.rooms.queries import all_rooms
from center.signups.attendee_lists.queries import count_held
from center.signups.changing import rescheduling
from center.signups.messages import told_of
from center.signups.models import Roster
from center.signups.posting import actions as posting
from center.signups.posting import queries as posting_queries
from center.signups.posting import requests
from center.signups.posting.people import sum_of
from center.signups.posting.plans import Preview, preview
from center.signups.posting.queries import Row
from center.signups.queries import Counts, counts_of
from center.signups.rosters import rosters_of
from center.troupes.models.troupes import Troupe
from center.troupes.queries import troupes_of
from center.web.activities.forms import DatesForm, refuse_all
from center.web.activities.pages import edited, led_ids, rescheduled, worked_for, written_ids
from center.web.blueprints import posting as blueprint
from center.web.bookings.series_forms import choices_in
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import go_on
from center.web.workspace import copying, planning


@dataclass(frozen=True, kw_only=True)
class WorkPage:
    """What is an organisation's, for those who work for it."""

    organisation: Organisation
    groups: Mapping[str, Sequence[Row]]
    series: Sequence[BookingSeries]
    bookings: Sequence[Booking]
    may_write: bool
    asking: int
    requests_page: str
    may_lead: bool
    leads: bool  # oneself, not as staff
    may_keep_ledger: bool
    registers: Sequence[RegisterNow]
    last: Activity | None
    troupes: Sequence[Troupe]
    may_lead_troupes: bool


@blueprint.get("/workspace/organisations/<slug>")
@signed_in
def work(slug: str) -> ResponseReturnValue:
    """What is an organisation's: its activities by where they stand, its bookings and series."""
    organisation, now = worked_for(slug), clock.now()
    registers = registers_now(organisation.id, now=now)
    looks.see(Kind.ROLL, [person for each in registers for person in each.missing], subject=organisation.name)
    return render(
        "workspace/posting/work.html",
        WorkPage(
            organisation=organisation,
            groups=posting_queries.workspace(organisation.id, now=now),
            series=live_series(organisation_ids=[organisation.id], now=now),
            bookings=bookings_of_organisations([organisation.id], now=now),
            may_write=activity_policy.may_review(current_user) or organisation.id in written_ids(),
            asking=requests.count([organisation.id], now=now),
            requests_page=_requests_page(organisation),
            may_lead=may(Permission.SEE_BOOKINGS) or organisation.id in led_ids(),
            leads=organisation.id in led_ids(),
            may_keep_ledger=organisation.id in led_ids() or may(Permission.EDIT_ACTIVITIES),
            registers=registers,
            last=_last_of(organisation),
            troupes=troupes_of([organisation.id]),
            may_lead_troupes=organisation.id in led_ids(),
        ),
    )


@dataclass(frozen=True, kw_only=True)
class ManagePage:
    """One activity for those who run it, and what they may do."""

    activity: Activity
    rosters: Sequence[Roster]
    left: Mapping[int, Counts]
    held: Mapping[int, int]
    history: Sequence[ActivityEvent]
    told: Sequence[Told]
    registers: Mapping[int, Register]
    to_take: Collection[int]  # the dates whose registers can be looked at
    proposals: Sequence[ChangeRequest]
    may_edit: bool
    may_publish: bool
    may_decide: bool
    may_reschedule: bool
    is_reviewer: bool
    is_filed: bool  # as activities of organisations in the incubator are


@blueprint.get("/workspace/activities/<slug>")
@signed_in
def manage(slug: str) -> ResponseReturnValue:
    """One activity for those who run it: its state, its dates, its rosters, its history, and what can be done."""
    activity = edited(slug)
    rosters = rosters_of(activity)
    leads, writes = led_ids(), written_ids()
    return render(
        "workspace/posting/manage.html",
        ManagePage(
            activity=activity,
            rosters=rosters,
            left=counts_of([roster.id for roster in rosters]),
            held=count_held([each for each in activity.sessions if each.ends_at <= clock.now()]),
            history=history(activity),
            told=[*told_of(activity), *announcing.told_of(activity)],
            registers=registers_of(activity.sessions),
            to_take={each.id for each in activity.sessions if each.starts_at - OPENS_BEFORE <= clock.now()},
            proposals=proposals_of(activity.id, now=clock.now()),
            may_edit=activity_policy.may_edit(activity, current_user, writes),
            may_publish=activity_policy.may_publish(activity, current_user, leads),
            may_decide=activity_policy.may_decide(activity, current_user, leads),
            may_reschedule=activity_policy.may_reschedule(activity, current_user, led_ids=leads, written_ids=writes),
            is_reviewer=activity_policy.may_review(current_user),
            is_filed=is_to_be_filed(activity),
        ),
    )


@blueprint.route("/workspace/activities/<slug>/dates", methods=["GET", "POST"])
@signed_in
def add_dates(slug: str) -> ResponseReturnValue:
    """More dates of an activity, each looked at before it is saved."""
    activity, now = rescheduled(slug), clock.now()
    form = DatesForm(data=copying.when_of(activity))
    form.offer_rooms(all_rooms())
    shown: Preview | None = None
    if form.validate_on_submit():
        try:
            is_final = request.form.get("stage") != "look"
            asked = {"organisation": activity.organisation, "by": current_user.person, "beside": activity.sessions}
            asked |= {"expected": activity.expected, "is_final": is_final, "now": now}
            asked |= {"people_sum": sum_of(activity)}
            shown = preview(form.spans(), planning.room_of(form), choices_in(request.form), **asked)
            if is_final:
                planning.refuse_open(shown)
                with transaction(), once(then=url_for("posting.manage", slug=slug)):
                    posting.add_dates(activity, shown.chosen, by=current_user.person, now=now)
                return go_on(_("The dates are added, and their rooms are held."), url_for("posting.manage", slug=slug))
        except DomainError as error:
            refuse_all(form, error)
            shown = planning.again(error, shown, form, activity.organisation, activity.expected, sum_of(activity))
    spans = [each.span for each in shown.chosen] if shown else []
    along = rescheduling.say_along(rescheduling.look_if_added(activity, spans, now=now) if spans else ())
    page = render_template("workspace/posting/dates.html", activity=activity, form=form, shown=shown, along=along)
    return page, form.status


def _requests_page(organisation: Organisation) -> str:
    """Where one decides who gets a place in its activities; nowhere for who does not decide that."""
    if organisation.id in led_ids():
        return url_for("posting.requests", organisation=organisation.slug)
    is_staff = activity_policy.may_review(current_user)
    return url_for("desk.sign_up_requests", organisation=organisation.slug) if is_staff else ""


def _last_of(organisation: Organisation) -> Activity | None:
    rows = posting_queries.workspace(organisation.id, now=clock.now())
    every = sorted((row.activity for group in rows.values() for row in group), key=lambda each: -each.id)
    return every[0] if every else None
