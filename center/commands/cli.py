"""The `center` command."""

import sys
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, ScriptInfo, routes_command, shell_command, with_appcontext
from flask_migrate.cli import db as db_commands
from sqlalchemy.exc import OperationalError

from center import create_app
from center.commands import CannotDoError, close_connections
from center.commands.keys_cli import keys
from center.commands.results_cli import allocation, draw
from center.kernel import clock, config, data_keys, metrics, private_files
from center.kernel.config import Settings, SettingsError
from center.kernel.errors import DomainError
from center.kernel.i18n import centre_zone, speaking


class Refusal(click.ClickException):
    """One clear line instead of a traceback."""

    def __init__(self, message: str, *, exit_code: int = 1) -> None:
        super().__init__(message)
        vars(self)["exit_code"] = exit_code  # click declares it of the class


class CenterGroup(AppGroup):
    """Commands whose expected failures are said in one line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Say in one line what is wrong with the settings or the database: exit code 2, or 1."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise Refusal(str(error), exit_code=2) from None
        except CannotDoError as error:
            raise Refusal(str(error)) from None
        except OperationalError as error:
            raise Refusal(f"The database cannot be used: {str(error.orig).strip()}") from None


def main() -> None:
    """Entry point of the console script."""
    private_files.write_for_the_owner()
    cli(prog_name="center")


@click.group(cls=CenterGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Runs and looks after the centre's site.

    Settings come from the environment (CENTER_PORT, CENTER_DATABASE_URL and so on; the README lists them).
    """
    if ctx.obj is None:
        ctx.obj = ScriptInfo(create_app=create_app, set_debug_flag=False, load_dotenv_defaults=False)


cli.add_command(db_commands, "db")
cli.add_command(routes_command)
cli.add_command(shell_command)
cli.add_command(keys)
cli.add_command(draw)
cli.add_command(allocation)
db_commands.help = "Migrates the database: `center db upgrade` brings it up to this version."
db_commands.short_help = db_commands.help


@cli.command()
@click.option("--worker/--no-worker", default=True, help="Whether to run `center worker` beside the server.")
def run(worker: bool) -> None:
    """Serve the site until stopped (Ctrl-C lets requests end first), and do what falls due meanwhile.

    Where several machines serve one site, one worker is enough: give the others --no-worker.
    """
    from center.commands import serve

    settings = config.load()
    serve.check(settings)
    serve.refuse_taken_port(settings)
    private_files.tighten(settings)
    metrics.share_between_processes(settings.data_dir / "metrics" / str(settings.port))
    from center.app.wsgi import app  # here: what is loaded before processes are forked is there once for all of them

    with app.app_context():
        _refuse_old_schema()
        data_keys.store().ring()
    from center.commands import ahead
    from center.commands.companion import Companion

    ahead.look_ahead(app)

    click.echo(f"Serving on {serve.address(settings)}  (Ctrl-C stops)")
    sys.stdout.flush()
    companion = Companion(app)
    if worker:
        companion.start()
    try:
        serve.server(settings).serve()
    finally:
        companion.stop()


@cli.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, and end; exits with 1 when something failed.")
@click.option("--every", default=2.0, show_default=True, help="How many seconds to wait when nothing is due.")
@click.option("--parent", type=int, hidden=True, help="End when this process is gone.")
@with_appcontext
def run_worker(once: bool, every: float, parent: int | None) -> None:
    """Do what falls due until stopped: messages to send, reminders, requests that run out.

    `center run` starts one of its own. Several may run at once, and any may be killed at any moment.
    """
    from center.app.wiring import SWEEPS
    from center.commands import worker

    _refuse_old_schema()
    close_connections()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if not once:
        worker.run(app, SWEEPS, parent=parent, every=every)
    elif failures := worker.run_once(app, SWEEPS):
        raise Refusal(f"{failures} things could not be done; the log says which.")


@cli.command()
@click.option("--new-passwords", is_flag=True, help="Give the demonstration's sign-ins new passwords.")
@click.option(
    "--reset", is_flag=True, help="Take everything out of a database that holds the demonstration, and reload."
)
@click.option("--yes", is_flag=True, help="Do not ask before --reset.")
@with_appcontext
def demo(new_passwords: bool, reset: bool, yes: bool) -> None:
    """Load the demonstration into an empty database; a second time only says how to sign in.

    It is the centre at its reported scale: 8,234 invented people, 12 rooms, 17 organisations, and a year of about
    26,000 bookings around today. A database with data of its own is left as it is.
    """
    from rich.console import Console

    from center.commands.serve import address
    from center.demo import state
    from center.demo.command import Demo

    _refuse_old_schema()
    settings: Settings = current_app.extensions["settings"]
    demonstration = Demo(settings.data_dir, Console())
    if reset:
        _reset_demo(yes)
    if state.is_empty():
        demonstration.load(now=clock.now())
    elif not state.is_demo():
        click.echo("This database has data of its own: the demonstration was not loaded, and nothing was changed.")
        return
    elif new_passwords:
        demonstration.renew_passwords(now=clock.now())
    demonstration.show(address(settings))


def _reset_demo(yes: bool) -> None:
    from center.demo import state

    if not state.is_demo():
        raise Refusal("This database does not hold the demonstration, so it is not emptied.")
    if not yes:
        click.confirm("Delete EVERYTHING in this database, with what was added to the demonstration?", abort=True)
    state.wipe()


@cli.command("create-admin")
@click.option("--name", prompt="Name", help="The person's name.")
@click.option("--phone", prompt="Phone", help="A mobile or a landline with its area code; also what they sign in with.")
@click.option("--login", default="", help="Another name to sign in with.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it.")
@with_appcontext
def create_admin(name: str, phone: str, login: str, password_stdin: bool) -> None:
    """Make a director: a person with an account who may do everything in the site, such as grant roles."""
    from center.commands import admin

    _refuse_old_schema()
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    asked = admin.Admin(name=name, phone=phone, login=login, password=password)
    with speaking("en"):
        try:
            account = admin.create_admin(asked, now=clock.now(), today=clock.today(centre_zone()))
        except DomainError as error:
            raise Refusal(str(error)) from None
    click.echo(f"Done. Sign in as {account.login}.")


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write the whole database into FILE, while the site runs.

    FILE is one zip archive that only its owner can read; an older backup of that name is replaced. The secret key and
    the keys of encrypted columns are not in it: keep them apart. On PostgreSQL this needs pg_dump.
    """
    from center.commands.backup import back_up

    manifest = back_up(file, now=clock.now())
    rows = sum(manifest.counts.values())
    click.echo(f"{file}: {rows:,} rows in {len(manifest.counts)} tables, {file.stat().st_size:,} bytes.")
    if manifest.keys:
        click.echo(f"To read what is encrypted in it takes keys that are not in it: {', '.join(manifest.keys)}.")


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask before replacing the database.")
@with_appcontext
def restore(file: Path, yes: bool) -> None:
    """Put the backup in FILE in the database's place, while the site runs.

    It is examined first, whole, and refused when anything in it is not as it was; the database it replaces is kept. On
    PostgreSQL this needs pg_restore, and a user who may make databases.
    """
    from center.commands.archive import Manifest
    from center.commands.doctor import report
    from center.commands.restore import restore as put_back

    def agree(manifest: Manifest) -> None:
        bookings = manifest.counts.get("bookings", 0)
        click.echo(f"The backup is whole and true. It was made at {manifest.made_at}, with {bookings:,} bookings.")
        for key in sorted(set(manifest.keys) - set(data_keys.store().ring().keys)):
            click.secho(f"It needs the key {key}, which is not here: what that encrypted cannot be read.", fg="red")
        if not yes:
            click.confirm(
                "Replace the database by it? What was written since then is only in the one kept.", abort=True
            )

    kept = put_back(file, current_app.extensions["settings"], now=clock.now(), agree=agree)
    click.echo(f"Restored. {kept}")
    report(current_app.extensions["settings"])


@cli.command("move-to")
@click.argument("url")
@with_appcontext
def move_to(url: str) -> None:
    """Move a site from SQLite to the empty PostgreSQL database at URL (postgresql://user@host/name).

    Stop the site first: what is written while this runs stays behind. The SQLite database is left as it is. A password
    need not stand in URL: PGPASSWORD and ~/.pgpass are heard.
    """
    from center.commands import moving

    _refuse_old_schema()
    settings: Settings = current_app.extensions["settings"]
    counts = moving.move_to(url, settings, moved=lambda table, rows: click.echo(f"  {table:<20} {rows:>10,}"))
    click.echo(f"Moved {sum(counts.values()):,} rows; every table has as many as before, and the ledger is true.")
    click.echo("Set CENTER_DATABASE_URL to the new address, and start the site again.")


@cli.command()
@with_appcontext
def doctor() -> None:
    """Say what this installation runs on, and check that it is sound; exits with 1 when something is wrong."""
    from center.commands.doctor import report

    report(current_app.extensions["settings"])


def _refuse_old_schema() -> None:
    from center.kernel import schema

    if schema.are_behind():
        raise Refusal("The database is not at this version's schema. Run `center db upgrade` first.")
