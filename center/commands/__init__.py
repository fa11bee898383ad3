"""What the `center` command does. Each module is one command; `center.commands.cli` puts them together."""


class CannotDoError(Exception):
    """A command cannot do what it was asked for; the message is one line that says why."""


def close_connections() -> None:
    """Let go of the database: a forked process must not inherit a connection, nor a file be replaced under one."""
    from center.kernel.db import db

    db.session.remove()
    db.engine.dispose()
