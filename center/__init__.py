"""The centre's software: rooms, people, organisations, bookings, activities."""

from flask import Flask

from center.kernel.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The application, wired from its packages. Settings come from the environment unless given."""
    from center import app  # it imports every part, and who wants one part need not

    return app.create_app(settings)
