"""What may be handed over twice: for each worker killed one message to each receiver, under the same id and in the same
words. A worker is at one message at a time for everybody who takes them on."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from tests.sinks import Taken


def again(taken: Sequence[Taken]) -> list[tuple[Taken, Taken]]:
    """Every message that was handed over once more: how it was before, and then."""
    return [pair for copies in _copies(taken).values() for pair in pairwise(copies)]


def faults(taken: Sequence[Taken], killed: Mapping[str, float]) -> list[str]:
    """What no kill explains. `killed` says which senders were, and when."""
    return [*_unexplained(taken, killed), *_said_twice(taken)]


def _unexplained(taken: Sequence[Taken], killed: Mapping[str, float]) -> Iterator[str]:
    caught: Counter[tuple[str, str]] = Counter()
    for before, then in again(taken):
        caught[before.sender, before.by] += 1
        if before.words != then.words:
            yield f"{then.id} said something else the second time"
        if killed.get(before.sender, then.at) >= then.at:
            yield f"{then.id} was handed over again although {before.sender} lived"
    yield from (f"{sender} was at {n} messages when it was killed" for (sender, _by), n in caught.items() if n > 1)


def _said_twice(taken: Sequence[Taken]) -> Iterator[str]:
    ids = defaultdict(set)
    for message in taken:
        ids[message.words].add(message.id)
    yield from (f"{', '.join(sorted(same))} say the same" for same in ids.values() if len(same) > 1)


def _copies(taken: Sequence[Taken]) -> dict[str, list[Taken]]:
    copies = defaultdict(list)
    for message in taken:
        copies[message.id].append(message)
    return copies
