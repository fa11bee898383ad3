"""Lists that somebody works through: where they go on."""

from collections.abc import Collection, Sequence


def next_below(listed: Sequence[str], done: Collection[str]) -> str:
    """What comes once some of a list is done: the next below the last of it, else above; "" where nothing is left."""
    places = [n for n, each in enumerate(listed) if each in done]
    if not places:
        return ""
    rest = [*listed[places[-1] :], *reversed(listed[: places[-1]])]
    return next((each for each in rest if each not in done), "")
