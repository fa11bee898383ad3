"""What a change of a booking makes different, in words: as it was, as it is."""

from collections.abc import Sequence

from center.bookings.changes import Change, Shape
from center.bookings.rulebook.rule_facts import kinds_of_use
from center.kernel.i18n import format_span, in_language
from center.kernel.i18n import gettext as _
from center.rooms.labels import feature_names

OF_PLACE = 2  # the first of the words: where and when


def differences(change: Change) -> list[tuple[str, str, str]]:
    """What a change makes different, each as a label with the words of before and after."""
    was, to = _words(change.was), _words(change.to)
    return [(label, before, after) for (label, before), (_label, after) in zip(was, to, strict=True) if before != after]


def _words(shape: Shape) -> list[tuple[str, str]]:
    kinds = dict(kinds_of_use(shape.room))
    return [
        (_("Room"), in_language(shape.room.name, shape.room.name_en)),
        (_("When"), format_span(shape.span.start, shape.span.end)),
        (_("People"), str(shape.people)),
        (_("What for"), shape.purpose),
        (_("Kind of use"), kinds.get(shape.purpose_id or 0, "")),
        (_("Anything the staff should know"), shape.note),
        (_("What you need in the room"), feature_names(sorted(shape.needs))),
        (_("How the room should stand"), shape.set_up),
    ]


def say_all(change: Change, *, but_place: bool = False) -> str:
    """All of it, a line each; without where and when, which a move says by itself."""
    found: Sequence[tuple[str, str, str]] = differences(change)
    if but_place:
        place = {label for label, _words in _words(change.to)[:OF_PLACE]}
        found = [each for each in found if each[0] not in place]
    return "\n".join(
        _("%(what)s: %(now_is)s (before: %(was)s)", what=what, was=was or "—", now_is=now_is or "—")
        for what, was, now_is in found
    )
