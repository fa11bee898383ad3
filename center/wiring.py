"""How the parts are put together. Beside the commands and the demonstration, only this module knows all of them.

To import it is to load every table and every page: a module of views adds its pages to its part's blueprint.
"""

from flask import Blueprint, Flask

import center.activities.photos.models
import center.activities.proposing.models
import center.bookings.erasing
import center.bookings.models
import center.bookings.presence.models
import center.bookings.strangers
import center.bookings.waiting.models
import center.notices.accounts
import center.notices.erasing
import center.notices.models
import center.organisations.accounts
import center.organisations.erasing
import center.people.erasing.models
import center.people.strangers
import center.signups.beside
import center.signups.changing.models
import center.signups.erasing
import center.signups.lottery.models
import center.signups.models
import center.signups.rolls.models
import center.signups.strangers  # noqa: F401  (tables)
from center.activities import own_data as own_activities
from center.activities.owners import SessionOwners
from center.activities.sweeps import SWEEPS as ACTIVITY_SWEEPS
from center.bookings import booking_views, set_up_views  # noqa: F401  (pages)
from center.bookings import own_data as own_bookings
from center.bookings.approvals import series_views as approval_series_views  # noqa: F401  (pages)
from center.bookings.approvals import views as approval_views  # noqa: F401  (pages)
from center.bookings.calendars import views as calendar_views  # noqa: F401  (pages)
from center.bookings.changing import views as change_views  # noqa: F401  (pages)
from center.bookings.closing import views as closing_views  # noqa: F401  (pages)
from center.bookings.closing.pages import AskedDecisions
from center.bookings.handing_on import SWEEPS as HANDING_ON
from center.bookings.presence import views as presence_views  # noqa: F401  (pages)
from center.bookings.presence.sweeps import SWEEPS as PRESENCE_SWEEPS
from center.bookings.queries import count_waiting_requests
from center.bookings.reminders import SWEEPS as REMINDERS
from center.bookings.rulebook import why_views  # noqa: F401  (pages)
from center.bookings.series import change_views as series_change_views  # noqa: F401  (pages)
from center.bookings.series import views as series_views  # noqa: F401  (pages)
from center.bookings.sweeps_requests import SWEEPS as REQUEST_SWEEPS
from center.bookings.views import blueprint as bookings_pages
from center.bookings.waiting import views as waiting_views  # noqa: F401  (pages)
from center.desk import (  # (pages)
    access_views,  # noqa: F401
    delegation_views,  # noqa: F401
    guardian_views,  # noqa: F401
    sign_up_views,  # noqa: F401
    trail_views,  # noqa: F401
)
from center.desk import own_data as own_trail
from center.desk.views import blueprint as desk_pages
from center.kernel import clock
from center.kernel.access_log import SWEEPS as ACCESS_LOG
from center.kernel.caching.drawing import Kept
from center.kernel.sent import SWEEPS as SENT_FORMS
from center.notices import (  # (pages)
    data_ask_views,  # noqa: F401
    desk_views,  # noqa: F401
    outgoing_views,  # noqa: F401
    round_views,  # noqa: F401
    views,  # noqa: F401
    words_views,  # noqa: F401
)
from center.notices import own_data as own_notices
from center.notices.delivering import SWEEPS as DELIVERIES
from center.notices.gauges import GAUGES as NOTICE_GAUGES
from center.notices.pages import blueprint as notices_pages
from center.organisations import own_data as own_organisations
from center.organisations.views import blueprint as organisations_pages
from center.people import copy_views  # noqa: F401  (pages)
from center.people import own_data as own_people
from center.people.erasing import views as erasing_views  # noqa: F401  (pages)
from center.people.parts import Parts
from center.people.views import blueprint as people_pages
from center.premises.queries import known_centre, unknown_centre
from center.premises.views import blueprint as premises_pages
from center.rooms import own_data as own_rooms
from center.rooms.owners import owners_of_uses
from center.rooms.views import blueprint as rooms_pages
from center.signups import helper_views, offer_views  # noqa: F401  (pages)
from center.signups import own_data as own_sign_ups
from center.signups.asked import topics_of
from center.signups.changing.rescheduling import move_along, settle_after
from center.signups.complete import refuse_once_signed_up, refuse_without_places
from center.signups.following import follow
from center.signups.lottery import views as lottery_views  # noqa: F401  (pages)
from center.signups.pages import blueprint as sign_up_pages
from center.signups.posting import change_views as posting_change_views  # noqa: F401  (pages)
from center.signups.posting import desk_views as posting_desk_views  # noqa: F401
from center.signups.posting import places_views as posting_places_views  # noqa: F401
from center.signups.posting import proposal_views as posting_proposal_views  # noqa: F401
from center.signups.posting import publishing_views as posting_publishing_views  # noqa: F401
from center.signups.posting import question_views as posting_question_views  # noqa: F401
from center.signups.posting import review_views as posting_review_views  # noqa: F401
from center.signups.posting import roster_change_views as posting_roster_change_views  # noqa: F401
from center.signups.posting import roster_views as posting_roster_views  # noqa: F401
from center.signups.posting import views as posting_views  # noqa: F401
from center.signups.posting.pages import blueprint as posting_pages
from center.signups.public import feed_views, list_views, photo_views, poster_views  # noqa: F401  (pages)
from center.signups.public.family import sign_up_feed
from center.signups.reminders import SWEEPS as SIGN_UP_REMINDERS
from center.signups.rolls import views as roll_views  # noqa: F401  (pages)
from center.signups.sweeps import SWEEPS as SIGN_UP_SWEEPS
from center.signups.views import activities as activity_pages
from center.signups.wishing import views as wishing_views  # noqa: F401  (pages)
from center.timetable import find_views, month_views, print_views  # noqa: F401  (pages)
from center.timetable.views import blueprint as timetable_pages

PAGES: tuple[Blueprint, ...] = (
    premises_pages,
    people_pages,
    notices_pages,
    organisations_pages,
    rooms_pages,
    bookings_pages,
    activity_pages,
    sign_up_pages,
    posting_pages,
    timetable_pages,
    desk_pages,
)
SWEEPS = (
    *HANDING_ON,
    *REMINDERS,
    *REQUEST_SWEEPS,
    *PRESENCE_SWEEPS,
    *ACTIVITY_SWEEPS,
    *SIGN_UP_SWEEPS,
    *SIGN_UP_REMINDERS,
    *DELIVERIES,
    *SENT_FORMS,
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
        own_trail,
    )
    for part in own.PARTS
)
GAUGES = {
    "center_requests_waiting": ("Bookings that wait for a decision", lambda: count_waiting_requests(clock.now())),
    **NOTICE_GAUGES,
}


def connect(app: Flask) -> None:
    """Let lower parts and the kernel find what higher ones answer them."""
    app.extensions["centre"] = known_centre
    app.extensions["unknown_centre"] = unknown_centre
    app.extensions["asked_topics"] = topics_of
    app.extensions["gauges"] = GAUGES
    app.extensions["settling"] = AskedDecisions
    app.extensions["sweeps"] = SWEEPS
    app.extensions["activity_listeners"] = (
        refuse_without_places,
        refuse_once_signed_up,
        move_along,
        follow,
        settle_after,
    )
    app.extensions["own_calendar_parts"] = (sign_up_feed,)
    app.extensions["use_owners"] = SessionOwners()
    app.extensions["drawings"] = Kept()
    app.extensions["own_data"] = OWN_DATA
    app.jinja_env.globals["owners_of_uses"] = owners_of_uses


def add_pages(app: Flask) -> None:
    """Every part's pages."""
    for pages in PAGES:
        app.register_blueprint(pages)
