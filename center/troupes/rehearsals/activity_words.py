"""What the activity of a season's rehearsals, its kind and its places are called, in both languages."""

from collections.abc import Callable

from sqlalchemy import select

from center.activities.actions import ActivityFacts
from center.activities.kinds import add_kind
from center.activities.models import ActivityKind
from center.kernel.db import db
from center.kernel.i18n import gettext as _
from center.kernel.i18n import speaking
from center.people.models import Person
from center.troupes.models.seasons import Season


def activity_words(season: Season, *, expected: int, by: Person) -> ActivityFacts:
    """What the activity says of itself."""
    troupe = season.troupe
    names = {"zh": (troupe.name, season.name), "en": (troupe.name_en or troupe.name, season.name_en or season.name)}
    title, title_en = (_title(code, *names[code]) for code in ("zh", "en"))
    summary, summary_en = in_both(
        lambda: _("Rehearsals for the members of the troupe. Whoever wants to join asks on the troupe's page.")
    )
    return ActivityFacts(
        kind_id=_kind(by).id,
        title=title[:80],
        title_en=title_en[:120],
        summary=summary[:200],
        summary_en=summary_en[:300],
        expected=expected,
    )


def in_both(say: Callable[[], str]) -> tuple[str, str]:
    """Words in Chinese and in English."""
    said = []
    for code in ("zh", "en"):
        with speaking(code):
            said.append(say())
    return said[0], said[1]


def _title(code: str, troupe: str, season: str) -> str:
    with speaking(code):
        return _("%(troupe)s · rehearsals · %(season)s", troupe=troupe, season=season)


def _kind(by: Person) -> ActivityKind:
    """The kind of activity that rehearsals are, of those that staff list."""
    name, name_en = in_both(lambda: _("Rehearsal"))
    found = db.session.scalar(select(ActivityKind).where(ActivityKind.name == name))
    if found is None or found.is_retired:
        return add_kind(name, name_en, by=by)
    return found
