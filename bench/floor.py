"""The floor: a bare Flask page with one SELECT, on the same database, driver, pool and server as the site, and a press
that writes one row.

No site that is built of Flask and SQLAlchemy can answer faster than this.
"""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, insert, text

from center.commands import serve
from center.kernel.config import Settings, load
from center.kernel.db import LOCK_TIMEOUT_MS, engine_options, prepare_engine

PRESSES = Table("bench_presses", MetaData(), Column("id", Integer, primary_key=True), Column("words", String(80)))
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

    writing, as_the_site = _writing_engine(settings), {"immediate": LOCK_TIMEOUT_MS}

    @app.post("/press")
    def press() -> str:
        with writing.connect() as connection, connection.execution_options(**as_the_site).begin():
            connection.execute(insert(PRESSES).values(words="one row, in a transaction of its own"))
        return "written"

    return app


def _writing_engine(settings: Settings) -> Engine:
    """As the site writes: with its pragmas, and on SQLite with BEGIN IMMEDIATE."""
    engine = create_engine(settings.database_url, **engine_options(settings.database_url))
    prepare_engine(engine)
    return engine


def main() -> None:
    """Serve it as `center run` serves the site."""
    serve.server(load(), serves="bench.floor_wsgi:gateway").serve()


if __name__ == "__main__":
    main()
