"""The centre's own words for kinds of news: kept, found, given up for the house's words again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from center.kernel.acts import Act
from center.kernel.db import db
from center.kernel.errors import RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.notices import kinds
from center.notices.kinds import Kind, Words
from center.notices.models import OwnWords
from center.people.models import Person


def find(code: str, language: str) -> OwnWords | None:
    """The centre's own words for a kind of news in a language, if it has any."""
    return db.session.get(OwnWords, (code, language))


def words_of(row: OwnWords | None) -> Words | None:
    """What such a row says."""
    return Words(row.subject, row.body) if row else None


def every() -> Sequence[OwnWords]:
    """All words of the centre's own, by kind and language."""
    return db.session.scalars(select(OwnWords).order_by(OwnWords.kind, OwnWords.language)).all()


def check(kind: Kind, words: Words) -> None:
    """Raises RuleBroken with everything that keeps these words from being said."""
    faults: list[RuleBroken] = []
    for field, text in (("subject", words.subject), ("body", words.body)):
        unknown = kinds.unknown_fields(text, kind.facts)
        faults += [RuleBroken(_unknown(name, kind), field=field) for name in unknown]
        if kinds.has_loose_brace(text):
            faults.append(
                RuleBroken(_l("A { or } stands alone here. Fields are written like this: {name}."), field=field)
            )
    broken_rules(faults)


def save(kind: Kind, language: str, words: Words, *, by: Person, now: datetime) -> None:
    """Say it in the centre's own words from now on; words that are the house's are none of its own.

    Called in the language the words are in. Raises RuleBroken over fields that mean nothing.
    """
    check(kind, words)
    if words == kinds.house_words(kind):
        give_up(kind, language, by=by)
        return
    row = db.session.get(OwnWords, (kind.code, language), populate_existing=True)
    row = row or OwnWords(kind=kind.code, language=language)
    row.subject, row.body, row.changed_at, row.changed_by_id = words.subject, words.body, now, by.id
    db.session.add(row)
    db.session.flush()
    note(Act.OWN_WORDS_CHANGED, f"{kind.code} · {language}", by=by)


def give_up(kind: Kind, language: str, *, by: Person) -> None:
    """Go back to the house's words; twice is once."""
    db.session.execute(delete(OwnWords).where(OwnWords.kind == kind.code, OwnWords.language == language))
    note(Act.OWN_WORDS_CHANGED, f"{kind.code} · {language}", by=by)


def _unknown(name: str, kind: Kind) -> Any:
    known = ", ".join("{" + each + "}" for each in sorted(kind.facts))
    return _l("{%(field)s} means nothing here. You can use: %(known)s", field=name[:40], known=known)
