"""Sign-in sessions: the bridge between a browser's cookie and the sessions table."""

from flask import Flask
from flask_login import AnonymousUserMixin, LoginManager

login_manager = LoginManager()


class Visitor(AnonymousUserMixin):
    """Somebody who is not signed in."""

    permissions: frozenset[str] = frozenset()


def init_app(app: Flask) -> None:
    """Wire Flask-Login."""
    login_manager.anonymous_user = Visitor
    login_manager.init_app(app)
