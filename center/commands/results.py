"""Working published results out anew, for whoever wants to see that a draw or an allocation is what its seed gives."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from center.activities.queries import find_activity
from center.allocation.models import RoundState
from center.allocation.publishing.checking import complaints_about, figures
from center.allocation.publishing.explaining import result_of
from center.allocation.rounds.queries import get_round
from center.commands import CannotDoError
from center.kernel.errors import NotFound
from center.signups.lottery import rules
from center.signups.lottery.queries import drawn_of, is_repeatable


class NothingPublished(CannotDoError):
    """There is no such round, its result is not published, or a file is no file of figures; the message says which."""


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


def verify(term: str) -> tuple[str, list[str]]:
    """What a round rests on, as lines, and what of its result does not follow from that."""
    known = _from_file(Path(term)) if term.endswith(".json") else _from_site(term)
    try:
        complaints = complaints_about(known)
        wishes, times, given = len(known["wishes"]), len(known["times"]), len(known["result"])
        lines = [
            f"{known['round']}: {wishes} wishes, {times} times, {given} given",
            f"seed        {known['seed']}",
            f"fingerprint {known['fingerprint']}",
            "criteria    " + ", ".join(f"{name} x {weight}" for name, weight in known["weights"].items()),
            f"adjusted by staff with a reason: {len(known['adjustments'])}",
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise NothingPublished(f"These are no figures of an allocation: {error!r} is missing or wrong.") from error
    return "\n".join(lines), complaints


def _from_site(slug: str) -> dict[str, Any]:
    try:
        found = get_round(slug)
    except NotFound as error:
        raise NothingPublished(f"There is no round called {slug}: it is the last part of its address.") from error
    if found.state is not RoundState.PUBLISHED:
        raise NothingPublished("Its result is not published, and until then nobody reads its seed.")
    return figures(result_of(found))


def _from_file(path: Path) -> dict[str, Any]:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NothingPublished(f"{path} cannot be read: {error}") from error
    if not isinstance(known, dict):
        raise NothingPublished(f"{path} is no file of figures.")
    return known
