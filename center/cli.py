"""The `center` command."""

import os

import click
from flask.cli import FlaskGroup

from center import create_app


def main() -> None:
    """Entry point of the console script."""
    cli(prog_name="center")


@click.group(cls=FlaskGroup, create_app=create_app, add_version_option=False)
def cli() -> None:
    """Runs and looks after the centre's site."""
    os.environ.setdefault("FLASK_SKIP_DOTENV", "1")
