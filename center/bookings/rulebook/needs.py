"""What a booking needs of its room, matched to what the room has."""

from collections.abc import Iterable, Sequence

from center.bookings.rulebook.facts import Party, ProposedUse, Rule
from center.bookings.rulebook.refusals import RuleRefused
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language
from center.rooms.labels import FEATURES, feature_names
from center.rooms.models import AccessFeature, Room
from center.rooms.queries import all_rooms

ROOMS_NAMED = 3


def lacking_features(room: Room, needs: Iterable[AccessFeature]) -> list[AccessFeature]:
    """What is needed and the room does not have, in the order in which features are always named."""
    missing = set(needs) - {row.feature for row in room.features}
    return [feature for feature in FEATURES if feature in missing]


def needs_refused(room: Room, proposed: ProposedUse) -> Sequence[DomainError]:
    """Where the room lacks what is needed: the refusal that names rooms which have it. Staff book it all the same."""
    lacking = lacking_features(room, proposed.needs)
    if not lacking or proposed.party is Party.STAFF:
        return []
    words = {"missing": feature_names(lacking), "rooms": _rooms_with(proposed, besides=room)}
    if words["rooms"]:
        message = _("This room does not have: %(missing)s. These rooms do: %(rooms)s.", **words)
    else:
        message = _("This room does not have: %(missing)s. Please ask the desk for help.", missing=words["missing"])
    return [RuleRefused(message, rule=Rule.NEEDS, field="needs")]


def _rooms_with(proposed: ProposedUse, *, besides: Room) -> str:
    able = [
        room
        for room in all_rooms()
        if room.id != besides.id and room.capacity >= proposed.people and not lacking_features(room, proposed.needs)
        if room.residents_may_book or (proposed.party is Party.ORGANISATION and room.organisations_may_book)
    ]
    return _(", ").join(in_language(room.name, room.name_en) for room in able[:ROOMS_NAMED])
