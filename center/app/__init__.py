"""The application as one: its factory, how the parts are put together, and what a web server serves."""

from flask import Flask

from center.app import wiring
from center.kernel import clock, config, db, i18n, logs
from center.kernel.config import ROOT, Settings
from center.web import device_cookie, edge, packing, rendering, sign_in_cookie, static_files, template_words
from center.web.people import looks


def create_app(settings: Settings | None = None) -> Flask:
    """The application, wired from its packages. Settings come from the environment unless given."""
    settings = settings or config.load()
    app = Flask("center", template_folder=str(ROOT / "templates"), static_folder=None)
    app.extensions["settings"] = settings
    packing.init_app(app)
    static_files.init_app(app)
    wiring.connect(app)
    logs.configure(settings.log_format)
    logs.init_app(app)
    clock.start_at(settings.clock_start)
    db.init_app(app, settings)
    i18n.init_app(app)
    sign_in_cookie.init_app(app)
    edge.init_app(app, settings)
    device_cookie.init_app(app)
    template_words.init_app(app)
    rendering.init_app(app)
    wiring.add_pages(app)
    looks.init_app(app)
    return app
