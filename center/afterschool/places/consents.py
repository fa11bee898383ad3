"""What guardians agree to, each purpose apart, by the version of the text that they read. Never commits.

The centre's first texts are those of `first_texts`; the director publishes others as later versions. What was agreed to
stays with its text. Taking a consent back takes back what it let in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from center.afterschool.models.consents import ChildConsent, ChildPhoto, ConsentText, HealthNote, Means, Purpose
from center.afterschool.places import enrol_messages
from center.afterschool.places.first_texts import FIRST
from center.afterschool.rights.guardian_rights import Deed, authorise_guardian, refuse_kept_away
from center.kernel.db import change_rows, db, lock, part_of_transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.unreadable import text_of
from center.people.models import Person

T = TypeVar("T", HealthNote, ChildPhoto)
PURPOSES = (Purpose.CARE, Purpose.HEALTH, Purpose.PHOTOS, Purpose.WALKING_ALONE)  # of a child, by its guardians
EVERY_TEXT = (*PURPOSES, Purpose.COLLECTOR_PHOTO)
# What it means to refuse, or to take back.
WITHOUT = {
    Purpose.CARE: _l("Without it the centre cannot look after the child: there can be no place."),
    Purpose.HEALTH: _l(
        "Without it nothing of the child's health is kept. Staff then know of no allergy and no illness: please tell "
        "whoever is there yourself."
    ),
    Purpose.PHOTOS: _l("Without it there is no photo. Staff know the child by name, class and mark."),
    Purpose.WALKING_ALONE: _l("Without it the child leaves only with an adult who may collect, or by the school bus."),
}


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text as guardians read it."""

    purpose: Purpose
    version: int
    words: str
    words_en: str


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Whose word it is, who wrote it down, and how it was said."""

    guardian: Person
    by: Person
    means: Means


def texts_now(purposes: Sequence[Purpose] = PURPOSES) -> dict[Purpose, Text]:
    """The text of each purpose that counts now: of those that guardians are asked for, or of these."""
    query = select(ConsentText).where(ConsentText.purpose.in_(purposes)).order_by(ConsentText.version)
    found = {each: Text(purpose=each, version=1, words=FIRST[each][0], words_en=FIRST[each][1]) for each in purposes}
    for row in db.session.scalars(query):
        found[row.purpose] = Text(purpose=row.purpose, version=row.version, words=row.words, words_en=row.words_en)
    return found


def publish(purpose: Purpose, *, words: str, words_en: str, now: datetime) -> ConsentText:
    """Publish the next version of a text; the same words again are no new version. What was agreed to stays."""
    current = kept(texts_now([purpose])[purpose], now=now)
    lock(current)
    words, words_en = words.strip(), words_en.strip()
    if not words:
        raise RuleBroken(_l("Please fill this in."), field="words")
    if (current.words, current.words_en) == (words, words_en):
        return current
    made = ConsentText(
        purpose=purpose, version=current.version + 1, words=words, words_en=words_en, published_at=now
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def say(child: Person, purpose: Purpose, *, is_given: bool, version: int, hand: Hand, now: datetime) -> ChildConsent:
    """A guardian agrees or refuses; saying the same of the same text again is once.

    Raises NotYours for somebody else's child, RuleBroken where one who may not collect the child lets it walk home
    alone, and Conflict where the text has changed since it was read.
    """
    authorise_guardian(child, hand.guardian, now, to=Deed.CONSENTS)
    if is_given and purpose is Purpose.WALKING_ALONE:
        refuse_kept_away(hand.guardian, child, now=now, to=Deed.WAY_HOME)
    text = texts_now()[purpose]
    if text.version != version:
        raise Conflict(_l("This text has changed since you opened the page. Please read it again."), field=purpose)
    row = kept(text, now=now)
    lock(child)
    live = live_of(child).get(purpose)
    if live is not None and live.is_given is is_given and live.text_id == row.id:
        return live
    let_in = _let_in(live) if live is not None and live.is_given and is_given else []
    if live is not None:
        _end(live, by=hand.guardian, now=now)
    made = ChildConsent(
        child_id=child.id,
        purpose=purpose,
        text_id=row.id,
        is_given=is_given,
        by_id=hand.guardian.id,
        recorded_by_id=hand.by.id,
        means=hand.means,
        at=now,
    )
    db.session.add(made)
    db.session.flush()
    for each in let_in:
        each.consent_id = made.id
    db.session.add_all(let_in)
    db.session.flush()
    return made


def revoke(child: Person, purpose: Purpose, *, hand: Hand, now: datetime) -> None:
    """A guardian takes a consent back, and with it what it let in; twice is once.

    The other guardians hear of it, and the guardian themselves where staff wrote it down.
    """
    authorise_guardian(child, hand.guardian, now, to=Deed.CONSENTS)
    lock(child)
    live = live_of(child).get(purpose)
    if live is None:
        return
    _end(live, by=hand.guardian, now=now)
    if live.is_given:
        enrol_messages.tell_consent_revoked(child, purpose, by=hand.by, guardian=hand.guardian, now=now)


def live_of(child: Person) -> dict[Purpose, ChildConsent]:
    """What stands of each purpose: given or refused, by its text."""
    query = select(ChildConsent).where(ChildConsent.child_id == child.id, ChildConsent.revoked_at.is_(None))
    return {each.purpose: each for each in db.session.scalars(query.options(*_whole()))}


def is_given(child: Person, purpose: Purpose) -> bool:
    """Whether a consent stands."""
    live = live_of(child).get(purpose)
    return live is not None and live.is_given


def history_of(child: Person) -> Sequence[ChildConsent]:
    """Everything that was agreed, refused and taken back, the latest first."""
    query = select(ChildConsent).where(ChildConsent.child_id == child.id).options(*_whole())
    return db.session.scalars(query.order_by(ChildConsent.id.desc())).all()


def refused_care(said: Mapping[Purpose, bool]) -> None:
    """Raises RuleBroken where a child could not be looked after at all."""
    if not said.get(Purpose.CARE):
        raise RuleBroken(WITHOUT[Purpose.CARE], field=Purpose.CARE.value)


def kept(text: Text, *, now: datetime) -> ConsentText:
    """The row of a text; the centre's first one is written when it is first agreed to, whoever does so first."""
    query = select(ConsentText).where(ConsentText.purpose == text.purpose, ConsentText.version == text.version)
    if (row := db.session.scalar(query)) is not None:
        return row
    try:
        with part_of_transaction():
            made = ConsentText(
                purpose=text.purpose, version=text.version, words=text.words, words_en=text.words_en, published_at=now
            )
            db.session.add(made)
        return made
    except IntegrityError:
        return db.session.scalars(query).one()


def _end(live: ChildConsent, *, by: Person, now: datetime) -> None:
    """Let a consent stand no longer, and delete what it let in."""
    change_rows(delete(HealthNote).where(HealthNote.consent_id == live.id))
    change_rows(delete(ChildPhoto).where(ChildPhoto.consent_id == live.id))
    live.revoked_at, live.revoked_by_id = now, by.id
    db.session.flush()


def _let_in(live: ChildConsent) -> list[HealthNote | ChildPhoto]:
    """What a consent has let in, to be kept under a newer text of the same that is agreed to."""
    notes = db.session.scalars(select(HealthNote).where(HealthNote.consent_id == live.id).order_by(HealthNote.id))
    photos = db.session.scalars(select(ChildPhoto).where(ChildPhoto.consent_id == live.id))
    return [
        *(_again(each, ("trigger", "reaction", "what_to_do", "level")) for each in notes.all()),
        *(_again(each, ("picture",)) for each in photos.all()),
    ]


def _again(row: T, names: Sequence[str]) -> T:
    facts = {name: getattr(row, name) for name in ("child_id", "by_id", "at")}
    facts |= {name: text_of(getattr(row, name)) for name in names}  # raises CannotBeRead rather than losing anything
    db.session.expunge(row)
    return type(row)(**facts)


def _whole() -> tuple[_AbstractLoad, ...]:
    of = ChildConsent
    return joinedload(of.text), joinedload(of.by), joinedload(of.recorded_by)
