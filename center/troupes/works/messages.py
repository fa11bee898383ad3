"""Who hears what of a sale day: whoever asked for it."""

from datetime import datetime
from typing import Any

from center.kernel.i18n import format_span, in_language
from center.notices import outbox
from center.notices.kinds import Kind, reason_facts, say_desk
from center.troupes.models.works import SaleDay


def tell(day: SaleDay, kind: Kind, *, now: datetime) -> None:
    """Tell whoever asked for a sale day what became of it, in the transaction of the change."""
    if day.requested_by.erased_at is not None:
        return
    facts: dict[str, Any] = {
        "troupe": lambda: in_language(day.troupe.name, day.troupe.name_en),
        "sale": lambda: in_language(day.name, day.name_en),
        "when": lambda: format_span(day.starts_at, day.ends_at),
        "desk": say_desk,
        **reason_facts(day.reason),
    }
    outbox.tell(
        day.requested_by, kind, key=f"sale_day:{day.id}:{kind.name}:{now.isoformat()}", facts=facts,
        about=f"sale_day:{day.id}", now=now,
    )  # fmt: skip
