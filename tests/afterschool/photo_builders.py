"""What tests of photos of those who collect need: an answer of theirs, and a photo by it."""

from base64 import b64encode
from datetime import datetime

from center.afterschool.models.collector_photos import CollectorAgreement, CollectorPhoto
from center.afterschool.models.consents import Means
from center.afterschool.models.plans import Collector
from center.afterschool.places import collector_photos
from center.afterschool.places.consents import Hand
from center.kernel import clock
from center.kernel.db import transaction
from tests.afterschool.plan_builders import guardians


def answer(
    collector: Collector,
    *,
    agrees: bool = True,
    hand: Hand | None = None,
    version: int = 1,
    now: datetime | None = None,
) -> CollectorAgreement:
    """What a collector answered; by the hand of the child's first guardian, unless another is named."""
    first = guardians(collector.child)[0]
    hand = hand or Hand(guardian=first, by=first, means=Means.ACCOUNT)
    with transaction():
        return collector_photos.say(collector, is_given=agrees, version=version, hand=hand, now=now or clock.now())


def make_collector_photo(collector: Collector, jpeg: bytes = b"a face") -> CollectorPhoto:
    """A photo of somebody who collects, who agreed to it."""
    said = answer(collector)
    with transaction() as session:
        made = CollectorPhoto(
            collector_id=collector.id, agreement_id=said.id, picture=b64encode(jpeg).decode(), by_id=said.by_id,
            at=clock.now(),
        )  # fmt: skip
        session.add(made)
    return made
