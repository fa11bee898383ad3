"""What the `center` command does. Each module is one command; `center.commands.cli` puts them together."""


class CannotDoError(Exception):
    """A command cannot do what it was asked for; the message is one line that says why."""
