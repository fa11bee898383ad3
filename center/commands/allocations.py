"""Working a published allocation out anew, for whoever wants to see that it is what its criteria and seed give."""

import json
from pathlib import Path
from typing import Any

from center.allocation.models import RoundState
from center.allocation.publishing.checking import complaints_about, figures
from center.allocation.publishing.explaining import result_of
from center.allocation.rounds.queries import get_round
from center.commands import CannotDoError
from center.kernel.errors import NotFound


class NothingPublished(CannotDoError):
    """There is no such round, its result is not published, or a file is no file of figures; the message says which."""


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
