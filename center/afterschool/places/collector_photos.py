"""The photo of somebody who collects, by which staff recognise them: only while they agree themselves, encrypted.

A guardian shows them the text and says what they answered, or they sign it on paper at the desk. A guardian answers for
their own photo, and no other guardian does. Taken back, or off the list, the photo is gone at once. The guardians hear
of a photo, so that none is put in place of another unseen. Never commits.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.activities.photos.images import Picture
from center.afterschool.collectors import bars
from center.afterschool.collectors.listing import ListState, standing_of
from center.afterschool.models.collector_photos import CollectorAgreement, CollectorPhoto
from center.afterschool.models.consents import Means, Purpose
from center.afterschool.models.plans import BarLevel, Collector
from center.afterschool.places import consents, enrol_messages, photos
from center.afterschool.places.consents import Hand, Text
from center.afterschool.rights.guardian_rights import Deed, authorise_guardian, refuse_kept_away
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.people.models import Person

NOT_THEIRS = _l("Of a guardian's own photo the guardian decides alone.")
WITHOUT = _l("Without it there is no photo. They may collect the child all the same: staff make sure in another way.")


def text_now() -> Text:
    """What a collector reads, or is read, before they answer."""
    [text] = consents.texts_now([Purpose.COLLECTOR_PHOTO]).values()
    return text


def say(collector: Collector, *, is_given: bool, version: int, hand: Hand, now: datetime) -> CollectorAgreement:
    """Write down what a collector answered; the same answer to the same text once more is once.

    To agree no more deletes the photo. Raises NotYours for somebody else's child, and Conflict where the text has
    changed since it was read.
    """
    _hold(collector, hand, now)
    text, live = text_now(), live_of(collector)
    if is_given and text.version != version:
        raise Conflict(_l("This text has changed since you opened the page. Please read it again."), field="answer")
    if hand.means is Means.PAPER:
        note(Act.COLLECTOR_PHOTO_ANSWERED, person_id=collector.child_id, by=hand.by)
    row = consents.kept(text, now=now)
    if live is not None and live.is_given is is_given and (live.text_id == row.id or not is_given):
        return live
    if live is not None:
        _end(live, by=hand.by, now=now)
    made = CollectorAgreement(
        collector_id=collector.id,
        text_id=row.id,
        is_given=is_given,
        by_id=hand.guardian.id,
        recorded_by_id=hand.by.id,
        means=hand.means,
        at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def put(collector: Collector, picture: Picture, *, hand: Hand, now: datetime) -> CollectorPhoto:
    """Keep a photo instead of what was kept before.

    Raises RuleBroken while they have not agreed, whose time on the list is over, and of whom a paper says that they may
    not collect the child.
    """
    _hold(collector, hand, now)
    live = live_of(collector)
    if live is None or not live.is_given:
        raise RuleBroken(_l("Please ask them first whether they agree to a photo."), field="answer")
    if standing_of(collector, local_date(now)) in {ListState.EXPIRED, ListState.REVOKED}:
        raise RuleBroken(_l("Their time on the list is over, so no photo is kept."), field="photo")
    bar = bars.bar_against(bars.bars_of(collector.child, now), bars.as_wanted(collector))
    if bar is not None and bar.level is BarLevel.DENY:
        raise RuleBroken(bars.ASK_DIRECTOR, field="photo")
    name = collector.name
    enrol_messages.tell_changed(
        collector.child, lambda: _("a photo of %(who)s, who may collect, was added", who=name), by=hand.by, now=now
    )
    made = CollectorPhoto(collector_id=collector.id, agreement_id=live.id, by_id=hand.by.id, at=now)
    return photos.put(made, picture, collector_id=collector.id)


def remove(collector: Collector, *, hand: Hand, now: datetime) -> None:
    """Delete the photo; that they agree stays. Where there is none, nothing happens."""
    _hold(collector, hand, now)
    photos.remove(CollectorPhoto, collector_id=collector.id)


def forget(collector: Collector, *, by: Person, now: datetime) -> None:
    """Delete the photo of whoever is taken off the list, and let their agreement stand no longer."""
    if (live := live_of(collector)) is not None:
        _end(live, by=by, now=now)


def live_of(collector: Collector) -> CollectorAgreement | None:
    """What a collector answered, as it stands."""
    query = select(CollectorAgreement).where(
        CollectorAgreement.collector_id == collector.id, CollectorAgreement.revoked_at.is_(None)
    )
    return db.session.scalar(query.options(joinedload(CollectorAgreement.text), joinedload(CollectorAgreement.by)))


def find(collector: Collector) -> CollectorPhoto | None:
    """The photo of a collector, without its bytes."""
    return photos.find(CollectorPhoto, collector_id=collector.id)


def find_jpeg(collector: Collector) -> bytes | None:
    """The picture itself; raises CannotBeRead where the key is missing."""
    return photos.find_jpeg(CollectorPhoto, collector_id=collector.id)


def with_photo(collector_ids: Collection[int]) -> set[int]:
    """Of which of these collectors there is a photo."""
    query = select(CollectorPhoto.collector_id).where(CollectorPhoto.collector_id.in_(collector_ids))
    return set(db.session.scalars(query))


def _hold(collector: Collector, hand: Hand, now: datetime) -> None:
    """Let nobody else say anything of the child meanwhile. Whoever may not collect the child says nothing of it."""
    authorise_guardian(collector.child, hand.guardian, now, to=Deed.COLLECTORS)
    lock(collector.child)
    refuse_kept_away(hand.guardian, collector.child, now=now, to=Deed.COLLECTORS)
    db.session.refresh(collector)
    if collector.person_id not in {None, hand.guardian.id}:
        raise RuleBroken(NOT_THEIRS, field="answer")


def _end(live: CollectorAgreement, *, by: Person, now: datetime) -> None:
    photos.remove(CollectorPhoto, collector_id=live.collector_id)
    live.revoked_at, live.revoked_by_id = now, by.id
    db.session.flush()
