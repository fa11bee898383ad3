"""When somebody is erased: what others were told about them keeps nothing of it, and is told to nobody any more."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update

from center.kernel.db import change_rows, db
from center.kernel.i18n import addressing
from center.kernel.i18n import gettext as _
from center.notices.models import Delivery, Notice, NoticeTopic
from center.notices.queries import is_of
from center.notices.reaching import drop
from center.people.erasing import actions as erasing
from center.people.models import Person

AT_ONCE = 200
MASK = "•••"
SHORTEST = 2  # of a name that is looked for in others' messages
TEXTS = ("subject", "body", "gist")


def forget_words(person: Person, ids: Collection[int], now: datetime) -> None:
    """Messages to others about what is theirs are emptied; where one only names them, the name is covered."""
    for notice in _about_them(erasing.names_of(ids), ids):
        with addressing(notice.locale):
            notice.subject = _("About somebody whose data is erased")
            notice.body = _("What stood here was about somebody whose data the centre has erased.")
        notice.gist = ""
        drop(Delivery.notice_id == notice.id, now=now)
    db.session.flush()
    known = [person, *(each for each in db.session.scalars(select(Person).where(Person.id.in_(ids))) if each != person)]
    for word in sorted({word for each in known for word in (each.name, each.phone, each.email) if word}):
        if len(word) >= SHORTEST:
            _cover(word, ids)


def _about_them(names: Sequence[str], ids: Collection[int]) -> list[Notice]:
    """What others were told about these things, or their dates and parts, which have a colon and more behind them."""
    found: dict[int, Notice] = {}
    others = or_(Notice.person_id.is_(None), Notice.person_id.not_in(ids))
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        topics = select(NoticeTopic.notice_id).where(is_of(NoticeTopic.about, some))
        query = select(Notice).where(others, or_(is_of(Notice.about, some), Notice.id.in_(topics)))
        found |= {each.id: each for each in db.session.scalars(query)}
    return list(found.values())


def _cover(word: str, ids: Collection[int]) -> None:
    """Cover a name, a phone or an address in what others were told; not where the reader's own name holds it."""
    namesakes = select(Person.id).where(Person.name.contains(word, autoescape=True), Person.id.not_in(ids))
    readers = or_(Notice.person_id.is_(None), Notice.person_id.not_in(namesakes))
    columns = [getattr(Notice, name) for name in TEXTS]
    says = or_(*(column.contains(word, autoescape=True) for column in columns))
    covered = {column: func.replace(column, word, MASK) for column in columns}
    change_rows(update(Notice).where(readers, says).values(covered))


erasing.elsewhere.append(forget_words)
