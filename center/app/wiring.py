"""How the parts are put together. Beside the commands and the demonstration, only this module knows all of them.

To import it is to load every table. A module of pages is called `views` or `…_views` and adds them to a blueprint.
"""

from importlib import import_module
from pkgutil import walk_packages

from flask import Flask

import center.activities.change_requests.models
import center.activities.photos.models
import center.afterschool.alarms.raising
import center.afterschool.models.care
import center.afterschool.models.consents
import center.afterschool.models.custody
import center.afterschool.models.enrolments
import center.afterschool.models.plans
import center.afterschool.models.retention
import center.afterschool.models.staff
import center.afterschool.models.terms
import center.afterschool.records.incident_news
import center.afterschool.retention.deletion_news
import center.afterschool.retention.erasing
import center.allocation.models
import center.allocation.models.swaps
import center.attendance.erasing
import center.attendance.models
import center.attendance.models.devices
import center.attendance.models.hours
import center.attendance.models.paper
import center.bookings.erasing
import center.bookings.models
import center.bookings.models.visits
import center.bookings.models.waiting
import center.bookings.strangers
import center.feedback.models
import center.feedback.news
import center.incubator.agreements.room_hours
import center.incubator.models.agreements
import center.incubator.models.evidence
import center.incubator.models.filings
import center.incubator.models.house_rules
import center.incubator.models.incubations
import center.incubator.models.interests
import center.incubator.models.partners
import center.incubator.models.publications
import center.incubator.models.registration
import center.incubator.models.reviews
import center.incubator.news
import center.notices.accounts
import center.notices.erasing
import center.notices.models
import center.organisations.erasing
import center.people.erasing.models
import center.people.search_indexes
import center.people.strangers
import center.signups.elsewhere_that_day
import center.signups.erasing
import center.signups.models
import center.signups.models.attendee_lists
import center.signups.models.history
import center.signups.models.lottery
import center.signups.strangers
import center.troupes.lending.at_handover
import center.troupes.members.erasing
import center.troupes.models.lending
import center.troupes.models.pieces
import center.troupes.models.seasons
import center.troupes.models.troupes
import center.troupes.models.works
import center.troupes.models.yearly
import center.troupes.performances.at_handover
import center.troupes.performances.models
import center.troupes.performances.reply_models
import center.troupes.rehearsals.affected
import center.troupes.rehearsals.models
import center.troupes.rehearsals.poll_models
import center.web
from center.activities import own_data as own_activities
from center.activities.owners import SessionOwners
from center.activities.sweeps import SWEEPS as ACTIVITY_SWEEPS
from center.afterschool import own_data as own_after_school
from center.afterschool.alarms.sweeps import SWEEPS as ALARM_SWEEPS
from center.afterschool.records.minors_audit import SWEEPS as MINORS_AUDIT
from center.afterschool.retention.deleting import SWEEPS as RETENTION
from center.afterschool.staff.sweeps import SWEEPS as STAFF_SWEEPS
from center.allocation import own_data as own_allocation
from center.allocation.sweeps import SWEEPS as SWAP_SWEEPS
from center.attendance import own_data as own_attendance
from center.attendance.device_sweeps import SWEEPS as DEVICE_SWEEPS
from center.attendance.hours import own_data as own_hours
from center.attendance.hours.sweeps import SWEEPS as HOUR_SWEEPS
from center.attendance.on_activity_change import keep_devices
from center.audit import own_data as own_trail
from center.bookings import own_data as own_bookings
from center.bookings.handing_on import SWEEPS as HANDING_ON
from center.bookings.queries import count_waiting_requests
from center.bookings.sweeps import SWEEPS as BOOKING_SWEEPS
from center.feedback import own_data as own_feedback
from center.feedback.sweeps import SWEEPS as FEEDBACK_SWEEPS
from center.incubator import own_data as own_incubator
from center.incubator.agreements import own_data as own_agreements
from center.incubator.agreements.sweeps import SWEEPS as AGREEMENTS
from center.incubator.evidence import own_data as own_evidence
from center.incubator.evidence.sweeps import SWEEPS as EVIDENCE_SWEEPS
from center.incubator.filings import own_data as own_filings
from center.incubator.filings.sweeps import SWEEPS as FILINGS
from center.incubator.partners import own_data as own_partners
from center.incubator.registration import own_data as own_registration
from center.incubator.registration.sweeps import SWEEPS as REGISTRATION
from center.incubator.sweeps import SWEEPS as INCUBATOR
from center.kernel import clock
from center.kernel.access_log import SWEEPS as ACCESS_LOG
from center.kernel.caching.fragment_cache import FragmentCache
from center.kernel.sent import SWEEPS as SENT_FORMS
from center.notices import own_data as own_notices
from center.notices.delivering import SWEEPS as DELIVERIES
from center.notices.queries import count_dead_letters, count_due, oldest_due_seconds
from center.organisations import own_data as own_organisations
from center.organisations.queries import sees_others
from center.people import own_data as own_people
from center.people import sessions
from center.people.drafts import SWEEPS as DRAFTS
from center.people.parts import Parts
from center.premises.actions import calendar_guards
from center.premises.queries import known_centre
from center.reminders.sweeps import SWEEPS as REMINDERS
from center.rooms import own_data as own_rooms
from center.rooms.uses import guard_calendar
from center.signups import own_data as own_sign_ups
from center.signups.changing.rescheduling import move_along, settle_after
from center.signups.on_activity_change import follow, refuse_once_signed_up, refuse_without_places
from center.signups.sweeps import SWEEPS as SIGN_UP_SWEEPS
from center.troupes import own_data as own_troupes
from center.troupes.lending import own_data as own_loans
from center.troupes.lending.sweeps import SWEEPS as LOANS
from center.troupes.performances import own_data as own_performances
from center.troupes.performances.on_change import SWEEPS as PERFORMANCE_SWEEPS
from center.troupes.performances.on_change import follow as let_performances_follow
from center.troupes.rehearsals import own_data as own_rehearsals
from center.troupes.rehearsals.on_register import follow_publication
from center.troupes.works import own_data as own_works
from center.troupes.works.sweeps import SWEEPS as WORKS
from center.web import blueprints

SWEEPS = (
    *HANDING_ON,
    *REMINDERS,
    *BOOKING_SWEEPS,
    *ACTIVITY_SWEEPS,
    *SIGN_UP_SWEEPS,
    *HOUR_SWEEPS,
    *SWAP_SWEEPS,
    *DEVICE_SWEEPS,
    *FEEDBACK_SWEEPS,
    *EVIDENCE_SWEEPS,
    *ALARM_SWEEPS,
    *RETENTION,
    *MINORS_AUDIT,
    *STAFF_SWEEPS,
    *LOANS,
    *WORKS,
    *AGREEMENTS,
    *FILINGS,
    *REGISTRATION,
    *PERFORMANCE_SWEEPS,
    *INCUBATOR,
    *DELIVERIES,
    *SENT_FORMS,
    *DRAFTS,
    *ACCESS_LOG,
)
OWN_DATA = Parts(
    part
    for own in (
        own_people,
        own_notices,
        own_organisations,
        own_rooms,
        own_bookings,
        own_activities,
        own_sign_ups,
        own_after_school,
        own_incubator,
        own_evidence,
        own_attendance,
        own_allocation,
        own_hours,
        own_troupes,
        own_performances,
        own_feedback,
        own_filings,
        own_loans,
        own_agreements,
        own_registration,
        own_partners,
        own_rehearsals,
        own_works,
        own_trail,
    )
    for part in own.PARTS
)
GAUGES = {
    "center_requests_waiting": ("Bookings that wait for a decision", lambda: count_waiting_requests(clock.now())),
    "center_deliveries_due": ("Messages that could be sent now", count_due),
    "center_dead_letters": ("Messages that could not be delivered", count_dead_letters),
    "center_oldest_due_seconds": ("For how long the oldest of these has been due", oldest_due_seconds),
}

calendar_guards.append(guard_calendar)
sessions.sees_others.append(sees_others)


def connect(app: Flask) -> None:
    """Let lower parts and the kernel find what higher ones answer them."""
    app.extensions["centre"] = known_centre
    app.extensions["gauges"] = GAUGES
    app.extensions["activity_listeners"] = (
        refuse_without_places,
        refuse_once_signed_up,
        move_along,
        follow,
        follow_publication,
        settle_after,
        keep_devices,
        let_performances_follow,
    )
    app.extensions["use_owners"] = SessionOwners()
    app.extensions["drawings"] = FragmentCache()
    app.extensions["own_data"] = OWN_DATA


def add_pages(app: Flask) -> None:
    """Every part's pages."""
    for each in walk_packages(center.web.__path__, "center.web."):
        if each.name.endswith("views"):
            import_module(each.name)
    for blueprint in blueprints.ALL:
        app.register_blueprint(blueprint)
