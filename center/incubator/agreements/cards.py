"""Capability cards: what an organisation can do when it comes and when it leaves, in words. Nobody is ranked."""

from dataclasses import asdict, dataclass
from datetime import datetime

from center.incubator.agreements import queries
from center.incubator.models.agreements import CapabilityCard, CardMoment
from center.incubator.models.incubations import ENDED, Incubation, IncubationStage
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Person


@dataclass(frozen=True, kw_only=True)
class CardWords:
    """Team, money, projects, party building."""

    team: str
    money: str
    projects: str
    party: str


def write_card(
    incubation: Incubation, moment: CardMoment, words: CardWords, *, by: Person, now: datetime
) -> CapabilityCard:
    """Write a card, or write it anew while the organisation is under way; once it has left, it stays."""
    lock(incubation)
    if incubation.stage in ENDED and incubation.stage is not IncubationStage.GRADUATED:
        raise Conflict(_l("This organisation has left; its cards stay as they are."))
    card = queries.cards_of(incubation.id).get(moment)
    if card is None:
        card = CapabilityCard(incubation_id=incubation.id, moment=moment)
    elif incubation.stage is IncubationStage.GRADUATED:
        raise Conflict(_l("This organisation has left; its cards stay as they are."))
    for name, value in asdict(words).items():
        setattr(card, name, value)
    card.written_by_id, card.written_at = by.id, now
    db.session.add(card)
    note(Act.CAPABILITY_WRITTEN, incubation.organisation, by=by)
    return card
