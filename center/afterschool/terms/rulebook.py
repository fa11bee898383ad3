"""The rules of a term (章程): published by versions before anybody is enrolled; each paragraph can be cited."""

import difflib
import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from center.afterschool.models.priorities import Priority
from center.afterschool.models.terms import Paragraph, Term, TermRules, TermState, Topic
from center.afterschool.terms import messages, precedence
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Person

TOPICS = (Topic.WHO, Topic.PRIORITY, Topic.ENDS, Topic.CUT_OFF, Topic.COLLECTION, Topic.LATE, Topic.OTHER)
NEEDED = frozenset(TOPICS) - {Topic.OTHER}
MOST_WORDS = 600


@dataclass(frozen=True, kw_only=True)
class ParagraphText:
    """A paragraph as it is to be published."""

    topic: Topic
    words: str
    words_en: str = ""


class What(enum.StrEnum):
    """What became of a paragraph in the next version."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    SAME = "same"


@dataclass(frozen=True, kw_only=True)
class Differs:
    """One paragraph of two versions: as it was, and as it is."""

    what: What
    topic: Topic
    was: Paragraph | ParagraphText | None
    now_is: Paragraph | ParagraphText | None


def publish(
    term: Term, said: Sequence[ParagraphText], *, by: Person, now: datetime, order: Sequence[Priority] | None = None
) -> TermRules:
    """Publish the rules of a term as its next version; the same words and order again are no new version.

    `order` is that of the reasons for priority, the first before all others; None: as it was, or as is usual. Raises
    RuleBroken where something that families must know is not said, or where lots were drawn by another order. Whoever
    has a place or waits is told of a later version.
    """
    lock(term)
    if term.state is TermState.ENDED:
        raise RuleBroken(_l("This term is over, so nothing of it changes any more."))
    _check(said)
    before = latest(term.id)
    known = precedence.order_of(before) if before else precedence.USUAL
    asked = known if order is None else tuple(order)
    if before is not None and _plain(before.paragraphs) == _plain(in_order(said)) and asked == known:
        return before
    if before is not None and asked != known:
        precedence.reckon_anew(term, asked)
    version = before.version + 1 if before else 1
    rules = TermRules(term_id=term.id, version=version, published_at=now, published_by_id=by.id)
    db.session.add(rules)
    db.session.flush()
    for number, each in enumerate(in_order(said), start=1):
        words = {"topic": each.topic, "words": each.words, "words_en": each.words_en}
        db.session.add(Paragraph(rules_id=rules.id, number=number, **words))
    db.session.flush()
    precedence.publish(rules, asked)
    note(Act.TERM_RULES_PUBLISHED, term, by=by)
    if before is not None and term.state is TermState.OPEN:
        messages.tell_rules(term, version, now=now)
    return rules


def latest(term_id: int) -> TermRules | None:
    """The rules of a term that count now."""
    return next(iter(versions(term_id)), None)


def versions(term_id: int) -> Sequence[TermRules]:
    """All versions of a term's rules, the latest first, with their paragraphs."""
    query = select(TermRules).where(TermRules.term_id == term_id).options(*_whole())
    return db.session.scalars(query.order_by(TermRules.version.desc())).all()


def _whole() -> tuple[_AbstractLoad, ...]:
    return selectinload(TermRules.paragraphs), selectinload(TermRules.priorities)


def in_order(said: Sequence[ParagraphText]) -> list[ParagraphText]:
    """Paragraphs by what they are about, each topic in the order given."""
    return sorted(said, key=lambda each: TOPICS.index(each.topic))


def differences(was: Sequence[Paragraph | ParagraphText], now_is: Sequence[Paragraph | ParagraphText]) -> list[Differs]:
    """Every paragraph of two versions, and what became of it. Pure."""
    found = []
    matcher = difflib.SequenceMatcher(a=_plain(was), b=_plain(now_is), autojunk=False)
    for tag, i, to_i, j, to_j in matcher.get_opcodes():
        before, after = list(was[i:to_i]), list(now_is[j:to_j])
        for n in range(max(len(before), len(after))):
            old, new = (each[n] if n < len(each) else None for each in (before, after))
            if old and new and old.topic is not new.topic:
                found += [_differs(What.REMOVED, old, None), _differs(What.ADDED, None, new)]
            else:
                found.append(_differs(_what(tag, old, new), old, new))
    return found


def _what(tag: str, old: Paragraph | ParagraphText | None, new: Paragraph | ParagraphText | None) -> What:
    if tag == "equal":
        return What.SAME
    if old and new:
        return What.CHANGED
    return What.REMOVED if old else What.ADDED


def _differs(what: What, old: Paragraph | ParagraphText | None, new: Paragraph | ParagraphText | None) -> Differs:
    one = new or old
    assert one is not None
    return Differs(what=what, topic=one.topic, was=old, now_is=new)


def _plain(paragraphs: Sequence[Paragraph | ParagraphText]) -> list[tuple[Topic, str, str]]:
    return [(each.topic, each.words, each.words_en) for each in paragraphs]


def _check(said: Sequence[ParagraphText]) -> None:
    missing = NEEDED - {each.topic for each in said}
    for topic in TOPICS:
        if topic in missing:
            raise RuleBroken(_l("Please say something about this: families rely on it."), field=topic.value)
    for each in said:
        if max(len(each.words), len(each.words_en)) > MOST_WORDS:
            words = _l("A paragraph has at most %(most)s characters. Please make two of it.", most=MOST_WORDS)
            raise RuleBroken(words, field=each.topic.value)
