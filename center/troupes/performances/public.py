"""What everybody reads of a programme: pieces, and how many play; names only of those who agreed to be named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from center.troupes.models.troupes import Troupe
from center.troupes.performances import queries
from center.troupes.performances.messages import title_of
from center.troupes.performances.models import Performance, Programme


@dataclass(frozen=True)
class ProgrammeLine:
    """One place of a programme: its title, how many play, and the names of those who want to be named."""

    title: str
    players: int
    names: tuple[str, ...]

    @property
    def unnamed(self) -> int:
        """How many are only counted."""
        return self.players - len(self.names)


@dataclass(frozen=True)
class PublicProgramme:
    """What a troupe plays at a date."""

    performance: Performance
    troupe: Troupe
    version: int
    lines: Sequence[ProgrammeLine]


def programmes_at(activity_id: int) -> list[PublicProgramme]:
    """The programmes of an activity that are public, in the order of its dates."""
    found = []
    for performance in queries.public_at(activity_id):
        published = queries.published_of(performance.id)
        if published is not None:
            found.append(PublicProgramme(performance, performance.troupe, published.number, lines_of(published)))
    return found


def lines_of(programme: Programme) -> list[ProgrammeLine]:
    """The places of a version as everybody reads them; stand-ins are named once they play."""
    playing = {who.member_id for item in programme.items for who in item.performers if not who.is_stand_in}
    agreed = queries.stage_names(sorted(playing))
    lines = []
    for item in programme.items:
        ids = [who.member_id for who in item.performers if not who.is_stand_in]
        names = tuple(agreed[each] for each in ids if each in agreed)
        lines.append(ProgrammeLine(title_of(item), len(ids), names))
    return lines


@dataclass(frozen=True)
class Shown:
    """Performances of a troupe as everybody reads of them: the coming ones, and those that were."""

    coming: Sequence[Performance]
    past: Sequence[Performance]

    @property
    def session_ids(self) -> set[int]:
        """The dates they are at."""
        return {each.session_id for each in (*self.coming, *self.past)}


def shown_of(troupe_id: int, *, now: datetime, most: int = 6) -> Shown:
    """The public performances of a troupe: the next ones soonest first, and the last ones, the latest first."""
    found = queries.public_of(troupe_id)
    coming = [each for each in found if each.session.ends_at > now and each.session.is_scheduled]
    past = [each for each in found if each.session.ends_at <= now and not each.session.cancelled_at]
    return Shown(coming[:most], list(reversed(past))[:most])
