"""The centre's software: rooms, people, organisations, bookings, activities."""

from flask import Flask

from center import clock, config, db, i18n, logs, web
from center.config import ROOT, Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The application, wired from its packages. Settings come from the environment unless given."""
    import center.bookings.models
    import center.bookings.presence_models
    import center.bookings.wish_models
    import center.notices.models
    import center.signups.models  # noqa: F401  (these load every table)
    from center.activities.owners import SessionOwners
    from center.activities.sweeps import SWEEPS as ACTIVITY_SWEEPS
    from center.bookings import (  # noqa: F401  (add their pages to the blueprint of bookings)
        calendar_views,
        change_views,
        closing_views,
        decisions,
        presence_views,
        series_change_views,
        series_views,
        set_up_views,
        why_views,
        wish_views,
    )
    from center.bookings.closing_pages import AskedDecisions
    from center.bookings.queries import count_waiting_requests
    from center.bookings.reminders import SWEEPS as REMINDERS
    from center.bookings.sweeps_presence import SWEEPS as PRESENCE_SWEEPS
    from center.bookings.sweeps_requests import SWEEPS as REQUEST_SWEEPS
    from center.bookings.views import blueprint as bookings_pages
    from center.desk import (  # noqa: F401  (add their pages to the blueprint of the desk)
        delegation_views,
        sign_up_views,
        trail_views,
    )
    from center.desk.views import blueprint as desk_pages
    from center.drawing import Kept
    from center.notices import desk_views, outgoing_views, views  # noqa: F401  (add their pages to the blueprint)
    from center.notices.delivering import SWEEPS as DELIVERIES
    from center.notices.gauges import GAUGES as NOTICE_GAUGES
    from center.notices.pages import blueprint as notices_pages
    from center.organisations.views import blueprint as organisations_pages
    from center.people import sessions
    from center.people.views import blueprint as people_pages
    from center.premises.queries import known_centre, unknown_centre
    from center.premises.views import blueprint as premises_pages
    from center.rooms.owners import owners_of_uses
    from center.rooms.views import blueprint as rooms_pages
    from center.signups import (  # noqa: F401  (add their pages to the blueprint of posting)
        posting_change_views,
        posting_desk_views,
        posting_roster_views,
        posting_views,
    )
    from center.signups.following import follow
    from center.signups.posting_pages import blueprint as posting_pages
    from center.signups.reminders import SWEEPS as SIGN_UP_REMINDERS
    from center.signups.sweeps import SWEEPS as SIGN_UP_SWEEPS
    from center.signups.views import activities as activity_pages
    from center.signups.views import blueprint as sign_up_pages
    from center.timetable import find_views, month_views, print_views  # noqa: F401  (add pages to its blueprint)
    from center.timetable.views import blueprint as timetable_pages

    settings = settings or config.load()
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.extensions["settings"] = settings
    app.extensions["centre"] = known_centre
    app.extensions["unknown_centre"] = unknown_centre
    app.extensions["gauges"] = {
        "center_requests_waiting": ("Bookings that wait for a decision", lambda: count_waiting_requests(clock.now())),
        **NOTICE_GAUGES,
    }
    app.extensions["settling"] = AskedDecisions
    app.extensions["sweeps"] = (
        *REMINDERS,
        *REQUEST_SWEEPS,
        *PRESENCE_SWEEPS,
        *ACTIVITY_SWEEPS,
        *SIGN_UP_SWEEPS,
        *SIGN_UP_REMINDERS,
        *DELIVERIES,
    )
    app.extensions["activity_listeners"] = (follow,)
    app.extensions["use_owners"] = SessionOwners()
    app.jinja_env.globals["owners_of_uses"] = owners_of_uses
    app.extensions["drawings"] = Kept()
    logs.configure(settings.log_format)
    logs.init_app(app)
    clock.start_at(settings.clock_start)
    db.init_app(app, settings)
    i18n.init_app(app)
    sessions.init_app(app)
    web.init_app(app, settings)
    for pages in (
        premises_pages, people_pages, notices_pages, organisations_pages, rooms_pages, bookings_pages, activity_pages,
        sign_up_pages, posting_pages, timetable_pages, desk_pages,
    ):  # fmt: skip
        app.register_blueprint(pages)
    return app
