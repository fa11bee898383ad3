"""What the tables of allocations hold of a person: what they named or agreed to for their organisation."""

from center.allocation.models import (
    Adjustment,
    AllocationRound,
    Award,
    TermWish,
    TermWishChoice,
)
from center.allocation.models.swaps import Swap, SwapPair
from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import AT, Part, stays

OF_AN_ORGANISATION = _l("It is the organisation's; who named it is not kept")

PARTS = (
    Part(
        model=TermWish,
        title=_l("Allocation of a term: wishes of an organisation"),
        mine=("person_id",),
        says={"reference": _l("Number"), "purpose": _l("What for"), "people": _l("People"), "made_at": AT},
        erasing=stays(OF_AN_ORGANISATION, keeps=None),
    ),
    Part(
        model=TermWishChoice,
        title=_l("Allocation of a term: times that a wish would take"),
        through="wish_id",
        erasing=stays(OF_AN_ORGANISATION, keeps=None),
    ),
    Part(
        model=Award,
        title=_l("Allocation of a term: times given"),
        through="wish_id",
        erasing=stays(OF_AN_ORGANISATION, keeps=None),
    ),
    Part(model=AllocationRound, title=_l("Allocation of a term"), acted=("published_by_id",)),
    Part(model=Adjustment, title=_l("Allocation of a term: adjustments"), acted=("by_id",)),
    Part(
        model=Swap,
        title=_l("Swaps of room times"),
        acted=("proposed_by_id", "answered_by_id", "decided_by_id"),
    ),
    Part(model=SwapPair, title=_l("Swaps of room times: what for what")),
)
