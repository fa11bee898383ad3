"""What organisations are told of swaps: the leads of both, each with the way to its own page of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from center.allocation.models.swaps import Swap, SwapPair
from center.bookings.messages import about as about_booking
from center.bookings.messages import place_and_time
from center.kernel.i18n import format_moment, in_language, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import Calls, Kind, kinds_in, reason_facts, register, say_desk
from center.organisations.models import Organisation
from center.organisations.queries import leads_of_each
from center.people.models import Person

OF_SWAP = frozenset({"name", "from_", "to", "ours", "theirs", "note", "until", "desk", "reason", "why"})

PROPOSED = Kind(
    code="allocation.swap_proposed",
    title=_l("A swap of room times is proposed"),
    subject=_l("%(from_)s would like to swap room times with you"),
    body=_l(
        "Hello %(name)s,\n\n%(from_)s offers you:\n%(ours)s\n\nfor your:\n%(theirs)s\n\n%(note)s\n\n"
        "Please answer until %(until)s. Nothing changes unless you agree."
    ),
    facts=OF_SWAP,
    calls=Calls.UNLESS_READ,
    asks=True,
)
DONE = Kind(
    code="allocation.swap_done",
    title=_l("Room times swapped"),
    subject=_l("Room times swapped: %(from_)s and %(to)s"),
    body=_l(
        "Hello %(name)s,\n\nthe swap is done. From now on %(to)s has:\n%(ours)s\n\nand %(from_)s has:\n%(theirs)s\n\n"
        "%(desk)s"
    ),
    facts=OF_SWAP,
    calls=Calls.UNLESS_READ,
)
WAITS = Kind(
    code="allocation.swap_waits",
    title=_l("A swap waits for the centre"),
    subject=_l("Both agree to the swap; the centre must still agree"),
    body=_l(
        "Hello %(name)s,\n\n%(from_)s and %(to)s agree to swap:\n%(ours)s\n\nfor:\n%(theirs)s\n\n"
        "One of the rooms asks for the centre's approval. Until then everything stays as it was. %(desk)s"
    ),
    facts=OF_SWAP,
    calls=Calls.WITHOUT_ACCOUNT,
)
ENDED = Kind(
    code="allocation.swap_ended",
    title=_l("A swap of room times does not come about"),
    subject=_l("No swap of room times between %(from_)s and %(to)s"),
    body=_l(
        "Hello %(name)s,\n\nthe proposed swap does not come about:\n%(ours)s\n\nfor:\n%(theirs)s\n\n%(why)s\n\n"
        "Everything stays as it was."
    ),
    facts=OF_SWAP,
    calls=Calls.WITHOUT_ACCOUNT,
    is_end=True,
)
LAPSED = Kind(
    code="allocation.swap_lapsed",
    title=_l("A proposed swap was not answered in time"),
    subject=_l("Nobody answered: the swap between %(from_)s and %(to)s is over"),
    body=_l(
        "Hello %(name)s,\n\nthis proposed swap was not answered in time and is over:\n%(ours)s\n\nfor:\n%(theirs)s\n\n"
        "Everything stays as it was. It can be proposed again."
    ),
    facts=OF_SWAP,
    calls=Calls.WITHOUT_ACCOUNT,
    is_end=True,
)
TAKEN_BACK = Kind(
    code="allocation.swap_taken_back",
    title=_l("A swap of room times taken back"),
    subject=_l("The swap of room times is taken back"),
    body=_l(
        "Hello %(name)s,\n\nthe swap between %(from_)s and %(to)s was a slip and is taken back. "
        "Everybody has their own times again: %(from_)s\n%(ours)s\n\nand %(to)s\n%(theirs)s\n\n%(desk)s"
    ),
    facts=OF_SWAP,
    calls=Calls.UNLESS_READ,
)
register(kinds_in(vars()))


def tell(
    swap: Swap, kind: Kind, organisations: Iterable[Organisation], *, by: Person | None, now: datetime, reason: str = ""
) -> None:
    """Tell the leads of these organisations; whoever did it themselves knows."""
    listed = list(organisations)
    leads = leads_of_each([each.id for each in listed], on=local_date(now))
    bookings = [booking for pair in swap.pairs for booking in (pair.from_booking, pair.to_booking) if booking]
    for organisation in listed:
        for lead in leads.get(organisation.id, ()):
            if by is not None and lead.id == by.id:
                continue
            outbox.tell(
                lead,
                kind,
                key=f"{about(swap)}:{kind.name}:{lead.id}",
                facts={**_facts(swap), **reason_facts(reason)},
                path=path_to("allocation.swap", organisation=organisation.slug, swap_number=swap.reference),
                about=about(swap),
                also=[about_booking(each) for each in bookings] if kind in {DONE, TAKEN_BACK} else (),
                until=swap.expires_at if kind.asks else None,
                by=by,
                now=now,
            )


def about(swap: Swap) -> str:
    """How the outbox names a swap."""
    return f"swap:{swap.reference}"


def _facts(swap: Swap) -> dict[str, Any]:
    return {
        "from_": lambda: in_language(swap.from_organisation.name, swap.from_organisation.name_en),
        "to": lambda: in_language(swap.to_organisation.name, swap.to_organisation.name_en),
        "ours": lambda: "\n".join(_offered(each) for each in swap.pairs),
        "theirs": lambda: "\n".join(_asked(each) for each in swap.pairs),
        "note": swap.note,
        "until": lambda: format_moment(swap.expires_at),
        "desk": say_desk,
    }


def _offered(pair: SwapPair) -> str:
    return place_and_time(pair.from_room, pair.from_starts_at, pair.from_ends_at)


def _asked(pair: SwapPair) -> str:
    return place_and_time(pair.to_room, pair.to_starts_at, pair.to_ends_at)
