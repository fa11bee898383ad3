"""Drawing an activity's lotteries again, for whoever wants to see that the result is what the seed says."""

from collections.abc import Iterator

from center.activities.queries import find_activity
from center.commands import CannotDoError
from center.signups.lottery import rules
from center.signups.lottery.queries import drawn_of, is_repeatable


class NothingDrawn(CannotDoError):
    """There is no such activity, or nothing of it was drawn; the message says which."""


def draw_again(slug: str) -> Iterator[tuple[str, bool]]:
    """Each lottery of the activity that was drawn: its result as lines, and whether drawing again gives the same."""
    activity = find_activity(slug)
    if activity is None:
        raise NothingDrawn(f"There is no activity called {slug}: it is the last part of its address.")
    drawn = drawn_of(activity)
    if not drawn:
        raise NothingDrawn("No places of this activity were drawn by lot so far.")
    for made in drawn:
        assert made.drawn_at is not None
        lines = [
            f"Drawn {made.drawn_at.isoformat(timespec='minutes')}: {made.entries} people for {made.places} places",
            f"seed        {made.seed}",
            f"fingerprint {rules.sum_of(made.seed)}",
        ]
        for lot in made.lots:
            got = "a place" if lot.pool_id else "waits" if made.others_wait else "no place"
            before = f"precedence {lot.precedence}  " if lot.precedence else ""
            lines.append(f"{lot.rank:>4}  {lot.reference}  {before}{rules.lot_of(made.seed, lot.unit)[:16]}  {got}")
        yield "\n".join(lines), is_repeatable(made)
