"""The floor: a bare Flask page with one SELECT, on the same database, driver, pool and server as the site.

No site that is built of Flask and SQLAlchemy can answer faster than this.
"""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text

from center.commands import serve
from center.config import Settings, load

ONE = text("SELECT name FROM centre_facts WHERE id = 1")


def create_floor(settings: Settings) -> Flask:
    """The bare page."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    db = SQLAlchemy()
    db.init_app(app)

    @app.get("/")
    def page() -> str:
        name = db.session.execute(ONE).scalar()
        return f"<!doctype html><title>{name}</title><h1>{name}</h1>"

    return app


def main() -> None:
    """Serve it as `center run` serves the site."""
    serve.server(load(), serves="bench.floor_wsgi:app").serve()


if __name__ == "__main__":
    main()
