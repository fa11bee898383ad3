"""The words of the commands that work a published result out anew: `center draw` and `center allocation`."""

import click
from flask.cli import AppGroup, with_appcontext


@click.command()
@click.argument("activity")
@with_appcontext
def draw(activity: str) -> None:
    """Draw the lotteries of ACTIVITY again (the last part of its address) from their seeds, and compare.

    Nothing is changed. Exits with 1 when a result is not what its seed says.
    """
    from center.commands.results import draw_again

    results = list(draw_again(activity))
    for text, is_same in results:
        click.echo(text)
        click.secho("The same result." if is_same else "ANOTHER RESULT.", fg="green" if is_same else "red")
    if not all(is_same for _text, is_same in results):
        raise SystemExit(1)


@click.group(cls=AppGroup)
def allocation() -> None:
    """Room times of a term."""


@allocation.command("verify")
@click.argument("term")
@with_appcontext
def verify_allocation(term: str) -> None:
    """Work the result of TERM out anew from its criteria and seed, and compare: the last part of its address, or the
    file of its figures that everybody can take from its page.

    Nothing is changed. Exits with 1 when a result is not what its figures give.
    """
    from center.commands.results import verify

    said, complaints = verify(term)
    click.echo(said)
    for each in complaints:
        click.secho(each, fg="red")
    click.secho("ANOTHER RESULT." if complaints else "The same result.", fg="red" if complaints else "green")
    if complaints:
        raise SystemExit(1)
