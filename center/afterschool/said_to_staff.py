"""What a guardian without a screen says to staff: the same actions as by account, with how it was made sure.

Whoever rings is rung back on a number that is on record; whoever comes stands there, or signs a paper. What was said
is kept with its guardian, and every guardian is told. What a bar takes from a guardian is what it takes from their
account (`guardian_rights`). The same twice is once. Never commits.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.activities.photos.images import Picture
from center.afterschool.models.consents import ChildConsent, Means, Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Collector
from center.afterschool.models.priorities import Priority
from center.afterschool.models.words_said import GuardianWord, Spoke, WordOn
from center.afterschool.places import child_photos, consents, ending, enrol_messages, enrolling, priorities
from center.afterschool.places.consents import Hand
from center.afterschool.plans import changes, collecting, weeks
from center.afterschool.plans.changes import Call
from center.afterschool.plans.collecting import CollectorFacts
from center.afterschool.plans.weeks import Week
from center.afterschool.rights.guardian_rights import refuse_stranger
from center.kernel.db import db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person

NEEDS_PAPER = _l("A consent is given with a signature. Write down what the paper is found by.")
NEEDS_PICTURE = _l("A photo is handed in here, or comes with a signed paper. On the phone it can only be deleted.")


@dataclass(frozen=True, kw_only=True)
class Word:
    """Whose word it is, who writes it down, and how it was made sure: a call, somebody who stands there, a paper."""

    guardian: Person
    by: Person
    call: Call = field(default_factory=Call)
    paper: str = ""  # what a signed paper is found by
    rang_back: str = ""  # the number, once it was made sure

    @property
    def how(self) -> Spoke:
        """How it was said."""
        if self.paper:
            return Spoke.PAPER
        return Spoke.IN_PERSON if self.call.in_person else Spoke.PHONE

    def check(self, child: Person, *, now: datetime) -> str:
        """The number that was rung back. Raises NotYours for whoever is no guardian, RuleBroken where nobody made sure
        that it is them."""
        refuse_stranger(self.guardian, child, now=now)
        if self.paper:
            return ""
        number = changes.rung_back(self.call, child, now=now)
        return "" if self.call.in_person else number


def give_consent(child: Person, purpose: Purpose, *, version: int, word: Word, now: datetime) -> bool:
    """A guardian agrees on a signed paper to the text that stands on it; returns whether anything is new."""
    if not word.paper:
        raise RuleBroken(NEEDS_PAPER, field="paper")
    word = _heard(child, word, now)
    before = consents.live_of(child).get(purpose)
    hand = Hand(guardian=word.guardian, by=word.by, means=Means.PAPER)
    made = consents.say(child, purpose, is_given=True, version=version, hand=hand, now=now)
    if before is not None and made.id == before.id:
        return False
    _keep(child, WordOn.CONSENT_GIVEN, word, now=now, consent=made)
    enrol_messages.tell_consent_given(child, purpose, by=word.by, guardian=word.guardian, now=now)
    return True


def take_back_consent(child: Person, purpose: Purpose, *, word: Word, now: datetime) -> bool:
    """A guardian takes a consent back, with all that follows at once; returns whether there was one."""
    word = _heard(child, word, now)
    live = consents.live_of(child).get(purpose)
    if live is None or not live.is_given:
        return False
    hand = Hand(guardian=word.guardian, by=word.by, means=Means.PAPER)
    ending.take_back_consent(child, purpose, hand=hand, now=now)
    _keep(child, WordOn.CONSENT_REVOKED, word, now=now, consent=live)
    return True


def pause(enrolment: Enrolment, *, first: date, last: date | None, word: Word, now: datetime) -> bool:
    """The child does not come from a day on; the place stays."""
    word = _heard(enrolment.child, word, now)
    is_new = ending.pause(enrolment, first=first, last=last, by=word.by, guardian=word.guardian, now=now)
    return _kept(enrolment, WordOn.PAUSED, word, is_new, now)


def resume(enrolment: Enrolment, *, word: Word, now: datetime) -> bool:
    """The child comes again."""
    word = _heard(enrolment.child, word, now)
    is_new = ending.resume(enrolment, by=word.by, guardian=word.guardian, now=now)
    return _kept(enrolment, WordOn.RESUMED, word, is_new, now)


def leave(enrolment: Enrolment, *, word: Word, reason: str, now: datetime) -> bool:
    """A guardian does without the place, or without waiting, at once."""
    word = _heard(enrolment.child, word, now)
    is_new = ending.leave(enrolment, guardian=word.guardian, by=word.by, now=now, reason=reason)
    return _kept(enrolment, WordOn.LEFT, word, is_new, now)


def reorder(enrolment: Enrolment, callers: Sequence[tuple[int, str]], *, word: Word, now: datetime) -> bool:
    """Who is rung first, second and so on."""
    word = _heard(enrolment.child, word, now)
    is_new = enrolling.reorder(enrolment, callers, by=word.by, guardian=word.guardian, now=now)
    return _kept(enrolment, WordOn.ORDER, word, is_new, now)


def edit_school(
    enrolment: Enrolment, *, school_id: int, school_class: str, mark: str, word: Word, now: datetime
) -> bool:
    """The child is at another school or in another class there, or is told from others in another way."""
    word = _heard(enrolment.child, word, now)
    is_new = enrolling.edit(
        enrolment,
        school_id=school_id,
        school_class=school_class,
        mark=mark,
        by=word.by,
        guardian=word.guardian,
        now=now,
    )
    return _kept(enrolment, WordOn.SCHOOL, word, is_new, now)


def keep_photo(child: Person, picture: Picture, *, word: Word, now: datetime) -> bool:
    """A guardian hands in a photo of the child, to which one of them has agreed."""
    if word.how is Spoke.PHONE:
        raise RuleBroken(NEEDS_PICTURE, field="rang_back")
    word = _heard(child, word, now)
    if not child_photos.put(child, picture, guardian=word.guardian, by=word.by, now=now):
        return False
    _keep(child, WordOn.CHILD_PHOTO_KEPT, word, now=now, consent=consents.live_of(child)[Purpose.PHOTOS])
    return True


def delete_photo(child: Person, *, word: Word, now: datetime) -> bool:
    """A guardian wants the child's photo deleted; that they agree to one stays."""
    word = _heard(child, word, now)
    if not child_photos.remove(child, guardian=word.guardian, by=word.by, now=now):
        return False
    _keep(child, WordOn.CHILD_PHOTO_DELETED, word, now=now)
    return True


def set_week(enrolment: Enrolment, week: Week, *, word: Word, now: datetime) -> bool:
    """On which weekdays the child comes, and how they go home."""
    word = _heard(enrolment.child, word, now)
    is_new = bool(weeks.set_week(enrolment, week, by=word.by, guardian=word.guardian, now=now))
    return _kept(enrolment, WordOn.WEEK, word, is_new, now)


def name_collector(child: Person, facts: CollectorFacts, *, word: Word, now: datetime) -> Collector:
    """Somebody may collect the child."""
    word = _heard(child, word, now)
    row = collecting.name_collector(child, facts, guardian=word.guardian, by=word.by, now=now)
    if row.named_at == now:
        _keep(child, WordOn.COLLECTOR_NAMED, word, now=now, collector=row)
    return row


def revoke_collector(collector: Collector, *, word: Word, now: datetime) -> bool:
    """Somebody may collect the child no more."""
    word = _heard(collector.child, word, now)
    if not collecting.revoke(collector, by=word.by, guardian=word.guardian, now=now):
        return False
    _keep(collector.child, WordOn.COLLECTOR_REVOKED, word, now=now, collector=collector)
    return True


def say_reasons(enrolment: Enrolment, reasons: Collection[Priority], *, word: Word, now: datetime) -> bool:
    """These are the reasons why the child should come before others; what is not among them is withdrawn."""
    word = _heard(enrolment.child, word, now)
    named, withdrawn = priorities.say(enrolment, reasons, guardian=word.guardian, by=word.by, now=now)
    for what, is_so in ((WordOn.REASON_NAMED, named), (WordOn.REASON_WITHDRAWN, withdrawn)):
        _kept(enrolment, what, word, bool(is_so), now)
    return bool(named or withdrawn)


def words_of(child: Person) -> Sequence[GuardianWord]:
    """What guardians said of a child to staff, the latest first."""
    of = GuardianWord
    query = select(of).where(of.child_id == child.id).order_by(of.id.desc())
    consent = joinedload(of.consent).joinedload(ChildConsent.text)
    return db.session.scalars(query.options(*map(joinedload, (of.guardian, of.recorded_by)), consent)).all()


def _heard(child: Person, word: Word, now: datetime) -> Word:
    """Hold the child, and make sure whose word it is; the word with the number that was rung back."""
    lock(child)
    return replace(word, rang_back=word.check(child, now=now))


def _kept(enrolment: Enrolment, what: WordOn, word: Word, is_new: bool, now: datetime) -> bool:
    if is_new:
        _keep(enrolment.child, what, word, now=now, enrolment=enrolment)
    return is_new


def _keep(
    child: Person,
    what: WordOn,
    word: Word,
    *,
    now: datetime,
    enrolment: Enrolment | None = None,
    consent: ChildConsent | None = None,
    collector: Collector | None = None,
) -> None:
    db.session.add(
        GuardianWord(
            child_id=child.id,
            what=what,
            enrolment_id=enrolment.id if enrolment else None,
            consent_id=consent.id if consent else None,
            collector_id=collector.id if collector else None,
            guardian_id=word.guardian.id,
            recorded_by_id=word.by.id,
            at=now,
            how=word.how,
            paper=word.paper,
            rang_from=word.call.rang_from,
            rang_back=word.rang_back,
        )
    )
    db.session.flush()
