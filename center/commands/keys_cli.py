"""The words of `center keys`."""

import click
from flask.cli import AppGroup, with_appcontext

from center.kernel import clock, data_keys


@click.group(cls=AppGroup)
def keys() -> None:
    """Look after the keys of encrypted columns, which are in no backup."""


@keys.command("list")
@with_appcontext
def list_keys() -> None:
    """Say which keys there are, and how many values each has encrypted; exits with 1 when one is missing."""
    from center.commands.keys import known_keys

    store = data_keys.store()
    click.echo("given by CENTER_DATA_KEYS" if store.given else str(store.file))
    found = known_keys()
    for key in found:
        state = "current" if key.is_current else "" if key.is_here else "MISSING"
        click.secho(
            f"{key.id:<12} {state:<8} {key.values:>9,} values  {key.made_at}", fg=None if key.is_here else "red"
        )
    if not all(key.is_here for key in found):
        raise SystemExit(1)


@keys.command("new")
@with_appcontext
def new_key() -> None:
    """Make a key for what is written from now on. What is there stays as it is; older keys still read it."""
    from center.commands.keys import make_key

    store = data_keys.store()
    if store.given:
        click.echo("Put this key in front of CENTER_DATA_KEYS everywhere, restart, then run `center keys rotate`:")
        click.echo(data_keys.as_setting(data_keys.with_new_key(store.ring(), now=clock.now())))
        return
    click.echo(f"Made {make_key(now=clock.now())}. Keep a copy of {store.file} apart from the backups.")


@keys.command("rotate")
@with_appcontext
def rotate_keys() -> None:
    """Encrypt everything anew under a new key, while the site runs; exits with 1 when something was left.

    It may be killed at any moment and run again: it goes on with the key that it had made.
    """
    from center.commands.keys import rotate

    done = rotate(now=clock.now(), wrote=lambda rows: click.echo(f"  {rows:,} rows"))
    click.echo(f"{done.rows:,} rows were encrypted anew; the current key is {done.key}.")
    for table, rows in done.left.items():
        click.secho(f"{rows:,} rows of {table} were left: `center doctor` says why.", fg="red")
    if done.left:
        raise SystemExit(1)
    click.echo("Keep a copy of the keys apart from the backups. Backups made before still need the older ones.")


@keys.command("retire")
@click.argument("key")
@with_appcontext
def retire(key: str) -> None:
    """Take KEY away, which nothing in the database needs any more. Backups that need it cannot be read without it."""
    from center.commands.keys import retire_key

    retire_key(key, now=clock.now())
    click.echo(f"{key} is gone. Keep a copy of it for as long as there are backups that need it.")
