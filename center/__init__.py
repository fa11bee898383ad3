"""The centre's software: rooms, people, organisations, bookings, activities."""

from flask import Flask

from center.kernel import access_log, clock, config, db, i18n, logs
from center.kernel.config import ROOT, Settings
from center.web import edge


def create_app(settings: Settings | None = None) -> Flask:
    """The application, wired from its packages. Settings come from the environment unless given."""
    from center import wiring
    from center.web import sign_in_cookie
    from center.web.people import looks

    settings = settings or config.load()
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.extensions["settings"] = settings
    wiring.connect(app)
    logs.configure(settings.log_format)
    logs.init_app(app)
    clock.start_at(settings.clock_start)
    db.init_app(app, settings)
    i18n.init_app(app)
    access_log.init_app(app)
    sign_in_cookie.init_app(app)
    looks.init_app(app)
    edge.init_app(app, settings)
    wiring.add_pages(app)
    return app
