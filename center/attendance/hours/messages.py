"""Who hears what of volunteers' hours."""

from datetime import datetime
from typing import Any

from center.attendance.models.hours import Shift
from center.kernel.i18n import format_moment, format_span, in_language
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import Kind, reason_facts, say_desk


def tell(shift: Shift, kind: Kind, *, now: datetime, reason: str, before: Shift | None = None) -> None:
    """Tell a volunteer what became of their hours, in the transaction of the change; nobody once they are erased."""
    if shift.person.erased_at is not None:
        return
    activity = shift.session.activity
    organisation = activity.organisation
    facts: dict[str, Any] = {
        "title": lambda: in_language(activity.title, activity.title_en),
        "organisation": lambda: in_language(organisation.name, organisation.name_en),
        "when": lambda: say_span(shift),
        "desk": say_desk,
        **reason_facts(reason),
    }
    if before is not None:
        facts["was"] = lambda: say_span(before)
    outbox.tell(
        shift.person, kind, key=f"shift:{shift.id}:{kind.name}", facts=facts, about=f"shift:{shift.id}",
        path=path_to("people.my_hours"), now=now,
    )  # fmt: skip


def say_span(shift: Shift) -> str:
    """From when until when, as far as it is known."""
    return format_span(shift.in_at, shift.out_at) if shift.out_at else format_moment(shift.in_at)
